"""Text that Unicode's override marks show from right to left: it reads otherwise than it is stored."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from deid.text.fold import Folded
from deid.text.spans import Span

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

_LATIN = re.compile(r"[A-Za-z0-9]")
# From a right-to-left override to what ends it; a paragraph ends it, too.
_OVERRIDDEN = re.compile("\u202e([^\u202c\u202d\u2066-\u2069\r\n]{1,4000})")
_REASON = "shown from right to left"


def find_known_backwards(source: str, find: Callable[[Folded], Sequence[Span]]) -> Iterator[Span]:
    """The stretches of a text that hold something which `find` finds when they are read as they are shown."""
    for match in _OVERRIDDEN.finditer(source):
        found = find(Folded(match[1][::-1]))
        if found:
            yield Span(*match.span(1), found[0].kind, f"{found[0].reason}, {_REASON}", found[0].score)


def find_backwards(source: str) -> Iterator[Span]:
    """The stretches that are Latin letters or digits shown from right to left: no one writes so but to hide."""
    for match in _OVERRIDDEN.finditer(source):
        if _LATIN.search(match[1]):
            yield Span(*match.span(1), "unknown", f"text {_REASON}", 0.9)
