"""Print whose pixels were repeated is softened before it is read."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from deid.pixels.ocr import Ocr
from deid.pixels.ocr.enlarged import softening_for
from deid.plan import Box

if TYPE_CHECKING:
    import numpy.typing as npt


def _bitmap(text: str, times: int, noise: float = 0.0) -> npt.NDArray[np.uint8]:
    """A line of a bitmap font of 8 pixels, each pixel repeated."""
    small = Image.new("L", (8 * len(text) + 16, 20))
    ImageDraw.Draw(small).text((8, 4), text, fill=200, font=ImageFont.load_default_imagefont())
    enlarged = small.resize((small.width * times, small.height * times), Image.Resampling.NEAREST)
    large = np.asarray(enlarged, np.float64) + 20
    large = large + noise * np.random.default_rng(1).standard_normal(large.shape)
    return np.repeat(np.clip(large, 0, 255).astype(np.uint8)[:, :, None], 3, axis=2)


def _all(picture: npt.NDArray[np.uint8]) -> Box:
    return Box(0, 0, picture.shape[1], picture.shape[0])


@pytest.mark.parametrize("noise", [0.0, 6.0])
def test_the_more_often_pixels_are_repeated_the_more_is_softened(noise: float) -> None:
    softened = [softening_for(picture, _all(picture)) for picture in (_bitmap("LYMPH NODE", n, noise) for n in (2, 3))]
    assert softened == pytest.approx([0.8, 1.2])


def test_what_is_not_enlarged_stays_as_it_is() -> None:
    small = _bitmap("LYMPH NODE", 1)
    outline = Image.new("L", (260, 40))
    ImageDraw.Draw(outline).text((8, 4), "LYMPH NODE", fill=200, font=ImageFont.load_default(24))
    smooth = np.repeat(np.asarray(outline, np.uint8)[:, :, None], 3, axis=2)
    assert softening_for(small, _all(small)) == 0
    assert softening_for(smooth, _all(smooth)) == 0


def test_a_place_outside_the_picture_or_too_small_is_none() -> None:
    picture = _bitmap("KNEE", 2)
    assert softening_for(picture, Box(-50, -50, -10, -10)) == 0
    assert softening_for(picture, Box(0, 0, 200, 9)) == 0


@pytest.mark.parametrize("text", ["KNEE", "RT LOBE", "SEMI-ERECT"])
def test_an_enlarged_bitmap_font_is_read(text: str) -> None:
    line = np.full((200, 400, 3), 20, np.uint8)
    drawn = _bitmap(text, 2)
    line[80 : 80 + drawn.shape[0], 40 : 40 + drawn.shape[1]] = drawn
    assert [one.text for one in Ocr().read([line])] == [text]
