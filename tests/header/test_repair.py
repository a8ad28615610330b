"""Option `repair`: what the IOD demands is there afterwards, made of nothing that the instance does not say."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path
from typing import Any

import pydicom
import pytest

from deid.header.repair import REPAIR
from deid.plan import Empty, Replace
from deid.profile import load_profile
from deid.verify.header import check_header

CT, DX, DX_PROCESSING, MG = (f"1.2.840.10008.5.1.4.1.1.{suffix}" for suffix in ("2", "1.1", "1.1.1", "1.2"))


def repairing(deid: Any) -> Any:
    return replace(deid, profile=load_profile("basic", ["repair"]))


@pytest.mark.parametrize("coding", [{}, {"implicit": True}, {"little": False}])
def test_type_2_is_added_empty(coding: Any, deid: Any, encoder: Any) -> None:
    coder = encoder(**coding)
    data = coder.read({0x00080020: coder.element(0x00080020, "DA", b"20010203")}, CT)
    room = repairing(deid)
    decisions = tuple(room.plan(data).values())
    new = pydicom.dcmread(io.BytesIO(room.write(data)))
    check_header(data, new, decisions)
    for keyword in ("PatientBirthDate", "PatientSex", "StudyTime", "SeriesNumber", "Manufacturer", "KVP"):
        assert keyword in new
        assert not new[keyword].value
    assert new.PatientID == new.PatientName == "DEID-TEST"
    assert "FrameOfReferenceUID" not in new, "type 1, and nothing says what it was"
    assert "Laterality" not in new, "type 2C"
    for decision in decisions:
        if decision.rule == REPAIR:
            assert isinstance(decision.change, Empty | Replace)
            assert "lacks it" in decision.reason


def test_what_is_there_or_was_taken_away_is_left_alone(deid: Any, explicit: Any) -> None:
    data = explicit.read(
        {
            0x00080070: explicit.element(0x00080070, "LO", b"Maker "),
            0x00100040: explicit.element(0x00100040, "CS", b"F "),
        },
        CT,
    )
    new = repairing(deid).with_rules({0x00100040: "X"}).apply(data)
    assert new.Manufacturer == "Maker"
    assert "PatientSex" not in new
    again = repairing(deid).plan(new)
    assert {path for path, decision in again.items() if decision.rule == REPAIR} == {"(0010,0040)"}


@pytest.mark.parametrize(
    ("sop_class", "photometric", "shape", "intent"),
    [
        (DX, b"MONOCHROME2 ", "IDENTITY", "FOR PRESENTATION"),
        (DX_PROCESSING, b"MONOCHROME1 ", "INVERSE", "FOR PROCESSING"),
        (MG, b"RGB ", None, "FOR PRESENTATION"),
        (CT, b"MONOCHROME2 ", None, None),
    ],
)
def test_type_1_follows_from_the_instance(
    sop_class: str, photometric: bytes, shape: str | None, intent: str | None, deid: Any, explicit: Any
) -> None:
    data = explicit.read({0x00280004: explicit.element(0x00280004, "CS", photometric)}, sop_class)
    new = repairing(deid).apply(data)
    assert new.get("PresentationLUTShape") == shape
    assert new.get("PresentationIntentType") == intent
    assert "ImageLaterality" not in new


def test_the_root_of_a_report_gets_no_attribute_of_numeric_items(deid: Any, explicit: Any) -> None:
    new = repairing(deid).apply(explicit.read({}, "1.2.840.10008.5.1.4.1.1.88.33"))
    assert "PerformedProcedureCodeSequence" in new
    assert "MeasuredValueSequence" not in new, "type 2 where the Value Type is NUM; the root is a CONTAINER"


def test_unknown_classes_and_other_profiles_add_nothing(deid: Any, explicit: Any) -> None:
    unknown = explicit.read({}, "1.2.3.4.5")
    assert not any(decision.rule == REPAIR for decision in repairing(deid).plan(unknown).values())
    ct = explicit.read({}, CT)
    assert not any(decision.rule == REPAIR for decision in deid.plan(ct).values())


def test_bundled_files_have_all_they_need(deid: Any) -> None:
    room = repairing(deid)
    folder = Path(pydicom.__file__).parent / "data" / "test_files"
    for name in ("CT_small.dcm", "MR_small.dcm", "rtplan.dcm", "examples_overlay.dcm", "reportsi.dcm"):
        data = pydicom.dcmread(folder / name)
        new = pydicom.dcmread(io.BytesIO(room.write(data)))
        check_header(data, new, tuple(room.plan(data).values()))
        assert not [path for path, decision in room.plan(new).items() if decision.rule == REPAIR]


@pytest.mark.parametrize(("body_part", "added"), [(b"CHEST ", False), (b"", True)])
def test_a_region_that_is_named_is_not_said_to_be_unknown(
    body_part: bytes, *, added: bool, deid: Any, explicit: Any
) -> None:
    data = explicit.read({0x00180015: explicit.element(0x00180015, "CS", body_part)}, DX)
    assert ("AnatomicRegionSequence" in repairing(deid).apply(data)) is added
