"""Print that was not found, in the margin of what goes black: a lone `L` above the mark of a technologist.

Margins end where another line was found. Of one that was not, its ink tells: there are rows without any between it and
the line, and it goes on where the margin ends, as no accent does.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from deid.pixels.picture.levels import brightest
from deid.pixels.picture.print_runs import ink_of, without_specks

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from deid.pixels.judging.findings import Judged
    from deid.pixels.picture.print_runs import Picture
    from deid.plan import Box

_GAP = 0.2
"""Of a line's height, without what is around it in its box: as many rows lie between two lines at least."""
_INTO_OWN = 0.12
"""Of its box's height: more is not taken from the box that was found for the line."""
_BEYOND, _LOWEST = 2, 3
"""Rows: how far beyond the margin ink is looked for, and how many of them it has there and inside."""


def without_neighbours(judged: Sequence[Judged], views: Sequence[Picture]) -> list[Judged]:
    """The lines, the margins of which end where other print begins.

    Args:
        judged: Lines of a frame.
        views: The frame, each uint8 rows × columns × 3.
    """
    return [_cut(line, views) if line.hidden else line for line in judged]


def _cut(line: Judged, views: Sequence[Picture]) -> Judged:
    own = line.box
    if own.x1 - own.x0 >= own.y1 - own.y0:
        return replace(line, hidden=tuple(_without(box, own, views) for box in line.hidden))
    turned = [view.transpose(1, 0, 2) for view in views]
    return replace(line, hidden=tuple(_without(box.across, own.across, turned).across for box in line.hidden))


def _without(hidden: Box, own: Box, views: Sequence[Picture]) -> Box:
    """A box that goes black of a level line, cut above and below where any view shows a gap and more print."""
    for view in views:
        flipped = view[::-1]
        rows = view.shape[0]
        top = _border(hidden, own, view)
        below = _border(_flipped(hidden, rows), _flipped(own, rows), flipped)
        hidden = replace(hidden, y0=max(hidden.y0, top), y1=min(hidden.y1, rows - below))
    return hidden


def _flipped(box: Box, rows: int) -> Box:
    return replace(box, y0=rows - box.y1, y1=rows - box.y0)


def _border(hidden: Box, own: Box, view: Picture) -> int:
    """The row where what goes black begins, upwards of which other print stands."""
    frame = view.shape[1], view.shape[0]
    area, line = replace(hidden, y0=hidden.y0 - _BEYOND).clipped(*frame), own.clipped(*frame)
    if line.empty or area.y0 >= line.y0 or area.x0 >= area.x1:
        return hidden.y0
    strip = brightest(view[area.y0 : area.y1, area.x0 : area.x1])
    left, right = max(line.x0 - area.x0, 0), min(line.x1, area.x1) - area.x0
    rows = slice(line.y0 - area.y0, min(line.y1, area.y1) - area.y0)
    if right <= left or rows.stop <= rows.start:
        return hidden.y0
    ink = ink_of(strip, (rows, slice(left, right)), own.y1 - own.y0)
    if ink is None:
        return hidden.y0
    gap = _gap(np.asarray(without_specks(ink, own.y1 - own.y0).any(axis=1)), rows)
    if gap is None:
        return hidden.y0
    return min(area.y0 + gap, own.y0 + round(_INTO_OWN * (own.y1 - own.y0)))


def _gap(inked: npt.NDArray[np.bool_], own: slice) -> int | None:
    """The middle of the rows without ink between that of a line and that at the beginning; None where there are none.

    Args:
        inked: The rows with ink, from some beyond the margin on.
        own: Those of the line's box.
    """
    middle = (own.start + own.stop) // 2
    if not inked[: _BEYOND + 1].all() or not inked[middle]:
        return None
    other = int(np.argmin(inked))
    rest = np.flatnonzero(inked[other:])
    wide = int(rest[0]) if rest.size else 0
    high = int(inked[other + wide :].sum())
    is_other = _BEYOND + _LOWEST <= other <= middle
    return other + (wide + 1) // 2 if is_other and wide >= max(_GAP * high, 2) and other + wide <= middle else None
