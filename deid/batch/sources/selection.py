"""Which sources a run looks at: all below IN or those of a list, the new ones or all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deid.batch.sources.discovery import discover, listed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from deid.batch.sources.source import Source
    from deid.options import RunOptions

_NANOSECONDS = 1_000_000_000


def selected(options: RunOptions) -> Iterator[Source]:
    """Yield the sources, one at a time. What can't be looked at has no time, and is never too old."""
    root = options.source.resolve()
    found = discover(root) if options.paths is None else listed(root, options.paths)
    if options.since is None:
        return found
    oldest = round(options.since * _NANOSECONDS)
    return (source for source in found if source.refusal is not None or source.mtime_ns >= oldest)


def count(options: RunOptions) -> int | None:
    """How many sources `selected` yields; None where they can be read only once, or only by unpacking all of them."""
    if options.paths is not None:
        return None
    total = 0
    for source in selected(options):
        if source.member is not None and source.member.is_streamed:
            return None
        total += 1
    return total
