"""Finding the sources of a run, one at a time, in an order that does not change."""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from deid.errors import Reason

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True, slots=True)
class Source:
    """One file of the input. Its path may name the patient: it stays out of logs, audit and messages."""

    path: Path = field(repr=False)
    relative: str = field(repr=False)
    """The path below IN with `/`, undecodable bytes as surrogate escapes."""
    refusal: Reason | None = None
    """Set for what is seen but never opened: links, pipes, folders that can't be listed."""

    @property
    def relative_bytes(self) -> bytes:
        """The relative path as the file system holds it."""
        return os.fsencode(self.relative)


def discover(root: Path) -> Iterator[Source]:
    """Yield every file below `root` (or `root` itself if it is a file), folders in sorted order.

    Symbolic links are not followed, so nothing outside `root` is reached and no loop is walked; they are yielded with a
    refusal, as is what can't be listed. Only one folder's names a level are in memory.
    """
    if not root.is_dir():
        yield Source(root, root.name)
        return
    yield from _walk(root, "")


def _walk(root: Path, prefix: str) -> Iterator[Source]:
    # An explicit stack: the depth of IN is not bounded by Python's recursion limit.
    stack = [_listing(root, prefix)]
    while stack:
        entry = next(stack[-1], None)
        if entry is None:
            stack.pop()
        elif isinstance(entry, Source):
            yield entry
        else:
            stack.append(_listing(*entry))


def _listing(folder: Path, prefix: str) -> Iterator[Source | tuple[Path, str]]:
    try:
        with os.scandir(folder) as scan:
            entries = sorted(scan, key=lambda entry: os.fsencode(entry.name))
    except OSError:
        yield Source(folder, prefix.rstrip("/"), Reason.UNREADABLE)
        return
    for entry in entries:
        relative = prefix + entry.name
        path = Path(entry.path)
        try:
            mode = entry.stat(follow_symlinks=False).st_mode
        except OSError:
            yield Source(path, relative, Reason.UNREADABLE)
            continue
        if stat.S_ISDIR(mode):
            yield path, relative + "/"
        else:
            yield Source(path, relative, _refusal(mode))


def _refusal(mode: int) -> Reason | None:
    if stat.S_ISLNK(mode):
        return Reason.SYMLINK
    return None if stat.S_ISREG(mode) else Reason.SPECIAL_FILE
