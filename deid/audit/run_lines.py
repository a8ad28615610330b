"""The first and the last line of the audit log: with what a run was made, and how it ended."""

from __future__ import annotations

import platform
import re
from contextlib import suppress
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, distribution
from typing import TYPE_CHECKING, Any

from deid import __version__
from deid.audit.log import FORMAT

if TYPE_CHECKING:
    from collections.abc import Mapping

    from deid.identity.key import Key
    from deid.options import RunOptions
    from deid.profile import Profile

# What decides the output besides deid itself.
_PACKAGES = (
    "pydicom",
    "numpy",
    "pylibjpeg-openjpeg",
    "pylibjpeg-rle",
    "pyjpegls",
    "imagecodecs",
    "paddleocr",
    "paddlex",
    "onnxruntime",
    "spacy",
    "presidio-analyzer",
    "rapidfuzz",
    "zxing-cpp",
)
_VERSION = re.compile(r"^Version: *(\S+)", re.MULTILINE)
_OPENCV = ("opencv-contrib-python", "opencv-python-headless", "opencv-python")
"""The same library under other names; without a display the second is installed over the first."""


def run_line(options: RunOptions, profile: Profile, key: Key, models: Mapping[str, str], log_id: str) -> dict[str, Any]:
    """The run line: version, profile and model digests, key id, options, packages. No paths: they may name patients."""
    return {
        "type": "run",
        "format": FORMAT,
        "log": log_id,
        "deid": __version__,
        "started": datetime.now(UTC).isoformat(timespec="seconds"),
        "profile": {"name": profile.name, "digest": profile.digest},
        "pixels": profile.pixels.fields() | {"devices": [device.name for device in profile.pixels.devices]},
        "options": [option.name for option in profile.options],
        "key": key.id,
        "parameters": {
            "pixels": options.pixels,
            "dry_run": options.dry_run,
            "workers": options.worker_count if options.scheduler is None else "cluster",
            "time_limit": options.time_limit,
            "memory_limit": options.memory_limit,
        },
        "models": dict(models),
        "python": platform.python_version(),
        "packages": {name: _version(name) for name in _PACKAGES} | {"opencv": _version(*_OPENCV)},
    }


def summary_line(fields: Mapping[str, Any], *, complete: bool) -> dict[str, Any]:
    """The summary line; `complete` is false when the run was stopped before its end."""
    return {
        "type": "summary",
        "ended": datetime.now(UTC).isoformat(timespec="seconds"),
        "complete": complete,
        **fields,
    }


def _version(*packages: str) -> str | None:
    """The version of the first of these packages that is installed."""
    for name in packages:
        with suppress(PackageNotFoundError):
            # `version` would parse all that is said of it, in a hundred times the time.
            found = _VERSION.search(distribution(name).read_text("METADATA") or "")
            return found[1] if found else None
    return None
