"""The folder OUT: taken by one run at a time, and written only by renaming finished files into it."""

from __future__ import annotations

import fcntl
import filecmp
import os
import shutil
import tempfile
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Self

from deid.errors import InputOutputError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from types import TracebackType

_LOCK = ".deid-lock"
_STAGING = ".deid-staging"


class Commit(Enum):
    """What became of a staged file."""

    RELEASED = "released"
    SAME = "the same bytes are there already"
    CONFLICT = "other bytes are there already"


class Target:
    """OUT during a run, as a context manager.

    Finished files are staged in a hidden folder inside OUT, hence on the same file system, and carry no final name
    there; `commit` renames them, never over another file. What a killed run left staged is removed when
    the next run enters.
    """

    def __init__(self, root: Path) -> None:
        """Name the folder."""
        self._root = root
        self._lock: int | None = None
        self.staging = root / _STAGING

    def __enter__(self) -> Self:
        try:
            self._root.mkdir(parents=True, exist_ok=True)
            self._take_lock()
            self._remove_leftovers()
            self._refuse_other_content()
            self.staging.mkdir(mode=0o700)
        except OSError as error:
            self._release_lock()
            raise _unusable(self._root, error) from None
        except InputOutputError:
            self._release_lock()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._remove_leftovers()
        self._release_lock()

    def commit(self, staged: Path, name: str) -> Commit:
        """Give the staged file its final name, relative to OUT; one atomic rename, never over another file.

        Raises:
            InputOutputError: OUT can't be written any more.
        """
        final = self._root / name
        try:
            final.parent.mkdir(parents=True, exist_ok=True)
            # The lock makes this run the only writer, so nothing can appear between the look and the rename.
            if final.exists():
                return Commit.SAME if filecmp.cmp(staged, final, shallow=False) else Commit.CONFLICT
            staged.rename(final)
        except OSError as error:
            raise _unusable(self._root, error) from None
        finally:
            staged.unlink(missing_ok=True)
        return Commit.RELEASED

    def holds(self, name: str) -> bool:
        """Whether a file of that name was committed."""
        return (self._root / name).exists()

    def withdraw(self, name: str) -> None:
        """Take back a file that was just committed but could not be recorded."""
        (self._root / name).unlink(missing_ok=True)

    def _take_lock(self) -> None:
        self._lock = os.open(self._root / _LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(self._lock)
            self._lock = None
            raise InputOutputError(
                f"another run is writing to OUT: {self._root}", remedy="wait for it, or name another folder"
            ) from None

    def _release_lock(self) -> None:
        if self._lock is not None:
            (self._root / _LOCK).unlink(missing_ok=True)
            os.close(self._lock)
            self._lock = None

    def _remove_leftovers(self) -> None:
        if self.staging.is_symlink():
            self.staging.unlink()
        elif self.staging.exists():
            shutil.rmtree(self.staging)

    def _refuse_other_content(self) -> None:
        with os.scandir(self._root) as entries:
            if any(entry.name != _LOCK for entry in entries):
                raise InputOutputError(
                    f"OUT is not empty: {self._root}",
                    remedy="name a new or empty folder; files of an earlier run are never overwritten",
                )


def stage(data: bytes, folder: Path) -> Path:
    """Write verified bytes to a file in the staging folder, down to the disk.

    Raises:
        InputOutputError: The disk is full, or OUT can't be written.
    """
    return stage_chunks([data], folder)


def stage_chunks(chunks: Iterable[bytes], folder: Path) -> Path:
    """Write a file piece by piece; what it raises goes through, and leaves no file."""
    try:
        descriptor, name = tempfile.mkstemp(dir=folder, suffix=".part")
    except OSError as error:
        raise _unusable(folder.parent, error) from None
    path = Path(name)
    try:
        for chunk in chunks:
            _write(descriptor, chunk, folder.parent)
        _finish(descriptor, folder.parent)
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
        raise _unusable(root, error) from None


def _finish(descriptor: int, root: Path) -> None:
    try:
        os.fchmod(descriptor, 0o666 & ~_umask())
        os.fsync(descriptor)
    except OSError as error:
        raise _unusable(root, error) from None


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _unusable(root: Path, error: OSError) -> InputOutputError:
    return InputOutputError(
        f"OUT can't be written: {root} ({os.strerror(error.errno or 0)})",
        remedy="check its permissions and the space on its disk (`df -h`), then run again into a new folder",
    )
