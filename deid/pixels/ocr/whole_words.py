"""Words that the box found for them cuts or leaves out: `TANDING`, `ERRERO HOSPITAL`. They are read again, whole.

What is read of a cut word is as sure as the rest, and no known value, no clinical word.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from deid.pixels.ocr.detector import DetectedBox
from deid.pixels.ocr.duplicates import shared
from deid.pixels.ocr.line import letters_of
from deid.pixels.picture.print_runs import ALONG, UPRIGHT, grown
from deid.plan import Box

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from deid.pixels.ocr.line import Quad, TextLine

_APART = 0.3
"""In line heights: letters of one word stand no farther apart."""
_WORD_APART, _A_WORD = 0.9, 4
"""As far away stands the next word, where nothing else was found; fewer letters are seen in texture."""
_PADDING = 0.25
"""The same: how much of its surroundings a box that the detector found shows."""
_AS_SURE = 0.85
"""Of the score of what was read before: a longer box may show more than print."""
_READ = 0.5
_PART = 0.3
_ALIKE, _ABOVE = 1.6, 0.6
"""Pieces of one line are about as high, and stand straight above each other."""


def boxes_of_cut_words(lines: Sequence[TextLine], views: Sequence[NDArray[np.uint8]]) -> dict[int, DetectedBox]:
    """Longer boxes for lines, by their index, of which a word goes on beyond an end.

    Args:
        lines: What was read in a frame.
        views: The frame, each uint8 rows × columns × 3.
    """
    found = {}
    for index, line in enumerate(lines):
        if line.score < _READ or not line.text.strip():
            continue
        others = [other.box for other in lines if other is not line]
        if any(_is_part(line, other) for other in lines):
            continue
        whole = _whole(line, others, views)
        if whole != line.box:
            found[index] = DetectedBox(_corners(whole), line.detection_score)
    return found


def with_whole_words(lines: Sequence[TextLine], longer: Mapping[int, TextLine]) -> list[TextLine]:
    """The lines, those replaced of which more could be read nearly as surely."""
    return [_better(line, longer[index]) if index in longer else line for index, line in enumerate(lines)]


def _better(line: TextLine, longer: TextLine) -> TextLine:
    more = len(letters_of(longer.text)) > len(letters_of(line.text))
    return longer if more and longer.score >= _AS_SURE * line.score else line


def _is_part(line: TextLine, other: TextLine) -> bool:
    """Whether another line was found at the same place that says more."""
    return len(other.text) > len(line.text) and shared(line.box, other.box) >= _PART


def _whole(line: TextLine, others: Sequence[Box], views: Sequence[NDArray[np.uint8]]) -> Box:
    box = line.box
    (x0, y0), (x1, y1), *_ = line.corners
    stands = abs(y1 - y0) > abs(x1 - x0)
    if stands and len(line.text.strip()) == 1:
        return box  # a letter of which nobody knows the way it is turned
    sides = UPRIGHT if stands else ALONG
    whole = box
    for side in sides:
        longer = grown(box, side, (), views, apart=_APART)
        if longer == box and len(line.text) >= _A_WORD:
            longer = grown(box, side, others, views, apart=_WORD_APART)
        whole = whole.around(longer)
    if stands:
        whole = _column(whole, others)
    if whole == box:
        return box
    padding = round(_PADDING * line.height)
    rows, columns = views[0].shape[:2]
    moved = Box(
        whole.x0 - padding * (whole.x0 < box.x0),
        whole.y0 - padding * (whole.y0 < box.y0),
        whole.x1 + padding * (whole.x1 > box.x1),
        whole.y1 + padding * (whole.y1 > box.y1),
    )
    return moved.clipped(columns, rows)


def _column(box: Box, others: Sequence[Box]) -> Box:
    """A standing box with the others that it touches above and below: one line, found in pieces.

    Level ones are put together when they have been read (`pixels.rows`).
    """
    whole = box
    while True:
        longer = whole
        for other in others:
            wide = min(box.x1 - box.x0, other.x1 - other.x0)
            across = min(box.x1, other.x1) - max(box.x0, other.x0)
            apart = max(whole.y0, other.y0) - min(whole.y1, other.y1)
            alike = max(box.x1 - box.x0, other.x1 - other.x0) <= _ALIKE * wide
            if alike and across >= _ABOVE * wide and apart <= _APART * wide:
                longer = longer.around(other)
        if longer == whole:
            return whole
        whole = longer


def _corners(box: Box) -> Quad:
    x0, y0, x1, y1 = float(box.x0), float(box.y0), float(box.x1), float(box.y1)
    return (x0, y0), (x1, y0), (x1, y1), (x0, y1)
