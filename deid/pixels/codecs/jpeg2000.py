"""JPEG 2000, reversible only (1.2.840.10008.1.2.4.90) and any (.91), by OpenJPEG.

A lossy frame is coded again reversibly from its decoded samples: exact, larger, and legal under .91 (PS3.5 A.4.4).
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import imagecodecs
import numpy as np
from openjpeg import utils as openjpeg

from deid.errors import InstanceError, Reason
from deid.pixels.codecs.guard import StreamSize, check_frame_bytes, check_size, check_surplus, native_calls
from deid.pixels.codecs.recoding import Patterns, RecodingCodec

if TYPE_CHECKING:
    from collections.abc import Iterator

    from deid.pixels.codecs.format import PixelFormat
    from deid.pixels.codecs.samples import Array

_JP2_SIGNATURE: Final = b"\x00\x00\x00\x0cjP  "
_SOC_SIZ: Final = b"\xff\x4f\xff\x51"
_COD: Final = 0x52
_COM: Final = 0x64
_SOT: Final = 0x90
_SOD: Final = 0x93
_EOC: Final = b"\xff\xd9"
_SOC_BYTES: Final = 2
_SEGMENT_HEAD: Final = 4
"""Marker and length."""
_SOT_BYTES: Final = 12
_SIZ_FIELDS: Final = ">HH8IH"
_COMPONENTS_AT: Final = 42
"""The first component's Ssiz, XRsiz, YRsiz, counted from SOC."""
_MOST_RESOLUTIONS: Final = 6
"""As encoders usually take; a picture of fewer than 32 rows or columns has room for fewer."""


@dataclass(frozen=True, slots=True)
class CodestreamHeader:
    """SIZ and COD of a codestream (ITU-T T.800 A.5.1, A.6.1)."""

    size: StreamSize
    signed: bool
    uniform: bool
    """All components have one precision and sign, and none is subsampled."""
    component_transform: bool
    """RCT or ICT between the first three components."""


class Jpeg2000Codec(RecodingCodec):
    """Part 1 codestreams; the codestream's own sign and precision are kept."""

    def decode_patterns(self, frame: bytes, fmt: PixelFormat) -> Patterns:
        """Decode; signed samples fill their words."""
        codestream = bare_codestream(frame)
        header = checked_codestream(codestream, fmt)
        with native_calls("JPEG 2000 decoding"):
            array = np.ascontiguousarray(openjpeg.decode(codestream))
        if array.shape != fmt.shape:
            raise InstanceError(Reason.UNDECODABLE_PIXELS, "the decoder gave another shape than the attributes")
        return Patterns(array.view(f"u{array.dtype.itemsize}"), header.size.precision, extended=header.signed)

    def encode_patterns(self, patterns: Patterns, frame: bytes, fmt: PixelFormat) -> bytes:
        """Encode reversibly, with RCT where the source had a component transform."""
        header = checked_codestream(bare_codestream(frame), fmt)
        if not header.uniform:
            raise InstanceError(Reason.UNREDACTABLE_PIXELS, "components of different size, sign or precision")
        words = patterns.array
        samples = words.view(f"i{words.dtype.itemsize}") if header.signed else words
        with native_calls("JPEG 2000 encoding", Reason.UNREDACTABLE_PIXELS):
            return self.encode_samples(samples, header)

    def encode_samples(self, samples: Array, header: CodestreamHeader) -> bytes:
        """A reversible codestream of the header's precision."""
        return bytes(
            imagecodecs.jpeg2k_encode(
                samples,
                codecformat="j2k",
                bitspersample=header.size.precision,
                resolutions=min(_MOST_RESOLUTIONS, min(samples.shape[:2]).bit_length()),
                reversible=True,
                mct=header.component_transform,
            )
        )

    def precision(self, frame: bytes, fmt: PixelFormat) -> int:
        """By SIZ."""
        return checked_codestream(bare_codestream(frame), fmt).size.precision

    def metadata(self, frame: bytes) -> tuple[bytes, ...]:
        """COM segments of all headers, and all that a JP2 file has around its codestream.

        Raises:
            InstanceError: Something stands behind the end of the codestream.
        """
        codestream = bare_codestream(frame)
        around = tuple(part for part in frame.split(codestream, maxsplit=1) if part)
        main_end = _SOC_BYTES + sum(_SEGMENT_HEAD + len(segment) for _, segment in _main_header(codestream))
        parts = tuple(_tile_parts(codestream, main_end))
        check_surplus(codestream[parts[-1][1] if parts else main_end :], slack=True)
        headers = (_SOC_BYTES, *(start + _SOT_BYTES for start, _ in parts))
        segments = (segment for start in headers for segment in _segments(codestream, start))
        comments = (parameters for marker, parameters in segments if marker == _COM)
        return (*around, *comments)

    def colour_space(self, _frame: bytes, fmt: PixelFormat) -> str:
        """Decoding undoes RCT and ICT."""
        return "RGB" if fmt.photometric in {"YBR_RCT", "YBR_ICT"} else fmt.photometric

    def photometric_after(self, fmt: PixelFormat) -> str:
        """The irreversible transform becomes the reversible one."""
        return "YBR_RCT" if fmt.photometric == "YBR_ICT" else fmt.photometric


def checked_codestream(codestream: bytes, fmt: PixelFormat) -> CodestreamHeader:
    """The header, once it agrees with the attributes.

    Raises:
        InstanceError: It is broken, or contradicts them.
    """
    try:
        header = codestream_header(codestream)
    except (struct.error, IndexError):
        raise InstanceError(Reason.UNDECODABLE_PIXELS, "the JPEG 2000 header is broken") from None
    check_size(header.size, fmt)
    check_frame_bytes(fmt)
    return header


def codestream_header(codestream: bytes) -> CodestreamHeader:
    """Read SIZ and COD.

    Raises:
        struct.error, IndexError: The codestream ends within its header.
        InstanceError: It does not begin with SOC and SIZ, or has no COD.
    """
    if not codestream.startswith(_SOC_SIZ):
        raise InstanceError(Reason.UNDECODABLE_PIXELS, "the frame is no JPEG 2000 codestream")
    _, _, x1, y1, x0, y0, *_, count = struct.unpack_from(_SIZ_FIELDS, codestream, len(_SOC_SIZ))
    components = {codestream[at : at + 3] for at in range(_COMPONENTS_AT, _COMPONENTS_AT + 3 * count, 3)}
    depth = codestream[_COMPONENTS_AT]
    coding = _coding_style(codestream)
    return CodestreamHeader(
        size=StreamSize(y1 - y0, x1 - x0, count, (depth & 0x7F) + 1),
        signed=bool(depth & 0x80),
        uniform=components == {bytes([depth, 1, 1])},
        component_transform=bool(coding[4]),
    )


def _coding_style(codestream: bytes) -> bytes:
    """The parameters of COD in the main header."""
    for marker, segment in _main_header(codestream):
        if marker == _COD:
            return segment
    raise InstanceError(Reason.UNDECODABLE_PIXELS, "the JPEG 2000 header has no coding style")


def _main_header(codestream: bytes) -> Iterator[tuple[int, bytes]]:
    """Markers (their second byte) and parameters of the segments from SIZ to before the first tile-part."""
    return _segments(codestream, _SOC_BYTES)


def _segments(codestream: bytes, position: int) -> Iterator[tuple[int, bytes]]:
    """Markers and parameters from a position in a header to its end: SOT after the main one, SOD in a tile-part."""
    while position + _SEGMENT_HEAD <= len(codestream):
        marker, length = codestream[position + 1], int.from_bytes(codestream[position + 2 : position + 4], "big")
        if marker in (_SOT, _SOD) or length < 2:  # noqa: PLR2004
            return
        yield marker, codestream[position + 4 : position + 2 + length]
        position += 2 + length


def _tile_parts(codestream: bytes, position: int) -> Iterator[tuple[int, int]]:
    """Start and end of each tile-part from `position` on, the end of the last behind EOC (ITU-T T.800 A.4.2)."""
    while codestream[position + 1 : position + 2] == bytes([_SOT]):
        length = int.from_bytes(codestream[position + 6 : position + 10], "big")
        # Zero means up to EOC, which can't occur inside packets.
        end = position + length if length else codestream.find(_EOC, position)
        if position + _SOT_BYTES >= end:
            return
        yield position, end + len(_EOC) if codestream.startswith(_EOC, end) else end
        position = end


def bare_codestream(frame: bytes) -> bytes:
    """The codestream without the JP2 file format around it, which DICOM does not allow but some writers use.

    Raises:
        InstanceError: A JP2 file with a palette, or without a codestream.
    """
    if not frame.startswith(_JP2_SIGNATURE):
        return frame
    position = 0
    while position + 8 <= len(frame):
        length, kind = int.from_bytes(frame[position : position + 4], "big"), frame[position + 4 : position + 8]
        end = position + length if length > 1 else len(frame)
        if kind == b"jp2c" and length != 1:
            return frame[position + 8 : end]
        if length < 8 or b"pclr" in frame[position:end]:  # noqa: PLR2004
            break
        position = end
    raise InstanceError(Reason.UNDECODABLE_PIXELS, "a JP2 file with a palette or without a codestream")
