from __future__ import annotations

import io
from dataclasses import replace
from typing import Any

import pydicom
import pytest
from pydicom.dataset import Dataset, FileMetaDataset

from deid.errors import InstanceError
from deid.header import IMPLEMENTATION_CLASS_UID, add_marks, new_file_meta
from deid.profile import OptionInfo, load_profile
from deid.writing import PREAMBLE


def _pixels(explicit: Any) -> dict[int, bytes]:
    return {
        0x7FE00010: explicit.element(0x7FE00010, "OW", b"\1\2\3\4"),
        0x00280301: explicit.element(0x00280301, "CS", b"YES "),
    }


@pytest.mark.parametrize(
    ("with_pixels", "checked", "removed", "burned_in", "codes"),
    [
        (True, True, "YES", "NO", ["113100", "113101"]),
        (True, False, "NO", "YES", ["113100"]),
        (False, True, "YES", None, ["113100"]),
        (False, False, "YES", None, ["113100"]),
    ],
)
def test_marks_say_what_was_done(
    with_pixels: Any, checked: Any, removed: str, burned_in: str | None, codes: list[str], deid: Any, explicit: Any
) -> None:
    data = explicit.read(_pixels(explicit) if with_pixels else {})
    new = pydicom.dcmread(io.BytesIO(deid.write(data, pixels_checked=checked)))
    assert new.PatientIdentityRemoved == removed
    assert new.get("BurnedInAnnotation") == burned_in
    assert [item.CodeValue for item in new.DeidentificationMethodCodeSequence] == codes
    assert all(item.CodingSchemeDesignator == "DCM" for item in new.DeidentificationMethodCodeSequence)
    assert new.LongitudinalTemporalInformationModified == "REMOVED"
    assert new.DeidentificationMethod[0].startswith("deid ")
    assert all(len(text) <= 64 for text in new.DeidentificationMethod)


@pytest.mark.parametrize(("tag", "removed"), [(0x60003000, "NO"), (0x50FE3000, "NO"), (0x60000010, "YES")])
def test_nobody_looked_at_what_is_drawn_in_an_overlay_that_a_rule_keeps(tag: int, removed: str) -> None:
    data = Dataset()
    data.add_new(tag, "OW", b"\1\0")
    add_marks(data, load_profile("basic"), pixels_checked=True)
    assert data.PatientIdentityRemoved == removed


def test_that_marks_are_set_is_told_by_a_rule_of_their_own(deid: Any, explicit: Any) -> None:
    data = explicit.read({0x00120062: explicit.element(0x00120062, "CS", b"YES "), **_pixels(explicit)})
    decisions = deid.plan(data)
    assert [decisions[path].rule for path in ("(0012,0062)", "(0028,0301)")] == ["marks", "marks"]


def test_marks_are_appended_and_options_named() -> None:
    option = OptionInfo("dates", "Dates", "", "113106", "Retain Longitudinal Temporal Information Full Dates Option")
    profile = replace(load_profile("basic"), options=(option,))
    data, item = Dataset(), Dataset()
    item.CodeValue, item.CodingSchemeDesignator, item.CodeMeaning = "113111", "DCM", "Retain Safe Private Option"
    data.DeidentificationMethod = "another tool"
    data.DeidentificationMethodCodeSequence = [item]
    for _ in range(2):
        add_marks(data, profile, pixels_checked=True)
    assert data.DeidentificationMethod[0] == "another tool"
    assert [code.CodeValue for code in data.DeidentificationMethodCodeSequence] == ["113111", "113100", "113106"]
    assert data.LongitudinalTemporalInformationModified == "UNMODIFIED"


@pytest.mark.parametrize(
    ("rules", "options", "wanted"),
    [
        ({}, [], "REMOVED"),
        ({0x00080020: "K"}, [], "MODIFIED"),
        ({0x00080020: "K"}, ["retain-longitudinal-full-dates"], "UNMODIFIED"),
        ({0x00080020: "C"}, [], "MODIFIED"),
        ({0x00080020: "shift-date"}, ["retain-longitudinal-full-dates"], "MODIFIED"),
        ({0x00400275: "K", 0x00400244: "K"}, [], "MODIFIED"),
        ({0x00400275: "K", 0x00400244: "X"}, [], "REMOVED"),
    ],
)
def test_the_mark_on_dates_follows_from_what_was_done(
    rules: dict[int, str], options: list[str], wanted: str, deid: Any, explicit: Any
) -> None:
    item = explicit.item(explicit.element(0x00400244, "DA", b"20010204"))
    data = explicit.read(
        {
            0x00080020: explicit.element(0x00080020, "DA", b"20010203"),
            0x00080021: explicit.element(0x00080021, "DA", b""),
            0x00400275: explicit.element(0x00400275, "SQ", item),
        }
    )
    room = replace(deid, profile=load_profile("basic", options)).with_rules(rules)
    new, decisions = room.apply(data), tuple(room.plan(data).values())
    add_marks(new, room.profile, pixels_checked=True, decisions=decisions)
    assert new.LongitudinalTemporalInformationModified == wanted


def test_file_meta_is_made_anew(deid: Any, explicit: Any) -> None:
    data = explicit.read({})
    data.file_meta.SourceApplicationEntityTitle = "DOE"
    data.file_meta.PrivateInformationCreatorUID = "1.2.3.99"
    data.file_meta.PrivateInformation = b"JANE"
    data.file_meta.ImplementationVersionName = "HOSPITAL"
    written = deid.write(data)
    new = pydicom.dcmread(io.BytesIO(written))
    assert written.startswith(PREAMBLE + b"DICM")
    assert [f"{element.tag.element:04X}" for element in new.file_meta] == [
        "0000",
        "0001",
        "0002",
        "0003",
        "0010",
        "0012",
        "0013",
    ]
    assert new.file_meta.MediaStorageSOPInstanceUID == new.SOPInstanceUID != "1.2.3.4"
    assert new.file_meta.ImplementationClassUID == IMPLEMENTATION_CLASS_UID
    for original in (b"DOE", b"JANE", b"HOSPITAL", b"1.2.3.99"):
        assert original not in written


def test_transfer_syntax_follows_the_real_encoding(deid: Any, implicit: Any) -> None:
    data = deid.apply(implicit.read({}))
    lying = FileMetaDataset()
    lying.TransferSyntaxUID = pydicom.uid.ExplicitVRLittleEndian
    assert new_file_meta(lying, data).TransferSyntaxUID == pydicom.uid.ImplicitVRLittleEndian
    assert new_file_meta(None, data).TransferSyntaxUID == pydicom.uid.ImplicitVRLittleEndian
    with pytest.raises(InstanceError):
        new_file_meta(lying, Dataset())


def test_dates_that_were_moved_are_not_called_full() -> None:
    data = Dataset()
    options = ["retain-longitudinal-full-dates", "retain-longitudinal-modified-dates"]
    add_marks(data, load_profile("basic", options), pixels_checked=True)
    assert [item.CodeValue for item in data.DeidentificationMethodCodeSequence] == ["113100", "113107"]
    assert not any("Full Dates" in text for text in data.DeidentificationMethod)
    assert data.LongitudinalTemporalInformationModified == "MODIFIED"
