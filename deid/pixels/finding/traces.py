"""Traces: thin curves drawn over a picture, such as an ECG. What lies on them is read again without them.

The detector takes a trace, or some of its beats, for a line of text, and print that a trace crosses for a part of it.
So the trace is taken out of the picture, and what is left is looked at again. What was read well with the trace stays
as it was read, unless as much is read in less space without; what was not counts only if it is found without, too.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from operator import itemgetter
from typing import TYPE_CHECKING

import numpy as np

from deid.pixels.ocr import without_duplicates
from deid.pixels.ocr.duplicates import shared
from deid.pixels.ocr.stacks import stacks_of
from deid.pixels.ocr.texture import is_texture
from deid.pixels.picture.novelty import Novelty
from deid.pixels.picture.strokes import strokes_in
from deid.plan import Box

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import numpy.typing as npt

    from deid.pixels.ocr import Ocr, TextLine
    from deid.pixels.picture.print_runs import Picture
    from deid.pixels.picture.strokes import Strokes

    Mask = npt.NDArray[np.bool_]

_WIDEST = 9
"""Pixels: a stroke that is wider is no trace."""
_LEVELS = (160, 110, 75, 50, 34)
"""By how many grey levels a trace may stand out: the first at which it is one stroke, apart from what lies around."""
_PIECE, _LONG = 48, 0.1
"""Pixels that a piece of a trace is long, and part of the frame's width that one of its pieces is."""
_LOWEST = 6
"""Pixels: what is lower is a straight line."""
_SINGLE = 0.7
"""Part of its columns in which it stands at one height only."""
_THIN, _THINNEST = 0.15, 3.5
"""The thickness of most of it, in parts of its height and pixels."""
_STEP, _BENT = 2, 0.1
"""Pixels, and part of its columns that are more than so many above or below the others."""
_TALL = 3.0
"""In its thickness: how high it is where it is steep, or where a letter stands on it."""
_LETTERS, _SEVERAL, _DENSE = 48, 4, 0.5
"""Columns side by side, and how many places of them where it is high, or what part of them, are print and no beats."""
_KNOWN = 0.8
"""Part of its columns that need not be found again in another kind of strokes."""
_HALO, _FILL = 2, 3
"""Pixels: the smooth edge of a trace, and from how far away it is painted over."""
_AROUND = 24
"""Pixels above and below what is looked at again."""
_READ = 0.9
_READABLE, _A_FEW = 0.5, 2
"""The score from which a line was read somehow, if it has more letters than a few."""
_LIES_IN, _SAYS_AS_MUCH, _SHORTER = 0.6, 0.8, 0.85
"""What part of a reading without a trace lies in one with it, and of its letters and its length, to replace it."""
_AS_STRONG, _MOST = 0.5, 0.8
"""Part of a trace's strength from which a pixel is ink, and part of a line's ink in its trace if it is nothing else."""


@dataclass(frozen=True, slots=True)
class Apart:
    """A frame without its traces."""

    lines: tuple[TextLine, ...]
    views: Sequence[Picture]
    gone: tuple[Box, ...] = ()
    """Where the lines stood that are not among these."""


class TraceReader:
    """Reads what lies on traces. Remembers what it saw last: in a cine a trace moves, and what is below it stays."""

    def __init__(self, ocr: Ocr) -> None:
        """Take a reader; nothing is seen yet."""
        self._ocr = ocr
        self._last: tuple[Box, list[Picture], tuple[TextLine, ...]] | None = None

    def apart(self, lines: tuple[TextLine, ...], views: Sequence[Picture]) -> Apart:
        """The lines of a frame, those on traces as they are read without them, and the frame without.

        Args:
            lines: As they were read.
            views: The frame, each uint8 rows × columns × 3.
        """
        trace = _traces_beside([line.box for line in lines], views)
        on = [line for line in lines if trace is not None and _touches(line.box, trace)]
        if trace is None or not on:
            return Apart(lines, views)
        rows, columns = trace.shape
        at = np.flatnonzero(trace.any(axis=1)).tolist()
        around = reduce(Box.around, (line.box for line in on), Box(0, at[0], columns, at[-1] + 1))
        area = Box(0, around.y0 - _AROUND, columns, around.y1 + _AROUND).clipped(columns, rows)
        clean = [without(view, trace) for view in views]
        again = [line for line in self._read(area, clean) if _is_on(line, trace, on)]
        kept = [line for line in lines if line not in on or _stays(line, again, trace, views)]
        gone = tuple(line.box for line in on if line not in kept)
        return Apart(without_duplicates([*kept, *again]), clean, gone)

    def _read(self, area: Box, clean: list[Picture]) -> tuple[TextLine, ...]:
        shown = [view[area.y0 : area.y1] for view in clean]
        if self._last is not None:
            place, seen, lines = self._last
            if place == area and not any(Novelty.of(*pair).new.any() for pair in zip(shown, seen, strict=True)):
                return lines
        (boxes,) = self._ocr.find_in([(stacks_of(clean), [area])])
        lines = self._ocr.read_at(clean, boxes)
        self._last = area, shown, lines
        return lines


def trace_in(view: Picture) -> Mask | None:
    """Where there is a trace in a picture, uint8 rows × columns × 3; None where there is none."""
    found = np.zeros(view.shape[:2], np.bool_)
    for strokes in _strokes_in(view):
        looks = [_traces_at(strokes >= level, found) for level in _LEVELS]
        found |= max(looks, key=lambda look: np.count_nonzero(look.any(axis=0)))
    return found if found.any() else None


def _traces_at(inked: Mask, found: Mask) -> Mask:
    """The traces among strokes, besides those that were found before: long curves, and pieces in the same rows."""
    pieces = list(_pieces(inked, found))
    long = max(_PIECE, _LONG * inked.shape[1])
    whole = [rows for (rows, columns), _ in pieces if columns.stop - columns.start >= long]
    traces = np.zeros_like(inked)
    for part, own in pieces:
        if any(rows.start <= part[0].start and part[0].stop <= rows.stop for rows in whole):
            traces[part] |= own
    return traces


def _strokes_in(view: Picture) -> Iterator[Strokes]:
    """Where a picture has strokes of more colour, or brighter or darker ones."""
    light, dark = strokes_in(view, _WIDEST)
    colour = view.max(axis=2) - view.min(axis=2)
    if colour.max() >= _LEVELS[-1]:
        yield strokes_in(np.repeat(colour[:, :, np.newaxis], 3, axis=2), _WIDEST)[0]
    yield light
    yield dark


def _pieces(inked: Mask, found: Mask) -> Iterator[tuple[tuple[slice, slice], Mask]]:
    """The thin curves among connected strokes that were not found yet: where each is, and its pixels there."""
    import cv2

    count, labels, stats, _ = cv2.connectedComponentsWithStats(inked.astype(np.uint8))
    for one in range(1, count):
        x, y, wide, high, _ = stats[one].tolist()
        if wide < _PIECE or high < _LOWEST:
            continue
        part = slice(y, y + high), slice(x, x + wide)
        own = labels[part] == one
        if np.count_nonzero((own & found[part]).any(axis=0)) >= _KNOWN * wide:
            continue  # with print of another colour
        alone = _alone(own)
        if alone.any():
            yield part, own & alone


def _alone(own: Mask) -> Mask:
    """The columns in which strokes are the thin graph of a function, without print; none unless most of them are."""
    starts = own & ~np.vstack([np.zeros((1, own.shape[1]), np.bool_), own[:-1]])
    high = own.sum(axis=0)
    single = starts.sum(axis=0) == 1
    thickness = float(np.median(high[single])) if single.any() else own.shape[0]
    if single.mean() < _SINGLE or thickness > max(_THIN * own.shape[0], _THINNEST) or _is_straight(own[:, single]):
        return np.zeros_like(single)
    other = ~single | (high > max(_TALL * thickness, _LOWEST))
    other |= np.concatenate([[False], other[:-1]]) & np.concatenate([other[1:], [False]])
    letters = np.ones(_LETTERS)
    strokes = np.convolve(other & ~np.concatenate([[False], other[:-1]]), letters, "same")
    crowded = (strokes >= _SEVERAL) | (np.convolve(other, letters, "same") > _DENSE * _LETTERS)
    return np.asarray(np.convolve(crowded, letters, "same") == 0)[: single.size]


def _is_straight(own: Mask) -> bool:
    """Whether nearly all columns of a curve are at one height: a line of a frame, with some anatomy that touches it."""
    heights = own.argmax(axis=0)
    return float(np.mean(np.abs(heights - np.median(heights)) > _STEP)) < _BENT


def without(view: Picture, trace: Mask) -> Picture:
    """The picture with what lies around a trace painted over it."""
    import cv2

    wide = _widened(trace).astype(np.uint8)
    return np.asarray(cv2.inpaint(np.ascontiguousarray(view), wide, _FILL, cv2.INPAINT_TELEA), np.uint8)


def _traces_beside(boxes: Sequence[Box], views: Sequence[Picture]) -> Mask | None:
    """The traces in any view, as far as they are in the rows of some boxes or near them."""
    rows, columns = views[0].shape[:2]
    near = np.zeros(rows, np.bool_)
    for box in boxes:
        near[max(box.y0 - _AROUND, 0) : max(box.y1 + _AROUND, 0)] = True
    found = np.zeros((rows, columns), np.bool_)
    edges = np.flatnonzero(np.diff(np.concatenate([[False], near, [False]])))
    for top, stop in edges.reshape(-1, 2).tolist():
        for view in views:
            trace = trace_in(view[top:stop])
            if trace is not None:
                found[top:stop] |= trace
    return found if found.any() else None


def _touches(box: Box, trace: Mask) -> bool:
    inside = box.clipped(trace.shape[1], trace.shape[0])
    return not inside.empty and bool(trace[inside.y0 : inside.y1, inside.x0 : inside.x1].any())


def _is_on(line: TextLine, trace: Mask, on: Sequence[TextLine]) -> bool:
    """Whether a line that is read without the trace is print where one with it was, or was read and lies on the trace.

    What is left of a trace may be taken for print that can't be read.
    """
    is_read = line.score >= _READ or (line.score >= _READABLE and len(line.text) > _A_FEW)
    if is_read and _touches(line.box, trace):
        return True
    return any(shared(line.box, other.box) >= _LIES_IN for other in on)


def _stays(line: TextLine, again: Sequence[TextLine], trace: Mask, views: Sequence[Picture]) -> bool:
    """Whether a line that was read with a trace stays: it was read, and no more of it is read without."""
    if line.score < _READABLE or is_texture(line.text, line.score):
        return False
    if line.score < _READ and _is_only(line.box, trace, views):
        return False
    least = min(_READ, line.score)
    inside = [other for other in again if other.score >= least and shared(line.box, other.box) >= _LIES_IN]
    is_shorter = sum(other.length for other in inside) < _SHORTER * line.length
    return not is_shorter or _letters(inside) < _SAYS_AS_MUCH * max(_letters([line]), 1)


def _letters(lines: Sequence[TextLine]) -> int:
    return sum(letter.isalnum() for line in lines for letter in line.text)


def _is_only(box: Box, trace: Mask, views: Sequence[Picture]) -> bool:
    """Whether the ink in a box is that of a trace, in the view that shows it best."""
    rows, columns = trace.shape
    inside = box.clipped(columns, rows)
    part = np.s_[inside.y0 : inside.y1, inside.x0 : inside.x1]
    kinds = [kind for view in views for kind in strokes_in(view[part], _WIDEST)]
    strength, strokes = max(((float(np.median(kind[trace[part]])), kind) for kind in kinds), key=itemgetter(0))
    ink = strokes >= max(_AS_STRONG * strength, _LEVELS[-1])
    return int(np.count_nonzero(ink & _widened(trace)[part])) >= _MOST * int(np.count_nonzero(ink))


def _widened(trace: Mask) -> Mask:
    """A trace with its smooth edge."""
    import cv2

    return np.asarray(cv2.dilate(trace.astype(np.uint8), np.ones((2 * _HALO + 1,) * 2, np.uint8)), np.bool_)
