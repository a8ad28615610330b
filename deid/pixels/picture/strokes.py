"""Strokes: what is thin, and brighter or darker than what lies around it."""

from __future__ import annotations

from functools import reduce
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

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
    return _strokes(_planes(picture), widest)


def strokes_of_all_kinds(picture: Picture, widest: int) -> tuple[Strokes, ...]:
    """As `strokes_in`, and before them, for a picture that is not grey, the strokes of more colour."""
    planes = _planes(picture)
    if len(planes) == 1:
        return _strokes(planes, widest)
    colour = np.subtract(reduce(np.maximum, planes), reduce(np.minimum, planes))
    return _strokes([colour], widest)[0], *_strokes(planes, widest)


def _planes(picture: Picture) -> Sequence[Strokes]:
    """The channels of a picture apart, or the one of a grey picture."""
    import cv2

    planes = cv2.split(np.ascontiguousarray(picture))
    is_grey = all(np.array_equal(planes[0], plane) for plane in planes[1:])
    return [np.asarray(plane, np.uint8) for plane in (planes[:1] if is_grey else planes)]


def _strokes(planes: Sequence[Strokes], widest: int) -> tuple[Strokes, Strokes]:
    import cv2

    kernel = np.ones((widest | 1,) * 2, np.uint8)
    light, dark = (
        reduce(np.maximum, (np.asarray(cv2.morphologyEx(plane, which, kernel), np.uint8) for plane in planes))
        for which in (cv2.MORPH_TOPHAT, cv2.MORPH_BLACKHAT)
    )
    return light, dark
