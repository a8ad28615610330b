"""Each action on each VR: never the original, always a value that the VR can hold."""

from __future__ import annotations

from typing import Any

import pytest
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence

from deid.attributes.attribute import read_attribute
from deid.header import ACTIONS
from deid.plan import Empty, Keep, Remove, Replace

# An unlisted attribute of each VR, its stored bytes, and the bytes that must not stay when it has to change.
SAMPLES: dict[str, tuple[int, bytes]] = {
    "AE": (0x00080055, b"ZYXWVUT "),
    "AS": (0x00101010, b"043Y"),
    "CS": (0x00080060, b"ZYXWVUT "),
    "DA": (0x0008002A, b"20010203"),
    "DS": (0x00180050, b"12.5"),
    "DT": (0x00189516, b"20010203040506"),
    "IS": (0x00200013, b"77"),
    "LO": (0x00181030, b"ZYXWVUT "),
    "LT": (0x00184000, b"ZYXWVUT "),
    "PN": (0x00081050, b"ZYXWVUT "),
    "SH": (0x00180024, b"ZYXWVUT "),
    "ST": (0x00082111, b"ZYXWVUT "),
    "TM": (0x00080031, b"040506"),
    "UC": (0x0008030C, b"ZYXWVUT "),
    "UI": (0x00080014, b"1.2.99.5"),
    "UR": (0x0008010E, b"ZYXWVUT "),
    "UT": (0x0008030E, b"ZYXWVUT "),
    "US": (0x00280010, b"\x39\x30"),
    "SS": (0x00189219, b"\x39\x30"),
    "UL": (0x00186020, b"\x39\x30\x00\x00"),
    "SL": (0x0018601A, b"\x39\x30\x00\x00"),
    "FL": (0x00189073, b"\x39\x30\x31\x41"),
    "FD": (0x00189087, b"\x39\x30\x31\x41\x39\x30\x31\x41"),
    "AT": (0x00280009, b"\x18\x00\x63\x10"),
    "OB": (0x00282000, b"icc profile\0"),
    "OW": (0x00281201, b"\x11\x22\x33\x44"),
    "OF": (0x00660016, b"\x11\x22\x33\x44"),
    "OD": (0x0070150D, b"12345678"),
    "UN": (0x00282000, b"icc profile\0"),
}


@pytest.mark.parametrize("vr", sorted(SAMPLES))
@pytest.mark.parametrize("code", ["X", "Z", "D", "U", "C"])
def test_no_action_but_keep_leaves_the_original(code: str, vr: str, deid: Any, explicit: Any) -> None:
    tag, value = SAMPLES[vr]
    if code == "C" and vr in {"TM", "IS"}:
        pytest.skip("cleaning leaves times of day and numbers that are no date")
    dataset = explicit.read({tag: explicit.element(tag, vr, value)})
    room = deid.with_rules({tag: code})
    decision = room.plan(dataset)[f"({tag >> 16:04X},{tag & 0xFFFF:04X})"]
    assert decision.code == code
    assert not isinstance(decision.change, Keep)
    new = room.apply(dataset)
    assert tag not in new or read_attribute(new, tag, ("latin-1",)).data != value
    assert len(value) < 6 or value not in room.write(dataset)


@pytest.mark.parametrize("vr", sorted(SAMPLES))
def test_dummies_have_a_value_that_reads_back(vr: str, deid: Any, explicit: Any, encoder: Any) -> None:
    for coder in (explicit, encoder(implicit=True), encoder(little=False)):
        tag, value = SAMPLES[vr]
        dataset = coder.read({tag: coder.element(tag, vr, value)})
        room = deid.with_rules({tag: "D"})
        import io

        import pydicom

        new = pydicom.dcmread(io.BytesIO(room.write(dataset)))
        assert not new[tag].is_empty


def test_keep_leaves_the_bytes(deid: Any, explicit: Any) -> None:
    for vr, (tag, value) in SAMPLES.items():
        room = deid.knowing("nobody").with_rules({tag: "K"})
        assert value in room.write(explicit.read({tag: explicit.element(tag, vr, value)})), vr


def test_clean_cuts_only_what_identifies(deid: Any, explicit: Any) -> None:
    room = deid.with_rules({0x00081030: "C"})
    data = explicit.read({0x00081030: explicit.element(0x00081030, "LO", b"Knee L for ZYXWVUT")})
    assert room.apply(data)[0x00081030].value.rstrip() == "Knee L for"
    data = explicit.read({0x00081030: explicit.element(0x00081030, "LO", b"Knee  L ")})
    decision = room.plan(data)["(0008,1030)"]
    assert isinstance(decision.change, Keep)
    assert decision.action == "C"


def test_each_of_several_uids_is_replaced(deid: Any, explicit: Any) -> None:
    tag = 0x00081150 + 10  # (0008,115A) SOP Classes in Study
    uids = b"1.2.3.7\\1.2.840.10008.1.1\\1.2.3.7"
    data = explicit.read({tag: explicit.element(tag, "UI", uids + b"\0" * (len(uids) % 2))})
    first, second, third = deid.with_rules({tag: "U"}).apply(data)[tag].value
    assert first == third != "1.2.3.7"
    assert first.startswith("2.25.")
    assert second == "1.2.840.10008.1.1"


def test_uid_action_on_what_is_no_uid_is_a_dummy(deid: Any, explicit: Any) -> None:
    data = explicit.read({0x00080018: explicit.element(0x00080018, "LO", b"ZYXWVUT ")})
    decision = deid.plan(data)["(0008,0018)"]
    assert decision.action == "D"
    assert "ZYXWVUT" not in str(decision.change)


def test_z_with_a_template_gives_the_pseudonym(deid: Any, explicit: Any) -> None:
    data = explicit.read(
        {
            0x00100020: explicit.element(0x00100020, "LO", b"ZYXWVUT "),
            0x00100010: explicit.element(0x00100010, "PN", b""),
        }
    )
    new = deid.apply(data)
    assert new.PatientID == new.PatientName == "DEID-TEST"


def _sequence_file() -> Dataset:
    inner = Dataset()
    inner.PersonName = "ZYXWVUT"
    inner.TextValue = "Dr ZYXWVUT 20010203"
    inner.DateTime = "20010203"
    inner.ReferencedSOPInstanceUID = "1.2.3.4.5"
    inner.NumericValue = "12"
    inner.ValueType = "TEXT"
    inner.CodeMeaning = "private meaning"
    inner.FrameOfReferenceUID = "1.2.3.4.6"
    code = Dataset()
    code.CodeValue, code.CodingSchemeDesignator, code.CodeMeaning = "T-04000", "SRT", "Breast"
    inner.ConceptNameCodeSequence = Sequence([code])
    data = Dataset()
    data.SOPClassUID, data.SOPInstanceUID = "1.2.840.10008.5.1.4.1.1.88.11", "1.2.3.4"
    data.ContentSequence = Sequence([inner])
    return data


def test_dummy_on_a_sequence_keeps_structure_and_public_codes_only(deid: Any) -> None:
    new = deid.knowing("nobody").apply(_sequence_file()).ContentSequence[0]
    assert new.ValueType == "TEXT"
    assert new.ConceptNameCodeSequence[0].CodeMeaning == "Breast"
    assert new.NumericValue == 0
    assert new.CodeMeaning != "private meaning"
    text = str(new)
    for original in ("ZYXWVUT", "20010203", "1.2.3.4.5", "1.2.3.4.6", "private"):
        assert original not in text


def test_uid_and_clean_actions_walk_sequences(deid: Any) -> None:
    new = deid.with_rules({0x0040A730: "U"}).apply(_sequence_file()).ContentSequence[0]
    assert new.ReferencedSOPInstanceUID.startswith("2.25.")
    assert new.CodeMeaning == "private meaning"
    new = deid.knowing("nobody").with_rules({0x0040A730: "C", 0x0040A160: "K", 0x00080104: "K"}).apply(_sequence_file())
    assert new.ContentSequence[0].CodeMeaning == "private meaning"
    new = deid.with_rules({0x0040A730: "C"}).apply(_sequence_file()).ContentSequence[0]
    assert "ZYXWVUT" not in str(new)


def test_x_and_z_on_sequences(deid: Any) -> None:
    decisions = deid.with_rules({0x0040A730: "X"}).plan(_sequence_file())
    assert isinstance(decisions["(0040,A730)"].change, Remove)
    assert not any(path.startswith("(0040,A730)[") for path in decisions)
    data = _sequence_file()
    assert len(deid.with_rules({0x0040A730: "Z"}).apply(data).ContentSequence) == 1, "needs a value in an SR: a dummy"
    data.SOPClassUID = "1.2.840.10008.5.1.4.1.1.2"
    assert deid.with_rules({0x0040A730: "Z"}).apply(data).ContentSequence == []


def test_empty_stays_empty(deid: Any, explicit: Any) -> None:
    data = explicit.read(
        {0x0020000D: explicit.element(0x0020000D, "UI", b""), 0x00080023: explicit.element(0x00080023, "DA", b"")}
    )
    decisions = deid.with_rules({0x00080023: "D"}).plan(data)
    assert isinstance(decisions["(0020,000D)"].change, Empty)
    assert isinstance(decisions["(0008,0023)"].change, Empty)


def test_actions_describe_themselves() -> None:
    standard, dates = ["K", "X", "Z", "D", "U", "C"], ["shift-date", "shift-unix-time"]
    assert list(ACTIONS) == [*standard, *dates, "replace", "hash", "age-cap", "generalise", "map"]
    for code, action in ACTIONS.items():
        assert action.code == code
        assert (type(action).__doc__ or "").startswith(f"`{code}`: ")


def test_decisions_are_values_that_quote_nothing(deid: Any, explicit: Any, secret: str) -> None:
    import pickle

    data = explicit.read({tag: explicit.element(tag, vr, value) for vr, (tag, value) in SAMPLES.items()})
    decisions = deid.plan(data)
    assert pickle.loads(pickle.dumps(decisions)) == decisions  # noqa: S301 - own bytes
    for decision in decisions.values():
        assert secret not in decision.reason + decision.rule
        assert isinstance(decision.change, Keep | Remove | Empty | Replace)
