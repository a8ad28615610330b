from __future__ import annotations

import random
import struct

import pytest

from deid.attributes.elements import Unsure, walk
from deid.attributes.layouts import Layouts, Walked

STOP = 0x7FE00010
SHORT = (b"LO", b"UI", b"DS", b"US")
LONG = (b"OB", b"UN", b"UT", b"SQ")


def element(tag: int, vr: bytes, length: int, value: bytes, *, implicit: bool) -> bytes:
    head = struct.pack("<HH", tag >> 16, tag & 0xFFFF)
    if implicit:
        return head + struct.pack("<I", length) + value
    return head + vr + (struct.pack("<HI", 0, length) if vr in LONG else struct.pack("<H", length)) + value


def header(chance: random.Random, *, implicit: bool) -> bytes:
    """A few elements, of which some are sequences of undefined length, and the head of Pixel Data."""
    parts = []
    for number in range(1, 9):
        vr = chance.choice(SHORT + LONG[:3])
        value = chance.randbytes(2 * chance.randint(0, 2))
        if number == 4 and chance.random() < 0.3:
            items = b"\xfe\xff\x00\xe0" + struct.pack("<I", 2 * len(value)) + value * 2
            closed = items + b"\xfe\xff\xdd\xe0" + bytes(4)
            parts.append(element(0x00080000 | number, b"SQ", 0xFFFFFFFF, closed, implicit=implicit))
        elif chance.random() < 0.9:
            parts.append(element(0x00080000 | number, vr, len(value), value, implicit=implicit))
    return b"".join(parts) + element(STOP, b"OB", 0xFFFFFFFF, b"", implicit=implicit)


@pytest.mark.parametrize("implicit", [False, True])
def test_what_is_cut_by_a_known_layout_is_what_a_walk_finds(implicit: bool) -> None:
    chance, layouts = random.Random(6), Layouts()  # noqa: S311 - the same headers each time
    headers = [header(chance, implicit=implicit) for _ in range(60)]
    for number in range(2000):
        data = bytearray(chance.choice(headers) + b"pixels")
        if number % 3:
            data[chance.randrange(len(data) - 6)] ^= 1 << chance.randrange(8)
        results: list[object] = []
        for way in (lambda data, start, **more: walk(data, start, len(data), **more), layouts.walk):
            try:
                found = way(bytes(data), 0, implicit=implicit, stop=STOP)
                results.append(found.pieces if isinstance(found, Walked) else found)
            except Unsure as error:
                results.append(type(error))
        assert results[0] == results[1]
        if isinstance(found, Walked) and found.like is not None:
            assert list(found.like) == list(found.pieces)
            assert set(found.differing) == {tag for tag, piece in found.pieces.items() if found.like[tag] != piece}
