"""Reading texts out of a data set without changing it, and without failing on what is malformed.

pydicom converts an element in place when it is looked at, and may raise or guess on a bad value. Here the raw bytes are
decoded aside, so that what is kept later keeps its bytes.
"""

from __future__ import annotations

import struct
import warnings
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final

from pydicom.charset import convert_encodings, decode_bytes, default_encoding
from pydicom.datadict import dictionary_VR
from pydicom.dataelem import DataElement, RawDataElement
from pydicom.errors import InvalidDicomError
from pydicom.filereader import read_sequence
from pydicom.multival import MultiValue
from pydicom.valuerep import PN_DELIMS, TEXT_VR_DELIMS

from deid.errors import InstanceError, Reason
from deid.plan import tag_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pydicom.dataset import Dataset

SPECIFIC_CHARACTER_SET: Final = 0x00080005
MAX_VALUE_BYTES: Final = 1 << 16
MAX_DEPTH: Final = 64
MAX_ELEMENTS: Final = 2_000_000
_ITEM_STARTS: Final = (b"\xfe\xff\x00\xe0", b"\xff\xfe\xe0\x00")
_SINGLE_VALUED: Final = frozenset({"LT", "ST", "UR", "UT"})
_ESCAPE: Final = b"\x1b"
_PARSE_ERRORS: Final = (
    OSError,
    ValueError,
    LookupError,
    NotImplementedError,
    TypeError,
    AttributeError,
    ArithmeticError,
    RecursionError,
    EOFError,
    struct.error,
    InvalidDicomError,
)
"""What pydicom's reader raises on bytes that are no sequence."""

Encodings = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Element:
    """An element as it stands in the file, with what is needed to read it."""

    tag: int
    vr: str
    sequence: int
    """The tag of the sequence around it, 0 at the top."""
    stored: DataElement | RawDataElement
    encodings: Encodings

    def texts(self) -> tuple[str, ...]:
        """Its values as text, one for each value of the multiplicity; also other readings of a doubtful encoding.

        Raises:
            InstanceError: MALFORMED, if it is too large for its VR or can't be had as text.
        """
        value = self.stored.value
        if value is None:
            if isinstance(self.stored, RawDataElement) and self.stored.length:
                raise self._malformed("is too large for an identifying value")
            return ()
        if isinstance(value, bytes):
            if len(value) > MAX_VALUE_BYTES:
                raise self._malformed("is too large for an identifying value")
            return tuple(part for text in _readings(value, self.encodings, self.vr) for part in self._split(text))
        return self._converted(value)

    def _converted(self, value: Any) -> tuple[str, ...]:  # noqa: ANN401 - pydicom's values are of any type
        values = value if isinstance(value, (MultiValue, list, tuple)) else [value]
        if len(values) > MAX_VALUE_BYTES:
            raise self._malformed("has too many values")
        try:
            return tuple(part for single in values for part in self._split(str(single)))
        except (UnicodeError, LookupError) as error:  # a PersonName decodes only now
            raise self._malformed("can't be decoded") from error

    def _split(self, text: str) -> list[str]:
        return text.splitlines() if self.vr in _SINGLE_VALUED else text.split("\\")

    def _malformed(self, detail: str) -> InstanceError:
        return InstanceError(Reason.MALFORMED, f"{tag_text(self.tag)} {detail}")


def element_of(dataset: Dataset, tag: int) -> Element | None:
    """The element of `tag` at the top of `dataset`."""
    return _element(dataset, tag, 0, _encodings_of(dataset, (default_encoding,))) if tag in dataset else None


def walk(dataset: Dataset) -> Iterator[Element]:
    """Every element of `dataset` that is no sequence, and those of the items of sequences at any depth.

    Sequences in VR UN are entered too. What can't be parsed as the sequence it should be is passed over: the header
    room takes it away.

    Raises:
        InstanceError: MALFORMED or TOO_LARGE, if sequences nest deeper than `MAX_DEPTH` or there are more than
            `MAX_ELEMENTS` elements.
    """
    pending = [_Level(dataset, 0, 0, (default_encoding,))]
    seen = 0
    while pending:
        level = pending.pop()
        encodings = _encodings_of(level.dataset, level.encodings)
        tags = sorted(int(tag) for tag in level.dataset.keys())  # noqa: SIM118 - iterating a Dataset converts it
        seen += len(tags)
        if seen > MAX_ELEMENTS:
            raise InstanceError(Reason.TOO_LARGE, f"more than {MAX_ELEMENTS} attributes")
        for tag in tags:
            element = _element(level.dataset, tag, level.sequence, encodings)
            items = _items(element)
            if items is None:
                yield element
            elif items and level.depth == MAX_DEPTH:
                raise InstanceError(Reason.MALFORMED, f"sequences nest deeper than {MAX_DEPTH} levels")
            else:
                pending.extend(_Level(item, tag, level.depth + 1, encodings) for item in reversed(items))


@dataclass(frozen=True, slots=True)
class _Level:
    """A data set or item that is still to be walked, and the sequence around it."""

    dataset: Dataset
    sequence: int
    depth: int
    encodings: Encodings


def _element(dataset: Dataset, tag: int, sequence: int, encodings: Encodings) -> Element:
    stored = dataset.get_item(tag, keep_deferred=True)
    vr = stored.VR
    if vr is None or vr == "UN":
        vr = _dictionary_vr(tag)
    return Element(tag, str(vr), sequence, stored, encodings)


@lru_cache(maxsize=16384)
def _dictionary_vr(tag: int) -> str:
    try:
        return dictionary_VR(tag)
    except KeyError:
        return "UN"


def _items(element: Element) -> list[Dataset] | None:
    """The items of a sequence, none if it can't be parsed; None for what is no sequence."""
    if element.vr not in {"SQ", "UN"}:
        return None
    stored = element.stored
    if not isinstance(stored.value, bytes):
        return list(stored.value or ()) if element.vr == "SQ" else None
    if element.vr == "UN" and not stored.value.startswith(_ITEM_STARTS):
        return None
    little_endian = implicit = True
    if isinstance(stored, RawDataElement):
        # UN is little endian whatever the file's byte order (PS3.5 6.2.2).
        little_endian, implicit = stored.VR == "UN" or stored.is_little_endian, stored.is_implicit_VR
    data = stored.value
    try:
        return list(read_sequence(BytesIO(data), implicit, little_endian, len(data), list(element.encodings)))
    except _PARSE_ERRORS:
        return []


def _encodings_of(dataset: Dataset, inherited: Encodings) -> Encodings:
    """Python's codecs for the Specific Character Set; the enclosing data set's if there is none or an unknown one."""
    if SPECIFIC_CHARACTER_SET not in dataset:
        return inherited
    value = dataset.get_item(SPECIFIC_CHARACTER_SET).value
    if isinstance(value, bytes):
        value = value.decode("latin-1").split("\\")
    terms = [value] if isinstance(value, str) else value or []
    return _codecs(tuple(str(term).strip(" \0") for term in terms)) or inherited


@lru_cache(maxsize=256)
def _codecs(terms: tuple[str, ...]) -> Encodings | None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # pydicom's warnings quote values
        try:
            return tuple(convert_encodings(list(terms)))
        except (LookupError, ValueError):
            return None


def _readings(data: bytes, encodings: Encodings, vr: str) -> tuple[str, ...]:
    """The text in the declared encoding, and where that is doubtful in those that scanners really write.

    A name in Latin-1 or UTF-8 without a Specific Character Set is common. As the readings are only looked for, one too
    many does no harm.
    """
    declared = _decoded(data, encodings, vr)
    if data.isascii():
        return (declared,)
    readings = [declared]
    try:
        readings.append(data.decode("utf-8"))
    except UnicodeDecodeError:
        readings.append(data.decode("latin-1"))
    return tuple(dict.fromkeys(readings))


def _decoded(data: bytes, encodings: Encodings, vr: str) -> str:
    if _ESCAPE not in data:
        return data.decode(encodings[0], errors="replace")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return decode_bytes(data, list(encodings), PN_DELIMS | {ord("=")} if vr == "PN" else TEXT_VR_DELIMS)
