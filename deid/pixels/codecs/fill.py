"""The value that a viewer shows as black, or as white, for every kind of pixel (PS3.3 C.7.6.3.1.2, C.11.2)."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from deid.pixels.codecs.palette import Palette
from deid.pixels.codecs.windows import rescale, stored_windows

if TYPE_CHECKING:
    from pydicom.dataset import Dataset

    from deid.pixels.codecs.format import PixelFormat
    from deid.pixels.codecs.samples import Array
    from deid.profile.lookup.pixel_policy import FillColour

YBR_SPACES = frozenset({"YBR_FULL", "YBR_FULL_422", "YBR_PARTIAL_420"})


@dataclass(frozen=True, slots=True)
class Fill:
    """How to fill a region so that it looks black, or white."""

    photometric: str
    signed: bool
    is_float: bool
    bits_stored: int
    is_high: bool
    """The colour is at the high end of the stored values, as black under MONOCHROME1 or a negative Rescale Slope."""
    window_edge: float | None = None
    """The stored value at that edge of the widest window of the header."""
    palette_index: int = 0
    white: bool = False
    ink: Fill | None = None
    """The colour of letters on it; None for no letters."""

    @classmethod
    def of(cls, dataset: Dataset, fmt: PixelFormat, colour: FillColour = "black") -> Fill:
        """Find out from the header what is black, or white.

        Raises:
            InstanceError: A palette image without a readable palette.
        """
        slope, _ = rescale(dataset)
        white = colour == "white"
        is_high = ((fmt.photometric == "MONOCHROME1") != (slope < 0)) != white
        ends = [end for window in stored_windows(dataset) for end in window]
        return cls(
            photometric=fmt.photometric,
            signed=fmt.signed,
            is_float=fmt.is_float,
            bits_stored=fmt.bits_stored,
            is_high=is_high,
            window_edge=(max(ends) if is_high else min(ends)) if ends else None,
            palette_index=Palette.of(dataset).entry(light=white) if fmt.photometric == "PALETTE COLOR" else 0,
            white=white,
        )

    @classmethod
    def lettered(cls, dataset: Dataset, fmt: PixelFormat, colour: FillColour = "black") -> Fill:
        """The colour with letters of the opposite one.

        Raises:
            InstanceError: A palette image without a readable palette.
        """
        ink = cls.of(dataset, fmt, "black" if colour == "white" else "white")
        return replace(cls.of(dataset, fmt, colour), ink=ink)

    def values(self, stored: Array | None, colour_space: str, precision: int) -> tuple[float, ...]:
        """The stored values of the colour, one for each sample.

        Args:
            stored: The frame's stored values; signed and floating point data have no end of their own, so the darkest
                (lightest) of the data and of the window is taken. None: unknown, take the end of the range.
            colour_space: The photometric interpretation of the stream.
            precision: The bits of a sample in the stream.
        """
        bits = min(self.bits_stored, precision)
        if colour_space in YBR_SPACES:
            return (1 << bits) - 1 if self.white else 0, 1 << (bits - 1), 1 << (bits - 1)
        if self.photometric == "PALETTE COLOR":
            return (self.palette_index & ((1 << bits) - 1),)
        if not self.photometric.startswith("MONOCHROME"):
            return ((1 << bits) - 1 if self.white else 0,) * 3
        return (self._grey(stored, bits),)

    def _grey(self, stored: Array | None, bits: int) -> float:
        if self.is_float:
            return self._extreme(stored)
        low, high = (-(1 << (bits - 1)), (1 << (bits - 1)) - 1) if self.signed else (0, (1 << bits) - 1)
        if not self.signed:
            return high if self.is_high else low
        extreme = self._extreme(stored)
        if not math.isfinite(extreme):
            return high if self.is_high else low
        return int(min(max(math.ceil(extreme) if self.is_high else math.floor(extreme), low), high))

    def _extreme(self, stored: Array | None) -> float:
        """The further of the data's end and the window's edge; ±inf or 0.0 (floats) when neither is known."""
        candidates = [] if self.window_edge is None else [self.window_edge]
        if stored is not None:
            finite = stored[np.isfinite(stored)] if stored.dtype.kind == "f" else stored
            if finite.size:
                candidates.append(float(finite.max() if self.is_high else finite.min()))
        if not candidates:
            return 0.0 if self.is_float else math.inf
        return max(candidates) if self.is_high else min(candidates)
