"""What a spliced instance is checked for, and what is left to the ordinary path."""

from __future__ import annotations

import shutil
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pydicom.data
import pytest
from pydicom import dcmread
from pydicom.uid import DeflatedExplicitVRLittleEndian, VLWholeSlideMicroscopyImageStorage

from deid.errors import InstanceError, Reason
from deid.identity.key import Key
from deid.identity.known_values import ValueKind
from deid.instance import Timings
from deid.profile import load_profile
from deid.splicing import Splicer
from deid.splicing.memory import Memory

CT = Path(str(pydicom.data.get_testdata_file("CT_small.dcm", download=False)))


@pytest.fixture
def splicer() -> Splicer:
    return Splicer(load_profile("basic", ()), Key(bytes(32)))


def test_an_original_that_shrinks_while_it_is_copied_is_noticed(splicer: Splicer, tmp_path: Path) -> None:
    source = tmp_path / "source"
    shutil.copy(CT, source)
    with splicer.spliced(source, Timings()) as spliced:
        assert spliced is not None
        with source.open("r+b") as file:
            file.truncate(30_000)
        with pytest.raises(InstanceError) as caught:
            list(spliced.chunks())
    assert caught.value.reason is Reason.UNREADABLE


def test_an_identifying_value_in_the_new_header_is_noticed(splicer: Splicer) -> None:
    with splicer.spliced(CT, Timings()) as spliced:
        assert spliced is not None
        spliced.check()
        name = next(value.text for value in spliced.subject.known_values if value.kind is ValueKind.PATIENT_NAME)
        leaking = replace(spliced, after=spliced.after + b" " + name.encode() + b" ")
        with pytest.raises(InstanceError) as caught:
            leaking.check()
    assert caught.value.reason is Reason.KNOWN_VALUE_LEFT


@pytest.mark.parametrize("size", [1_000, 8_000, 200_000])
def test_a_header_longer_than_the_one_before_is_read_whole(size: int, splicer: Splicer, tmp_path: Path) -> None:
    longer = dcmread(CT)
    longer.RedPaletteColorLookupTableData = table = b"\1\2" * (size // 2)
    longer.save_as(tmp_path / "longer")
    for path in (CT, tmp_path / "longer", CT):
        with splicer.spliced(path, Timings()) as spliced:
            assert spliced is not None
            released = b"".join(map(bytes, spliced.chunks()))
        assert (table in released) == (path != CT)
        assert dcmread(BytesIO(released)).PixelData == dcmread(CT).PixelData


def test_what_is_not_plain_goes_the_ordinary_way(splicer: Splicer, tmp_path: Path) -> None:
    deflated = dcmread(CT)
    deflated.file_meta.TransferSyntaxUID = DeflatedExplicitVRLittleEndian
    deflated.save_as(tmp_path / "deflated")
    (tmp_path / "cut").write_bytes(CT.read_bytes()[:-100])
    (tmp_path / "text").write_bytes(b"no DICOM")
    slide = dcmread(CT)
    slide.SOPClassUID = slide.file_meta.MediaStorageSOPClassUID = VLWholeSlideMicroscopyImageStorage
    slide.save_as(tmp_path / "slide")
    for name in ("deflated", "cut", "text", "absent", "slide"):
        with splicer.spliced(tmp_path / name, Timings()) as spliced:
            assert spliced is None


def test_memory_keeps_what_is_used() -> None:
    memory: Memory[bytes, int] = Memory(10)
    memory.put(b"used", 1)
    for number in range(100):
        memory.put(str(number).encode(), number)
        assert memory.get(b"used") == 1
    assert memory.get(b"0") is None
    assert memory.get(b"99") == 99


def test_memory_is_bounded_by_bytes() -> None:
    memory: Memory[bytes, int] = Memory(1000, most_bytes=100)
    for number in range(50):
        memory.put(bytes([number]) * 40, number)
    assert sum(memory.get(bytes([number]) * 40) is not None for number in range(50)) <= 4
