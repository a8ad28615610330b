"""Is any identifying value of the original header left in the new file?"""

from __future__ import annotations

import re
import zlib
from functools import lru_cache
from typing import TYPE_CHECKING

from pydicom.dataelem import RawDataElement

from deid.attributes.attribute import read_attribute
from deid.attributes.charset import DEFAULT, decode_anyway
from deid.attributes.tree import attributes
from deid.attributes.vrs import CODE_VRS, TEXT_VRS
from deid.errors import InstanceError, Reason
from deid.text.known.strength import NAMING, counts_whole, stands_alone
from deid.text.recoded import holds_recoded

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pydicom.dataset import Dataset, FileDataset

    from deid.attributes.attribute import Attribute
    from deid.identity.known_values import KnownValue
    from deid.plan import AttributePath
    from deid.text import TextEngine

_READ_VRS = TEXT_VRS | CODE_VRS | {"UN"}
_SHORTEST_RAW = 6
_ENCODINGS = ("utf-8", "latin-1")
_PIXEL_TAGS = (0x7FE00010, 0x7FE00009, 0x7FE00008)
# Preamble, prefix and the group length element itself stand before what the group length counts (PS3.10 7.1).
_META_START = 128 + 4 + 12


def check_leaks(released: Dataset, header: bytes, known: Sequence[KnownValue], engine: TextEngine) -> None:
    """Look for known values in every text of the new data set, and in the raw bytes of its header.

    Args:
        released: The new data set, read again from its bytes.
        header: The bytes of the new file without its pixel data.
        known: The identifying values of the original header that the profile did not mean to keep.
        engine: Matches values in text.

    Raises:
        InstanceError: KNOWN_VALUE_LEFT, naming attribute and kind of value.
    """
    known = tuple(known)
    for path, attribute in attributes(released):
        check_text(path, attribute, known, engine)
    check_raw(header, known)


def check_text(path: AttributePath, attribute: Attribute, known: tuple[KnownValue, ...], engine: TextEngine) -> None:
    """Look for known values in an attribute, if it is a text.

    Raises:
        InstanceError: KNOWN_VALUE_LEFT.
    """
    if attribute.vr in _READ_VRS and not attribute.is_empty:
        text = _text(attribute)
        spans = engine.find_known(text, known, strict=True)
        if spans:
            raise InstanceError(Reason.KNOWN_VALUE_LEFT, f"{path}: {spans[0].kind}")
        if holds_recoded(attribute.data or b"", text, known):
            raise InstanceError(Reason.KNOWN_VALUE_LEFT, f"{path}: known in another character set")


def check_raw(header: bytes, known: tuple[KnownValue, ...]) -> None:
    """Look for known values in the raw bytes of a header; see `_raw_forms`.

    Raises:
        InstanceError: KNOWN_VALUE_LEFT.
    """
    # The search for each form as it is takes a fraction of the time of a pattern, and finds something but rarely.
    if any(form in header and pattern.search(header) for form, pattern in _raw_forms(known)):
        raise InstanceError(Reason.KNOWN_VALUE_LEFT, "in the bytes of the header")


def header_bytes(data: bytes, released: FileDataset) -> bytes:
    """The bytes of a new file without its pixel data; of a deflated file, those before compression."""
    if released.file_meta.TransferSyntaxUID.is_deflated:
        start = _META_START + int(released.file_meta.FileMetaInformationGroupLength)
        data = zlib.decompress(data[start:], -zlib.MAX_WBITS)
    for tag in filter(released.__contains__, _PIXEL_TAGS):
        element = read_attribute(released, tag, DEFAULT).element
        if isinstance(element, RawDataElement) and element.value:
            start, end = element.value_tell, element.value_tell + len(element.value)
            data = data[:start] + data[end:]
    return data


def _text(attribute: Attribute) -> str:
    return decode_anyway(attribute.data or b"", attribute.encodings, attribute.vr)


@lru_cache(maxsize=256)
def _raw_forms(known: tuple[KnownValue, ...]) -> tuple[tuple[bytes, re.Pattern[bytes]], ...]:
    """Whole known values as bytes, each with the pattern it must match: they catch what sits in unknown attributes.

    Only names and identifiers, and only longer ones: words like a manufacturer's, and a few digits, occur by chance
    inside numbers, UIDs and codes. So does a single word of radiology, such as the name of a phantom, STANDARD.
    """
    forms = {
        value.text.encode(encoding, "ignore")
        for value in known
        for encoding in _ENCODINGS
        if counts_whole(value) or (value.kind in NAMING and len(value.text) >= _SHORTEST_RAW and stands_alone(value))
    }
    return tuple(
        (form, re.compile(rb"(?<![0-9A-Za-z.])" + re.escape(form) + rb"(?![0-9A-Za-z.])"))
        for form in sorted(forms)
        if len(form) >= _SHORTEST_RAW
    )
