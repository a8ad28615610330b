"""The boxes in a detector's map are those that PaddleX's own step finds, to the last digit."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

import cv2
import numpy as np
import pytest

from deid.pixels.ocr.boxes import boxes_in
from deid.pixels.ocr.environment import paddleocr_modules
from deid.pixels.ocr.models import BOX_THRESHOLD, PIXEL_THRESHOLD, UNCLIP_RATIO

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

_ROWS, _COLUMNS = 416, 608


def _specks(random: np.random.Generator) -> NDArray[np.float32]:
    """A few lines among thousands of specks, as of texture."""
    specks = (random.random((_ROWS, _COLUMNS)) ** 40 * 1.2).clip(0, 1)
    return np.asarray(np.maximum(_lines(random), specks), np.float32)


def _blobs(random: np.random.Generator) -> NDArray[np.float32]:
    noise = cv2.GaussianBlur(random.standard_normal((_ROWS, _COLUMNS)), (0, 0), float(random.uniform(0.6, 6)))
    return np.asarray((0.5 * noise / noise.std()).clip(0, 1), np.float32)


def _lines(random: np.random.Generator) -> NDArray[np.float32]:
    """Turned rectangles, some cut by the edges."""
    likely = np.zeros((_ROWS, _COLUMNS), np.float32)
    for _ in range(60):
        centre = random.uniform(0, _COLUMNS), random.uniform(0, _ROWS)
        size = random.uniform(1, 160), random.uniform(1, 30)
        corners = cv2.boxPoints((centre, size, float(random.uniform(-90, 90))))
        cv2.fillPoly(likely, [corners.astype(np.int32)], (float(random.uniform(0.15, 1)),) * 4)
    return likely


@pytest.mark.parametrize("make", [_specks, _blobs, _lines])
@pytest.mark.parametrize("seed", range(6))
def test_finds_what_paddlex_finds(make: Callable[[np.random.Generator], NDArray[np.float32]], seed: int) -> None:
    likely = make(np.random.default_rng(seed))
    with paddleocr_modules():
        processors = import_module("paddlex.inference.models.text_detection.processors")
    theirs = processors.DBPostProcess(PIXEL_THRESHOLD, BOX_THRESHOLD, 3000, UNCLIP_RATIO)
    (corners,), (scores,) = theirs([likely[None, None]], [np.array([_ROWS, _COLUMNS, 1.0, 1.0])])

    found = boxes_in(likely, theirs)

    assert found, "a map without any box tells nothing"
    assert [box.tolist() for box, _ in found] == corners.tolist()
    assert [score for _, score in found] == scores
