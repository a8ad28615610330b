"""The folder OUT: taken by one run at a time, and written only by renaming finished files into it."""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Self

from deid.batch.output.durable import sync_file_system
from deid.errors import InputOutputError

if TYPE_CHECKING:
    from types import TracebackType

STATE = ".deid"
_STAGING = "staging"
_LOCK = "lock"
_LEDGER = "ledger.sqlite"


class Target:
    """OUT during a run, as a context manager.

    The hidden folder `.deid` holds what deid itself needs there: the lock, the ledger and, while a run goes on, the
    staging folder. Finished files are staged in it, hence on the same file system, and carry no final name there;
    `place` renames them. What a killed run left staged is removed when the next run enters.
    """

    def __init__(self, root: Path) -> None:
        """Name the folder."""
        self.root = root
        self._state = root / STATE
        self._lock: int | None = None
        self.staging = self._state / _STAGING
        self.ledger = self._state / _LEDGER

    def __enter__(self) -> Self:
        try:
            self.root.mkdir(parents=True, exist_ok=True)
            self._make_state()
            self._take_lock()
            self._remove_staging()
            self._refuse_other_content()
            self.staging.mkdir(mode=0o700)
        except OSError as error:
            self._release_lock()
            raise unusable(self.root, error) from None
        except InputOutputError:
            self._tidy()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._remove_staging()
        self._release_lock()

    def path(self, name: str) -> Path:
        """Where a released instance lies."""
        return self.root / name

    def size(self, name: str) -> int | None:
        """The bytes of the released instance of that name; None if there is none."""
        try:
            # As text, here and in `place`: to make a Path takes longer than to use it.
            return os.stat(f"{self.root}/{name}").st_size  # noqa: PTH116
        except (FileNotFoundError, NotADirectoryError):
            return None

    def sync(self) -> None:
        """Wait until all that was staged, placed and noted is on the disk.

        Raises:
            InputOutputError: The disk is full or broken.
        """
        try:
            sync_file_system(self._state)
        except OSError as error:
            raise unusable(self.root, error) from None

    def place(self, staged: str | Path, name: str) -> None:
        """Give the staged file its final name, relative to OUT, by one atomic rename.

        Raises:
            InputOutputError: OUT can't be written any more.
        """
        final = f"{self.root}/{name}"
        try:
            try:
                os.rename(staged, final)  # noqa: PTH104
            except FileNotFoundError:
                Path(final).parent.mkdir(parents=True, exist_ok=True)
                os.rename(staged, final)  # noqa: PTH104
        except OSError as error:
            raise unusable(self.root, error) from None

    def withdraw(self, name: str) -> None:
        """Take back a file that was placed but not recorded."""
        self.path(name).unlink(missing_ok=True)

    def forget(self) -> None:
        """Take everything of deid's own out of OUT again, and nothing else: nothing was done."""
        self._remove_staging()
        for name in (_LEDGER, f"{_LEDGER}-wal", _LOCK):
            (self._state / name).unlink(missing_ok=True)
        with contextlib.suppress(OSError):  # it holds files of others
            self._state.rmdir()

    def _make_state(self) -> None:
        if self._state.is_symlink():
            raise _foreign(self.root)
        self._state.mkdir(mode=0o700, exist_ok=True)

    def _take_lock(self) -> None:
        flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW
        path = self._state / _LOCK
        while self._lock is None:
            descriptor = os.open(path, flags, 0o600)
            try:
                # The kernel frees it when the process ends, however it ends: a dead run's lock never blocks.
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError as error:
                os.close(descriptor)
                raise self._locked(error) from None
            # A run that came to nothing removes the file: a lock on what nobody else can find is worth nothing.
            if path.exists() and path.stat().st_ino == os.fstat(descriptor).st_ino:
                self._lock = descriptor
            else:
                os.close(descriptor)
                self._make_state()

    def _locked(self, error: OSError) -> InputOutputError:
        if not isinstance(error, BlockingIOError):
            return unusable(self.root, error)
        return InputOutputError(
            f"another run is writing to OUT: {self.root}", remedy="wait for it, or name another folder"
        )

    def _release_lock(self) -> None:
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def _tidy(self) -> None:
        """Leave a folder that is not ours as it was."""
        if self._lock is not None and not self.ledger.exists():
            self.forget()
        self._release_lock()

    def _remove_staging(self) -> None:
        if self.staging.is_symlink():
            self.staging.unlink()
        elif self.staging.exists():
            shutil.rmtree(self.staging)

    def _refuse_other_content(self) -> None:
        if self.ledger.exists():
            return
        with os.scandir(self.root) as entries:
            if any(entry.name != STATE for entry in entries):
                raise _foreign(self.root)


def unusable(root: Path, error: OSError) -> InputOutputError:
    """The error for an OUT that can't be written, which never names more than OUT itself."""
    return InputOutputError(
        f"OUT can't be written: {root} ({os.strerror(error.errno or 0)})",
        remedy="check its permissions and the space on its disk (`df -h`), then run the same command again to go on",
    )


def _foreign(root: Path) -> InputOutputError:
    return InputOutputError(
        f"OUT is not empty, and no earlier run of deid: {root}",
        remedy="name a new or empty folder; files that are not deid's own are never overwritten",
    )
