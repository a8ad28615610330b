"""Is the pixel data that nobody edited, and what belongs to it, that of the original?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from deid.errors import InstanceError, Reason

if TYPE_CHECKING:
    from pydicom.dataset import Dataset

_KEYWORDS: Final = (
    *("PixelData", "FloatPixelData", "DoubleFloatPixelData"),
    *("ExtendedOffsetTable", "ExtendedOffsetTableLengths"),
)


def check_unchanged(original: Dataset, released: Dataset) -> None:
    """Compare the bytes of the pixel data.

    Raises:
        InstanceError: PIXELS_DAMAGED.
    """
    for keyword in _KEYWORDS:
        if original.get(keyword) != released.get(keyword):
            raise InstanceError(Reason.PIXELS_DAMAGED, f"{keyword} differs")
