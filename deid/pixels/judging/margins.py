"""Margins of what goes black end where another line, that stays, begins: a little before it.

Of a line that stays, letters reach beyond its box as well: the tail of a p, a pixel or two of smooth edge.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from deid.plan import Box

_SIDE_BY_SIDE = 0.5
_INTO_OWN = 0.12
"""Of a line's height: its own box has no more room to spare than that; and as much of a gap is left to another line."""


def cut_at(hidden: tuple[Box, ...], own: Box, others: Iterable[Box], *, sideways: bool = True) -> tuple[Box, ...]:
    """Boxes of a line with their margins cut at other lines; hardly into the line's own box.

    Where that overlaps the box of a line above or below, both were found with room to spare: the border is in the
    middle.

    Args:
        hidden: The boxes.
        own: The line's own box.
        others: Those of the other lines.
        sideways: Also cut at what stands on the same row, which may be the rest of the line.
    """
    boxes = hidden
    for other in others:
        boxes = tuple(_cut(box, own, other, sideways=sideways) for box in boxes)
    return boxes


def _cut(hidden: Box, own: Box, other: Box, *, sideways: bool) -> Box:
    into = round(_INTO_OWN * (own.y1 - own.y0))
    if hidden.overlap(replace(other, y0=other.y0 - into, y1=other.y1 + into)) == 0:
        return hidden
    height = min(own.y1 - own.y0, other.y1 - other.y0)
    if min(own.y1, other.y1) - max(own.y0, other.y0) >= _SIDE_BY_SIDE * height:
        if not sideways or hidden.overlap(other) == 0:
            return hidden
        if other.x0 + other.x1 > own.x0 + own.x1:
            return replace(hidden, x1=min(hidden.x1, max(own.x1, other.x0)))
        return replace(hidden, x0=max(hidden.x0, min(own.x0, other.x1)))
    if other.y0 + other.y1 > own.y0 + own.y1:
        return replace(hidden, y1=min(hidden.y1, _border(own.y1, other.y0, into)))
    return replace(hidden, y0=max(hidden.y0, -_border(-own.y0, -other.y1, into)))


def _border(own: int, other: int, into: int) -> int:
    """Where a line ends, downwards, that may overlap the beginning of another; of a gap the other has up to half."""
    return other - min(into, (other - own) // 2) if other >= own else max(-((-own - other) // 2), own - into)
