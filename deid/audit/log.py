"""The audit log as JSON Lines: for each run a run line, one line an instance, a summary line (`docs/audit.md`)."""

from __future__ import annotations

import errno
import json
import os
from typing import IO, TYPE_CHECKING, Any, Self

from deid.errors import InputOutputError

if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType

FORMAT = "deid-audit/2"
_HEAD = 200
"""Bytes in which the id of a log stands, written at once."""
_MOST_AT_ONCE = 1000
"""Parts of one write: systems take 1024 (IOV_MAX)."""


class AuditLog:
    """Appends JSON objects, one a line, as a context manager.

    A log is new, or goes on where the ledger says that the earlier runs came to: lines after that tell of instances
    that were not released in the end, because the run was killed. They are cut off.
    """

    def __init__(self, path: Path, log_id: str = "", *, resume_at: int | None = None) -> None:
        """Name the file.

        Args:
            path: The file; for a new log, it must not exist.
            log_id: What the first run line says to tell this log from others.
            resume_at: The length in bytes at which to go on; None for a new log.
        """
        self.id = log_id
        self._path = path
        self._resume_at = resume_at
        self._file: IO[bytes] | None = None
        self.end = 0
        """The length of the log: all that was written and not taken back."""

    def __enter__(self) -> Self:
        """Open it.

        Raises:
            InputOutputError: It can't be written; a new one exists already; an old one is shorter than it was.
        """
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._file = self._path.open("xb" if self._resume_at is None else "r+b", buffering=0)
            self._go_on(self._resume_at or 0)
        except FileExistsError:
            raise self._exists() from None
        except OSError as error:
            self.close()
            raise self._unwritable(error) from None
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def refuse_existing(self) -> None:
        """Look, before anything is written, whether a new log can be made.

        Raises:
            InputOutputError: There is a file of that name.
        """
        if os.path.lexists(self._path):
            raise self._exists()

    def close(self) -> None:
        """Let go of the file."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def write(self, *lines: dict[str, Any] | bytes) -> None:
        """Append lines, all or none, given as fields or as the bytes of a JSON object.

        Raises:
            InputOutputError: They can't be written; what was written of them is cut off again.
        """
        parts = [part for line in lines for part in (encoded(line), b"\n")]
        written = 0
        try:
            # Not joined: a batch of lines is megabytes.
            for first in range(0, len(parts), _MOST_AT_ONCE):
                some = parts[first : first + _MOST_AT_ONCE]
                written += _written(self._open.fileno(), some)
        except OSError as error:
            self.cut(self.end)
            raise self._unwritable(error) from None
        self.end += written

    def sync(self) -> None:
        """Wait until the log is on the disk.

        Raises:
            InputOutputError: The disk is full or broken.
        """
        try:
            os.fsync(self._open.fileno())
        except OSError as error:
            raise self._unwritable(error) from None

    def cut(self, end: int) -> None:
        """Take back what stands after the first `end` bytes."""
        self._open.truncate(end)
        self._open.seek(end)
        self.end = end

    def discard(self) -> None:
        """Take the log back: the run ended before it did anything."""
        self.close()
        self._path.unlink(missing_ok=True)

    @property
    def _open(self) -> IO[bytes]:
        if self._file is None:
            raise RuntimeError("the audit log is not open")
        return self._file

    def _go_on(self, end: int) -> None:
        if os.fstat(self._open.fileno()).st_size < end:
            self.close()
            raise InputOutputError(
                f"the audit log is shorter than it was: {self._path}",
                remedy="put the whole log back; or move it away, and a new one is begun",
            )
        self.cut(end)

    def _exists(self) -> InputOutputError:
        return InputOutputError(
            f"the audit log exists already: {self._path}", remedy="name another file with --audit, or move it away"
        )

    def _unwritable(self, error: OSError) -> InputOutputError:
        return InputOutputError(
            f"the audit log can't be written: {self._path} ({os.strerror(error.errno or 0)})",
            remedy="check the permissions and the space on its disk, or name another file with --audit",
        )


def encoded(line: dict[str, Any] | bytes) -> bytes:
    """A line as it stands in the log, without the line feed."""
    return line if isinstance(line, bytes) else json.dumps(line, separators=(",", ":")).encode("ascii")


def _written(descriptor: int, parts: list[bytes]) -> int:
    """Write them all; returns their size."""
    size = sum(map(len, parts))
    if os.writev(descriptor, parts) != size:
        raise OSError(errno.ENOSPC, "")  # a short write is how a full disk begins
    return size


def belongs_to(path: Path, log_id: str, *, begun: bool) -> bool:
    """Whether the file is the log of that id; where it was not `begun`, an empty file will do."""
    try:
        with path.open("rb") as stream:
            head = stream.read(_HEAD)
    except OSError:
        return False
    return f'"log":"{log_id}"'.encode("ascii") in head or not (head or begun)
