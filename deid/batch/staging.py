"""Writing verified bytes to files that wait in the staging folder of OUT for their names."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from deid.batch.target import unusable

if TYPE_CHECKING:
    from collections.abc import Iterable


def stage(data: bytes, folder: Path) -> Path:
    """Write verified bytes to a file in the staging folder; `Target.sync` brings it down to the disk.

    Raises:
        InputOutputError: The disk is full, or OUT can't be written.
    """
    return stage_chunks([data], folder)


def stage_chunks(chunks: Iterable[bytes], folder: Path) -> Path:
    """Write a file piece by piece; what it raises goes through, and leaves no file."""
    try:
        descriptor, name = tempfile.mkstemp(dir=folder, suffix=".part")
    except OSError as error:
        raise unusable(_out(folder), error) from None
    path = Path(name)
    try:
        for chunk in chunks:
            _write(descriptor, chunk, _out(folder))
        _finish(descriptor, _out(folder))
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    finally:
        os.close(descriptor)
    return path


def _write(descriptor: int, chunk: bytes, root: Path) -> None:
    rest = memoryview(chunk)
    try:
        while rest:
            rest = rest[os.write(descriptor, rest) :]
    except OSError as error:
        raise unusable(root, error) from None


def _finish(descriptor: int, root: Path) -> None:
    try:
        os.fchmod(descriptor, 0o666 & ~_umask())
    except OSError as error:
        raise unusable(root, error) from None


def _out(staging: Path) -> Path:
    return staging.parents[1]


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
