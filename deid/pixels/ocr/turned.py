"""Short print, and such that stands on its side: boxes of a few letters are as high as wide, and don't tell the turn.

A mark of two letters below a side marker is one box for the detector, and the recogniser sees strokes. So where a box
of about equal sides was not read surely, it is looked at again from near, as it is and turned.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from deid.pixels.ocr.detector import DetectedBox
from deid.pixels.ocr.duplicates import SAME, shared
from deid.pixels.ocr.sides import SIDES
from deid.pixels.ocr.texture import are_strokes, is_ideographs
from deid.pixels.ocr.tiles import scale_of
from deid.plan import Box

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from deid.pixels.ocr.detector import Detector
    from deid.pixels.ocr.line import Point, TextLine

_ABOUT_EQUAL = 1.75
_SMALLEST, _LARGEST = 10, 140
"""Pixels, of the longer side."""
_LOOKS_LIKE_TEXT, _LOOKS_LIKE_SIDE = 0.5, 0.4
"""The scores of boxes that are looked at again; of a side, in the box of which a fainter mark may stand."""
_FEW, _SEVERAL, _HARDLY_READ, _IF_ALL_LETTERS = 2, 3, 0.7, 0.8
"""Letters of a short line; and of one that was hardly read, as it may be some lines on their side: sooner if no stroke
was read among them, as it is in texture."""
_SIDE_BY_SIDE = 3.5
"""How many times as long as high two letters are that stand on their side one behind the other: read as ideographs."""
_SURE_OF_ONE, _SURE = 0.99, 0.96
_AROUND = 0.3
_WANTED = 224.0
"""Pixels of the picture's longer side, when looked at from near."""
_READ = 0.8


def turned_boxes(lines: Sequence[TextLine], picture: NDArray[np.uint8], detector: Detector) -> list[DetectedBox]:
    """Boxes of print, also on its side, found where a short line was not read surely.

    Args:
        lines: What was read in a frame.
        picture: The frame, uint8 rows × columns × 3.
        detector: Finds text.
    """
    doubtful = [line for line in lines if _is_doubtful(line)]
    return [
        box
        for line in doubtful
        for is_turned in _ways(line)
        for box in _look(line.box, picture, detector, is_turned=is_turned)
    ]


def with_turned(lines: Sequence[TextLine], found: Sequence[TextLine]) -> list[TextLine]:
    """The lines, and what more could be read from near; what was doubtful goes where that says no less.

    Args:
        lines: What was read in a frame.
        found: What was read in the boxes of `turned_boxes`.
    """
    sure = [line for line in found if line.score >= _READ and _letters(line)]
    told: list[TextLine] = []
    for line in filter(_is_doubtful, lines):
        inside = [one for one in sure if shared(one.box, line.box) > SAME]
        if inside and max(one.score for one in inside) > line.score and sum(map(_letters, inside)) >= _letters(line):
            told.append(line)
    left = [line for line in lines if line not in told]
    return [
        *left,
        *(one for one in sure if _letters(one) >= _FEW or any(shared(one.box, line.box) > SAME for line in told)),
    ]


def _letters(line: TextLine) -> int:
    return sum(map(str.isalnum, line.text))


def _is_doubtful(line: TextLine) -> bool:
    box, text = line.box, line.text.strip()
    wide, high = box.x1 - box.x0, box.y1 - box.y0
    longer, shorter = max(wide, high), min(wide, high)
    most = _SIDE_BY_SIDE if is_ideographs(text) else _ABOUT_EQUAL
    if not (_SMALLEST <= longer <= min(_LARGEST, most * shorter)) or line.detection_score < (
        _LOOKS_LIKE_SIDE if text in SIDES and line.score >= _READ else _LOOKS_LIKE_TEXT
    ):
        return False
    letters = len(text.replace(" ", ""))
    hardly = _IF_ALL_LETTERS if text.isalnum() else _HARDLY_READ
    if letters > (_FEW if line.score >= hardly else _SEVERAL) or line.score >= (
        _SURE_OF_ONE if len(text) == 1 else _SURE
    ):
        return False
    return not are_strokes(text)


def _ways(line: TextLine) -> tuple[bool, ...]:
    """Whether a line is looked at turned, or also as it is: upright, letters on their side are ideographs again."""
    return (False, True) if line.score < _SURE and not is_ideographs(line.text.strip()) else (True,)


def _look(box: Box, picture: NDArray[np.uint8], detector: Detector, *, is_turned: bool) -> Iterator[DetectedBox]:
    rows, columns = picture.shape[:2]
    around = round(_AROUND * max(box.x1 - box.x0, box.y1 - box.y0))
    area = Box(box.x0 - around, box.y0 - around, box.x1 + around, box.y1 + around).clipped(columns, rows)
    if area.empty:
        return
    near = picture[area.y0 : area.y1, area.x0 : area.x1]
    turned = np.ascontiguousarray(np.rot90(near) if is_turned else near)
    high, wide = turned.shape[:2]
    zoom = min(_WANTED / max(high, wide) / scale_of(high, wide), 1.0)

    def back(point: Point) -> Point:
        """A point of the turned picture in the frame."""
        return (area.x1 - point[1], area.y0 + point[0]) if is_turned else (area.x0 + point[0], area.y0 + point[1])

    for inverted in (True, False):
        found = detector.detect(turned, inverted=inverted, area=Box(0, 0, wide, high), zoom=zoom)
        for one in found:
            first, last, last_below, first_below = map(back, one.corners)
            yield DetectedBox((first, last, last_below, first_below), one.score, inverted)
        if found:
            return
