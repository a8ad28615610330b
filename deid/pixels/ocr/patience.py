"""Reads boxes once where that is enough, and where it is not in other views, polarities and orientations.

Recognition costs more than detection where there is much text, and the views and polarities show most lines equally
well. So of boxes at one place the surest is read first, in the view of most contrast; what is read with less than
certainty is read again in other ways, and the surest reading counts.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from deid.pixels.codecs.memory import Memory
from deid.pixels.ocr.crops import contrast_in, crop, turned, turns_of
from deid.pixels.ocr.detector import DetectedBox
from deid.pixels.ocr.duplicates import area, common
from deid.pixels.ocr.line import Quad, TextLine, enclosing_box
from deid.pixels.ocr.recogniser import CROP_HEIGHT, Reading

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from deid.pixels.ocr.recogniser import Recogniser

_SURE = 0.93
"""A reading of this score is not tried to better."""
_SURE_AMONG_TURNED = 0.99
"""Nor is one of this score where no other line of the frame stands upside down."""
_SAME_BOX = 0.7
"""Boxes that share this much of the larger one are one box, found twice."""
_VIEWS = 2
"""How many views a doubtful line is read in."""
_FLAT = 2.0
_REMEMBERED, _A_READING, _A_LETTER = 24 << 20, 1024, 100
"""Bytes: of the last readings that are remembered; of one of them; and of each of its letters and borders."""


@dataclass(frozen=True, slots=True)
class _Job:
    """One way to read one box: the picture, and the corners from where the text begins."""

    index: int
    picture: int
    inverted: bool
    corners: Quad


class Patience:
    """Reads the boxes of one frame."""

    def __init__(self, recogniser: Recogniser, *, most_bytes: int = _REMEMBERED) -> None:
        """Take a recogniser; of its last readings as many are remembered as take so many bytes."""
        self._recogniser = recogniser
        self._read = Memory[Reading](most_bytes)

    def read(self, views: Sequence[NDArray[np.uint8]], boxes: Sequence[DetectedBox]) -> list[TextLine]:
        """One line for each place that text was found at, or more where the boxes disagree.

        Args:
            views: The frame, each uint8 rows×columns×3.
            boxes: What was found in any of them.
        """
        groups = _grouped(boxes)
        lines = self._lines(views, [group[0] for group in groups])
        doubtful = [
            other for group, line in zip(groups, lines, strict=True) if line.score < _SURE for other in group[1:]
        ]
        return lines + self._lines(views, doubtful)

    def read_as(self, view: NDArray[np.uint8], corners: Quad) -> TextLine:
        """What stands in one place, read once.

        Args:
            view: The frame, uint8 rows×columns×3.
            corners: The place.
        """
        best: dict[int, TextLine] = {}
        self._improve(best, [view], [DetectedBox(corners, 1.0)], [_Job(0, 0, inverted=False, corners=corners)])
        return best[0]

    def _lines(self, views: Sequence[NDArray[np.uint8]], boxes: Sequence[DetectedBox]) -> list[TextLine]:
        best: dict[int, TextLine] = {}
        orders = [_views_by_contrast(views, box.corners) for box in boxes]
        for attempt in range(2 * min(len(views), _VIEWS)):
            jobs = [
                _Job(index, orders[index][attempt // 2], box.inverted ^ bool(attempt % 2), turned(box.corners, turn))
                for index, box in enumerate(boxes)
                if attempt // 2 < len(orders[index]) and (index not in best or best[index].score < _SURE)
                for turn in turns_of(box.corners)
            ]
            self._improve(best, views, boxes, jobs)
        # Upside down, print is read as `POLE` for `PORTABLE`, and that hardly doubtful.
        tried: set[int] = set()
        for sure in (_SURE, _SURE_AMONG_TURNED):
            around = [
                _Job(index, orders[index][0], boxes[index].inverted, turned(line.corners, 2))
                for index, line in best.items()
                if line.score < sure and index not in tried and turns_of(boxes[index].corners) == (0,)
            ]
            self._improve(best, views, boxes, around)
            tried |= {job.index for job in around}
            if not any(_is_upside_down(line) for line in best.values()):
                break
        return [best[index] for index in range(len(boxes))]

    def _improve(
        self,
        best: dict[int, TextLine],
        views: Sequence[NDArray[np.uint8]],
        boxes: Sequence[DetectedBox],
        jobs: Sequence[_Job],
    ) -> None:
        """Do the jobs; a reading that is surer than the best of its box takes its place."""
        crops = [crop(views[job.picture], job.corners) for job in jobs]
        readings = self._readings([255 - own if job.inverted else own for job, own in zip(jobs, crops, strict=True)])
        for job, reading in zip(jobs, readings, strict=True):
            if job.index not in best or reading.score > best[job.index].score:
                detected = boxes[job.index].score
                best[job.index] = TextLine(
                    job.corners, detected, reading.score, reading.text, reading.edges, letters=reading.letters
                )

    def _readings(self, crops: Sequence[NDArray[np.uint8]]) -> list[Reading]:
        """Read the crops; what was read before, in an earlier frame, slice or view, is not read again.

        Readings hold what a patient is called: they are in memory only, as many as have room.
        """
        data = [own.tobytes() for own in crops]
        readings = {own: reading for own in data if (reading := self._read.recall(own, CROP_HEIGHT)) is not None}
        new = {own: crop for own, crop in zip(data, crops, strict=True) if own not in readings}
        for own, reading in zip(new, self._recogniser.read(list(new.values())), strict=True):
            readings[own] = reading
            self._read.keep(own, CROP_HEIGHT, reading, _size_of(reading))
        return [readings[own] for own in data]


def _size_of(reading: Reading) -> int:
    """About how many bytes a reading takes."""
    steps = reading.letters.steps.nbytes if reading.letters is not None else 0
    return _A_READING + steps + len(reading.text) * _A_LETTER


def _is_upside_down(line: TextLine) -> bool:
    return line.score >= _SURE and len(line.text) > 1 and line.corners[1][0] < line.corners[0][0]


def _views_by_contrast(views: Sequence[NDArray[np.uint8]], corners: Quad) -> list[int]:
    contrasts = [contrast_in(view, corners) for view in views]
    order = sorted(range(len(views)), key=lambda index: -contrasts[index])
    return [order[0], *(index for index in order[1:_VIEWS] if contrasts[index] >= _FLAT)]


def _grouped(boxes: Iterable[DetectedBox]) -> list[list[DetectedBox]]:
    """Boxes of about the same place and size together, the surest first."""
    groups: list[list[DetectedBox]] = []
    for box in sorted(boxes, key=lambda box: (-box.score, box.corners)):
        own = enclosing_box(box.corners)
        for group in groups:
            first = enclosing_box(group[0].corners)
            if common(own, first) >= _SAME_BOX * max(area(first), area(own)):
                group.append(box)
                break
        else:
            groups.append([box])
    return groups
