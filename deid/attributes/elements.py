"""The elements of a data set as pieces of bytes, found without reading a value (PS3.5 7.1, little endian).

This walk says only where the elements at the top level begin and end. It is strict: of a file that is not exactly as
the standard writes it, it is `Unsure`, and pydicom, which forgives much, has to read it.
"""

from __future__ import annotations

import struct
from typing import Final

from pydicom.valuerep import EXPLICIT_VR_LENGTH_32

from deid.attributes.attribute import KNOWN_VRS, UNDEFINED_LENGTH
from deid.attributes.tree import MAX_DEPTH

PREFIX_END: Final = 132
"""Where the file meta begins: behind the preamble and `DICM` (PS3.10 7.1)."""
LONG_VRS: Final = frozenset(str(vr.value).encode() for vr in EXPLICIT_VR_LENGTH_32)
"""VRs with a length of 32 bits, behind two reserved bytes (PS3.5 7.1.2)."""
_SHORT: Final = frozenset(vr.encode() for vr in KNOWN_VRS if len(vr) == 2) - LONG_VRS  # noqa: PLR2004 - not `US or SS`
_META_GROUP: Final = 0x0002
_BEFORE_FIRST: Final = 0x0007FFFF
_NEVER: Final = 1 << 32
_DELIMITERS: Final = 0xFFFE
_FIRST_DELIMITER: Final = _DELIMITERS << 16
_ITEM: Final = (_DELIMITERS, 0xE000)
_ITEM_END: Final = (_DELIMITERS, 0xE00D)
_SEQUENCE_END: Final = (_DELIMITERS, 0xE0DD)
_HEAD: Final = 12
_SHORT_HEAD: Final = struct.Struct("<HH2sH").unpack_from
_IMPLICIT_HEAD: Final = struct.Struct("<HHI").unpack_from
_LENGTH: Final = struct.Struct("<I").unpack_from


class Unsure(Exception):  # noqa: N818 - not an error of the file: another reader is asked
    """The bytes are not plainly what they should be, or they end too early."""


class Incomplete(Unsure):
    """The bytes end before the elements do."""


def walk(
    data: bytes, start: int, end: int, *, implicit: bool, after: int = _BEFORE_FIRST, stop: int = _NEVER
) -> dict[int, bytes]:
    """The bytes of each element of the data set in `data[start:end]`, by tag, in order; a delimiter goes with it.

    Args:
        data: The bytes of a file or of its beginning.
        start: Where the first element begins.
        end: Where the data set ends.
        implicit: Whether it is written in implicit VR.
        after: A tag that the first element comes after.
        stop: The tag that ends the walk: where it comes, its element is the last one, with its value left out.

    Raises:
        Incomplete: The last element is cut short.
        Unsure: Anything else than elements of known VRs and even lengths, in strictly ascending order.
    """
    head_of = _implicit_head if implicit else _explicit_head
    pieces: dict[int, bytes] = {}
    position, last = start, after
    try:
        while position < end:
            # The commonest head is read here, without the call: this loop is most of what a known header costs.
            group, number, vr, length = _SHORT_HEAD(data, position)
            if vr in _SHORT and not implicit:
                tag, value = group << 16 | number, position + 8
            else:
                tag, value, length = head_of(data, position)
            if tag <= last or tag >= _FIRST_DELIMITER or (length & 1 and length != UNDEFINED_LENGTH):
                raise Unsure
            if tag == stop:
                pieces[tag] = data[position:value]
                return pieces
            ends = (
                value + length
                if length != UNDEFINED_LENGTH
                else end_of_sequence(data, position, value, implicit=implicit)
            )
            if ends > end:
                raise Incomplete
            pieces[tag] = data[position:ends]
            position, last = ends, tag
    except struct.error:
        raise Incomplete from None
    return pieces


def read_meta(data: bytes) -> tuple[dict[int, bytes], int]:
    """The values of the file meta information by tag, and where it ends (PS3.10 7.1; always explicit VR).

    Raises:
        Unsure: There is no prefix, or the file meta is not as the standard has it.
    """
    if data[PREFIX_END - 4 : PREFIX_END] != b"DICM":
        raise Unsure
    values: dict[int, bytes] = {}
    position = PREFIX_END
    try:
        while data[position : position + 2] == b"\x02\0":
            tag, value, length = _explicit_head(data, position)
            position = value + length
            if tag in values:
                raise Unsure
            if position > len(data):
                raise Incomplete
            values[tag] = data[value:position]
    except struct.error:
        raise Incomplete from None
    return values, position


def end_of_fragments(head: bytes, position: int) -> tuple[int, bool]:
    """From the 8 bytes of an item of encapsulated pixel data at `position`: where it ends, and whether it is the last.

    Raises:
        Unsure: It is neither a fragment nor the delimiter (PS3.5 A.4).
    """
    try:
        group, element, length = _IMPLICIT_HEAD(head, 0)
    except struct.error:
        raise Unsure from None
    if (group, element) == _SEQUENCE_END and not length:
        return position + 8, True
    if (group, element) != _ITEM or length == UNDEFINED_LENGTH:
        raise Unsure
    return position + 8 + length, False


def _explicit_head(data: bytes, position: int) -> tuple[int, int, int]:
    group, element, vr, length = _SHORT_HEAD(data, position)
    if vr in _SHORT:
        return group << 16 | element, position + 8, length
    if vr not in LONG_VRS or length:  # these two bytes are reserved
        raise Unsure
    return group << 16 | element, position + _HEAD, _LENGTH(data, position + 8)[0]


def _implicit_head(data: bytes, position: int) -> tuple[int, int, int]:
    group, element, length = _IMPLICIT_HEAD(data, position)
    return group << 16 | element, position + 8, length


def end_of_sequence(data: bytes, start: int, value: int, *, implicit: bool) -> int:
    """Where the sequence of undefined length ends, with its delimiter, whose head is at `start` and items at `value`.

    Raises:
        Unsure: It is not one, or not plain.
        struct.error: It does not end.
    """
    if not implicit and data[start + 4 : start + 6] != b"SQ":
        raise Unsure
    return _end_of_items(data, value, implicit, 1)


def _end_of_items(data: bytes, position: int, implicit: bool, depth: int) -> int:
    """Behind the delimiter of a sequence of undefined length."""
    if depth > MAX_DEPTH:
        raise Unsure
    while True:
        group, element, length = _IMPLICIT_HEAD(data, position)
        if (group, element) == _SEQUENCE_END and not length:
            return position + 8
        if (group, element) != _ITEM:
            raise Unsure
        position = (
            position + 8 + length if length != UNDEFINED_LENGTH else _end_of_item(data, position, implicit, depth)
        )


def _end_of_item(data: bytes, position: int, implicit: bool, depth: int) -> int:
    """Behind the delimiter of an item of undefined length that begins at `position`."""
    heads = _implicit_head if implicit else _explicit_head
    position += 8
    while True:
        group, element, length = _IMPLICIT_HEAD(data, position)
        if (group, element) == _ITEM_END and not length:
            return position + 8
        _, value, length = heads(data, position)
        if length != UNDEFINED_LENGTH:
            position = value + length
            continue
        if not implicit and data[position + 4 : position + 6] != b"SQ":
            raise Unsure
        position = _end_of_items(data, value, implicit, depth + 1)
