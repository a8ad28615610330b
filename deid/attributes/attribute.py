"""One attribute as planning and applying see it: its VR, its bytes, its items. Reading it changes nothing.

pydicom converts an element when it is first looked at, warns or raises on odd values, and forgets the original bytes.
Here elements stay raw: bytes are taken as they are in the file, sequences are parsed aside, and the data set that is
looked at keeps every element it had. Sequences hidden in VR UN (PS3.5 6.2.2: implicit VR little endian, of defined or
undefined length) come out like any other sequence.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from pydicom.datadict import dictionary_VR, private_dictionary_VR
from pydicom.dataelem import DataElement, RawDataElement
from pydicom.filebase import DicomBytesIO
from pydicom.filewriter import write_data_element
from pydicom.tag import BaseTag
from pydicom.valuerep import VR

from deid.attributes.charset import actual_encodings
from deid.attributes.items import items_of
from deid.attributes.vrs import CHARACTER_SET_VRS

if TYPE_CHECKING:
    from pydicom.dataset import Dataset

UNDEFINED_LENGTH = 0xFFFFFFFF
SPECIFIC_CHARACTER_SET = 0x00080005
KNOWN_VRS = frozenset(str(vr.value) for vr in VR)


@dataclass(frozen=True, slots=True)
class Attribute:
    """An attribute of a data set or item."""

    tag: int
    vr: str
    """What its value is taken as: the stored VR, or the dictionary's where that is missing, UN or unknown."""
    stored_vr: str | None
    """The VR as stored; None in implicit VR."""
    element: DataElement | RawDataElement
    items: tuple[Dataset, ...] | None
    """The items of a sequence; None for anything else, and for a sequence that can't be parsed."""
    encodings: tuple[str, ...]

    @property
    def is_sequence(self) -> bool:
        """Whether it is a sequence, readable or not."""
        return self.vr == "SQ"

    @property
    def is_empty(self) -> bool:
        """Whether it has zero length, or for a sequence no item."""
        if self.items is not None:
            return not self.items
        if isinstance(self.element, RawDataElement):
            return self.element.length == 0 or self.element.value == b""
        return self.element.is_empty

    @property
    def data(self) -> bytes | None:
        """The value's bytes as they would stand in a file; None when they can't be had."""
        if isinstance(self.element, RawDataElement):
            return b"" if self.element.length == 0 else self.element.value
        return encoded_value(self.element, self.encodings)


@lru_cache(maxsize=65536)
def dictionary_vr(tag: int, private_creator: str | None = None) -> str | None:
    """The VR of the data dictionary (PS3.6), or of pydicom's private dictionary; None for an unknown attribute.

    Where the dictionary leaves a choice it is given as `US or SS`.
    """
    try:
        if not (tag >> 16) % 2:
            return str(dictionary_VR(tag))
        return str(private_dictionary_VR(tag, private_creator)) if private_creator else None
    except KeyError:
        return None


def tags_of(dataset: Dataset) -> list[int]:
    """The tags in order. Iterating over a data set itself would convert its elements."""
    return sorted(int(tag) for tag, _ in dataset.items())


def is_private(tag: int) -> bool:
    """Whether the group is odd (PS3.5 7.8)."""
    return bool((tag >> 16) % 2)


def is_private_creator(tag: int) -> bool:
    """Whether it is a Private Creator element: (gggg,0010) to (gggg,00FF), gggg odd."""
    return is_private(tag) and 0x10 <= (tag & 0xFFFF) <= 0xFF  # noqa: PLR2004 - PS3.5 7.8.1


def private_creator_tag(tag: int) -> int:
    """The tag of the Private Creator element that reserves the block of a private attribute."""
    return (tag & 0xFFFF0000) | ((tag & 0xFFFF) >> 8)


def read_attribute(
    dataset: Dataset,
    tag: int,
    encodings: tuple[str, ...],
    private_creator: str | None = None,
    private_vr: str | None = None,
) -> Attribute:
    """The attribute `tag` of `dataset`, whose texts are in `encodings`. Never raises on a bad value.

    `private_vr` is the VR of a private attribute that is stored without one, if pydicom's dictionary doesn't know it.
    """
    return attribute_of(element_of(dataset, tag), encodings, private_creator, private_vr)


def element_of(dataset: Dataset, tag: int) -> DataElement | RawDataElement:
    """The element `tag` of `dataset` as it is."""
    # What any way to write a tag may mean, pydicom finds out in ten times the time.
    return dataset.get_item(BaseTag(tag), keep_deferred=True)


def attribute_of(
    element: DataElement | RawDataElement,
    encodings: tuple[str, ...],
    private_creator: str | None = None,
    private_vr: str | None = None,
) -> Attribute:
    """The attribute that an element of a data set is; see `read_attribute`."""
    tag = int(element.tag)
    stored = None if isinstance(element, RawDataElement) and element.is_implicit_VR else element.VR
    vr = _effective_vr(tag, stored, private_creator, private_vr)
    items = _items(element, vr, encodings) if vr in ("SQ", "UN") else None
    if items is not None:
        vr = "SQ"
    elif vr in CHARACTER_SET_VRS and isinstance(element, RawDataElement) and element.value:
        encodings = actual_encodings(element.value, encodings)
    return Attribute(tag, vr, stored, element, items, encodings)


def _effective_vr(tag: int, stored: str | None, private_creator: str | None, private_vr: str | None) -> str:
    expected = "LO" if is_private_creator(tag) else dictionary_vr(tag, private_creator)
    if expected in (None, "UN") and is_private(tag):
        expected = private_vr
    if expected == "SQ" and not is_private(tag):
        return "SQ"
    if stored is None or stored == "UN" or stored not in KNOWN_VRS:
        return expected or "UN"
    return stored


def _items(element: DataElement | RawDataElement, vr: str, encodings: tuple[str, ...]) -> tuple[Dataset, ...] | None:
    if isinstance(element, DataElement):
        if element.VR == "SQ":
            return tuple(element.value or ())
        return items_of(element.value, encodings, is_sequence=vr == "SQ")
    if element.length == 0:
        return () if vr == "SQ" else None
    # UN holds little endian whatever the file's byte order (PS3.5 6.2.2).
    little = element.is_little_endian or element.VR == "UN"
    return items_of(
        element.value,
        encodings,
        is_sequence=vr == "SQ",
        little_endian=little,
        implicit=element.is_implicit_VR,
    )


def encoded_value(element: DataElement, encodings: tuple[str, ...]) -> bytes | None:
    """The value of a converted element, written out again in little endian; None when it can't be."""
    buffer = DicomBytesIO()
    buffer.is_little_endian, buffer.is_implicit_VR = True, True
    try:
        write_data_element(buffer, element, list(encodings))
    except Exception:  # noqa: BLE001 - a value that can't be written can't be checked; the caller takes it away
        return None
    return buffer.getvalue()[8:]


def raw_element(tag: int, vr: str | None, value: bytes, like: Dataset) -> RawDataElement:
    """An element that is written exactly as `value`, for a data set encoded like `like`."""
    implicit, little = like.original_encoding
    return RawDataElement(BaseTag(tag), vr, len(value), value, 0, bool(implicit), little is not False)
