"""Finding the sources of a run, one at a time, in an order that does not change."""

from __future__ import annotations

import heapq
import os
import stat
from pathlib import Path
from typing import TYPE_CHECKING

from deid.batch.sources.archives import SUFFIXES, kind_of, members
from deid.batch.sources.source import Source
from deid.errors import Reason

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_NAMES_AT_ONCE = 20_000


def discover(root: Path) -> Iterator[Source]:
    """Yield every file below `root` (or `root` itself if it is a file), folders in sorted order.

    Of zip and tar archives the members are yielded, in their order. Symbolic links are not followed, so nothing outside
    `root` is reached and no loop is walked; they are yielded with a refusal, as is what can't be listed. At most 20,000
    names a level are in memory.
    """
    if not root.is_dir():
        yield from _found(root, root.name, root.stat(), archive=True)
        return
    yield from _walk(root, "")


def listed(root: Path, paths: Iterable[bytes]) -> Iterator[Source]:
    """Yield the files that a list names, in its order; folders are passed by.

    Args:
        root: The resolved path of IN. What does not lie below it is yielded with a refusal: a link in the folders
            above a file could lead anywhere.
        paths: As the file system holds them, relative to the working folder or absolute.
    """
    for name in paths:
        typed = Path(os.fsdecode(name))
        path = Path(os.path.realpath(typed.parent), typed.name)
        try:
            status = path.lstat()
        except (OSError, ValueError):
            yield Source(path, str(typed), Reason.UNREADABLE)
            continue
        if stat.S_ISDIR(status.st_mode):
            continue
        if path == root:
            yield from _found(path, path.name, status, archive=True)
        elif root in path.parents:
            yield from _found(path, path.relative_to(root).as_posix(), status)
        else:
            yield Source(path, str(typed), Reason.OUTSIDE_IN)


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
        for name in _sorted_names(folder):
            path, relative = folder / name, prefix + name
            try:
                status = path.lstat()
            except OSError:
                yield Source(path, relative, Reason.UNREADABLE)
                continue
            if stat.S_ISDIR(status.st_mode):
                yield path, relative + "/"
            else:
                yield from _found(path, relative, status)
    except OSError:
        yield Source(folder, prefix.rstrip("/"), Reason.UNREADABLE)


def _sorted_names(folder: Path) -> Iterator[str]:
    """The names in a folder by their bytes; a large one is looked through several times rather than held in memory."""
    last = b""
    while True:
        with os.scandir(folder) as scan:
            found = (os.fsencode(entry.name) for entry in scan)
            names = heapq.nsmallest(_NAMES_AT_ONCE, (name for name in found if name > last))
        yield from map(os.fsdecode, names)
        if len(names) < _NAMES_AT_ONCE:
            return
        last = names[-1]


def _found(path: Path, relative: str, status: os.stat_result, *, archive: bool = False) -> Iterator[Source]:
    """The file, or its members; `archive` to look whether it is an archive whatever its name."""
    source = Source(path, relative, _refusal(status.st_mode), status.st_size, status.st_mtime_ns)
    may_be_archive = source.refusal is None and (archive or relative.lower().endswith(SUFFIXES))
    kind = kind_of(path) if may_be_archive else None
    if kind is None:
        yield source
    else:
        yield from members(source, kind)


def _refusal(mode: int) -> Reason | None:
    if stat.S_ISLNK(mode):
        return Reason.SYMLINK
    return None if stat.S_ISREG(mode) else Reason.SPECIAL_FILE
