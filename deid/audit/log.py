"""The audit log as JSON Lines: a run line, one line an instance, a summary line (`docs/audit.md`)."""

from __future__ import annotations

import errno
import json
import os
from typing import IO, TYPE_CHECKING, Any, Self

from deid.errors import InputOutputError

if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType

FORMAT = "deid-audit/1"


class AuditLog:
    """Writes one JSON object a line, each flushed at once, so that a killed run leaves whole lines.

    Entered as a context manager. Never overwrites an existing file.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: IO[bytes] | None = None

    def __enter__(self) -> Self:
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._file = self._path.open("xb", buffering=0)
        except FileExistsError:
            raise InputOutputError(
                f"the audit log exists already: {self._path}", remedy="name another file with --audit, or move it away"
            ) from None
        except OSError as error:
            raise self._unwritable(error) from None
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None

    def write(self, line: dict[str, Any] | bytes) -> None:
        """Append one line, given as fields or as the bytes of a JSON object.

        Raises:
            InputOutputError: It can't be written; a torn line is cut off again.
        """
        if self._file is None:
            raise RuntimeError("the audit log is not open")
        encoded = line if isinstance(line, bytes) else json.dumps(line, separators=(",", ":")).encode("ascii")
        encoded += b"\n"
        end = os.fstat(self._file.fileno()).st_size
        try:
            written = self._file.write(encoded)
        except OSError as error:
            raise self._unwritable(error) from None
        if written != len(encoded):
            self._file.truncate(end)
            self._file.seek(end)
            raise self._unwritable(OSError(errno.ENOSPC, ""))

    def discard(self) -> None:
        """Take the log back: the run ended before it did anything."""
        self.__exit__(None, None, None)
        self._path.unlink(missing_ok=True)

    def _unwritable(self, error: OSError) -> InputOutputError:
        return InputOutputError(
            f"the audit log can't be written: {self._path} ({os.strerror(error.errno or 0)})",
            remedy="check the permissions and the space on its disk, or name another file with --audit",
        )
