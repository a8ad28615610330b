"""A fault anywhere before the last look must not get a file released: each test puts one in and expects the refusal."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO
from typing import TYPE_CHECKING, Any

import imagecodecs
import numpy as np
import pydicom.data
import pytest
from pydicom import dcmread
from pydicom.dataelem import DataElement
from pydicom.encaps import encapsulate, generate_frames
from pydicom.uid import ExplicitVRLittleEndian, JPEGBaseline8Bit, RLELossless

from deid.errors import InstanceError, Reason
from deid.header import add_marks, new_file_meta, plan_header
from deid.identity.key import Key
from deid.instance import Deidentifier, Instance, Timings
from deid.pixels.cleaner import OpenedPixels
from deid.plan import Box, Keep, Plan, Region
from deid.profile import load_profile

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pydicom.dataset import Dataset

NAME = "Featherstonehaugh^Marjoribanks"


@pytest.fixture
def instance_file(tmp_path: Path) -> Path:
    dataset = dcmread(str(pydicom.data.get_testdata_file("CT_small.dcm", download=False)))
    dataset.PatientName = NAME
    dataset.PatientID = "PAT-0099887"
    path = tmp_path / "ct.dcm"
    dataset.save_as(path)
    return path


def deidentify(path: Path) -> bytes:
    return Deidentifier(load_profile("basic"), Key.generate(), pixels=False).deidentify(path, Timings()).data


def spoil(monkeypatch: pytest.MonkeyPatch, tamper: Callable[[Dataset], None]) -> None:
    """Let `tamper` spoil the new data set just before it is encoded, as a fault in any room before would."""

    def spoiled(dataset: Dataset, *arguments: Any, **options: Any) -> None:
        add_marks(dataset, *arguments, **options)
        tamper(dataset)

    monkeypatch.setattr("deid.instance.add_marks", spoiled)


def test_an_instance_without_a_fault_passes(instance_file: Path) -> None:
    assert b"Feather" not in deidentify(instance_file)


@pytest.mark.parametrize("name", ["STANDARD", "ORIGINAL", "AXIAL^"])
def test_a_phantom_called_by_a_word_of_radiology_is_released(instance_file: Path, name: str) -> None:
    dataset = dcmread(instance_file)
    dataset.PatientName, dataset.PatientID, dataset.FilterType = name, "ABDOMEN", "STANDARD"
    dataset.ImageType, dataset.BodyPartExamined = ["ORIGINAL", "PRIMARY", "AXIAL"], "ABDOMEN"
    dataset.save_as(instance_file)
    released = dcmread(BytesIO(deidentify(instance_file)))
    assert (released.FilterType, released.BodyPartExamined, next(iter(released.ImageType))) == (
        "STANDARD",
        "ABDOMEN",
        "ORIGINAL",
    )
    assert name not in str(released.PatientName)


@pytest.mark.parametrize(
    ("tamper", "reason"),
    [
        (lambda dataset: setattr(dataset, "PatientName", NAME), Reason.PLAN_NOT_REALISED),
        (lambda dataset: setattr(dataset, "InstitutionName", "Mercy"), Reason.PLAN_NOT_REALISED),
        (lambda dataset: setattr(dataset, "PatientComments", "seen today"), Reason.PLAN_NOT_REALISED),
        (lambda dataset: delattr(dataset, "SliceThickness"), Reason.PLAN_NOT_REALISED),
        (lambda dataset: setattr(dataset, "SliceThickness", "4.5"), Reason.PLAN_NOT_REALISED),
        (lambda dataset: setattr(dataset, "Modality", "FEATHERSTONEHAUGH"), Reason.PLAN_NOT_REALISED),
        (lambda dataset: setattr(dataset, "PixelData", dataset.PixelData[:-2] + b"\1\1"), Reason.PIXELS_DAMAGED),
        (lambda dataset: setattr(dataset, "DeidentificationMethod", f"by {NAME}"), Reason.KNOWN_VALUE_LEFT),
        (
            lambda dataset: dataset.DeidentificationMethodCodeSequence[0].add(
                DataElement(0x00080119, "UC", "see PAT-0099887")
            ),
            Reason.KNOWN_VALUE_LEFT,
        ),
    ],
)
def test_a_header_that_is_not_as_planned_is_refused(
    instance_file: Path, monkeypatch: pytest.MonkeyPatch, tamper: Callable[[Dataset], None], reason: Reason
) -> None:
    spoil(monkeypatch, tamper)
    with pytest.raises(InstanceError) as caught:
        deidentify(instance_file)
    assert caught.value.reason is reason
    assert "eather" not in str(caught.value).lower()


def test_a_name_in_binary_data_that_the_plan_kept_is_refused(
    instance_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dataset = dcmread(instance_file)
    dataset.add_new(0x00282000, "OB", b"ICC " + NAME.encode() + b" ")
    dataset.save_as(instance_file)
    keep_binary(monkeypatch)
    with pytest.raises(InstanceError) as caught:
        deidentify(instance_file)
    assert caught.value.reason is Reason.KNOWN_VALUE_LEFT


def keep_binary(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the planner keep (0028,2000) whatever it holds."""

    def lenient(*arguments: Any) -> Any:
        return tuple(
            replace(decision, change=Keep()) if decision.path.tag == 0x00282000 else decision
            for decision in plan_header(*arguments)
        )

    monkeypatch.setattr("deid.instance.plan_header", lenient)


def test_file_meta_that_names_another_instance_is_refused(instance_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def wrong(*arguments: Any) -> Any:
        meta = new_file_meta(*arguments)
        meta.SourceApplicationEntityTitle = "WARD7"
        return meta

    monkeypatch.setattr("deid.instance.new_file_meta", wrong)
    with pytest.raises(InstanceError) as caught:
        deidentify(instance_file)
    assert caught.value.reason is Reason.PLAN_NOT_REALISED


class Redacting(Deidentifier):
    """Redacts one fixed box, without looking for text."""

    def plan(self, instance: Instance, timings: Timings) -> Plan:
        header = Deidentifier(self._profile, self._key, pixels=False).plan(
            replace(instance, pixels=OpenedPixels()), timings
        )
        return replace(header, regions=(Region(Box(10, 10, 30, 20), range(1), ("test",)),))


def test_pixels_outside_the_regions_must_be_equal(instance_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    redacting = Redacting(load_profile("basic"), Key.generate())
    released = redacting.deidentify(instance_file, Timings()).released
    assert (released.pixel_array[10:20, 10:30] == released.pixel_array[10, 10]).all()

    def one_more(released: Dataset) -> None:
        pixels = np.frombuffer(released.PixelData, np.int16).copy()
        pixels[0] += 1
        released.PixelData = pixels.tobytes()

    spoil(monkeypatch, one_more)
    with pytest.raises(InstanceError) as caught:
        redacting.deidentify(instance_file, Timings())
    assert caught.value.reason is Reason.PIXELS_DAMAGED


def test_regions_must_be_blank(instance_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    original = bytes(dcmread(instance_file).PixelData)
    spoil(monkeypatch, lambda released: setattr(released, "PixelData", original))
    with pytest.raises(InstanceError) as caught:
        Redacting(load_profile("basic"), Key.generate()).deidentify(instance_file, Timings())
    assert caught.value.reason is Reason.PLAN_NOT_REALISED


COLOUR_PROFILE = (200).to_bytes(4, "big") + bytes(32) + b"acsp" + bytes(88) + b"by Dr. Mary Smith".ljust(72, b"\0")


@pytest.mark.parametrize(
    ("segment", "reason"),
    [
        (b"\xff\xfe" + b"encoded for a test", None),
        (b"\xff\xfe" + b"LEAD Technologies Inc. V1.01", None),
        (b"\xff\xfe" + b"CREATOR: gd-jpeg v1.0 (using IJG JPEG v62), quality = 90", None),
        (b"\xff\xfe" + b"File written by Adobe Photoshop\xa8 4.0", None),
        (b"\xff\xe2" + b"ICC_PROFILE\0\1\1" + bytes(60) + b"Copyright (c) 1998 John Smith", None),
        (b"\xff\xfe" + b"Featherstonehaugh, M.", Reason.KNOWN_VALUE_LEFT),
        (b"\xff\xeb" + bytes(9) + b"mntrRGB XYZ " + bytes(9) + b"Copyright 2007 Apple Inc.", None),
        (b"\xff\xfe" + b"seen by Dr. Mary Smith", Reason.UNCHECKED_CONTENT),
        (b"\xff\xfe" + "Mary Smith".encode("utf-16-be"), Reason.UNCHECKED_CONTENT),
        (b"\xff\xfe" + "Mary Smith".encode("utf-16"), Reason.UNCHECKED_CONTENT),
        (b"\xff\xeb" + b"mntrRGB mluc" + "Copyright 2007 Apple Inc.".encode("utf-16-be"), None),
        (b"\xff\xed" + b"Photoshop 3.0\x008BIM\4\4\0\0\0\0\0\x1c\2P\0\nMary Smith", Reason.UNCHECKED_CONTENT),
        (b"\xff\xe1" + b"Exif\0\0" + bytes(40), Reason.UNCHECKED_CONTENT),
        (b"\xff\xed" + b"thumb\xff\xd8\xff\xe0" + bytes(40), Reason.UNCHECKED_CONTENT),
        (b"\xff\xeeAdobe\0\x64\0\0\0\0\0", None),
        (b"\xff\xeeAdobe\0\x64\0\0\0\0\0seen by Dr. Mary Smith", Reason.UNCHECKED_CONTENT),
        (b"\xff\xe0JFIF\0\1\1\0\0\1\0\1\0\0", None),
        (b"\xff\xe0JFIF\0\1\1\0\0\1\0\1\0\0seen by Dr. Mary Smith", Reason.UNCHECKED_CONTENT),
        (b"\xff\xe0JFIF\0\1\1\0\0\1\0\1\2\1" + bytes(6), Reason.UNCHECKED_CONTENT),
        (b"\xff\xe0JFXX\0\x13\2\1" + bytes(6), Reason.UNCHECKED_CONTENT),
        (b"\xff\xe8SPIFF\x00\x01\x00\x00\x01\x02", None),  # a header of its own, and no surname
        (b"\xff\xeb" + bytes(9) + COLOUR_PROFILE, None),
        (b"\xff\xeb" + COLOUR_PROFILE + b"Mary Smith", Reason.UNCHECKED_CONTENT),
        (b"\xff\xe2" + b"ICC_PROFILE\0\2\2" + "Mary Smith".encode("utf-16-be"), None),
        (b"\xff\xfe" + b"seen by Dr. Mary Smith, as her mother says: acsp", Reason.UNCHECKED_CONTENT),
    ],
)
def test_what_a_jpeg_carries_beside_its_pixels_is_looked_into(
    tmp_path: Path, segment: bytes, reason: Reason | None
) -> None:
    path = tmp_path / "jpeg.dcm"
    jpeg_instance(segment).save_as(path, enforce_file_format=True)
    redacting = Redacting(load_profile("basic"), Key.generate())
    if reason is None:
        assert redacting.deidentify(path, Timings()).data
        return
    with pytest.raises(InstanceError) as caught:
        redacting.deidentify(path, Timings())
    assert caught.value.reason is reason


@pytest.mark.parametrize("end", [b"\xff\xd9", b""], ids=["with an end", "without an end"])
def test_a_name_behind_the_data_of_a_scan_is_found(tmp_path: Path, end: bytes) -> None:
    dataset = jpeg_instance(b"\xff\xfeencoded for a test")
    frame = next(generate_frames(dataset.PixelData, number_of_frames=1))
    stream = frame[: frame.rindex(b"\xff\xd9")] + b"FEATHERSTONEHAUGH" + end
    dataset.PixelData = encapsulate([stream])
    dataset.save_as(tmp_path / "jpeg.dcm", enforce_file_format=True)
    with pytest.raises(InstanceError) as caught:
        Redacting(load_profile("basic"), Key.generate()).deidentify(tmp_path / "jpeg.dcm", Timings())
    assert caught.value.reason is Reason.KNOWN_VALUE_LEFT


@pytest.mark.parametrize(("samples", "released"), [(b"797654", True), (b"FEATHERSTONEHAUGH", False)])
def test_a_shadow_whose_greys_say_a_number_is_released(tmp_path: Path, samples: bytes, released: bool) -> None:
    """RLE holds the samples of rough pictures as they are: a name is no picture, a number may be."""
    dataset = jpeg_instance(b"\xff\xfeJasPer")
    dataset.AccessionNumber = "CT797654"
    picture = np.tile(np.arange(64, dtype=np.uint8), (64, 1))
    picture[9, 20 : 20 + len(samples)] = np.frombuffer(samples, np.uint8)
    dataset.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    dataset.PixelData = picture.tobytes()
    dataset.compress(RLELossless, generate_instance_uid=False)
    dataset.save_as(tmp_path / "rle.dcm", enforce_file_format=True)
    assert samples in dataset.PixelData
    redacting = Redacting(load_profile("basic"), Key.generate())
    if released:
        assert redacting.deidentify(tmp_path / "rle.dcm", Timings()).data
        return
    with pytest.raises(InstanceError) as caught:
        redacting.deidentify(tmp_path / "rle.dcm", Timings())
    assert caught.value.reason is Reason.KNOWN_VALUE_LEFT


def jpeg_instance(segment: bytes) -> Dataset:
    """A JPEG Baseline instance with one more segment (marker and content) in its only frame."""
    dataset = dcmread(str(pydicom.data.get_testdata_file("CT_small.dcm", download=False)))
    dataset.PatientName = NAME
    stream = bytes(imagecodecs.jpeg8_encode(np.zeros((64, 64), np.uint8)))
    length = (len(segment) - 2 + 2).to_bytes(2, "big")
    dataset.PixelData = encapsulate([stream[:2] + segment[:2] + length + segment[2:] + stream[2:]])
    dataset["PixelData"].VR = "OB"
    dataset.Rows = dataset.Columns = 64
    dataset.BitsAllocated = dataset.BitsStored = 8
    dataset.HighBit = 7
    dataset.PixelRepresentation = 0
    dataset.file_meta.TransferSyntaxUID = JPEGBaseline8Bit
    return dataset


def test_names_in_comments_are_read_in_utf_8_too(tmp_path: Path) -> None:
    dataset = jpeg_instance(b"\xff\xfefor " + "Müllerßohn".encode())
    dataset.SpecificCharacterSet = "ISO_IR 192"
    dataset.PatientName = "Müllerßohn^Ännchen"
    dataset.save_as(tmp_path / "jpeg.dcm", enforce_file_format=True)
    with pytest.raises(InstanceError) as caught:
        Redacting(load_profile("basic"), Key.generate()).deidentify(tmp_path / "jpeg.dcm", Timings())
    assert caught.value.reason is Reason.KNOWN_VALUE_LEFT


@pytest.mark.parametrize(
    "comment",
    [
        "Created by Grok     version 2.3.0",
        "MITRA_DICOM_STANDARD",
        "Written by JasPer",
        "Kdu-Layer-Info: log_2{Delta-D(squared-error)/Delta-L(bytes)}, L(bytes)\n -192.0,  1.2e+05\n  -3.1,  2.2e+06\n",
    ],
)
def test_a_comment_that_names_the_encoder_names_nobody(tmp_path: Path, comment: str) -> None:
    jpeg_instance(b"\xff\xfe" + comment.encode()).save_as(tmp_path / "jpeg.dcm", enforce_file_format=True)
    assert (
        comment.encode()
        in Redacting(load_profile("basic"), Key.generate()).deidentify(tmp_path / "jpeg.dcm", Timings()).data
    )


def test_a_last_fragment_of_odd_length_comes_out_as_it_is(tmp_path: Path) -> None:
    """Such files are read by all; a byte of padding between it and the delimiter would break them."""
    dataset = jpeg_instance(b"\xff\xfeJasPer")
    value = dataset.PixelData
    last = value[: value.rindex(b"\xff\xd9") + 2]
    last += b"\0" * (len(last) % 2 == 0)
    start = last.index(b"\xff\xd8\xff")
    dataset.save_as(tmp_path / "even.dcm", enforce_file_format=True)
    odd = last[: start - 4] + (len(last) - start).to_bytes(4, "little") + last[start:]
    data = (tmp_path / "even.dcm").read_bytes()
    at = data.rindex(value)
    (tmp_path / "odd.dcm").write_bytes(data[:at] + odd + data[at + len(value) :])
    for pixels in (False, True):
        released = Deidentifier(load_profile("basic"), Key.generate(), pixels=pixels).deidentify(
            tmp_path / "odd.dcm", Timings()
        )
        assert released.data.endswith(odd + b"\xfe\xff\xdd\xe0\0\0\0\0")
