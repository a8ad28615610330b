"""How far a line of print goes on in a picture beyond the box that was found for it, at either end.

The detector ends a line where its print meets another background, leaves a lone letter off, or cuts a word. Print is
told from anatomy by its rows: its ink is as strong as the line's, stands no farther away than it would, and does not go
on above and below.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

import numpy as np

from deid.pixels.picture.levels import brightest, percentile
from deid.plan import Box

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    import numpy.typing as npt

    Picture = npt.NDArray[np.uint8]
    Ink = npt.NDArray[np.bool_]

Side = Literal["left", "right", "top", "bottom"]
ALONG: tuple[Side, Side] = ("left", "right")
"""The ends of a level line."""
UPRIGHT: tuple[Side, Side] = ("top", "bottom")
"""The ends of one that stands."""
WORD_APART = 1.1
"""In line heights: as far away as the next word may stand."""
LETTER_APART = 0.25
"""As far as the next letter may."""

_NEAR, _FADED = 3, 2
"""In line heights: the end of a line that is looked at, and how far print may go on unseen."""
_FADES = 0.45
"""How much of its contrast print loses where it is not seen any more."""
_FAINTEST = 24.0
"""Grey levels of the line's own ink."""
_STRONG, _AS_STRONG = 93, 0.35
_FARTHEST = 8.0
_ABOVE = 0.4
_BOUNDED = 0.3
"""How much of the ink may go on above and below: letters end with their row."""
_SPECK = 0.2
"""Pixels for each of a line's height: the stroke of a hyphen has more."""
_LOWEST, _WIDEST = 0.4, 7.0
"""Of a letter's height, and of a word's width."""


@dataclass(frozen=True, slots=True)
class _Seen:
    """A line as seen so that the end looked at is on the right."""

    box: Box
    others: tuple[Box, ...]
    views: tuple[Picture, ...]


def grown(box: Box, side: Side, others: Sequence[Box], views: Sequence[Picture], *, apart: float) -> Box:
    """The box of a line, as long as its print goes on at one side.

    Args:
        box: Where the line was found.
        side: Which of its ends.
        others: What else was found: the line does not go on into it.
        views: The frame, each uint8 rows × columns × 3.
        apart: How far away in line heights the next piece of print may stand.

    Returns:
        The same box where nothing goes on.
    """
    return _longer(box, side, others, views, lambda box, room, view: _end_of_print(box, room, view, apart))


def beyond_fading(box: Box, side: Side, others: Sequence[Box], views: Sequence[Picture]) -> Box:
    """The box of a line, longer at one side by a few letters if what lies below them is about as bright as the print.

    Nothing finds print there, but a person may read it.
    """
    return _longer(box, side, others, views, _end_of_fading)


def _longer(
    box: Box, side: Side, others: Sequence[Box], views: Sequence[Picture], end_in: Callable[[Box, int, Picture], int]
) -> Box:
    """The box, longer at one side up to the farthest end that any view gives."""
    if box.x0 >= box.x1 or box.y0 >= box.y1:
        return box
    rows, columns = views[0].shape[:2]
    seen = _seen(box, side, others, views, rows, columns)
    room = _room(seen.box, seen.others, seen.views[0].shape[1])
    end = max((end_in(seen.box, room, view) for view in seen.views), default=seen.box.x1)
    by = end - seen.box.x1
    if by <= 0:
        return box
    return {
        "left": lambda: replace(box, x0=box.x0 - by),
        "right": lambda: replace(box, x1=box.x1 + by),
        "top": lambda: replace(box, y0=box.y0 - by),
        "bottom": lambda: replace(box, y1=box.y1 + by),
    }[side]()


def _seen(box: Box, side: Side, others: Sequence[Box], views: Sequence[Picture], rows: int, columns: int) -> _Seen:
    def turned(one: Box) -> Box:
        if side in UPRIGHT:
            one = Box(one.y0, one.x0, one.y1, one.x1)
        across = rows if side in UPRIGHT else columns
        return Box(across - one.x1, one.y0, across - one.x0, one.y1) if side in ("left", "top") else one

    def shown(view: Picture) -> Picture:
        along = view.transpose(1, 0, 2) if side in UPRIGHT else view
        return along[:, ::-1] if side in ("left", "top") else along

    return _Seen(turned(box), tuple(map(turned, others)), tuple(map(shown, views)))


def _room(box: Box, others: Sequence[Box], columns: int) -> int:
    """How far to the right nothing else was read."""
    most = min(columns, box.x1 + round(_FARTHEST * (box.y1 - box.y0)))
    beside = (one for one in others if one.x0 >= box.x1 - 1)
    return min((other.x0 for other in beside if min(box.y1, other.y1) > max(box.y0, other.y0)), default=most)


def _end_of_print(box: Box, room: int, view: Picture, apart: float) -> int:
    """Where the print of a line ends in a view, not beyond `room`; the end of its box where nothing goes on."""
    inside = box.clipped(view.shape[1], view.shape[0])
    if inside.empty or room <= inside.x1:
        return box.x1
    height = box.y1 - box.y0
    above = max(round(_ABOVE * height), 1)
    top, left = max(inside.y0 - above, 0), inside.x0
    strip = brightest(view[top : inside.y1 + above, left:room])
    own = slice(inside.y0 - top, inside.y1 - top), slice(0, inside.x1 - left)
    ink = ink_of(strip, own, height)
    if ink is not None:
        ink = without_specks(ink, height)
    if ink is None or not ink[own].any():
        return box.x1
    end = last = int(np.flatnonzero(ink[own].any(axis=0))[-1])
    columns: npt.NDArray[np.bool_] = np.logical_or.reduce(ink[own[0]], axis=0)
    for start, stop in _words(columns, last + 1, max(round(LETTER_APART * height), 1)):
        if start - end > apart * height or not _is_print(ink[:, start:stop], own[0], height):
            break
        if left + stop >= room and stop - start > height:
            break
        end = stop
    return left + end + 1 if end > last else box.x1


def _end_of_fading(box: Box, room: int, view: Picture) -> int:
    inside = box.clipped(view.shape[1], view.shape[0])
    if inside.empty or room <= inside.x1:
        return box.x1
    height = box.y1 - box.y0
    strip = brightest(view[inside.y0 : inside.y1, inside.x0 : inside.x1 + height])
    wide = inside.x1 - inside.x0
    ink = ink_of(strip, (slice(0, strip.shape[0]), slice(0, wide)), height)
    beyond = strip[:, wide + 1 :]
    if ink is None or not beyond.size:
        return box.x1
    near = slice(max(wide - _NEAR * height, 0), wide)
    own, letters = strip[:, near], ink[:, near]
    if not letters.any() or letters.all():
        return box.x1
    level, below = float(np.median(own[letters])), float(np.median(own[~letters]))
    nearer = (float(np.median(beyond)) - below) / (level - below or 1.0)
    return min(box.x1 + _FADED * height, room) if nearer >= _FADES else box.x1


def ink_of(strip: Picture, own: tuple[slice, slice], height: int) -> Ink | None:
    """Where a strip shows strokes like those of the line, in its polarity; None where the line shows none.

    Args:
        strip: uint8 rows × columns.
        own: The rows and columns of the line.
        height: Its height.
    """
    import cv2

    kernel = np.ones((max(height // 2, 3) | 1,) * 2, np.uint8)
    rows, columns = own
    edges = strip[[max(rows.start - 1, 0), rows.start, rows.stop - 1, min(rows.stop, strip.shape[0] - 1)], columns]
    _, lower, upper, _ = np.sort(edges, axis=0).astype(np.int16)
    beside = strip[own].astype(np.int16) - (lower + upper) // 2
    is_light = percentile(beside, _STRONG) >= -percentile(beside, 100 - _STRONG)
    strokes = cv2.morphologyEx(strip, cv2.MORPH_TOPHAT if is_light else cv2.MORPH_BLACKHAT, kernel)
    strength = percentile(np.asarray(strokes[own], np.uint8), _STRONG)
    if strength < _FAINTEST:
        return None
    ink: Ink = np.asarray(strokes) >= _AS_STRONG * strength
    return ink if ink[own].any() else None


def without_specks(ink: Ink, height: int) -> Ink:
    """The ink without what is smaller than any letter, as noise is, which would make one run of all behind a line."""
    import cv2

    _, labels, places, _ = cv2.connectedComponentsWithStats(ink.astype(np.uint8))
    large = places[:, cv2.CC_STAT_AREA] >= _SPECK * height
    large[0] = False
    kept: Ink = large[labels]
    return kept


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
