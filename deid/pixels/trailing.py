"""What goes on behind a line that goes black, in the same print: a letter apart, or words too faint to be found.

The detector ends a line where its print meets another background, and leaves a lone letter off. Print is told from
anatomy by its rows: its ink is as strong as the line's, stands no farther away than a word would, and does not go on
above and below.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import numpy.typing as npt

    from deid.pixels.findings import Judged
    from deid.plan import Box

    Picture = npt.NDArray[np.uint8]
    Ink = npt.NDArray[np.bool_]

_LEVEL = 2.0
_FAINTEST = 24.0
"""Grey levels of the line's own ink."""
_STRONG, _AS_STRONG = 93, 0.35
_WORD_APART, _LETTER_APART = 1.1, 0.25
"""In line heights."""
_FARTHEST = 8.0
_ABOVE = 0.4
_BOUNDED = 0.3
"""How much of the ink may go on above and below: letters end with their row."""
_LOWEST, _WIDEST = 0.4, 7.0
"""Of a letter's height, and of a word's width."""


def with_rest(judged: Sequence[Judged], views: Sequence[Picture]) -> list[Judged]:
    """The lines, what goes black of each longer by what goes on behind it.

    Args:
        judged: All lines of a frame.
        views: The frame, each uint8 rows × columns × 3.
    """
    return [_longer(line, _room(line, judged, views[0].shape[1]), views) for line in judged]


def _longer(line: Judged, room: int, views: Sequence[Picture]) -> Judged:
    box = line.box
    last = max(line.hidden, key=lambda hidden: hidden.x1, default=None)
    if last is None or last.x1 < box.x1 or box.x1 - box.x0 < _LEVEL * (box.y1 - box.y0) or room <= last.x1:
        return line
    end = max(_end_of_print(box, room, view) for view in views)
    if end <= last.x1:
        return line
    longer = tuple(replace(hidden, x1=end) if hidden is last else hidden for hidden in line.hidden)
    return replace(line, hidden=longer)


def _room(line: Judged, judged: Sequence[Judged], columns: int) -> int:
    """How far to the right nothing else was read."""
    box = line.box
    most = min(columns, box.x1 + round(_FARTHEST * (box.y1 - box.y0)))
    beside = (one.box for one in judged if one is not line and one.box.x0 >= box.x1 - 1)
    return min((other.x0 for other in beside if min(box.y1, other.y1) > max(box.y0, other.y0)), default=most)


def _end_of_print(box: Box, room: int, view: Picture) -> int:
    """Where the print of a line ends in a view, not beyond `room`; the end of its box where nothing goes on."""
    inside = box.clipped(view.shape[1], view.shape[0])
    if inside.empty:
        return box.x1
    height = box.y1 - box.y0
    above = max(round(_ABOVE * height), 1)
    top, left = max(inside.y0 - above, 0), inside.x0
    strip = view[top : inside.y1 + above, left:room].max(axis=2)
    own = slice(inside.y0 - top, inside.y1 - top), slice(0, inside.x1 - left)
    ink = _ink(strip, own, height)
    if ink is None:
        return box.x1
    end = last = int(np.flatnonzero(ink[own].any(axis=0))[-1])
    columns: npt.NDArray[np.bool_] = np.logical_or.reduce(ink[own[0]], axis=0)
    for start, stop in _words(columns, last + 1, max(round(_LETTER_APART * height), 1)):
        if start - end > _WORD_APART * height or not _is_print(ink[:, start:stop], own[0], height):
            break
        if left + stop >= room and stop - start > height:
            break
        end = stop
    return left + end + 1 if end > last else box.x1


def _ink(strip: Picture, own: tuple[slice, slice], height: int) -> Ink | None:
    """Where a strip shows strokes like those of the line, in its polarity; None where the line shows none."""
    import cv2

    kernel = np.ones((max(height // 2, 3) | 1,) * 2, np.uint8)
    rows, columns = own
    edges = strip[[max(rows.start - 1, 0), rows.start, rows.stop - 1, min(rows.stop, strip.shape[0] - 1)], columns]
    beside = strip[own].astype(np.int16) - np.median(edges, axis=0).astype(np.int16)
    is_light = np.percentile(beside, _STRONG) >= -np.percentile(beside, 100 - _STRONG)
    strokes = cv2.morphologyEx(strip, cv2.MORPH_TOPHAT if is_light else cv2.MORPH_BLACKHAT, kernel)
    strength = float(np.percentile(strokes[own], _STRONG))
    if strength < _FAINTEST:
        return None
    ink: Ink = np.asarray(strokes) >= _AS_STRONG * strength
    return ink if ink[own].any() else None


def _words(columns: npt.NDArray[np.bool_], first: int, apart: int) -> Iterator[tuple[int, int]]:
    """Runs of columns with ink from `first` on, those less than `apart` from each other made one."""
    places = np.flatnonzero(columns[first:]) + first
    if not places.size:
        return
    breaks = np.flatnonzero(np.diff(places) > apart)
    starts, stops = [0, *(breaks + 1)], [*breaks, places.size - 1]
    yield from ((int(places[start]), int(places[stop]) + 1) for start, stop in zip(starts, stops, strict=True))


def _is_print(ink: Ink, rows: slice, height: int) -> bool:
    """Whether a run has a letter's height, no more than a word's width, and ends above and below with its row."""
    inside = int(ink[rows].sum())
    outside = int(ink.sum()) - inside
    high = int(ink[rows].any(axis=1).sum())
    return high >= _LOWEST * height and ink.shape[1] <= _WIDEST * height and outside <= _BOUNDED * inside
