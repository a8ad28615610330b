"""VOI windows in stored values: the header gives them in values after the modality rescale (PS3.3 C.11.1, C.11.2)."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from deid.pixels.codecs.format import value_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pydicom.dataset import Dataset


def rescale(dataset: Dataset) -> tuple[float, float]:
    """Rescale Slope and Intercept; (1, 0) where there are none that make sense."""
    slope, intercept = numbers(dataset, "RescaleSlope"), numbers(dataset, "RescaleIntercept")
    return (slope[0] if slope and slope[0] else 1.0), (intercept[0] if intercept else 0.0)


def stored_windows(dataset: Dataset) -> Iterator[tuple[float, float]]:
    """The lower and upper end of each window; what can't be read counts as absent."""
    slope, intercept = rescale(dataset)
    centres, widths = numbers(dataset, "WindowCenter"), numbers(dataset, "WindowWidth")
    for centre, width in zip(centres, widths, strict=False):
        low, high = sorted((centre + side * width / 2 - intercept) / slope for side in (-1, 1))
        if math.isfinite(low) and math.isfinite(high):
            yield low, high


def numbers(dataset: Dataset, keyword: str) -> list[float]:
    """All finite numbers of an attribute; what can't be read counts as absent."""
    try:
        value = value_of(dataset, keyword)
        values = [] if value is None or value == "" else value if hasattr(value, "__iter__") else [value]
        found = [float(v) for v in values]
    except (TypeError, ValueError, OverflowError):
        return []
    return [number for number in found if math.isfinite(number)]
