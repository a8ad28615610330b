"""What the recogniser saw beside what it read: the letters that were nearly as likely."""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from deid.pixels.ocr.environment import paddleocr_modules
from deid.pixels.ocr.recogniser import CROP_HEIGHT, Recogniser

ENGINE = {"engine": "onnxruntime", "device": "cpu", "engine_config": {"intra_op_num_threads": 1}}


def crop_of(text: str) -> np.ndarray:
    font = ImageFont.load_default(32)
    picture = Image.new("RGB", (round(font.getlength(text)) + 16, CROP_HEIGHT))
    ImageDraw.Draw(picture).text((8, 6), text, fill=(255, 255, 255), font=font)
    return np.asarray(picture)


def test_each_reading_has_the_letters_of_its_own_crop() -> None:
    """Crops are read by their width, not in the order in which they come."""
    texts = ["SEMI-ERECT", "LEFT", "UPRIGHT 12"]
    with paddleocr_modules() as (paddleocr, scratch):
        readings = Recogniser(paddleocr, ENGINE, scratch).read([crop_of(text) for text in texts])
    for text, reading in zip(texts, readings, strict=True):
        assert reading.text == text
        assert reading.letters is not None
        own, other = reading.letters.probabilities([text, text.replace("E", "F").replace("U", "O")])
        assert own > 0.5
        assert other < 0.01
