"""Writing verified bytes to files that wait in the staging folder of OUT for their names."""

from __future__ import annotations

import itertools
import os
from typing import TYPE_CHECKING

from deid.batch.target import unusable

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

_numbers = itertools.count()
_FLAGS = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC | os.O_NOFOLLOW


def stage(data: bytes, folder: Path) -> Path:
    """Write verified bytes to a file in the staging folder; `Target.sync` brings it down to the disk.

    Raises:
        InputOutputError: The disk is full, or OUT can't be written.
    """
    return stage_chunks([data], folder)


def stage_chunks(chunks: Iterable[bytes], folder: Path) -> Path:
    """Write a file piece by piece; what it raises goes through, and leaves no file."""
    path, descriptor = _made(folder)
    try:
        for chunk in chunks:
            _write(descriptor, chunk, _out(folder))
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    finally:
        os.close(descriptor)
    return path


def _made(folder: Path) -> tuple[Path, int]:
    """A new file, with the mode that a file made by any program has here: none but us looks into the staging folder."""
    while True:
        # Workers of other machines may share the folder, and have the same process id.
        path = folder / f"{os.getpid()}-{next(_numbers)}.part"
        try:
            return path, os.open(path, _FLAGS, 0o666)
        except FileExistsError:
            continue
        except OSError as error:
            raise unusable(_out(folder), error) from None


def _write(descriptor: int, chunk: bytes, root: Path) -> None:
    rest = memoryview(chunk)
    try:
        while rest:
            rest = rest[os.write(descriptor, rest) :]
    except OSError as error:
        raise unusable(root, error) from None


def _out(staging: Path) -> Path:
    return staging.parents[1]
