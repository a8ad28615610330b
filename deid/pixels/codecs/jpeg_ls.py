"""JPEG-LS, lossless (1.2.840.10008.1.2.4.80) and near-lossless (.81), by CharLS.

Coding a near-lossless frame again with its own NEAR would change pixels; with NEAR 0 it is exact and still legal.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import jpeg_ls
import numpy as np

from deid.errors import InstanceError, Reason
from deid.pixels.codecs.guard import native_calls
from deid.pixels.codecs.jpeg import checked_header, jpeg_errors, jpeg_metadata
from deid.pixels.codecs.jpeg_stream import SOF_JPEG_LS, parse
from deid.pixels.codecs.recoding import Patterns, RecodingCodec

if TYPE_CHECKING:
    from deid.pixels.codecs.format import PixelFormat

_BY_PLANE: Final = 0
_BY_PIXEL: Final = 2


class JpegLsCodec(RecodingCodec):
    """2 to 16 bits, one or three components, all interleave modes."""

    def decode_patterns(self, frame: bytes, fmt: PixelFormat) -> Patterns:
        """Decode with the precision of the frame header."""
        header = checked_header(frame, fmt)
        if header.process != SOF_JPEG_LS or header.subsampled:
            raise InstanceError(Reason.UNDECODABLE_PIXELS, "the stream is not JPEG-LS with whole samples")
        with native_calls("JPEG-LS decoding"):
            array = np.ascontiguousarray(jpeg_ls.decode(np.frombuffer(frame, np.uint8)))
        if array.shape != fmt.shape:
            raise InstanceError(Reason.UNDECODABLE_PIXELS, "the decoder gave another shape than the attributes")
        return Patterns(array.view(f"u{array.dtype.itemsize}"), header.precision)

    def precision(self, frame: bytes, fmt: PixelFormat) -> int:
        """By the frame header."""
        return checked_header(frame, fmt).precision

    def metadata(self, frame: bytes) -> tuple[bytes, ...]:
        """COM and APPn segments; raises for anything behind the end of the image."""
        return jpeg_metadata(frame)

    def encode_patterns(self, patterns: Patterns, frame: bytes, fmt: PixelFormat) -> bytes:
        """Encode with NEAR 0 and the interleave mode of the source."""
        mode = _interleave_mode(frame)
        planes = patterns.array.transpose(2, 0, 1) if fmt.samples > 1 and mode == _BY_PLANE else patterns.array
        with native_calls("JPEG-LS encoding", Reason.UNREDACTABLE_PIXELS):
            return bytes(
                jpeg_ls.encode_buffer(
                    np.ascontiguousarray(planes).tobytes(),
                    rows=fmt.rows,
                    columns=fmt.columns,
                    samples_per_pixel=fmt.samples,
                    bits_stored=patterns.precision,
                    lossy_error=0,
                    interleave_mode=mode,
                )
            )


def _interleave_mode(frame: bytes) -> int:
    with jpeg_errors():
        parameters = parse(frame).scans[0].parameters
    mode = parameters[1] if len(parameters) > 1 else -1
    if not _BY_PLANE <= mode <= _BY_PIXEL:
        raise InstanceError(Reason.UNREDACTABLE_PIXELS, "an unknown JPEG-LS interleave mode")
    return mode
