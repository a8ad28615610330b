"""Applying: kept bytes are identical, the original is untouched, the encoding stays."""

from __future__ import annotations

import io
from typing import Any

import pydicom
import pytest
from pydicom.data import get_testdata_file
from pydicom.dataelem import RawDataElement

from deid.attributes.attribute import read_attribute, tags_of
from deid.errors import InstanceError, Reason
from deid.header import apply_header
from deid.plan import Keep

FILES = [
    "CT_small.dcm",
    "MR_small.dcm",
    "MR_small_implicit.dcm",
    "MR_small_bigendian.dcm",
    "rtplan.dcm",
    "rtdose.dcm",
    "US1_UNCR.dcm",
    "JPEG2000.dcm",
    "liver_1frame.dcm",
    "image_dfl.dcm",
    "waveform_ecg.dcm",
    "test-SR.dcm",
    "emri_small.dcm",
    "nested_priv_SQ.dcm",
    "priv_SQ.dcm",
    "UN_sequence.dcm",
    "chrH32.dcm",
    "chrJapMulti.dcm",
]


@pytest.mark.parametrize("name", FILES)
def test_kept_elements_have_the_bytes_they_had(name: str, deid: Any) -> None:
    path = get_testdata_file(name, download=False)
    if path is None:
        pytest.skip("not bundled")
    before = pydicom.dcmread(path)
    if "SOPInstanceUID" not in before:
        before.SOPClassUID, before.SOPInstanceUID = "1.2.840.10008.5.1.4.1.1.2", "1.2.3"
    raw = {tag for tag in tags_of(before) if isinstance(before.get_item(tag, keep_deferred=True), RawDataElement)}
    decisions = deid.knowing("nobody at all").plan(before)
    after = pydicom.dcmread(io.BytesIO(deid.knowing("nobody at all").write(before)))
    assert after.file_meta.TransferSyntaxUID == before.file_meta.TransferSyntaxUID
    kept = 0
    for decision in decisions.values():
        if isinstance(decision.change, Keep) and not decision.path.parents and decision.vr != "SQ":
            if decision.path.tag in {0x00120062, 0x00120063, 0x00280301, 0x00280303} or decision.path.tag not in raw:
                continue
            old = before.get_item(decision.path.tag, keep_deferred=True)
            new = after.get_item(decision.path.tag, keep_deferred=True)
            assert isinstance(new, RawDataElement)
            assert (new.value or b"") == (old.value or b""), decision.path
            assert new.VR == old.VR
            kept += 1
    assert kept or len(decisions) < 20
    assert all(isinstance(before.get_item(tag, keep_deferred=True), RawDataElement) for tag in raw), (
        "original untouched"
    )


@pytest.mark.parametrize("coding", [{}, {"implicit": True}, {"little": False}])
@pytest.mark.parametrize("undefined", [False, True])
def test_untouched_sequences_are_written_as_they_were(
    coding: dict[str, bool], undefined: Any, deid: Any, encoder: Any
) -> None:
    coder = encoder(**coding)
    inner = coder.item(
        coder.element(0x00080100, "SH", b"T-04000 ") + coder.element(0x00080102, "SH", b"SRT "), undefined=undefined
    )
    sequence = coder.element(0x00082218, "SQ", inner + coder.item(b"", undefined=undefined), undefined=undefined)
    data = coder.read({0x00082218: sequence, 0x00200013: coder.element(0x00200013, "IS", b" 7 \0")})
    written = deid.write(data)
    assert sequence in written
    assert coder.element(0x00200013, "IS", b" 7 \0") in written


def test_the_original_stays_as_it_was(deid: Any) -> None:
    path = get_testdata_file("CT_small.dcm", download=False)
    assert path is not None
    data, untouched = pydicom.dcmread(path), pydicom.dcmread(path)
    new = deid.apply(data)
    new.PatientID = "changed"
    new.Rows = 1
    for tag in tags_of(data):
        assert data.get_item(tag) == untouched.get_item(tag)


def test_an_attribute_without_decision_is_not_released(explicit: Any) -> None:
    data = explicit.read({})
    with pytest.raises(InstanceError) as caught:
        apply_header(data, ())
    assert caught.value.reason is Reason.PLAN_NOT_REALISED


def test_applying_again_plans_no_new_surprise(deid: Any) -> None:
    """What was written can be planned and applied again: nothing in it is unreadable."""
    path = get_testdata_file("CT_small.dcm", download=False)
    assert path is not None
    once = pydicom.dcmread(io.BytesIO(deid.write(pydicom.dcmread(path))))
    assert not {decision.rule for decision in deid.plan(once).values()} & {"unreadable", "known-values"}


def test_same_input_same_bytes(deid: Any) -> None:
    path = get_testdata_file("test-SR.dcm", download=False)
    assert path is not None
    assert deid.write(pydicom.dcmread(path)) == deid.write(pydicom.dcmread(path))


def test_reading_an_attribute_does_not_touch_it(explicit: Any) -> None:
    data = explicit.read({0x00200013: explicit.element(0x00200013, "IS", b"7 ")})
    attribute = read_attribute(data, 0x00200013, ("latin-1",))
    assert attribute.data == b"7 "
    assert isinstance(data.get_item(0x00200013), RawDataElement)
