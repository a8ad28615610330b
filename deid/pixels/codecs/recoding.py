"""Codecs that redact by decoding a frame, painting it and coding it again without loss."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np

from deid.errors import InstanceError, Reason
from deid.pixels.codecs.fragments import padded
from deid.pixels.codecs.memory import Memory
from deid.pixels.codecs.samples import is_uniform, ones, paint, pattern_of, stored_values, without_free_bits

if TYPE_CHECKING:
    from collections.abc import Sequence

    from deid.pixels.codecs.fill import Fill
    from deid.pixels.codecs.format import PixelFormat
    from deid.pixels.codecs.samples import Array
    from deid.plan import Box


@dataclass(frozen=True, slots=True)
class Patterns:
    """A decoded frame as the stream has it."""

    array: Array
    """Unsigned integers, (rows, columns) or (rows, columns, samples)."""
    precision: int
    """The bits that a sample has in the stream."""
    extended: bool = False
    """The stream's samples are signed: their sign fills the words of the array."""

    def stored(self, fmt: PixelFormat) -> Array:
        """The stored values that the attributes make of them."""
        return stored_values(self.array, fmt, self._word_bits if self.extended else self.precision)

    def pattern(self, value: int, fmt: PixelFormat) -> int:
        """The word of the array that stands for a stored value."""
        if not self.extended:
            return pattern_of(value, fmt, self.precision)
        sign = 1 << (self.precision - 1)
        in_range = ((value & ones(self.precision)) ^ sign) - sign
        return in_range & ones(self._word_bits)

    def cleared(self, fmt: PixelFormat) -> Array:
        """The array without what lies in free bits, if that is to be cleared."""
        if not fmt.clears_free_bits or self.precision <= fmt.bits_stored:
            return self.array
        return without_free_bits(self.array, fmt, self._word_bits if self.extended else self.precision)

    @property
    def _word_bits(self) -> int:
        return self.array.dtype.itemsize * 8


_DECODED: Final = Memory["Patterns"](96 << 20)
"""The largest of mammograms and what becomes of it, or a stack of slices."""


class RecodingCodec(ABC):
    """The part that all such codecs share; subclasses decode and encode bit patterns."""

    @abstractmethod
    def decode_patterns(self, frame: bytes, fmt: PixelFormat) -> Patterns:
        """Decode; raises `InstanceError`."""

    @abstractmethod
    def encode_patterns(self, patterns: Patterns, frame: bytes, fmt: PixelFormat) -> bytes:
        """Encode without loss, in the manner of the source `frame`; raises `InstanceError`."""

    @abstractmethod
    def precision(self, frame: bytes, fmt: PixelFormat) -> int:
        """The bits of a sample in the stream, by its header; raises `InstanceError`."""

    def _patterns(self, frame: bytes, fmt: PixelFormat) -> Patterns:
        """What the frame decodes to, not to be written on; decoded now if that is not remembered."""
        how = type(self), fmt
        patterns = _DECODED.recall(frame, how)
        if patterns is None:
            patterns = self.decode_patterns(frame, fmt)
            patterns.array.flags.writeable = False
            _DECODED.keep(frame, how, patterns, patterns.array.nbytes)
        return patterns

    def decode_frame(self, frame: bytes, fmt: PixelFormat) -> Array:
        """Stored values of one frame."""
        return self._patterns(frame, fmt).stored(fmt)

    def words(self, frame: bytes, fmt: PixelFormat) -> tuple[Array, int]:
        """The bit patterns of the stream."""
        patterns = self._patterns(frame, fmt)
        return patterns.array & patterns.array.dtype.type(ones(patterns.precision)), patterns.precision

    @property
    def sets_samples(self) -> bool:
        """The frame is coded again from its samples."""
        return True

    def colour_space(self, _frame: bytes, fmt: PixelFormat) -> str:
        """What the attribute says."""
        return fmt.photometric

    def snap(self, _frame: bytes, _fmt: PixelFormat, box: Box) -> Box:
        """Any pixel can be painted alone."""
        return box

    def redact_frame(self, frame: bytes, fmt: PixelFormat, boxes: Sequence[Box], fill: Fill) -> bytes:
        """Decode, paint, encode, and decode once more to be sure."""
        patterns = self._patterns(frame, fmt)
        values = fill.values(patterns.stored(fmt), self.colour_space(frame, fmt), patterns.precision)
        painted = replace(patterns, array=patterns.cleared(fmt).copy())
        ink = (
            fill.ink.values(patterns.stored(fmt), self.colour_space(frame, fmt), patterns.precision) if fill.ink else ()
        )
        black, white = ([patterns.pattern(int(value), fmt) for value in colour] for colour in (values, ink))
        paint(painted.array, boxes, black, white or None)
        encoded = self.encode_patterns(painted, frame, fmt)
        # With its padding it is what verification will ask for.
        if not np.array_equal(self._patterns(padded(encoded), fmt).array, painted.array):
            raise InstanceError(Reason.UNREDACTABLE_PIXELS, "the frame could not be coded again without loss")
        return encoded

    def photometric_after(self, fmt: PixelFormat) -> str:
        """As before."""
        return fmt.photometric

    def changed_outside(self, before: bytes, after: bytes, fmt: PixelFormat, boxes: Sequence[Box]) -> int:
        """Samples whose bit patterns differ."""
        differ = self._patterns(before, fmt).cleared(fmt) != self._patterns(after, fmt).array
        for box in boxes:
            differ[box.y0 : box.y1, box.x0 : box.x1] = False
        return int(np.count_nonzero(differ))

    def metadata(self, _frame: bytes) -> tuple[bytes, ...]:
        """None, unless the format has room for any."""
        return ()

    def are_blank(self, frame: bytes, fmt: PixelFormat, boxes: Sequence[Box]) -> bool:
        """By the bit patterns."""
        patterns = self._patterns(frame, fmt).array
        return all(is_uniform(patterns, box) for box in boxes)
