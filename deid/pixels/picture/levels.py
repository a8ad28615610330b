"""Grey levels of small pieces of pictures: what NumPy says of them, without what NumPy does to be general.

A line of print is asked for its levels some hundred times a frame, and its pieces are so small that the asking takes
longest.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    Picture = npt.NDArray[np.uint8]


def percentile(values: npt.NDArray[np.uint8 | np.int16], percent: float) -> float:
    """The same as `np.percentile`, to the last digit.

    Args:
        values: Grey levels or differences of such, at least one.
        percent: From 0 to 100.
    """
    at = (values.size - 1) * (percent / 100)
    first = math.floor(at)
    second = min(first + 1, values.size - 1)
    ordered = np.partition(values, (first, second), axis=None)
    low, high, part = int(ordered[first]), int(ordered[second]), at - first
    # From the nearer of both, as NumPy does.
    return high - (high - low) * (1 - part) if part >= 1 / 2 else low + (high - low) * part


def brightest(picture: Picture) -> Picture:
    """The largest of the three values of each pixel, rows × columns."""
    largest = np.maximum(np.maximum(picture[:, :, 0], picture[:, :, 1]), picture[:, :, 2])
    return np.ascontiguousarray(largest)
