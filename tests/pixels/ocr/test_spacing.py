"""Blanks stand where the picture has gaps for them: none within `Martin`, one between `Mar` and `tin`."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from deid.pixels.ocr.line import TextLine
from deid.pixels.ocr.spacing import spaced

_SIZE, _LEFT, _TOP = 16, 10, 10


def written(text: str) -> tuple[np.ndarray[tuple[int, ...], np.dtype[np.uint8]], float]:
    """A view with a text, and where that ends."""
    font = ImageFont.load_default(_SIZE)
    end = _LEFT + font.getlength(text)
    picture = Image.new("RGB", (int(end) + 20, 50))
    ImageDraw.Draw(picture).text((_LEFT, _TOP), text, fill=(255, 255, 255), font=font)
    return np.asarray(picture), end


def read(text: str, drawn: str) -> str:
    """What a line says that stands in the picture as `drawn` and was read as `text`."""
    view, end = written(drawn)
    corners = ((_LEFT - 2.0, _TOP + 1.0), (end + 2, _TOP + 1.0), (end + 2, _TOP + 19.0), (_LEFT - 2.0, _TOP + 19.0))
    font = ImageFont.load_default(_SIZE)
    # A blank that is none was seen on the border of two letters.
    ends = [
        font.getlength(drawn[: len(text[:at].replace(" ", "")) if " " not in drawn else at])
        for at in range(len(text) + 1)
    ]
    edges = [(place + 2) / (end - _LEFT + 4) for place in ends]
    edges[0], edges[-1] = 0.0, 1.0
    return spaced(TextLine(corners, 0.9, 0.99, text, tuple(edges)), [view]).text


@pytest.mark.parametrize("text", ["Mar tin", "Opera tor", "Schmi dt", "To tal"])
def test_a_blank_that_was_read_into_a_word_is_none(text: str) -> None:
    assert read(text, text.replace(" ", "")) == text.replace(" ", "")


@pytest.mark.parametrize("text", ["Mar tin", "DOE JANE", "van Dyk", "R hip"])
def test_a_blank_that_is_seen_stays(text: str) -> None:
    assert read(text, text) == text


def test_a_side_and_a_mark_stay_apart() -> None:
    assert read("L AT", "LAT") == "L AT"
