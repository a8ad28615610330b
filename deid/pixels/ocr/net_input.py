"""Pictures as the two nets of PaddleOCR want them: what PaddleX's steps make of them, to the last digit.

Those steps take a picture apart and put it together again six times. A grey level always becomes the same number, so
here each plane is looked up once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Levels = NDArray[np.float32]
    """What each grey level becomes, planes × 256."""

_MEAN, _SPREAD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)
"""Of the three planes of what the detector was trained on, with values from 0 to 1."""


def detection_levels() -> Levels:
    """Those of the detector."""
    factors = [1.0 / 255.0 / spread for spread in _SPREAD]
    offsets = [-mean / spread for mean, spread in zip(_MEAN, _SPREAD, strict=True)]
    return _grey_levels() * np.asarray(factors, np.float32)[:, None] + np.asarray(offsets, np.float32)[:, None]


def recognition_levels() -> Levels:
    """Those of the recogniser: from -1 to 1."""
    levels = _grey_levels()
    levels /= 255
    levels -= 0.5
    levels /= 0.5
    return levels


def batch_of(pictures: Sequence[NDArray[np.uint8]], levels: Sequence[Levels]) -> NDArray[np.float32]:
    """Pictures of one size for the net.

    Args:
        pictures: Each uint8 rows × columns × 3.
        levels: Those for each picture.

    Returns:
        Pictures × planes × rows × columns.
    """
    import cv2

    rows, columns, planes = pictures[0].shape
    batch = np.empty((len(pictures), planes, rows, columns), np.float32)
    for picture, of_planes, values in zip(pictures, levels, batch, strict=True):
        for index, own in enumerate(of_planes):
            cv2.LUT(cv2.extractChannel(picture, index), own, dst=values[index])
    return batch


def exchanged(levels: Levels) -> Levels:
    """The levels with light and dark exchanged."""
    return np.ascontiguousarray(levels[:, ::-1])


def _grey_levels() -> Levels:
    return np.tile(np.arange(256, dtype=np.float32), (len(_MEAN), 1))
