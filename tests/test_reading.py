from __future__ import annotations

import bz2
import gzip
import lzma
import zlib
from pathlib import Path
from typing import TYPE_CHECKING

import pydicom.data
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydicom.dataset import FileDataset

from deid.errors import InstanceError, Reason
from deid.reading import parse_instance, read_instance, view_of

if TYPE_CHECKING:
    from collections.abc import Callable


def bundled(name: str) -> bytes:
    return Path(str(pydicom.data.get_testdata_file(name, download=False))).read_bytes()


CT = bundled("CT_small.dcm")
ENCODINGS = [
    "CT_small.dcm",
    "MR_small_bigendian.dcm",
    "MR_small_implicit.dcm",
    "MR_small_jp2klossless.dcm",
    "image_dfl.dcm",
    "rtplan.dcm",
]


def reason(data: bytes) -> Reason | None:
    try:
        parse_instance(data)
    except InstanceError as error:
        return error.reason
    return None


@pytest.mark.parametrize("name", ENCODINGS)
def test_instances_of_all_encodings_are_read(name: str) -> None:
    dataset = parse_instance(bundled(name))
    assert isinstance(dataset, FileDataset)
    assert dataset.file_meta.TransferSyntaxUID


def test_an_instance_without_preamble_and_meta_is_read() -> None:
    start = 132 + 12 + int.from_bytes(CT[140:144], "little")
    dataset = parse_instance(CT[start:])
    assert dataset.file_meta.TransferSyntaxUID.name == "Explicit VR Little Endian"


def test_a_length_of_the_meta_that_swallows_the_rest_ends_in_a_reason() -> None:
    assert reason(CT[:138] + ((len(CT) - 140) // 4 * 4).to_bytes(2, "little") + CT[140:]) is Reason.NO_SOP_INSTANCE


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lzma.compress])
def test_a_packed_file_is_called_so_since_it_may_hold_an_instance(pack: Callable[[bytes], bytes]) -> None:
    assert reason(pack(CT)) is Reason.PACKED


def test_a_text_that_holds_a_preamble_word_is_not_an_instance() -> None:
    assert reason(b"DICM is a word" * 30) is Reason.NOT_DICOM
    assert reason(bytes(128) + b"DICM") is Reason.NO_SOP_INSTANCE
    assert reason(b"") is Reason.NOT_DICOM
    assert reason(b"%PDF-1.7" + bytes(4000)) is Reason.NOT_DICOM


def test_a_directory_is_known_as_one() -> None:
    path = Path(str(pydicom.data.get_testdata_file("DICOMDIR", download=False)))
    assert reason(path.read_bytes()) is Reason.DICOMDIR


def test_a_file_that_can_not_be_opened_is_reported_without_its_name(tmp_path: Path) -> None:
    with pytest.raises(InstanceError) as caught:
        read_instance(tmp_path / "DOE_JANE.dcm")
    assert caught.value.reason is Reason.UNREADABLE
    assert "DOE" not in str(caught.value)


def test_a_cut_inside_a_sequence_is_called_so() -> None:
    """Sequences of undefined length are read item by item, so that pydicom itself runs into the end."""
    item = b"\xfe\xff\x00\xe0\xff\xff\xff\xff" + b"\x10\0\x20\0LO\x04\0P-12" + b"\xfe\xff\x0d\xe0\0\0\0\0"
    sequence = b"\x08\0\x15\x11SQ\0\0\xff\xff\xff\xff" + item
    start = CT.index(b"\x09\0\x10\0LO")
    for end in range(14, len(sequence)):
        with pytest.raises(InstanceError) as caught:
            parse_instance(CT[:start] + sequence[:end])
        assert caught.value.reason is Reason.TRUNCATED, end


@pytest.mark.parametrize("cut", [8, 20, 500])
def test_coded_pixels_that_are_cut_off_are_called_truncated(cut: int) -> None:
    """All elements before them are lost with pydicom, as if the instance had no UIDs."""
    with pytest.raises(InstanceError) as caught:
        parse_instance(bundled("MR_small_jp2klossless.dcm")[:-cut])
    assert caught.value.reason is Reason.TRUNCATED


def test_a_depth_bomb_is_named_without_the_words_of_a_programmer() -> None:
    levels = b"\x08\0\x15\x11SQ\0\0\xff\xff\xff\xff\xfe\xff\x00\xe0\xff\xff\xff\xff" * 5000
    with pytest.raises(InstanceError) as caught:
        parse_instance(CT[: CT.index(b"\x09\0\x10\0LO")] + levels)
    assert str(caught.value) == "malformed: sequences nest too deep"


@pytest.mark.parametrize("name", ["CT_small.dcm", "MR_small_implicit.dcm", "MR_small_jp2klossless.dcm", "rtplan.dcm"])
def test_a_cut_inside_an_attribute_is_noticed(name: str) -> None:
    """A cut that falls between two attributes of the top level can't be told from a short instance."""
    data = bundled(name)
    ends = {element.file_tell or 0 for element in parse_instance(data)}
    unnoticed = [cut for cut in range(400, len(data) - 1, 13) if reason(data[:cut]) is None]
    # The head of an attribute stands 8 or 12 bytes before its value.
    between = {end - head for end in ends for head in (8, 12)} | {len(data)}
    assert [cut for cut in unnoticed if cut not in between] == []


@pytest.mark.parametrize("name", ["CT_small.dcm", "MR_small_implicit.dcm", "MR_small_jp2klossless.dcm", "rtplan.dcm"])
@pytest.mark.parametrize("zeros", [1, 2, 7, 22, 100, 4096])
def test_a_file_that_is_filled_up_with_zeros_is_whole(name: str, zeros: int) -> None:
    whole, filled = parse_instance(bundled(name)), parse_instance(bundled(name) + bytes(zeros))
    assert [tag for tag in filled if tag.tag != 0] == list(whole)


def test_a_deflated_instance_that_is_cut_is_refused() -> None:
    assert reason(bundled("image_dfl.dcm")[:-1000]) in {Reason.MALFORMED, Reason.TRUNCATED}


@given(st.binary(max_size=400))
def test_bytes_of_no_instance_end_in_a_reason(data: bytes) -> None:
    assert reason(data) is not None
    assert reason(bytes(128) + b"DICM" + data) is not None


@settings(max_examples=300)
@given(st.lists(st.tuples(st.integers(132, 2000), st.integers(0, 255)), min_size=1, max_size=8))
def test_a_damaged_header_ends_in_an_instance_or_a_reason(damage: list[tuple[int, int]]) -> None:
    data = bytearray(CT)
    for position, value in damage:
        data[position] = value
    reason(bytes(data))


def test_a_deflate_bomb_ends_in_a_reason() -> None:
    """The bytes come out of zlib at once, so the bound is the worker's memory limit; here it is only parsed."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    bomb = packer.compress(bytes(5_000_000)) + packer.flush()
    meta_end = 132 + 12 + int.from_bytes(bundled("image_dfl.dcm")[140:144], "little")
    assert reason(bundled("image_dfl.dcm")[:meta_end] + bomb) is not None


def test_bytes_of_a_value_are_not_quoted_as_a_tag() -> None:
    for value in (b"MRN8842617", b"SMITH^JOHN"):
        with pytest.raises(InstanceError) as caught:
            parse_instance(CT + value + bytes(20))
        assert str(caught.value) == "truncated: at an unknown attribute"


def test_a_stray_delimiter_can_be_looked_at() -> None:
    dataset = parse_instance(CT + b"\xfe\xff\xdd\xe0\0\0\0\0")
    assert 0x00100010 in view_of(dataset)
