"""JPEG XL (1.2.840.10008.1.2.4.110 to .112; PS3.5 8.2.15), by libjxl.

A recompressed JPEG stream is put together again, edited in the DCT domain and recompressed. All else is coded again
without loss from its samples, which .110 demands and .112 allows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import imagecodecs
import numpy as np

from deid.errors import InstanceError, Reason
from deid.pixels.codecs.guard import StreamSize, check_frame_bytes, check_size, check_surplus, native_calls
from deid.pixels.codecs.jpeg import JpegCodec
from deid.pixels.codecs.jpeg_xl_stream import codestream, extra_boxes, is_recompressed, read_head
from deid.pixels.codecs.recoding import Patterns, RecodingCodec

if TYPE_CHECKING:
    from collections.abc import Sequence

    from deid.pixels.codecs.codec import Codec
    from deid.pixels.codecs.fill import Fill
    from deid.pixels.codecs.format import PixelFormat
    from deid.pixels.codecs.samples import Array
    from deid.plan import Box

_EFFORT: Final = 3
"""Of 1 to 9: a fifth of the time of the default, and as small."""


class _SampleCodec(RecodingCodec):
    """Streams of samples, lossless or lossy."""

    def decode_patterns(self, frame: bytes, fmt: PixelFormat) -> Patterns:
        """Decode with the precision of the codestream's head."""
        precision = self.precision(frame, fmt)
        with native_calls("JPEG XL decoding"):
            array = np.ascontiguousarray(imagecodecs.jpegxl_decode(frame, keeporientation=True))
        if array.shape != fmt.shape or array.dtype.kind != "u":
            raise InstanceError(Reason.UNDECODABLE_PIXELS, "the decoder gave another shape than the attributes")
        return Patterns(array, precision)

    def precision(self, frame: bytes, fmt: PixelFormat) -> int:
        """By the head of the codestream, once it agrees with the attributes."""
        head = read_head(frame)
        check_size(StreamSize(head.rows, head.columns, fmt.samples, head.precision), fmt)
        check_frame_bytes(fmt)
        return head.precision

    def encode_patterns(self, patterns: Patterns, _frame: bytes, _fmt: PixelFormat) -> bytes:
        """Without loss, and without a container if that can be."""
        with native_calls("JPEG XL encoding", Reason.UNREDACTABLE_PIXELS):
            return bytes(
                imagecodecs.jpegxl_encode(
                    patterns.array, lossless=True, effort=_EFFORT, bitspersample=patterns.precision
                )
            )

    def metadata(self, frame: bytes) -> tuple[bytes, ...]:
        """All boxes beside the picture; raises for anything behind the end of the codestream."""
        _check_end(codestream(frame))
        return extra_boxes(frame)

    def colour_space(self, _frame: bytes, fmt: PixelFormat) -> str:
        """Decoding undoes XYB."""
        return "RGB" if fmt.photometric == "XYB" else fmt.photometric

    def photometric_after(self, fmt: PixelFormat) -> str:
        """XYB is for lossy coding only."""
        return "RGB" if fmt.photometric == "XYB" else fmt.photometric


class JpegXlCodec:
    """Chooses by the frame: a recompressed JPEG stream or samples."""

    def __init__(self, *, lossless: bool = False, recompression_only: bool = False) -> None:
        """Prepare.

        Args:
            lossless: For the transfer syntax in which every frame is of samples.
            recompression_only: For the one that has room for JPEG streams only.
        """
        self._lossless = lossless
        self._samples = _SampleCodec()
        self._jpeg = JpegCodec()
        self._recompression_only = recompression_only

    def decode_frame(self, frame: bytes, fmt: PixelFormat) -> Array:
        """Stored values."""
        codec, stream = self._of(frame)
        return codec.decode_frame(stream, fmt)

    def words(self, frame: bytes, fmt: PixelFormat) -> tuple[Array, int]:
        """The bit patterns of the stream."""
        codec, stream = self._of(frame)
        return codec.words(stream, fmt)

    def precision(self, frame: bytes, fmt: PixelFormat) -> int:
        """By the head of the stream."""
        codec, stream = self._of(frame)
        return codec.precision(stream, fmt)

    @property
    def sets_samples(self) -> bool:
        """Not where a frame may be a JPEG stream."""
        return self._lossless

    def colour_space(self, frame: bytes, fmt: PixelFormat) -> str:
        """The photometric interpretation of what `decode_frame` returns."""
        codec, stream = self._of(frame)
        return codec.colour_space(stream, fmt)

    def snap(self, frame: bytes, fmt: PixelFormat, box: Box) -> Box:
        """Widen to blocks in a JPEG stream."""
        codec, stream = self._of(frame)
        return codec.snap(stream, fmt, box)

    def redact_frame(self, frame: bytes, fmt: PixelFormat, boxes: Sequence[Box], fill: Fill) -> bytes:
        """As the codec of what is inside does it."""
        codec, stream = self._of(frame)
        redacted = codec.redact_frame(stream, fmt, boxes, fill)
        if codec is not self._jpeg:
            return redacted
        with native_calls("JPEG XL recompression", Reason.UNREDACTABLE_PIXELS):
            recompressed = bytes(imagecodecs.jpegxl_encode_jpeg(redacted))
        if _reconstructed(recompressed) != redacted:
            raise InstanceError(Reason.UNREDACTABLE_PIXELS, "the frame could not be recompressed without loss")
        return recompressed

    def photometric_after(self, fmt: PixelFormat) -> str:
        """XYB becomes RGB."""
        return self._samples.photometric_after(fmt)

    def changed_outside(self, before: bytes, after: bytes, fmt: PixelFormat, boxes: Sequence[Box]) -> int:
        """As the codec of what is inside finds it."""
        (codec, old), (other, new) = self._of(before), self._of(after)
        return codec.changed_outside(old, new, fmt, boxes) if codec is other else fmt.rows * fmt.columns

    def metadata(self, frame: bytes) -> tuple[bytes, ...]:
        """All boxes beside the picture, and what a JPEG stream carries."""
        codec, stream = self._of(frame)
        around = self._samples.metadata(frame)
        return (*around, *codec.metadata(stream)) if codec is self._jpeg else around

    def are_blank(self, frame: bytes, fmt: PixelFormat, boxes: Sequence[Box]) -> bool:
        """As the codec of what is inside finds it."""
        codec, stream = self._of(frame)
        return codec.are_blank(stream, fmt, boxes)

    def _of(self, frame: bytes) -> tuple[Codec, bytes]:
        """The codec for a frame, and the stream that it takes."""
        if is_recompressed(frame):
            return self._jpeg, _reconstructed(frame)
        if self._recompression_only:
            raise InstanceError(Reason.UNDECODABLE_PIXELS, "the frame is no recompressed JPEG stream")
        return self._samples, frame


def _reconstructed(frame: bytes) -> bytes:
    with native_calls("JPEG XL reconstruction"):
        return bytes(imagecodecs.jpegxl_decode_jpeg(frame, numthreads=1))


def _check_end(stream: bytes) -> None:
    """Refuse more than padding behind a codestream: it does without its last byte only if that is not its own."""
    whole = stream.rstrip(b"\0")
    try:
        with native_calls("JPEG XL decoding"):
            imagecodecs.jpegxl_decode(whole[:-1], keeporientation=True)
    except InstanceError:
        return
    check_surplus(b"surplus")
