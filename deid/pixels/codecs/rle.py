"""RLE Lossless (1.2.840.10008.1.2.5; PS3.5 Annex G), by pylibjpeg-rle."""

from __future__ import annotations

import struct
from itertools import pairwise
from typing import TYPE_CHECKING, Final

import numpy as np
from rle import rle

from deid.errors import InstanceError, Reason
from deid.pixels.codecs.guard import check_frame_bytes, check_surplus, native_calls
from deid.pixels.codecs.recoding import Patterns, RecodingCodec

if TYPE_CHECKING:
    from deid.pixels.codecs.format import PixelFormat
    from deid.pixels.codecs.samples import Array

_HEADER_BYTES: Final = 64
_MAX_SEGMENTS: Final = 15
_NO_OPERATION: Final = 128
"""A byte that says nothing; below it a count of bytes to copy, above it one of repetitions (PS3.5 G.3.2)."""


class RleCodec(RecodingCodec):
    """One segment for each byte of each sample; 1-bit frames are one segment of packed bits."""

    def decode_patterns(self, frame: bytes, fmt: PixelFormat) -> Patterns:
        """Decode the words of a frame."""
        check_frame_bytes(fmt)
        offsets = _segment_offsets(frame, fmt)
        size = -(-fmt.rows * fmt.columns // (8 if fmt.bits_allocated == 1 else 1))
        for first, last in pairwise((*offsets, len(frame))):
            # The next frame is there, where Number of Frames is too small; no decoder shows it.
            check_surplus(_surplus(frame[first:last], size))
        if fmt.bits_allocated == 1:
            return Patterns(_decode_bits(frame[offsets[0] :], fmt), 1)
        with native_calls("RLE decoding"):
            planes = rle.decode_frame(frame, fmt.rows * fmt.columns, fmt.bits_allocated, "<")
        words = np.frombuffer(planes, f"<u{fmt.bits_allocated // 8}")
        if words.size != fmt.rows * fmt.columns * fmt.samples:
            raise InstanceError(Reason.UNDECODABLE_PIXELS, "the RLE segments don't fill the frame")
        shaped: Array = words.reshape(fmt.samples, fmt.rows, fmt.columns).transpose(1, 2, 0)
        return Patterns(np.ascontiguousarray(shaped).reshape(fmt.shape), fmt.bits_allocated)

    def precision(self, _frame: bytes, fmt: PixelFormat) -> int:
        """Whole words are coded."""
        return fmt.bits_allocated

    def encode_patterns(self, patterns: Patterns, _frame: bytes, fmt: PixelFormat) -> bytes:
        """Encode row by row."""
        with native_calls("RLE encoding", Reason.UNREDACTABLE_PIXELS):
            if fmt.bits_allocated == 1:
                packed = np.packbits(patterns.array.reshape(-1), bitorder="little").tobytes()
                segment = bytes(rle.encode_segment(packed, len(packed)))
                return struct.pack("<16I", 1, _HEADER_BYTES, *[0] * 14) + segment + b"\x00" * (len(segment) % 2)
            return bytes(
                rle.encode_frame(patterns.array.tobytes(), fmt.rows, fmt.columns, fmt.samples, fmt.bits_allocated, "<")
            )


def _surplus(segment: bytes, size: int) -> bytes:
    """What stands behind the end of a segment of `size` decoded bytes."""
    try:
        if len(rle.decode_segment(segment)) == size:
            return b""
    except ValueError:
        pass  # it goes on behind its end
    position = filled = 0
    while filled < size and position < len(segment):
        head = segment[position]
        position += 1 if head == _NO_OPERATION else 2 if head > _NO_OPERATION else head + 2
        filled += 0 if head == _NO_OPERATION else 257 - head if head > _NO_OPERATION else head + 1
    # Of a run that is copied the last bytes may not fit any more.
    return segment[position - (filled - size if head < _NO_OPERATION else 0) :]


def _segment_offsets(frame: bytes, fmt: PixelFormat) -> tuple[int, ...]:
    """The offsets of all segments, checked against the attributes (PS3.5 G.5)."""
    if len(frame) < _HEADER_BYTES:
        raise InstanceError(Reason.TRUNCATED, "an RLE frame without its header")
    count, *offsets = struct.unpack_from("<16I", frame)
    expected = fmt.samples * max(1, fmt.bits_allocated // 8)
    if count != expected or count > _MAX_SEGMENTS:
        raise InstanceError(Reason.UNDECODABLE_PIXELS, "the number of RLE segments does not fit the attributes")
    used = offsets[:count]
    if used[0] != _HEADER_BYTES or sorted(set(used)) != used or used[-1] > len(frame):
        raise InstanceError(Reason.UNDECODABLE_PIXELS, "the RLE header is broken")
    return tuple(used)


def _decode_bits(segment: bytes, fmt: PixelFormat) -> Array:
    pixels = fmt.rows * fmt.columns
    with native_calls("RLE decoding"):
        data = np.frombuffer(bytes(rle.decode_segment(segment)), np.uint8)
    bits = np.unpackbits(data, bitorder="little")[:pixels]
    if bits.size < pixels:
        raise InstanceError(Reason.TRUNCATED, "the RLE segment ends before the frame does")
    return bits.reshape(fmt.shape)
