"""Cutting a line of text out of a picture, straight and in the height that the recogniser reads."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from deid.pixels.ocr.enlarged import softening_for
from deid.pixels.ocr.line import enclosing_box
from deid.pixels.ocr.recogniser import CROP_HEIGHT, WIDEST

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from deid.pixels.ocr.line import Quad

_STANDING = 1.5
"""A box higher than this many times its width holds text turned by 90°, or a single narrow letter."""


def turns_of(corners: Quad) -> tuple[int, ...]:
    """By how many corners a crop is turned before reading: 0 upright, 1 reads downwards, 3 upwards."""
    width, height = math.dist(corners[0], corners[1]), math.dist(corners[0], corners[3])
    return (3, 1) if height >= _STANDING * width else (0,)


def turned(corners: Quad, turn: int) -> Quad:
    """The same quadrilateral, beginning `turn` corners later."""
    points = corners[turn:] + corners[:turn]
    return points[0], points[1], points[2], points[3]


def crop(picture: NDArray[np.uint8], corners: Quad) -> NDArray[np.uint8]:
    """The quadrilateral straightened to 48 rows in one resampling, for letters of five pixels bear no more.

    Print whose pixels were repeated is softened, see `enlarged`.
    """
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
    straight = cv2.warpPerspective(picture, matrix, (width, CROP_HEIGHT), flags=method, borderMode=cv2.BORDER_REPLICATE)
    softening = softening_for(picture, enclosing_box(corners))
    if softening:
        straight = cv2.GaussianBlur(straight, (0, 0), softening * CROP_HEIGHT / height)
    return np.asarray(straight, np.uint8)


def clearest(views: Sequence[NDArray[np.uint8]], corners: Quad) -> NDArray[np.uint8]:
    """The view of a frame in which light and dark are farthest apart where a line stands."""
    return max(views, key=lambda view: contrast_in(view, corners))


def contrast_in(picture: NDArray[np.uint8], corners: Quad) -> float:
    """How far light and dark are apart where a line stands, in grey levels."""
    xs, ys = [x for x, _ in corners], [y for _, y in corners]
    top, left = max(int(min(ys)), 0), max(int(min(xs)), 0)
    part = picture[top : max(math.ceil(max(ys)), top + 1), left : max(math.ceil(max(xs)), left + 1)]
    return float(part.std()) if part.size else 0.0
