"""Short print that stands on its side: boxes of one or two letters are as high as wide, and say nothing of the turn.

A mark of two letters below a side marker, turned, is one box for the detector, and the recogniser sees strokes. So
where a box of about equal sides was not read surely, the picture is turned and looked at again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from deid.pixels.ocr.detector import DetectedBox
from deid.pixels.ocr.tiles import scale_of
from deid.pixels.texture import are_strokes
from deid.plan import Box

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from deid.pixels.ocr.detector import Detector
    from deid.pixels.ocr.line import Point, TextLine

_ABOUT_EQUAL = 1.75
_SMALLEST, _LARGEST = 10, 140
"""Pixels, of the longer side."""
_LOOKS_LIKE_TEXT = 0.55
_FEW = 2
_SURE_OF_ONE, _SURE = 0.99, 0.93
_AROUND = 0.3
_WANTED = 224.0
"""Pixels of the turned picture's longer side."""
_READ = 0.8


def turned_boxes(lines: Sequence[TextLine], picture: NDArray[np.uint8], detector: Detector) -> list[DetectedBox]:
    """Boxes of print that stands on its side, found where a short line was not read surely.

    Args:
        lines: What was read in a frame.
        picture: The frame, uint8 rows × columns × 3.
        detector: Finds text.
    """
    return [box for line in lines if _is_doubtful(line) for box in _look(line.box, picture, detector)]


def may_be_turned(line: TextLine) -> bool:
    """Whether what was read in a turned picture is worth its place: at least two letters, surely."""
    return line.score >= _READ and sum(map(str.isalnum, line.text)) >= _FEW


def _is_doubtful(line: TextLine) -> bool:
    box, text = line.box, line.text.strip()
    wide, high = box.x1 - box.x0, box.y1 - box.y0
    longer, shorter = max(wide, high), min(wide, high)
    if not (_SMALLEST <= longer <= min(_LARGEST, _ABOUT_EQUAL * shorter)) or line.detection_score < _LOOKS_LIKE_TEXT:
        return False
    if len(text) > _FEW or line.score >= (_SURE_OF_ONE if len(text) == 1 else _SURE):
        return False
    return not are_strokes(text)


def _look(box: Box, picture: NDArray[np.uint8], detector: Detector) -> Iterator[DetectedBox]:
    rows, columns = picture.shape[:2]
    around = round(_AROUND * max(box.x1 - box.x0, box.y1 - box.y0))
    area = Box(box.x0 - around, box.y0 - around, box.x1 + around, box.y1 + around).clipped(columns, rows)
    if area.empty:
        return
    turned = np.ascontiguousarray(np.rot90(picture[area.y0 : area.y1, area.x0 : area.x1]))
    high, wide = turned.shape[:2]
    zoom = min(_WANTED / max(high, wide) / scale_of(high, wide), 1.0)

    def back(point: Point) -> Point:
        """A point of the turned picture in the frame."""
        return area.x1 - point[1], area.y0 + point[0]

    for inverted in (True, False):
        found = detector.detect(turned, inverted=inverted, area=Box(0, 0, wide, high), zoom=zoom)
        for one in found:
            first, last, last_below, first_below = map(back, one.corners)
            yield DetectedBox((first, last, last_below, first_below), one.score, inverted)
        if found:
            return
