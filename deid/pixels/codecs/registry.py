"""Which codec serves which transfer syntax: the whole of what deid can check and redact, as data (PS3.5 Annex A).

What is not here is quarantined: video, progressive, hierarchical and arithmetic JPEG, and anything unknown.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from deid.pixels.codecs.encapsulated_native import DeflatedFrameCodec, EncapsulatedNativeCodec
from deid.pixels.codecs.htj2k import Htj2kCodec
from deid.pixels.codecs.jpeg import JpegCodec
from deid.pixels.codecs.jpeg2000 import Jpeg2000Codec
from deid.pixels.codecs.jpeg_lossless import JpegLosslessCodec
from deid.pixels.codecs.jpeg_ls import JpegLsCodec
from deid.pixels.codecs.jpeg_xl import JpegXlCodec
from deid.pixels.codecs.rle import RleCodec
from deid.syntaxes import DEFLATED_FRAMES, JPEG_XL, JPEG_XL_LOSSLESS, JPEG_XL_RECOMPRESSION

if TYPE_CHECKING:
    from collections.abc import Mapping

    from deid.pixels.codecs.codec import Codec

BIG_ENDIAN: Final = "1.2.840.10008.1.2.2"

NATIVE: Final = frozenset(
    {
        "1.2.840.10008.1.2",  # Implicit VR Little Endian
        "1.2.840.10008.1.2.1",  # Explicit VR Little Endian
        "1.2.840.10008.1.2.1.99",  # Deflated Explicit VR Little Endian: pydicom inflates the data set
        BIG_ENDIAN,
    }
)

_JPEG, _LOSSLESS, _JPEG_LS, _JPEG_2000, _HTJ2K = (
    JpegCodec(),
    JpegLosslessCodec(),
    JpegLsCodec(),
    Jpeg2000Codec(),
    Htj2kCodec(),
)

CODECS: Final[Mapping[str, Codec]] = {
    "1.2.840.10008.1.2.1.98": EncapsulatedNativeCodec(),
    "1.2.840.10008.1.2.5": RleCodec(),
    "1.2.840.10008.1.2.4.50": _JPEG,
    "1.2.840.10008.1.2.4.51": _JPEG,
    "1.2.840.10008.1.2.4.57": _LOSSLESS,
    "1.2.840.10008.1.2.4.70": _LOSSLESS,
    "1.2.840.10008.1.2.4.80": _JPEG_LS,
    "1.2.840.10008.1.2.4.81": _JPEG_LS,
    "1.2.840.10008.1.2.4.90": _JPEG_2000,
    "1.2.840.10008.1.2.4.91": _JPEG_2000,
    "1.2.840.10008.1.2.4.201": _HTJ2K,
    "1.2.840.10008.1.2.4.202": _HTJ2K,
    "1.2.840.10008.1.2.4.203": _HTJ2K,
    JPEG_XL_LOSSLESS: JpegXlCodec(lossless=True),
    JPEG_XL_RECOMPRESSION: JpegXlCodec(recompression_only=True),
    JPEG_XL: JpegXlCodec(),
    DEFLATED_FRAMES: DeflatedFrameCodec(),
}


def decodable(transfer_syntax: str) -> bool:
    """Whether frames in this transfer syntax can be looked at and redacted."""
    return transfer_syntax in NATIVE or transfer_syntax in CODECS
