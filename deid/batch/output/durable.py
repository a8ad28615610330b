"""Getting many files down to the disk at once: one call for a whole batch costs about as much as one for one file."""

from __future__ import annotations

import ctypes
import os
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def sync_file_system(folder: Path) -> None:
    """Wait until everything written so far to the file system that holds `folder` is on its disk.

    Raises:
        OSError: The disk did not take it (Linux tells so since 5.8).
    """
    if sys.platform != "linux":
        os.sync()
        return
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        if ctypes.CDLL(None, use_errno=True).syncfs(descriptor):
            number = ctypes.get_errno()
            raise OSError(number, os.strerror(number))
    finally:
        os.close(descriptor)
