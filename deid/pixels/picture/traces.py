"""Traces: thin curves drawn over a picture, such as an ECG. Where they are, and the picture without them.

A trace is the graph of a function: it goes on from column to column, and stands at one height in nearly all of them.
Letters do neither. Where print stands on a trace, letters and trace are one: there it is left as it is.
"""

from __future__ import annotations

from operator import itemgetter
from typing import TYPE_CHECKING

import numpy as np

from deid.pixels.picture.strokes import strokes_in, strokes_of_all_kinds

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import numpy.typing as npt

    from deid.pixels.picture.print_runs import Picture
    from deid.plan import Box

    Mask = npt.NDArray[np.bool_]

_WIDEST = 9
"""Pixels: a stroke that is wider is no trace."""
_LEVELS = (160, 110, 75, 50, 34)
"""By how many grey levels a trace may stand out; at one of them it is apart from what it crosses."""
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
_AS_STRONG, _MOST = 0.5, 0.8
"""Part of a trace's strength from which a pixel is ink, and part of a line's ink in its trace if it is nothing else."""


def trace_in(view: Picture) -> Mask | None:
    """Where there is a trace in a picture, uint8 rows × columns × 3; None where there is none."""
    found = np.zeros(view.shape[:2], np.bool_)
    for strokes in strokes_of_all_kinds(view, _WIDEST):
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


def _pieces(inked: Mask, found: Mask) -> Iterator[tuple[tuple[slice, slice], Mask]]:
    """The thin curves among connected strokes that were not found yet: where each is, and its pixels there."""
    import cv2

    empty = np.flatnonzero(np.concatenate([[True], ~inked.any(axis=0), [True]]))
    if np.diff(empty).max() <= _PIECE:
        return
    _, labels, places, _ = cv2.connectedComponentsWithStats(inked.astype(np.uint8))
    is_large = (places[:, cv2.CC_STAT_WIDTH] >= _PIECE) & (places[:, cv2.CC_STAT_HEIGHT] >= _LOWEST)
    is_large[0] = False
    for one in np.flatnonzero(is_large):
        x, y, wide, high, _ = places[one].tolist()
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


def is_only_trace(box: Box, trace: Mask, views: Sequence[Picture]) -> bool:
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
