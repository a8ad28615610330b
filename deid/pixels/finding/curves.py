"""Curves that were taken for lines of text: the ECG below an ultrasound image, a respiratory or flow curve.

A curve is the graph of a function: it goes on from column to column, and stands at one height in each of them. Letters
do neither: they have gaps between them, and most have two or three strokes one above the other. So of a line that can't
be read the parts stay in which there is a curve and nothing beside it. A bar of grey levels stays as well.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from deid.pixels.judging.findings import NOISE, UNREADABLE
from deid.pixels.picture.strokes import strokes_in
from deid.plan import Box

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import numpy.typing as npt

    from deid.pixels.judging.findings import Judged
    from deid.pixels.picture.print_runs import Picture

    Mask = npt.NDArray[np.bool_]

_LONG = 6
"""In line heights: so long at least."""
_FAINTEST, _PART = 30.0, 0.4
"""Grey levels of a stroke, and the part of the curve's strength from which a pixel belongs to it."""
_SMOOTH = 7
"""Pixels across, within which the smooth edge of a curve ends."""
_LETTERS, _FEW = 24, 6
"""Of so many columns side by side that many may show more than the curve, as at a peak. A short word has more."""
_MOST, _JOINED = 0.5, 0.95
"""Parts: of the line that must be a curve, and of its columns those in which it goes on from the one before."""
_EDGE, _UNEVEN = 0.2, 8
"""Of a line's height that may show the edge of a bar, and by how many levels a bar varies: print does more."""
_THIN, _THINNEST = 0.15, 3
"""The thickness of most of it, in line heights and pixels."""


def without_curves(judged: Sequence[Judged], views: Sequence[Picture]) -> list[Judged]:
    """The lines; of those that can't be read less goes black, or nothing, where they are a curve.

    Args:
        judged: Lines of a frame.
        views: The frame, each uint8 rows × columns × 3.
    """
    return [_without_curve(line, views) for line in judged]


def _without_curve(line: Judged, views: Sequence[Picture]) -> Judged:
    rows, columns = views[0].shape[:2]
    box = line.box.clipped(columns, rows)
    if line.reasons != (UNREADABLE,) or box.empty:
        return line
    if all(_is_bar(view[box.y0 : box.y1, box.x0 : box.x1]) for view in views):
        return replace(line, hidden=(), reasons=(NOISE,))
    if box.x1 - box.x0 < _LONG * (box.y1 - box.y0):
        return line
    curve = np.all([_curve_in(view[box.y0 : box.y1, box.x0 : box.x1]) for view in views], axis=0)
    if not curve.any():
        return line
    hidden = tuple(part for whole in line.hidden for part in _parts(whole, box.x0, ~curve))
    return replace(line, hidden=hidden, reasons=line.reasons if hidden else (NOISE,))


def _is_bar(picture: Picture) -> bool:
    """Whether a line is a bar of grey levels: the same from edge to edge, and ever brighter, or darker, along it."""
    level = picture if picture.shape[1] >= picture.shape[0] else picture.transpose(1, 0, 2)
    edge = max(round(_EDGE * level.shape[0]), 1)
    inner = level[edge:-edge].astype(np.int16)
    if not inner.size or int(np.ptp(inner, axis=0).max()) > _UNEVEN:
        return False
    along = np.median(inner, axis=0)
    return any(bool((np.maximum.accumulate(one) - one <= _UNEVEN).all()) for one in (along, along[::-1]))


def _parts(hidden: Box, left: int, others: Mask) -> Iterator[Box]:
    """What goes black of a box, if of its line only some columns do, the first of which is that at `left`."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], others, [False]])))
    for begin, end in edges.reshape(-1, 2).tolist():
        x0 = hidden.x0 if begin == 0 else left + begin
        x1 = hidden.x1 if end == others.size else left + end
        part = Box(max(x0, hidden.x0), hidden.y0, min(x1, hidden.x1), hidden.y1)
        if not part.empty:
            yield part


def _curve_in(picture: Picture) -> Mask:
    """The columns in which there is a curve and nothing else, brighter or darker than what is below."""
    light, dark = strokes_in(picture, max(picture.shape[0] // 3, 7))
    return _graph_in(light) | _graph_in(dark)


def _graph_in(strokes: npt.NDArray[np.uint8]) -> Mask:
    """The columns in which strokes are one thin curve, with nothing beside it; none unless it is most of the line."""
    import cv2

    none = np.zeros(strokes.shape[1], np.bool_)
    strength = float(np.median(strokes.max(axis=0)))
    if strength < _FAINTEST:
        return none
    curve = strokes > _PART * strength
    runs = (curve & ~np.vstack([none, curve[:-1]])).sum(axis=0)
    smooth = cv2.dilate(curve.astype(np.uint8), np.ones((_SMOOTH, _SMOOTH), np.uint8)).astype(np.bool_)
    seen = strokes > _FAINTEST
    inked = np.flatnonzero(seen.any(axis=0))
    other = (runs != 1) | (seen & ~smooth).any(axis=0)
    other[: inked[0]] = other[inked[-1] + 1 :] = False  # before and behind it there is nothing
    letters = np.ones(_LETTERS)
    crowded = np.convolve(other, letters, "same") > _FEW
    clear = np.convolve(crowded, letters, "same") == 0
    alone = clear & ~other
    if np.count_nonzero(clear) < _MOST * clear.size:
        return none
    thickness = float(np.median(curve.sum(axis=0)[alone]))
    is_thin = thickness <= max(_THIN * strokes.shape[0], _THINNEST)
    return clear if is_thin and _joined(curve, alone) >= _JOINED else none


def _joined(curve: Mask, alone: Mask) -> float:
    """The part of the columns with one stroke in which it touches that of the next such column beside it."""
    wider = curve.copy()
    wider[1:] |= curve[:-1]
    wider[:-1] |= curve[1:]
    beside = alone[1:] & alone[:-1]
    touching = (wider[:, 1:] & curve[:, :-1]).any(axis=0)
    return int(np.count_nonzero(touching & beside)) / max(int(np.count_nonzero(beside)), 1)
