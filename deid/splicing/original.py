"""A file as the splicer sees it: its header as one piece of bytes for each element, its pixel data left on the disk."""

from __future__ import annotations

import os
import struct
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from pydicom.uid import (
    UID,
    ImplicitVRLittleEndian,
    MediaStorageDirectoryStorage,
    VLWholeSlideMicroscopyImageStorage,
)
from pydicom.valuerep import EXPLICIT_VR_LENGTH_32

from deid.attributes.attribute import KNOWN_VRS, UNDEFINED_LENGTH, dictionary_vr, is_private, is_private_creator
from deid.attributes.elements import Incomplete, Unsure, end_of_fragments, read_meta, walk
from deid.attributes.layouts import Layouts, Walked
from deid.header.meta import is_known_syntax

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PIXEL_DATA: Final = 0x7FE00010
SOP_CLASS: Final = 0x00080016
SOP_INSTANCE: Final = 0x00080018
_MEDIA_CLASS: Final = 0x00020002
_SYNTAX: Final = 0x00020010
_OTHER_ROADS: Final = frozenset({0x00041220, 0x00420011, 0x7FE00008, 0x7FE00009})
"""Directory records, encapsulated documents, and pixels of floating point: not for this reader."""
_FIRST_READ: Final = 1 << 16
_SPARE: Final = 1 << 11
_LARGEST_HEAD: Final = 1 << 24
_LARGEST_TAIL: Final = 1 << 20
_PADDING: Final = b"\0 "
_PIXEL_VRS: Final = (b"OB", b"OW")
_SIMPLE_VRS: Final = frozenset(vr for vr in KNOWN_VRS if len(vr) == 2) - EXPLICIT_VR_LENGTH_32  # noqa: PLR2004
_SHORT_HEAD: Final = 8
_LETTERS: Final = range(0x41, 0x5B)


@dataclass(frozen=True, slots=True)
class Original:
    """An instance in little endian whose elements stand plainly one after the other."""

    file: int
    """An open descriptor, for the pixel data."""
    meta: bytes = field(repr=False)
    """Preamble, prefix and file meta."""
    meta_values: dict[int, bytes] = field(repr=False)
    syntax: UID
    implicit: bool
    pieces: dict[int, bytes] = field(repr=False)
    """The bytes of each element at the top level, by tag, in order, but for the value of Pixel Data."""
    like: dict[int, bytes] | None = field(repr=False)
    """The pieces of the instance that was read before, if it has the same tags and VRs."""
    differing: tuple[int, ...]
    """The tags of the elements in which it differs from this one."""
    pixels: range
    """Where the value of Pixel Data stands in the file, with the delimiter that ends it; empty where there is none."""

    @property
    def has_pixels(self) -> bool:
        """Whether there is a Pixel Data element, be it empty."""
        return PIXEL_DATA in self.pieces

    def is_simple(self, tag: int, piece: bytes) -> bool:
        """Whether an element has a value of a length of 16 bits, or in implicit VR, that holds no items."""
        if len(piece) <= _SHORT_HEAD or is_private_creator(tag):
            return False
        expected = None if is_private(tag) else dictionary_vr(tag)
        if self.implicit:
            return expected in _SIMPLE_VRS
        return expected != "SQ" and piece[4:6].decode("latin-1") in _SIMPLE_VRS

    def uid(self, piece: bytes) -> str:
        """The one UID that an element of an instance encoded like this one holds; empty for no element.

        Raises:
            Unsure: It is no single UID.
        """
        value = piece[8:].rstrip(_PADDING)
        if b"\\" in value or not value.isascii() or (piece and not self.implicit and piece[4:6] != b"UI"):
            raise Unsure
        return value.decode("ascii")

    def header(self) -> bytes:
        """Everything but the value of Pixel Data."""
        return self.meta + b"".join(self.pieces.values())


@contextmanager
def opened(path: Path) -> Iterator[Original]:
    """The instance in the file at `path`, for as long as the block lasts.

    Raises:
        Unsure: It is anything that this reader does not know for certain how to read.
        OSError: The file can't be read.
    """
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        yield _read(descriptor)
    finally:
        os.close(descriptor)


def _read(descriptor: int) -> Original:
    size, length = os.fstat(descriptor).st_size, _before.enough
    while True:
        head = os.pread(descriptor, min(length, size), 0)
        try:
            return _parsed(descriptor, head, size)
        except Incomplete:
            if len(head) == size or length >= _LARGEST_HEAD:
                raise
            length = max(length * 8, _FIRST_READ)


def _parsed(descriptor: int, head: bytes, size: int) -> Original:
    values, start = read_meta(head)
    syntax = _supported(values.get(_SYNTAX, b"").rstrip(_PADDING))
    implicit = syntax == ImplicitVRLittleEndian
    if implicit == all(byte in _LETTERS for byte in head[start + 4 : start + 6]):
        raise Unsure  # it is not written as it says
    walked = _layouts.walk(head, start, implicit=implicit, stop=PIXEL_DATA)
    pieces, pixels, tail = walked.pieces, range(0), b""
    if PIXEL_DATA in pieces:
        if not implicit and pieces[PIXEL_DATA][4:6] not in _PIXEL_VRS:
            raise Unsure
        value = start + sum(map(len, pieces.values()))
        pixels = _pixels(descriptor, head, value, size, compressed=syntax.is_compressed)
        tail = _tail(descriptor, pixels.stop, size)
        if tail:
            pieces = pieces | walk(tail, 0, len(tail), implicit=implicit, after=PIXEL_DATA)
    elif len(head) < size:
        raise Incomplete
    like = _before.pieces_of(walked, tail)
    original = Original(descriptor, head[:start], values, syntax, implicit, pieces, like, walked.differing, pixels)
    _refuse_others(original)
    _before.remember(walked, tail, pieces, pixels.start)
    return original


class _Before:
    """The instance that was read last."""

    def __init__(self) -> None:
        self._walked = Walked({})
        self._tail = b""
        self._pieces: dict[int, bytes] = {}
        self.enough = _FIRST_READ
        """Bytes of the next file in which its header will stand, if it is like this one."""

    def remember(self, walked: Walked, tail: bytes, pieces: dict[int, bytes], header: int) -> None:
        """Take another, whose pixel data begins after so many bytes; 0 where there is none."""
        self._walked, self._tail, self._pieces = walked, tail, pieces
        self.enough = header + _SPARE if header else _FIRST_READ

    def pieces_of(self, walked: Walked, tail: bytes) -> dict[int, bytes] | None:
        """Its pieces, if it is the one that `walked` was compared with, and ended alike."""
        return self._pieces if walked.like is self._walked.pieces and tail == self._tail else None


_layouts: Final = Layouts()
_before: Final = _Before()


@lru_cache(maxsize=64)
def _supported(name: bytes) -> UID:
    syntax = UID(name.decode("latin-1"))
    if not is_known_syntax(syntax) or not syntax.is_little_endian or syntax.is_deflated:
        raise Unsure
    return syntax


def _pixels(descriptor: int, head: bytes, value: int, size: int, *, compressed: bool) -> range:
    if value > len(head):
        raise Incomplete
    length = struct.unpack_from("<I", head, value - 4)[0]
    if (length == UNDEFINED_LENGTH) != compressed:
        raise Unsure
    if not compressed:
        end = value + length
    else:
        end, last = value, False
        while not last:
            end, last = end_of_fragments(os.pread(descriptor, 8, end), end)
    if end > size or (end - value) % 2:
        raise Unsure
    return range(value, end)


def _tail(descriptor: int, start: int, size: int) -> bytes:
    if size - start > _LARGEST_TAIL:
        raise Unsure
    return os.pread(descriptor, size - start, start) if size > start else b""


def _refuse_others(original: Original) -> None:
    if any(tag in original.pieces for tag in _OTHER_ROADS):
        raise Unsure
    if original.meta_values.get(_MEDIA_CLASS, b"").rstrip(_PADDING) == MediaStorageDirectoryStorage.encode():
        raise Unsure
    # Their labels may be left out: the ordinary path looks at Image Type.
    if original.uid(original.pieces.get(SOP_CLASS, b"")) == VLWholeSlideMicroscopyImageStorage:
        raise Unsure
    if not all(original.uid(original.pieces.get(tag, b"")) for tag in (SOP_CLASS, SOP_INSTANCE)):
        raise Unsure
