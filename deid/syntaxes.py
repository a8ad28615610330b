"""Transfer syntaxes of PS3.5 that pydicom 3.0 does not know yet, added to its dictionary of UIDs.

pydicom's own `register_transfer_syntax` is no help: it is for private ones, and breaks reading.
"""

from __future__ import annotations

from typing import Final

from pydicom._uid_dict import UID_dictionary

DEFLATED_FRAMES: Final = "1.2.840.10008.1.2.8.1"
JPEG_XL_LOSSLESS: Final = "1.2.840.10008.1.2.4.110"
JPEG_XL_RECOMPRESSION: Final = "1.2.840.10008.1.2.4.111"
JPEG_XL: Final = "1.2.840.10008.1.2.4.112"

_NAMES: Final = {
    DEFLATED_FRAMES: ("Deflated Image Frame Compression", "DeflatedImageFrameCompression"),
    JPEG_XL_LOSSLESS: ("JPEG XL Lossless", "JPEGXLLossless"),
    JPEG_XL_RECOMPRESSION: ("JPEG XL JPEG Recompression", "JPEGXLJPEGRecompression"),
    JPEG_XL: ("JPEG XL", "JPEGXL"),
}


def register_syntaxes() -> None:
    """Tell pydicom of them; what it knows already stays."""
    for uid, (name, keyword) in _NAMES.items():
        UID_dictionary.setdefault(uid, (name, "Transfer Syntax", "", "", keyword))
