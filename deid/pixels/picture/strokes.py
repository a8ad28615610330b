"""Strokes: what is thin, and brighter or darker than what lies around it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    from deid.pixels.picture.print_runs import Picture

    Strokes = npt.NDArray[np.uint8]


def strokes_in(picture: Picture, widest: int) -> tuple[Strokes, Strokes]:
    """By how many grey levels each pixel stands out as a stroke, light ones and dark ones.

    Args:
        picture: uint8 rows × columns × 3.
        widest: Pixels; what is wider is no stroke.

    Returns:
        Two of uint8 rows × columns, the most of the three channels.
    """
    import cv2

    kernel = np.ones((widest | 1,) * 2, np.uint8)
    whole = np.ascontiguousarray(picture)
    light, dark = (
        np.asarray(cv2.morphologyEx(whole, which, kernel)).max(axis=2)
        for which in (cv2.MORPH_TOPHAT, cv2.MORPH_BLACKHAT)
    )
    return light, dark
