"""The walk over elements as bytes finds what pydicom finds, and is unsure of the rest."""

from __future__ import annotations

import struct
from pathlib import Path

import pydicom
import pytest
from pydicom import dcmread
from pydicom.uid import ImplicitVRLittleEndian

from deid.attributes.elements import Incomplete, Unsure, read_meta, walk

PLAIN = [
    path
    for path in sorted((Path(pydicom.__file__).parent / "data" / "test_files").glob("*.dcm"))
    if path.stem in {"CT_small", "MR_small", "MR_small_implicit", "liver_1frame", "reportsi"}
]


def element(tag: int, vr: bytes, value: bytes) -> bytes:
    return struct.pack("<HH2sH", tag >> 16, tag & 0xFFFF, vr, len(value)) + value


@pytest.mark.parametrize("path", PLAIN, ids=lambda path: path.stem)
def test_it_finds_the_elements_that_pydicom_finds(path: Path) -> None:
    data = path.read_bytes()
    dataset = dcmread(path)
    _, start = read_meta(data)
    implicit = dataset.file_meta.TransferSyntaxUID == ImplicitVRLittleEndian
    elements = walk(data, start, len(data), implicit=implicit)
    assert list(elements) == [int(tag) for tag in dataset.keys()]  # noqa: SIM118 - not its elements
    assert data.endswith(b"".join(elements.values()))


def test_it_is_unsure_of_what_is_not_plain() -> None:
    good = element(0x00080060, b"CS", b"CT")
    assert walk(good, 0, len(good), implicit=False) == {0x00080060: good}
    for odd in (
        good + good,
        element(0x00080060, b"CS", b"CT1"),
        element(0x00080060, b"XX", b"CT"),
        element(0x00020010, b"UI", b"1.2\0"),
        element(0x00080060, b"OB", b"\1\1"),
        good + b"\xfe\xff\xdd\xe0\0\0\0\0",
    ):
        with pytest.raises(Unsure):
            walk(odd, 0, len(odd), implicit=False)


def test_it_says_when_there_should_be_more() -> None:
    good = element(0x00080060, b"CS", b"CT")
    for cut in (good[:-1], good[:5], good + good[:7]):
        with pytest.raises(Incomplete):
            walk(cut, 0, len(cut), implicit=False)


def test_sequences_that_nest_too_deep_are_not_followed() -> None:
    opening = struct.pack("<HH2sHI", 0x0040, 0xA730, b"SQ", 0, 0xFFFFFFFF) + b"\xfe\xff\x00\xe0\xff\xff\xff\xff"
    data = opening * 10_000
    with pytest.raises(Unsure):
        walk(data, 0, len(data), implicit=False)
