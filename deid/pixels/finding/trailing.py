"""What goes on beside a line that goes black, in the same print: a letter apart, or words too faint to be found."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from deid.pixels.picture.print_runs import ALONG, UPRIGHT, WORD_APART, beyond_fading, grown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from deid.pixels.judging.findings import Judged
    from deid.pixels.picture.print_runs import Picture, Side
    from deid.plan import Box

_LEVEL = 2.0


def with_rest(judged: Sequence[Judged], views: Sequence[Picture]) -> list[Judged]:
    """The lines, what goes black of each longer by what goes on beside it.

    Args:
        judged: All lines of a frame.
        views: The frame, each uint8 rows × columns × 3.
    """
    return [_longer(line, [one.box for one in judged if one is not line], views) for line in judged]


def _longer(line: Judged, others: Sequence[Box], views: Sequence[Picture]) -> Judged:
    for side in _ends(line.box):
        longer = _longer_at(line, side, others, views)
        line = replace(line, hidden=longer) if longer else line
    return line


def _ends(box: Box) -> tuple[Side, ...]:
    wide, high = box.x1 - box.x0, box.y1 - box.y0
    return ALONG if wide >= _LEVEL * high else UPRIGHT if high >= _LEVEL * wide else ()


def _longer_at(line: Judged, side: Side, others: Sequence[Box], views: Sequence[Picture]) -> tuple[Box, ...]:
    """What goes black, longer at one end; empty where nothing goes on, or the end stays."""
    if not line.hidden:
        return ()
    last = {
        "left": lambda: min(line.hidden, key=lambda box: box.x0),
        "right": lambda: max(line.hidden, key=lambda box: box.x1),
        "top": lambda: min(line.hidden, key=lambda box: box.y0),
        "bottom": lambda: max(line.hidden, key=lambda box: box.y1),
    }[side]()
    if not _reaches(last, line.box, side):
        return ()
    end = grown(line.box, side, others, views, apart=WORD_APART)
    if end == line.box:
        end = beyond_fading(line.box, side, others, views)
    if _reaches(last, end, side):
        return ()
    return tuple(_part(last, end, side) if box is last else box for box in line.hidden)


def _reaches(hidden: Box, box: Box, side: Side) -> bool:
    """Whether what goes black reaches an end of a box."""
    return {
        "left": hidden.x0 <= box.x0,
        "right": hidden.x1 >= box.x1,
        "top": hidden.y0 <= box.y0,
        "bottom": hidden.y1 >= box.y1,
    }[side]


def _part(hidden: Box, end: Box, side: Side) -> Box:
    """The hidden box, moved out at one side to where the print ends."""
    return {
        "left": lambda: replace(hidden, x0=end.x0),
        "right": lambda: replace(hidden, x1=end.x1),
        "top": lambda: replace(hidden, y0=end.y0),
        "bottom": lambda: replace(hidden, y1=end.y1),
    }[side]()
