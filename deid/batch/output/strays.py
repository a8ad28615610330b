"""Files in OUT that no run released."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import TYPE_CHECKING

from deid.batch.output.naming import DICOMDIR, DICOMDIR_FILES
from deid.batch.output.target import STATE
from deid.options import AUDIT_NAME

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator


def strays(out: Path, audit: Path, released: Collection[str]) -> Iterator[str]:
    """Yield the paths below OUT of what is neither released nor deid's own.

    The names that a DICOMDIR gives to released files are links to them; where the file system has none, copies.

    Args:
        out: OUT.
        audit: The audit log, wherever it is.
        released: The paths of the released files below OUT; those that are not there don't matter.
    """
    own = {out / AUDIT_NAME, out / DICOMDIR, audit}
    links = {_inode(out / name) for name in released if (out / name).is_file()}
    copies = []
    for path in _files(out):
        name = path.relative_to(out).as_posix()
        if path.is_symlink():
            yield name
        elif name.startswith(f"{DICOMDIR_FILES}/") and path.is_file():
            if _inode(path) not in links:
                copies.append(path)
        elif path not in own and name not in released:
            yield name
    sizes = {path.stat().st_size for path in copies}
    originals = (out / name for name in released if copies and (out / name).is_file())
    contents = {_content(path) for path in originals if path.stat().st_size in sizes}
    yield from (path.relative_to(out).as_posix() for path in copies if _content(path) not in contents)


def _files(folder: Path) -> Iterator[Path]:
    """Everything below OUT but folders and deid's own state; links are not followed."""
    for place, folders, files in os.walk(folder):
        folders.sort()
        if Path(place) == folder and STATE in folders:
            folders.remove(STATE)
        yield from (Path(place, name) for name in folders if Path(place, name).is_symlink())
        yield from (Path(place, name) for name in sorted(files))


def _inode(path: Path) -> tuple[int, int]:
    status = path.stat()
    return status.st_dev, status.st_ino


def _content(path: Path) -> bytes:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").digest()
