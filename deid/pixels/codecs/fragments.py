"""Encapsulated pixel data: items, fragments, frames and offset tables (PS3.5 A.4, PS3.3 C.7.6.3.1.8)."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING, Final

from deid.errors import InstanceError, Reason

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_ITEM: Final = b"\xfe\xff\x00\xe0"
_DELIMITER: Final = b"\xfe\xff\xdd\xe0"
_HEADER_BYTES: Final = 8
_STREAM_STARTS: Final = (
    b"\xff\xd8\xff",
    b"\xff\x4f\xff\x51",
    b"\x00\x00\x00\x0cjP  ",
    b"\xff\x0a",
    b"\x00\x00\x00\x0cJXL ",
)
"""SOI of the JPEG family, SOC and SIZ of JPEG 2000, the signature box of a JP2 file, and the same two of JPEG XL."""


@dataclass(frozen=True, slots=True)
class OffsetTables:
    """The new value of the pixel data attribute and, if the source had them, its extended offset tables."""

    value: bytes
    extended_offsets: bytes | None
    extended_lengths: bytes | None


class EncapsulatedFrames:
    """The fragments of one instance's pixel data, grouped by frame."""

    def __init__(
        self, data: bytes, frames: int, extended_offsets: bytes | None = None, extended_lengths: bytes | None = None
    ) -> None:
        """Find the frames.

        Args:
            data: The value of Pixel Data: Basic Offset Table item and fragment items.
            frames: Number of Frames.
            extended_offsets: The value of Extended Offset Table, if there is one.
            extended_lengths: The value of Extended Offset Table Lengths.

        Raises:
            InstanceError: Items are broken, there are more or fewer frames than declared, or an offset table holds
                what can't be an offset.
        """
        table, *fragments = _items(data)
        _check_tables(fragments, table, extended_offsets, extended_lengths)
        self._has_table = bool(table)
        self._extended = extended_offsets is not None
        self._frames = _group(fragments, frames, _offsets(table, extended_offsets))
        self._lengths = _frame_lengths(extended_lengths, frames)

    def __len__(self) -> int:
        return len(self._frames)

    def frame(self, index: int) -> bytes:
        """The encoded bytes of a frame, its fragments joined, padding included."""
        return b"".join(self._frames[index])

    def rebuilt(self, changed: Mapping[int, bytes]) -> OffsetTables:
        """The value with some frames replaced, each by one fragment; all other fragments stay as they are."""
        frames: list[Sequence[bytes]] = [
            [padded(changed[index])] if index in changed else fragments for index, fragments in enumerate(self._frames)
        ]
        sizes = [sum(_HEADER_BYTES + len(fragment) for fragment in fragments) for fragments in frames]
        offsets = [0, *accumulate(sizes)][:-1]
        table = b""
        if self._has_table:
            if offsets[-1] > 0xFFFFFFFF:  # noqa: PLR2004
                raise InstanceError(Reason.UNREDACTABLE_PIXELS, "the frames no longer fit a basic offset table")
            table = struct.pack(f"<{len(offsets)}I", *offsets)
        items = [table, *(fragment for fragments in frames for fragment in fragments)]
        value = b"".join(part for item in items for part in (_ITEM, struct.pack("<I", len(item)), item))
        if not self._extended:
            return OffsetTables(value, None, None)
        lengths = [
            len(changed[index]) if index in changed else self._length(index) for index in range(len(self._frames))
        ]
        return OffsetTables(
            value, struct.pack(f"<{len(offsets)}Q", *offsets), struct.pack(f"<{len(lengths)}Q", *lengths)
        )

    def _length(self, index: int) -> int:
        return self._lengths[index] if self._lengths else sum(len(fragment) for fragment in self._frames[index])


def _items(data: bytes) -> list[bytes]:
    """The values of all items, the Basic Offset Table first."""
    items: list[bytes] = []
    position = 0
    while position < len(data):
        tag, length = data[position : position + 4], data[position + 4 : position + _HEADER_BYTES]
        if tag == _DELIMITER:
            break
        if tag != _ITEM or len(length) < len(tag):
            raise InstanceError(Reason.MALFORMED, "the encapsulated pixel data has something else than items")
        position += _HEADER_BYTES
        end = position + int.from_bytes(length, "little")
        if end > len(data):
            raise InstanceError(Reason.TRUNCATED, "the pixel data ends within a fragment")
        items.append(data[position:end])
        position = end
    if not items:
        raise InstanceError(Reason.TRUNCATED, "the encapsulated pixel data has no items")
    return items


def _check_tables(fragments: list[bytes], table: bytes, *extended: bytes | None) -> None:
    """Refuse offsets and lengths beyond the pixel data: nothing reads them, so they could say anything.

    Wrong ones within it are common, and stay. So are those of writers that count a byte of padding for each fragment,
    and the end as one more frame.
    """
    size = sum(_HEADER_BYTES + len(fragment) + 1 for fragment in fragments) + _HEADER_BYTES
    numbers = (*_unpacked("I", table), *(number for one in extended if one for number in _unpacked("Q", one)))
    if any(number > size for number in numbers):
        raise InstanceError(Reason.MALFORMED, "an offset table points beyond the pixel data")


def _offsets(table: bytes, extended: bytes | None) -> tuple[int, ...]:
    """Offsets of frames from the first fragment's item; empty if no table has any."""
    if table:
        return _unpacked("I", table)
    return _unpacked("Q", extended) if extended else ()


def _unpacked(code: str, table: bytes) -> tuple[int, ...]:
    size = struct.calcsize(f"<{code}")
    if len(table) % size:
        raise InstanceError(Reason.MALFORMED, "an offset table holds a broken number")
    return struct.unpack(f"<{len(table) // size}{code}", table)


def _frame_lengths(extended_lengths: bytes | None, frames: int) -> tuple[int, ...]:
    lengths = _unpacked("Q", extended_lengths) if extended_lengths else ()
    if lengths and len(lengths) != frames:
        raise InstanceError(Reason.MALFORMED, "the extended offset table lengths don't fit the number of frames")
    return lengths


def _group(fragments: list[bytes], frames: int, offsets: tuple[int, ...]) -> list[list[bytes]]:
    """Which fragments make which frame: one each, all in one, by offset, or by where codestreams start."""
    if len(fragments) < frames:
        raise InstanceError(Reason.TRUNCATED, "there are fewer frames in the pixel data than Number of Frames")
    if len(fragments) == frames:
        return [[fragment] for fragment in fragments]
    if frames == 1:
        return [fragments]
    starts = _starts_by_offset(fragments, offsets) if len(offsets) == frames else _starts_by_content(fragments)
    if len(starts) != frames or starts[0] != 0:
        raise InstanceError(Reason.MALFORMED, "the fragments can't be told apart into the declared frames")
    return [fragments[first:last] for first, last in pairwise([*starts, len(fragments)])]


def _starts_by_offset(fragments: list[bytes], offsets: tuple[int, ...]) -> list[int]:
    places = [0, *accumulate(_HEADER_BYTES + len(fragment) for fragment in fragments)]
    index_at = {place: index for index, place in enumerate(places[:-1])}
    starts = [index_at.get(offset, -1) for offset in offsets]
    ordered = all(first < second for first, second in pairwise(starts))
    return starts if ordered and -1 not in starts else []


def _starts_by_content(fragments: list[bytes]) -> list[int]:
    return [index for index, fragment in enumerate(fragments) if fragment.startswith(_STREAM_STARTS)]


def padded(frame: bytes) -> bytes:
    """An encoded frame as it stands in an item: of an even length (PS3.5 A.4)."""
    return frame + b"\x00" * (len(frame) % 2)
