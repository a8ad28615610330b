"""Uncompressed frames: views on the pixel bytes, edited in place (PS3.5 8.1, A.1 to A.3, A.5)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from deid.errors import InstanceError, Reason
from deid.pixels.codecs.format import SUBSAMPLED_YBR
from deid.pixels.codecs.samples import is_uniform, paint, pattern_of, stored_values, without_free_bits
from deid.plan import Box

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy.typing as npt

    from deid.pixels.codecs.codec import Frames
    from deid.pixels.codecs.fill import Fill
    from deid.pixels.codecs.format import PixelFormat
    from deid.pixels.codecs.samples import Array

_PAIR_BITS: Final = 32
"""The bits of two pixels of 8-bit YBR_FULL_422: Y0 Y1 CB CR."""


class NativeFrames:
    """All frames of one instance in a native transfer syntax."""

    def __init__(self, data: bytes, fmt: PixelFormat, *, big_endian: bool, words: bool) -> None:
        """Check that all frames are there.

        Args:
            data: The value of the pixel data attribute.
            fmt: The attributes.
            big_endian: Explicit VR Big Endian.
            words: The value representation is OW: in Big Endian, pairs of bytes are swapped.

        Raises:
            InstanceError: Frames are missing, or there is more than the attributes declare.
        """
        self._data = data
        self._fmt = fmt
        self._order = ">" if big_endian else "<"
        self._swapped = big_endian and words and fmt.bits_allocated in {1, 8}
        self._paired = fmt.photometric == SUBSAMPLED_YBR and not self._is_really_full()
        if self._paired and (fmt.columns % 2 or fmt.bits_allocated != 8):  # noqa: PLR2004
            raise InstanceError(Reason.MALFORMED, "YBR_FULL_422 with odd columns or other than 8 bits")
        pixel_bits = _PAIR_BITS // 2 if self._paired else fmt.samples * fmt.bits_allocated
        self._frame_bits = fmt.rows * fmt.columns * pixel_bits
        self._check_length()

    def encoded(self, index: int) -> bytes:
        """The bytes of one frame, in the order of the stream; a 1-bit frame starts at its first bit."""
        if self._frame_bits % 8:
            return np.packbits(self._bits(index), bitorder="little").tobytes()
        return self._frame_bytes(index)

    def decode(self, index: int) -> Array:
        """The stored values of one frame; a view on the data where no bit has to be moved."""
        fmt = self._fmt
        if fmt.bits_allocated == 1:
            return self._bits(index).reshape(fmt.shape)
        if self._swapped:
            words = self._shape_bytes(self._frame_bytes(index), 0)
        else:
            words = self._shape_bytes(self._data, index * (self._frame_bits // 8))
        if words.dtype.byteorder == ">":
            words = words.astype(words.dtype.newbyteorder("="))
        return stored_values(words, fmt, fmt.bits_allocated)

    def words(self, index: int) -> tuple[Array, int]:
        """The words of one frame as unsigned integers, with the bits that each has."""
        if self._fmt.bits_allocated == 1:
            return self._bits(index).reshape(self._fmt.shape), 1
        words = self._shape_bytes(self._frame_bytes(index), 0)
        words = words.view(words.dtype.str.replace("f", "u"))
        return words.astype(words.dtype.newbyteorder("="), copy=False), self._fmt.bits_allocated

    def precision(self, _index: int) -> int:
        """Bits Allocated."""
        return self._fmt.bits_allocated

    @property
    def sets_samples(self) -> bool:
        """Always."""
        return True

    def colour_space(self) -> str:
        """The photometric interpretation of decoded frames."""
        return "YBR_FULL" if self._fmt.photometric == SUBSAMPLED_YBR else self._fmt.photometric

    def snap(self, _index: int, box: Box) -> Box:
        """Widen to even columns where two pixels share their chroma."""
        return Box(box.x0 // 2 * 2, box.y0, -(-box.x1 // 2) * 2, box.y1) if self._paired else box

    def redacted(self, boxes: Mapping[int, Sequence[Box]], fill: Fill) -> dict[str, bytes]:
        """The pixel data with the boxes of each frame black and no overlay in free bits; every other bit stays."""
        data = bytearray(self._data)
        if self._swapped:
            _swap(data)
        for index, frame_boxes in boxes.items():
            self._redact_frame(data, index, frame_boxes, fill)
        if self._fmt.clears_free_bits:
            self._clear_free_bits(data)
        if self._swapped:
            _swap(data)
        return {self._fmt.keyword: bytes(data)}

    def photometric_after(self) -> str:
        """As before."""
        return self._fmt.photometric

    def changed_outside(self, other: Frames, index: int, boxes: Sequence[Box]) -> int:
        """How many samples of a frame differ outside the boxes, free bits included unless they are cleared."""
        if not isinstance(other, NativeFrames) or other._frame_bits != self._frame_bits:  # noqa: SLF001
            return self._fmt.rows * self._fmt.columns
        differ = self._raw(index) != other._raw(index)  # noqa: SLF001
        for box in boxes:
            differ[box.y0 : box.y1, box.x0 : box.x1] = False
        return int(np.count_nonzero(differ))

    def metadata(self, _index: int) -> tuple[bytes, ...]:
        """Uncompressed frames carry none."""
        return ()

    def are_blank(self, index: int, boxes: Sequence[Box]) -> bool:
        """Free bits included."""
        raw = self._raw(index)
        return all(is_uniform(raw, box) for box in boxes)

    def _raw(self, index: int) -> Array:
        """The words of a frame as integers (NaN equals NaN), with all their bits but those that are cleared."""
        words, bits = self.words(index)
        return without_free_bits(words, self._fmt, bits) if self._fmt.clears_free_bits else words

    def _redact_frame(self, data: bytearray, index: int, boxes: Sequence[Box], fill: Fill) -> None:
        fmt = self._fmt
        if fmt.bits_allocated == 1:
            self._redact_bits(data, index, boxes, fill)
            return
        start = index * (self._frame_bits // 8)
        if self._paired:
            pairs = np.frombuffer(data, np.uint8, self._frame_bits // 8, start).reshape(fmt.rows, fmt.columns // 2, 4)
            luma, *chroma = fill.values(None, SUBSAMPLED_YBR, fmt.bits_allocated)
            paint(pairs, [Box(b.x0 // 2, b.y0, b.x1 // 2, b.y1) for b in boxes], [luma, luma, *chroma])
            return
        words = self._shape_bytes(data, start)
        stored = self.decode(index) if fmt.signed or fmt.is_float else None
        colours = [one.values(stored, self.colour_space(), fmt.bits_allocated) for one in (fill, fill.ink) if one]
        if not fmt.is_float:
            colours = [tuple(pattern_of(int(v), fmt, fmt.bits_allocated) for v in values) for values in colours]
        paint(words, boxes, *colours)

    def _clear_free_bits(self, data: bytearray) -> None:
        dtype = np.dtype(f"{self._order}u{self._fmt.bits_allocated // 8}")
        words = np.frombuffer(data, dtype, len(data) // dtype.itemsize)
        words[:] = without_free_bits(words, self._fmt, self._fmt.bits_allocated)

    def _redact_bits(self, data: bytearray, index: int, boxes: Sequence[Box], fill: Fill) -> None:
        first, last = self._bit_range(index)
        covering = slice(first // 8, -(-last // 8))
        bits = np.unpackbits(np.frombuffer(data, np.uint8)[covering], bitorder="little")
        frame = bits[first % 8 : first % 8 + last - first].reshape(self._fmt.shape)
        paint(frame, boxes, fill.values(None, self.colour_space(), 1))
        data[covering] = np.packbits(bits, bitorder="little").tobytes()

    def _shape_bytes(self, data: bytes | bytearray, start: int) -> Array:
        """The words of the frame at byte `start`, shaped (rows, columns[, samples]), writeable if `data` is."""
        fmt = self._fmt
        if self._paired:
            return _unpaired(np.frombuffer(data, np.uint8, self._frame_bits // 8, start), fmt)
        kind = "f" if fmt.is_float else "u"
        dtype = f"{self._order}{kind}{fmt.bits_allocated // 8}"
        words = np.frombuffer(data, dtype, fmt.rows * fmt.columns * fmt.samples, start)
        if fmt.samples > 1 and fmt.planar:
            return words.reshape(fmt.samples, fmt.rows, fmt.columns).transpose(1, 2, 0)
        return words.reshape(fmt.shape)

    def _frame_bytes(self, index: int) -> bytes:
        """The bytes of a frame of whole bytes, byte pairs put right."""
        first, last = (bit // 8 for bit in self._bit_range(index))
        if not self._swapped:
            return self._data[first:last]
        aligned = bytearray(self._data[first - first % 2 : last + last % 2])
        _swap(aligned)
        return bytes(aligned[first % 2 : first % 2 + last - first])

    def _bits(self, index: int) -> npt.NDArray[np.uint8]:
        first, last = self._bit_range(index)
        start = first // 16 * 2
        covering = bytearray(self._data[start : -(-last // 16) * 2])
        if self._swapped:
            _swap(covering)
        bits = np.unpackbits(np.frombuffer(covering, np.uint8), bitorder="little")
        return bits[first - start * 8 : last - start * 8]

    def _bit_range(self, index: int) -> tuple[int, int]:
        return index * self._frame_bits, (index + 1) * self._frame_bits

    def _is_really_full(self) -> bool:
        """Whether the data has full chroma for all pixels, though the attribute says YBR_FULL_422: a common mistake."""
        return len(self._data) >= self._fmt.frame_bytes * self._fmt.frames

    def _check_length(self) -> None:
        expected = -(-self._frame_bits * self._fmt.frames // 8)
        if len(self._data) < expected:
            raise InstanceError(Reason.TRUNCATED, "the pixel data ends before its last frame does")
        if any(self._data[expected + 1 :]):
            raise InstanceError(Reason.MALFORMED, "there is more pixel data than the attributes declare")


def _unpaired(data: npt.NDArray[np.uint8], fmt: PixelFormat) -> Array:
    """YBR_FULL_422 as (rows, columns, 3), each pair of pixels with the chroma they share."""
    pairs = data.reshape(fmt.rows, fmt.columns // 2, 4)
    frame = np.empty((fmt.rows, fmt.columns // 2, 2, 3), np.uint8)
    frame[..., 0] = pairs[..., :2]
    frame[..., 1:] = pairs[..., np.newaxis, 2:]
    return frame.reshape(fmt.rows, fmt.columns, 3)


def _swap(data: bytearray) -> None:
    """Swap the bytes of each 16-bit word in place; an odd last byte stays."""
    even = len(data) // 2 * 2
    data[0:even:2], data[1:even:2] = data[1:even:2], data[0:even:2]
