"""Files that hold a secret, a key or a passphrase: small, and readable by their owner only."""

from __future__ import annotations

import os
import shlex
import stat
from typing import TYPE_CHECKING, Final

from deid.errors import KeyFileError

if TYPE_CHECKING:
    from pathlib import Path

MAX_SECRET_BYTES: Final = 1024
_OTHERS: Final = 0o077


def read_secret(path: Path, *, what: str, remedy: str) -> bytes:
    """The first `MAX_SECRET_BYTES` bytes of the file.

    Args:
        path: The file.
        what: What it should hold, for messages: `key`, `passphrase`.
        remedy: What to do when there is no such file.

    Raises:
        KeyFileError: The file is missing, unreadable, open to group or others, or not a regular file.
    """
    try:
        # O_NONBLOCK: a FIFO must not hang the run; on a regular file it has no effect.
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
        try:
            _check_access(path, os.fstat(descriptor).st_mode, remedy)
            return os.read(descriptor, MAX_SECRET_BYTES)
        finally:
            os.close(descriptor)
    except FileNotFoundError as error:
        raise KeyFileError(f"there is no {what} file {path}", remedy=remedy) from error
    except OSError as error:
        raise KeyFileError(f"{path} can't be read ({error.strerror})", remedy="check its permissions") from error


def _check_access(path: Path, mode: int, remedy: str) -> None:
    if not stat.S_ISREG(mode):
        raise KeyFileError(f"{path} is not a file", remedy=remedy)
    if os.name == "posix" and mode & _OTHERS:
        raise KeyFileError(f"{path} can be read by others", remedy=f"chmod 600 {shlex.quote(str(path))}")
