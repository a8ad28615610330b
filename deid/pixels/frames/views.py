"""Decoded frames as pictures to look at: 8 bits, three channels, in as many windows as it takes to see burned-in text.

An annotation is burned in with values of its own: the largest of the range, or the brightest of the window that was on
the screen. What one window shows as white on white, another shows as text.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from deid.pixels.codecs.windows import stored_windows

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import numpy.typing as npt
    from pydicom.dataset import Dataset

    from deid.pixels.codecs.samples import Array
    from deid.pixels.frames.image import PixelImage

Range = tuple[float, float]

_EIGHT_BITS = 8
_PERCENTILES = (0.5, 99.5)
_SAME_VIEW = 6.0
"""Two windows whose pictures differ by less than this many grey levels on average show the same."""
_SAMPLE_STEP = 4


def views_of(image: PixelImage, frame: Array, dataset: Dataset) -> list[npt.NDArray[np.uint8]]:
    """The views of a decoded frame, the most telling first.

    Args:
        image: The image that the frame is of.
        frame: Its stored values, (rows, columns) or (rows, columns, samples).
        dataset: Holds the VOI window (PS3.3 C.11.2), if there is one.

    Returns:
        One or more uint8 pictures of rows × columns × 3 (blue, green, red), none like another. Light and dark are not
        turned for MONOCHROME1: the reader looks at both polarities.
    """
    return _different(_all_views(image, frame, dataset))


def first_view_of(image: PixelImage, frame: Array, dataset: Dataset) -> npt.NDArray[np.uint8]:
    """The first of the views of a decoded frame."""
    return next(_all_views(image, frame, dataset))


def _all_views(image: PixelImage, frame: Array, dataset: Dataset) -> Iterator[npt.NDArray[np.uint8]]:
    if image.format.is_colour:
        import cv2

        yield np.asarray(cv2.cvtColor(image.display_rgb(frame), cv2.COLOR_RGB2BGR), np.uint8)
        return
    values = frame.astype(np.float32) if frame.dtype.kind != "f" else np.nan_to_num(frame.astype(np.float32))
    if image.format.bits_stored <= _EIGHT_BITS and not image.format.is_float:
        whole = float((1 << image.format.bits_stored) - 1)
        low = float(-(1 << (image.format.bits_stored - 1))) if image.format.signed else 0.0
        yield _grey(values, (low, low + whole))
        return
    yield from (_grey(*seen) for seen in _seen(values, dataset))


def _seen(values: npt.NDArray[np.float32], dataset: Dataset) -> Iterator[tuple[npt.NDArray[np.float32], Range]]:
    """Values and the window to see them in: the bulk, the whole range with the dark lifted, and as stored."""
    sample = values[::_SAMPLE_STEP, ::_SAMPLE_STEP] if min(values.shape[:2]) >= _SAMPLE_STEP else values
    least, most = np.percentile(sample, _PERCENTILES)
    yield values, (float(least), float(most))
    # Dark print in shadow, and print as bright as nothing else, both stand out in the square root.
    smallest, largest = float(values.min()), float(values.max())
    yield np.sqrt(values - smallest), (0.0, float(np.sqrt(largest - smallest)))
    for low, high in stored_windows(dataset):
        # A window wider than the values would show them in less contrast than there is.
        yield values, (max(float(low), smallest), min(float(high), largest))


def _grey(values: npt.NDArray[np.float32], window: Range) -> npt.NDArray[np.uint8]:
    import cv2

    low, high = window
    scaled = values - low
    scaled *= 255.0 / max(high - low, 1e-6)
    np.clip(scaled, 0, 255, out=scaled)
    return np.asarray(cv2.cvtColor(scaled.astype(np.uint8), cv2.COLOR_GRAY2BGR), np.uint8)


def _different(views: Iterable[npt.NDArray[np.uint8]]) -> list[npt.NDArray[np.uint8]]:
    kept: list[npt.NDArray[np.uint8]] = []
    for view in views:
        small = view[::_SAMPLE_STEP, ::_SAMPLE_STEP, 0].astype(np.int16)
        if all(np.abs(small - other[::_SAMPLE_STEP, ::_SAMPLE_STEP, 0]).mean() >= _SAME_VIEW for other in kept):
            kept.append(view)
    return kept
