"""Reads the lines of text in a frame: detection in both polarities, crops in the orientations they may stand in."""

from __future__ import annotations

import hashlib
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from deid.pixels.ocr.detector import DetectedBox, Detector
from deid.pixels.ocr.duplicates import without_duplicates
from deid.pixels.ocr.environment import paddleocr_modules
from deid.pixels.ocr.line import Quad, TextLine
from deid.pixels.ocr.recogniser import CROP_HEIGHT, WIDEST, Reading, Recogniser

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

_TURN_AROUND_BELOW = 0.85
"""A crop read with less confidence is tried upside down, too."""
_STANDING = 1.5
"""A box higher than this many times its width holds text turned by 90°, or a single narrow letter."""
_CACHE_SIZE = 4096


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A box, and the image it was found in."""

    box: DetectedBox
    image: NDArray[np.uint8]


class Ocr:
    """The text reader. Loading takes a second or two and happens once, at the first use."""

    def __init__(self) -> None:
        """Nothing is loaded yet."""
        self._models: tuple[Detector, Recogniser] | None = None
        self._read: dict[bytes, Reading] = {}

    def load(self) -> tuple[Detector, Recogniser]:
        """Load the models, if they are not loaded yet.

        Raises:
            EnvironmentFault: a library or the weights are missing, or the weights are not the expected ones.
        """
        if self._models is None:
            engine: dict[str, Any] = {
                "engine": "onnxruntime",
                "device": "cpu",
                # One thread a process and no arena: workers share the cores, and memory is given back.
                "engine_config": {
                    "intra_op_num_threads": 1,
                    "inter_op_num_threads": 1,
                    "enable_cpu_mem_arena": False,
                },
            }
            with paddleocr_modules() as (paddleocr, scratch):
                self._models = Detector(paddleocr, engine, scratch), Recogniser(paddleocr, engine, scratch)
        return self._models

    def read(self, views: Sequence[NDArray[np.uint8]]) -> tuple[TextLine, ...]:
        """The lines of text in one frame, top to bottom, each once.

        Args:
            views: the same frame seen in one or more ways, each uint8 rows×columns×3 of equal size. Each is looked at
                as it is and inverted: that finds faint light text that is lost otherwise.

        Returns:
            Every line that was detected. A line that could not be read has an empty text or a low score; it is not
            left out.
        """
        detector, recogniser = self.load()
        images = [image for view in views for image in (view, 255 - view)]
        candidates = [_Candidate(box, image) for image in images for box in detector.detect(image)]
        return without_duplicates(self._recognise(candidates, recogniser))

    def _recognise(self, candidates: Sequence[_Candidate], recogniser: Recogniser) -> list[TextLine]:
        """Read each candidate in the orientations it may have; keep the reading of the highest score."""
        turns = [_turns(candidate.box.corners) for candidate in candidates]
        jobs = [(index, turn) for index, own in enumerate(turns) for turn in own]
        best = self._best_lines(candidates, jobs, recogniser)
        again = [
            (index, (turn + 2) % 4)
            for index, (turn, line) in best.items()
            if line.score < _TURN_AROUND_BELOW and (index, (turn + 2) % 4) not in set(jobs)
        ]
        for index, (turn, line) in self._best_lines(candidates, again, recogniser).items():
            if line.score > best[index][1].score:
                best[index] = (turn, line)
        return [best[index][1] for index in range(len(candidates))]

    def _best_lines(
        self, candidates: Sequence[_Candidate], jobs: Sequence[tuple[int, int]], recogniser: Recogniser
    ) -> dict[int, tuple[int, TextLine]]:
        crops = [_crop(candidates[index].image, _turned(candidates[index].box.corners, turn)) for index, turn in jobs]
        best: dict[int, tuple[int, TextLine]] = {}
        for (index, turn), reading in zip(jobs, self._readings(crops, recogniser), strict=True):
            box = candidates[index].box
            corners = _turned(box.corners, turn)
            line = TextLine(corners, box.score, reading.score, reading.text, reading.edges)
            if index not in best or line.score > best[index][1].score:
                best[index] = (turn, line)
        return best

    def _readings(self, crops: Sequence[NDArray[np.uint8]], recogniser: Recogniser) -> list[Reading]:
        """Read the crops; what was read before, in an earlier frame or view, is not read again."""
        keys = [hashlib.sha256(crop.tobytes()).digest() for crop in crops]
        if len(self._read) > _CACHE_SIZE:
            self._read.clear()
        new = {key: crop for key, crop in zip(keys, crops, strict=True) if key not in self._read}
        self._read.update(zip(new, recogniser.read(list(new.values())), strict=True))
        return [self._read[key] for key in keys]


def _turns(corners: Quad) -> tuple[int, ...]:
    """By how many corners the crop is turned before reading: 0 upright, 1 reads downwards, 3 upwards."""
    width, height = math.dist(corners[0], corners[1]), math.dist(corners[0], corners[3])
    return (3, 1) if height >= _STANDING * width else (0,)


def _turned(corners: Quad, turn: int) -> Quad:
    points = corners[turn:] + corners[:turn]
    return points[0], points[1], points[2], points[3]


def _crop(image: NDArray[np.uint8], corners: Quad) -> NDArray[np.uint8]:
    """The quadrilateral straightened to 48 rows in one resampling, for letters of five pixels bear no more."""
    import cv2

    length = max(math.dist(corners[0], corners[1]), math.dist(corners[3], corners[2]), 1.0)
    height = max(math.dist(corners[0], corners[3]), math.dist(corners[1], corners[2]), 1.0)
    width = min(max(round(length * CROP_HEIGHT / height), 1), WIDEST)
    # Pixel centres are half a pixel inside the corners.
    source = np.asarray(corners, np.float32) - np.float32(0.5)
    target = np.asarray([(0, 0), (width, 0), (width, CROP_HEIGHT), (0, CROP_HEIGHT)], np.float32) - np.float32(0.5)
    matrix = cv2.getPerspectiveTransform(source, target)
    # Large letters are averaged down, as plain interpolation would skip most of their pixels.
    method = cv2.INTER_AREA if height > 2 * CROP_HEIGHT else cv2.INTER_CUBIC
    crop = cv2.warpPerspective(image, matrix, (width, CROP_HEIGHT), flags=method, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(crop, np.uint8)
