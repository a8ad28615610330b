"""JPEG Lossless, Process 14 (1.2.840.10008.1.2.4.57) and its Selection Value 1 (.70), by libjpeg-turbo."""

from __future__ import annotations

from typing import TYPE_CHECKING

import imagecodecs

from deid.errors import InstanceError, Reason
from deid.pixels.codecs.guard import native_calls
from deid.pixels.codecs.jpeg import checked_header, decode_jpeg, jpeg_metadata
from deid.pixels.codecs.jpeg_stream import SOF_LOSSLESS
from deid.pixels.codecs.recoding import Patterns, RecodingCodec

if TYPE_CHECKING:
    from deid.pixels.codecs.format import PixelFormat


class JpegLosslessCodec(RecodingCodec):
    """Predictive coding, 2 to 16 bits; coded again with selection value 1, which both transfer syntaxes allow."""

    def decode_patterns(self, frame: bytes, fmt: PixelFormat) -> Patterns:
        """Decode with the precision of the frame header."""
        header = checked_header(frame, fmt)
        if header.process != SOF_LOSSLESS or header.subsampled:
            raise InstanceError(Reason.UNDECODABLE_PIXELS, "the stream is not lossless JPEG with whole samples")
        return Patterns(decode_jpeg(frame, fmt, "lossless JPEG decoding"), header.precision)

    def precision(self, frame: bytes, fmt: PixelFormat) -> int:
        """By the frame header."""
        return checked_header(frame, fmt).precision

    def metadata(self, frame: bytes) -> tuple[bytes, ...]:
        """COM and APPn segments; raises for anything behind the end of the image."""
        return jpeg_metadata(frame)

    def encode_patterns(self, patterns: Patterns, _frame: bytes, fmt: PixelFormat) -> bytes:
        """Encode without colour conversion."""
        space = "RGB" if fmt.samples > 1 else None
        with native_calls("lossless JPEG encoding", Reason.UNREDACTABLE_PIXELS):
            return bytes(
                imagecodecs.jpeg8_encode(
                    patterns.array,
                    lossless=True,
                    predictor=1,
                    bitspersample=patterns.precision,
                    colorspace=space,
                    outcolorspace=space,
                )
            )
