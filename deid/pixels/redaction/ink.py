"""Where print stands in what goes black. Around it there is margin only, which needs no whole block of a JPEG.

In a picture that was coded in blocks after it was printed on, all traces of a letter are in the blocks that its ink
touches. So what has to be known is where ink ends, smooth edges and rims included. A row above or below a line of print
shows none where it is even along the line: that is seen by how much it varies within two letters' width, compared with
the print, and with what the rows farther out show of noise. Where that can't be told, all of the box counts as ink.
"""

from __future__ import annotations

from dataclasses import replace
from functools import reduce
from typing import TYPE_CHECKING

import numpy as np

from deid.pixels.picture.strokes import strokes_in
from deid.plan import Box

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from deid.pixels.judging.findings import Judged
    from deid.pixels.picture.print_runs import Picture

    Ranges = npt.NDArray[np.float64]

_STRONG, _FAINT_PARTS = 93, 25
"""Percentiles: of the strokes of a few letters, and of these along the line."""
_EVEN = 0.35
"""Of the print's strength: what varies more may be ink."""
_MOST_ACROSS, _MOST_ALONG = 48.0, 24.0
"""Grey levels that count as ink in any case, above and below a line and at its ends, where a letter may stand alone."""
_OUTER, _STRONGER, _HALF = 3, 0.7, 0.5
"""Rows at either end of a box, which hardly ever have ink; and how much of the print's strength ink always has, above
and below a line and at its ends."""
_NOISE, _LEVELS = 1.25, 3.0
"""A row beside print is free of its smooth edge if it varies so many times as much as those farther out, and this."""
_GAP = 2
"""Rows from one with ink to the next, at the most: between a letter and its accent there is one without."""
_ROOM = 0.35
"""Of a line's height: how far inside the box that was found for it its ink may end."""
_LONGER = 0.5
"""In line heights: what goes black farther beyond a line's end was put there on purpose, and counts as ink."""


def with_ink(judged: Sequence[Judged], views: Sequence[Picture]) -> list[Judged]:
    """The lines, each with the ink in what goes black of it.

    Args:
        judged: Lines of a frame.
        views: The frame, each uint8 rows × columns × 3.
    """
    return [replace(line, ink=tuple(ink_in(box, line.box, views) for box in line.hidden)) for line in judged]


def ink_in(hidden: Box, own: Box, views: Sequence[Picture]) -> Box:
    """The smallest box around all ink in a box that goes black.

    Args:
        hidden: That box.
        own: The one that was found for its line.
        views: The frame, each uint8 rows × columns × 3.

    Returns:
        The ink; all of `hidden` inside the frame where it can't be told from what lies below.
    """
    if own.y1 - own.y0 > own.x1 - own.x0:
        return ink_in(hidden.across, own.across, [view.transpose(1, 0, 2) for view in views]).across
    rows, columns = views[0].shape[:2]
    inside, line = hidden.clipped(columns, rows), own.clipped(columns, rows)
    if inside.empty or line.empty:
        return inside
    ink = reduce(Box.around, (_ink_in_view(inside, line, view) for view in views))
    return _at_least(ink, inside, line)


def _ink_in_view(hidden: Box, own: Box, view: Picture) -> Box:
    import cv2

    height = own.y1 - own.y0
    strength = _strength(view[own.y0 : own.y1, own.x0 : own.x1], height)
    picture = np.ascontiguousarray(view[hidden.y0 : hidden.y1, hidden.x0 : hidden.x1])
    letters = 2 * height + 1
    across = cv2.morphologyEx(picture, cv2.MORPH_GRADIENT, np.ones((letters, 1), np.uint8)).max(axis=(0, 2))
    even = min(_EVEN * strength, _MOST_ACROSS)
    along, sloped = (
        cv2.morphologyEx(seen, cv2.MORPH_GRADIENT, np.ones((1, letters), np.uint8)).max(axis=(1, 2))
        for seen in (picture.astype(np.int16), _without_slope(picture, height))
    )
    noise = _unevenness(along, strength)
    first, stop = _extent_in_noise(along, even, max(even, noise), _STRONGER * strength)
    # What varies more in but one of the two is no ink.
    top, bottom = _extent_in_noise(sloped, even, max(even, _unevenness(sloped, strength)), _STRONGER * strength)
    if max(first, top) < min(stop, bottom):
        first, stop = max(first, top), min(stop, bottom)
    even = min(even, _MOST_ALONG)
    left, right = _extent_in_noise(across, even, max(even, min(noise, _HALF * strength, _MOST_ACROSS)), 0.0)
    return Box(hidden.x0 + left, hidden.y0 + first, hidden.x0 + right, hidden.y0 + stop)


def _without_slope(picture: Picture, height: int) -> npt.NDArray[np.int16]:
    """The picture less what lies below the print and slowly changes along it, by the rows above and below."""
    import cv2

    outer = np.stack([picture[:_OUTER].mean(axis=0), picture[-_OUTER:].mean(axis=0)]).astype(np.float32)
    slope = cv2.blur(outer, (height, 1), borderType=cv2.BORDER_REFLECT_101).reshape(outer.shape)
    half = picture.shape[0] // 2
    level: npt.NDArray[np.int16] = picture.astype(np.int16)
    level[:half] -= np.round(slope[0]).astype(np.int16)
    level[half:] -= np.round(slope[1]).astype(np.int16)
    return level


def _unevenness(rows: npt.NDArray[np.int16], strength: float) -> float:
    """How much rows vary without ink: as those at both ends of the box do, where print is much stronger.

    Anatomy below print, and its noise, vary as much in the rows above and below. Where one end is quiet, that counts.
    """
    outer = min(int(rows[:_OUTER].max()), int(rows[-_OUTER:].max()))
    return min(_NOISE * outer + _LEVELS, _STRONGER * strength)


def _strength(line: Picture, height: int) -> float:
    """How many grey levels the strokes of a line have, where they are faint."""
    light, dark = strokes_in(line, max(height // 2, 3))
    strokes = light if np.percentile(light, _STRONG) >= np.percentile(dark, _STRONG) else dark
    parts = np.array_split(strokes, max(strokes.shape[1] // height, 1), axis=1)
    return float(np.percentile([np.percentile(part, _STRONG) for part in parts], _FAINT_PARTS))


def _extent_in_noise(
    ranges: npt.NDArray[np.int16] | npt.NDArray[np.uint8], even: float, most: float, strong: float
) -> tuple[int, int]:
    """The same as `_extent`, where what lies below may vary more than half a smooth edge does."""
    first, stop = _extent(ranges.astype(np.float64), most, strong)
    return (max(first - 1, 0), min(stop + 1, ranges.size)) if most > even else (first, stop)


def _extent(ranges: Ranges, most: float, strong: float) -> tuple[int, int]:
    """The first row with ink and the first one behind it, by how much rows vary; all rows where none varies more.

    What varies more, but less than print does, and stands apart from what does, is none: a speck in the margin.
    """
    inked = np.flatnonzero(ranges > most).tolist()
    if not inked:
        return 0, ranges.size
    sure = np.flatnonzero(ranges >= max(strong, most)).tolist()
    top, bottom = inked[0], inked[-1]
    if sure:
        rows = frozenset(inked)
        top, bottom = _joined(rows, sure[0], -1), _joined(rows, sure[-1], 1)
    before, after = ranges[:top][::-1], ranges[bottom + 1 :]
    return top - _edge(before, after), bottom + 1 + _edge(after, before)


def _joined(inked: frozenset[int], row: int, way: int) -> int:
    """The last row with ink, upwards (-1) or downwards (1), that is reached from another without a wider gap."""
    while near := [row + way * step for step in range(1, _GAP + 1) if row + way * step in inked]:
        row = near[-1]
    return row


def _edge(rows: Ranges, opposite: Ranges) -> int:
    """How many of the rows beside ink, outwards, still show its smooth edge."""
    beyond = rows[1:] if rows.size > 2 else np.concatenate([rows[1:], opposite[1:]])  # noqa: PLR2004 - one is no sample
    if not beyond.size:
        return rows.size
    quiet = np.flatnonzero(rows <= _NOISE * np.median(beyond) + _LEVELS)
    return int(quiet[0]) if quiet.size else rows.size


def _at_least(ink: Box, hidden: Box, own: Box) -> Box:
    """The ink, which ends nowhere far inside a line's box, and takes what was made longer on purpose."""
    height = own.y1 - own.y0
    room, longer = int(_ROOM * height), int(_LONGER * height)
    left = hidden.x0 if own.x0 - hidden.x0 > longer else own.x0 + room
    right = hidden.x1 if hidden.x1 - own.x1 > longer else own.x1 - room
    top, bottom = own.y0 + room, own.y1 - room
    return Box(
        min(ink.x0, left) if hidden.x0 <= left else ink.x0,
        min(ink.y0, top) if hidden.y0 <= top else ink.y0,
        max(ink.x1, right) if hidden.x1 >= right else ink.x1,
        max(ink.y1, bottom) if hidden.y1 >= bottom else ink.y1,
    )
