"""Between the bit patterns in a stream and the stored values that the attributes give them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from deid.pixels.codecs.letters import letters_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from deid.pixels.codecs.format import PixelFormat
    from deid.plan import Box

Array = npt.NDArray[Any]
"""Samples of one frame: (rows, columns) or (rows, columns, samples)."""


def ones(bits: int) -> int:
    """A number with the lowest `bits` bits set."""
    return (1 << bits) - 1


def stored_values(patterns: Array, fmt: PixelFormat, precision: int) -> Array:
    """The stored values that bit patterns stand for.

    Where the words are wider than Bits Stored, the free bits are cut off, since an overlay may lie in them; but signed
    words that hold no overlay are read whole, as some CT scanners write values beyond Bits Stored.

    Args:
        patterns: Unsigned integers (or floats, which are returned as they are).
        fmt: The attributes.
        precision: The bits of a pattern that the stream carries.

    Returns:
        Integers of the same width, signed if Pixel Representation is 1.
    """
    if patterns.dtype.kind == "f":
        return patterns
    if precision > fmt.bits_stored and not _is_whole_word(fmt):
        patterns = (patterns >> fmt.low_bit) & patterns.dtype.type(ones(fmt.bits_stored))
        precision = fmt.bits_stored
    if not fmt.signed:
        return patterns
    values = patterns.view(f"i{patterns.dtype.itemsize}")
    shift = patterns.dtype.itemsize * 8 - precision
    return values if shift == 0 else (values << shift) >> shift


def without_free_bits(patterns: Array, fmt: PixelFormat, precision: int) -> Array:
    """The bit patterns with nothing in the bits beside the stored value: clear, or filled with its sign."""
    kept: Array = patterns & patterns.dtype.type(fmt.stored_mask)
    if fmt.extends_sign:
        sign = patterns.dtype.type(1 << (fmt.bits_stored - 1))
        kept = ((kept ^ sign) - sign) & patterns.dtype.type(ones(precision))
    return kept


def pattern_of(value: int, fmt: PixelFormat, precision: int) -> int:
    """The bit pattern that stands for a stored value in a stream of `precision` bits; free bits are clear.

    A negative value is extended through the free bits of its word where the writer does so.
    """
    if precision <= fmt.bits_stored or fmt.extends_sign:
        return value & ones(precision)
    return (value & ones(fmt.bits_stored)) << fmt.low_bit


def paint(frame: Array, boxes: Sequence[Box], values: Sequence[float], ink: Sequence[float] | None = None) -> None:
    """Set all pixels of the boxes to `values`, one for each sample, in place; and write the letters of the boxes.

    Args:
        frame: (rows, columns) or (rows, columns, samples), writeable.
        boxes: Boxes inside the frame.
        values: As many as samples.
        ink: The values of letters; None for no letters.
    """
    for box in boxes:
        part = frame[box.y0 : box.y1, box.x0 : box.x1]
        part[...] = _pixel(values, frame)
        letters = letters_of(box, *part.shape[:2]) if ink is not None else None
        if ink is not None and letters is not None:
            part[letters] = _pixel(ink, frame)


def is_uniform(frame: Array, box: Box) -> bool:
    """Whether all pixels of a box have the same value (NaN equals NaN): those of its letters, and those between."""
    part = frame[box.y0 : box.y1, box.x0 : box.x1]
    letters = letters_of(box, *part.shape[:2])
    if letters is None:
        return _is_one_value(part.reshape(-1, *part.shape[2:]))
    return _is_one_value(part[letters]) and _is_one_value(part[~letters])


def _is_one_value(pixels: Array) -> bool:
    return pixels.size == 0 or np.array_equal(
        pixels, np.broadcast_to(pixels[:1], pixels.shape), equal_nan=pixels.dtype.kind == "f"
    )


def _pixel(values: Sequence[float], frame: Array) -> Array:
    colour: Array = np.asarray(values, dtype=frame.dtype)
    return colour if frame.ndim > len("yx") else colour[0]


def _is_whole_word(fmt: PixelFormat) -> bool:
    return fmt.extends_sign and not fmt.clears_free_bits
