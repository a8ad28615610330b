"""What a spliced instance is checked for, and what is left to the ordinary path."""

from __future__ import annotations

import shutil
from pathlib import Path

import pydicom.data
import pytest
from pydicom import dcmread
from pydicom.uid import DeflatedExplicitVRLittleEndian, VLWholeSlideMicroscopyImageStorage

from deid.errors import InstanceError, Reason
from deid.identity.key import Key
from deid.instance import Timings
from deid.profile import load_profile
from deid.splicing import Splicer
from deid.splicing.memory import Memory

CT = Path(str(pydicom.data.get_testdata_file("CT_small.dcm", download=False)))
COMPRESSED = Path(str(pydicom.data.get_testdata_file("JPEG2000.dcm", download=False)))


@pytest.fixture
def splicer() -> Splicer:
    return Splicer(load_profile("basic", ()), Key(bytes(32)))


@pytest.mark.parametrize("path", [CT, COMPRESSED], ids=lambda path: path.stem)
@pytest.mark.parametrize(
    ("at", "reason"),
    [("pixels", Reason.PIXELS_DAMAGED), ("header", Reason.PLAN_NOT_REALISED), ("preamble", Reason.PLAN_NOT_REALISED)],
)
def test_one_wrong_byte_is_noticed(splicer: Splicer, path: Path, at: str, reason: Reason, tmp_path: Path) -> None:
    with splicer.spliced(path, Timings()) as spliced:
        assert spliced is not None
        data = bytearray(b"".join(spliced.chunks()))
        pixels = len(spliced.meta) + len(spliced.before)
        data[{"preamble": 20, "header": 400, "pixels": pixels + 100}[at]] ^= 1
        (tmp_path / "new").write_bytes(data)
        with pytest.raises(InstanceError) as caught:
            spliced.check(tmp_path / "new")
    assert caught.value.reason is reason


def test_an_original_that_shrinks_while_it_is_copied_is_noticed(splicer: Splicer, tmp_path: Path) -> None:
    source, new = tmp_path / "source", tmp_path / "new"
    shutil.copy(CT, source)
    with splicer.spliced(source, Timings()) as spliced:
        assert spliced is not None
        with source.open("r+b") as file:
            file.truncate(30_000)
        new.write_bytes(b"".join(spliced.chunks()))
        with pytest.raises(InstanceError):
            spliced.check(new)


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
