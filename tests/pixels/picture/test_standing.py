"""Bands along the left and the right edge may be small print on its side; what is slanted, wide or inside is not."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from deid.pixels.picture.standing import standing_in
from deid.plan import Box


def mask(box: Box) -> np.ndarray[tuple[int, int], np.dtype[np.bool_]]:
    shown = np.zeros((512, 512), np.bool_)
    shown[box.y0 : box.y1, box.x0 : box.x1] = True
    return shown


@pytest.mark.parametrize("box", [Box(464, 347, 500, 491), Box(20, 40, 34, 100)])
def test_a_band_along_an_edge_is_looked_at_with_some_room(box: Box) -> None:
    (area,) = standing_in(mask(box))
    assert area.around(box) == area
    assert area.x1 - area.x0 <= box.x1 - box.x0 + 32
    assert list(standing_in(mask(box) | mask(Box(100, 100, 300, 130)))) == [area]


@pytest.mark.parametrize(
    "box", [Box(240, 100, 260, 300), Box(470, 100, 490, 140), Box(440, 100, 500, 300), Box(490, 100, 496, 300)]
)
def test_what_stands_inside_or_is_short_or_wide_or_a_stroke_is_no_band(box: Box) -> None:
    assert not list(standing_in(mask(box)))


def test_a_slanted_edge_is_no_band() -> None:
    shown = cv2.line(np.zeros((512, 512), np.uint8), (440, 100), (510, 300), (1,), 20)
    assert not list(standing_in(shown.astype(np.bool_)))
