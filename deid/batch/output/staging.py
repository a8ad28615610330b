"""Writing verified bytes to files that wait in the staging folder of OUT for their names."""

from __future__ import annotations

import contextlib
import errno
import itertools
import os
from pathlib import Path
from typing import TYPE_CHECKING

from deid.batch.output.target import unusable

if TYPE_CHECKING:
    from collections.abc import Iterable

_numbers = itertools.count()
_FLAGS = os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC | os.O_NOFOLLOW
_read_back = bytearray(1 << 18)
"""Used again and again: new memory costs as much as the reading."""


def stage(data: bytes, folder: Path) -> Path:
    """Write verified bytes to a file in the staging folder; `Target.sync` brings it down to the disk.

    Raises:
        InputOutputError: The disk is full, OUT can't be written, or does not give back what was written.
    """
    return Path(stage_chunks([data], folder))


def stage_chunks(chunks: Iterable[bytes | memoryview], folder: str | Path) -> str:
    """Write a file piece by piece, each read again and compared; what the pieces raise leaves no file.

    Returns:
        Its path.

    Raises:
        InputOutputError: As `stage`.
    """
    path, descriptor = _made(folder)
    try:
        position = 0
        for chunk in chunks:
            try:
                _write(descriptor, memoryview(chunk), position)
            except OSError as error:
                raise unusable(_out(folder), error) from None
            position += len(chunk)
    except BaseException:
        with contextlib.suppress(FileNotFoundError):
            Path(path).unlink()
        raise
    finally:
        os.close(descriptor)
    return path


def _made(folder: str | Path) -> tuple[str, int]:
    """A new file, with the mode that a file made by any program has here: none but us looks into the staging folder."""
    while True:
        # Workers of other machines may share the folder, and have the same process id.
        path = f"{folder}/{os.getpid()}-{next(_numbers)}.part"
        try:
            return path, os.open(path, _FLAGS, 0o666)
        except FileExistsError:
            continue
        except OSError as error:
            raise unusable(_out(folder), error) from None


def _write(descriptor: int, chunk: memoryview, position: int) -> None:
    for start in range(0, len(chunk), len(_read_back)):
        part = chunk[start : start + len(_read_back)]
        written = 0
        while written < len(part):
            written += os.write(descriptor, part[written:])
        count = os.preadv(descriptor, [memoryview(_read_back)[: len(part)]], position + start)
        if count != len(part) or not _read_back.startswith(part):
            raise OSError(errno.EIO, os.strerror(errno.EIO))


def _out(staging: str | Path) -> Path:
    return Path(staging).parents[1]
