"""What deid does itself before and after PaddleOCR's nets gives what PaddleX's own steps give, to the last digit."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from deid.pixels.ocr.detector import Detector
from deid.pixels.ocr.environment import paddleocr_modules
from deid.pixels.ocr.models import (
    BOX_THRESHOLD,
    DETECTION,
    PIXEL_THRESHOLD,
    RECOGNITION,
    UNCLIP_RATIO,
)
from deid.pixels.ocr.recogniser import Recogniser

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

_ENGINE = {"engine": "onnxruntime", "device": "cpu", "engine_config": {"intra_op_num_threads": 1}}
_LINES = ("FENWICK, ORLA 12.03.1957", "W 400 L 40", "Köln-Ü @ 3:45", "R", "患者 12", "....")


@pytest.fixture(scope="module")
def paddle() -> Iterator[tuple[Any, Any]]:
    with paddleocr_modules() as (paddleocr, scratch):
        yield paddleocr, scratch


def _printed(text: str, high: int, wide: int) -> NDArray[np.uint8]:
    """Coloured print on noise."""
    image = Image.fromarray(np.random.default_rng(len(text)).integers(0, 70, (high, wide, 3), np.uint8))
    ImageDraw.Draw(image).text((6, 8), text, fill=(250, 230, 120), font=ImageFont.load_default(26))
    return np.asarray(image)


def test_detection(paddle: tuple[Any, Any]) -> None:
    paddleocr, scratch = paddle
    own = Detector(paddleocr, _ENGINE, scratch)
    theirs = paddleocr.TextDetection(
        model_name=DETECTION.name,
        model_dir=str(scratch / DETECTION.name),
        limit_side_len=32,
        limit_type="min",
        thresh=PIXEL_THRESHOLD,
        box_thresh=BOX_THRESHOLD,
        unclip_ratio=UNCLIP_RATIO,
        **_ENGINE,
    )
    picture = np.vstack([_printed(text, 128, 736) for text in (*_LINES[:4], "Depth 15 cm", "LEFT")])[:736]
    (result,) = theirs.predict([255 - picture], batch_size=1)

    found = own.detect(picture, inverted=True)

    corners = [tuple((float(x), float(y)) for x, y in polygon) for polygon in result["dt_polys"]]
    assert len(found) >= len(_LINES)
    assert sorted((box.corners, box.score) for box in found) == sorted(zip(corners, result["dt_scores"], strict=True))


def test_recognition(paddle: tuple[Any, Any]) -> None:
    paddleocr, scratch = paddle
    own = Recogniser(paddleocr, _ENGINE, scratch)
    theirs = paddleocr.TextRecognition(
        model_name=RECOGNITION.name, model_dir=str(scratch / RECOGNITION.name), **_ENGINE
    )
    blank = np.full((48, 96, 3), 127, np.uint8)
    crops = [*(_printed(text, 48, 32 * (2 + len(text) // 2)) for text in _LINES), blank]
    crops.append(np.ascontiguousarray(crops[0][::-1, ::-1]))
    results = list(theirs.predict(crops, batch_size=1, return_word_box=True))

    readings = own.read(crops)

    assert readings[0].text.startswith("FENWICK")
    assert [(one.text, one.score) for one in readings] == [
        (result["rec_text"][0], result["rec_score"]) for result in results
    ]
    for reading, result in zip(readings, results, strict=True):
        columns, _, places, _ = result["rec_text"][1]
        middles = [(place + 0.5) / columns for word in places for place in word]
        borders = [(a + b) / 2 for a, b in pairwise(middles)]
        assert list(reading.edges[1:-1]) == borders
