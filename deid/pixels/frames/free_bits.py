"""The bits of pixel words that Bits Stored leaves free: an overlay may lie in them that no viewer of today shows.

Retired overlays (PS3.3 C.9.2) say so in 60xx attributes, but files carry name and date there without any. Free bits
that hold something else than the sign are therefore cleared. Only where values overflow, so that the picture is
smoother with the bits than without, are they part of it: then they are looked at and kept. Above negative values they
hold the sign, or nothing, as the writer has it in most words.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from deid.errors import InstanceError, Reason
from deid.pixels.codecs.samples import ones, without_free_bits

if TYPE_CHECKING:
    from deid.pixels.codecs.format import PixelFormat
    from deid.pixels.codecs.samples import Array
    from deid.pixels.frames.image import PixelImage


def with_free_bits_seen(image: PixelImage) -> PixelImage:
    """The image with a format that says what its free bits are: nothing, to be cleared, or part of the values.

    Raises:
        InstanceError: A frame whose free bits have to be looked at can't be decoded, or lacks the High Bit.
    """
    fmt = image.format
    if fmt.is_float or fmt.bits_stored == fmt.bits_allocated:
        return image
    frames = [index for index in range(fmt.frames) if image.frames.precision(index) > fmt.bits_stored]
    if not image.frames.sets_samples:
        # Lossy coding leaves no plane of bits whole, but overshoots: all bits are the picture.
        widest = max((image.frames.precision(index) for index in frames), default=fmt.bits_stored)
        return image.with_format(replace(_widened(fmt, widest - fmt.bits_stored), clears_free_bits=False))
    first = next((index for index in frames if _free_bits(image, index, fmt)), None)
    if first is None:
        return image.with_format(replace(fmt, clears_free_bits=False)) if fmt.clears_free_bits else image
    words, precision = image.frames.words(first)
    if not fmt.clears_free_bits:
        fmt = _widened(fmt, _value_bits_above(words, fmt, precision))
    fmt = replace(fmt, leaves_sign_out=_leaves_sign_out(words, fmt, precision))
    left = fmt.bits_stored < fmt.bits_allocated and any(_free_bits(image, index, fmt) for index in frames)
    return image.with_format(replace(fmt, clears_free_bits=left))


def _free_bits(image: PixelImage, index: int, fmt: PixelFormat) -> int:
    """The bits beside the stored values that hold something in a frame."""
    words, precision = image.frames.words(index)
    if not fmt.signed:
        return int(np.bitwise_or.reduce(words, axis=None)) & ones(precision) & ~fmt.stored_mask
    return int(np.bitwise_or.reduce(words ^ without_free_bits(words, fmt, precision), axis=None))


def _leaves_sign_out(words: Array, fmt: PixelFormat, precision: int) -> bool:
    """Whether of the words with a negative value more have nothing above it than its sign."""
    if not fmt.extends_sign or precision <= fmt.bits_stored:
        return False
    negative = words[words & words.dtype.type(1 << fmt.high_bit) != 0]
    above = ones(precision) & ~fmt.stored_mask
    free = negative & negative.dtype.type(above)
    return int(np.count_nonzero(free == 0)) > int(np.count_nonzero(free == above))


def _value_bits_above(words: Array, fmt: PixelFormat, precision: int) -> int:
    """How many bits above the High Bit belong to the values: with them the picture is at its smoothest."""
    if precision <= fmt.high_bit:
        raise InstanceError(Reason.MALFORMED, "the high bit lies above all bits that the frames are coded with")
    roughness = [
        _roughness(without_free_bits(words, _widened(fmt, more), precision), fmt, precision)
        for more in range(precision - fmt.high_bit)
    ]
    return int(np.argmin(roughness))


def _roughness(words: Array, fmt: PixelFormat, precision: int) -> float:
    """The sum of all steps between neighbours."""
    values = words.astype(np.int64)
    if fmt.signed:
        values = (values ^ (1 << (precision - 1))) & ones(precision)
    return sum(float(np.abs(np.diff(values, axis=axis)).sum()) for axis in (0, 1))


def _widened(fmt: PixelFormat, more: int) -> PixelFormat:
    return replace(fmt, bits_stored=fmt.bits_stored + more, high_bit=fmt.high_bit + more) if more else fmt
