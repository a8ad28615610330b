"""Planning: every attribute at any depth, UN sequences, private blocks, odd values, bounds."""

from __future__ import annotations

import struct
import warnings
from contextlib import nullcontext
from typing import Any

import pytest
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence

from deid.attributes.tree import MAX_DEPTH
from deid.errors import InstanceError, Reason
from deid.plan import Empty, Keep, Remove

SERIES_DESCRIPTION, REFERENCED_SERIES, OTHER = 0x0008103E, 0x00081115, 0x00104000
CONTRAST_ROUTE, REQUEST = 0x00181040, 0x00400275


def nested(depth: int) -> Dataset:
    data = Dataset()
    data.ContrastBolusRoute = "ZYXWVUT"
    for _ in range(depth):
        outer = Dataset()
        outer.ReferencedSeriesSequence = Sequence([data])
        data = outer
    data.SOPClassUID, data.SOPInstanceUID = "1.2.840.10008.5.1.4.1.1.2", "1.2.3"
    return data


def test_every_attribute_at_any_depth_gets_a_decision(deid: Any) -> None:
    decisions = deid.plan(nested(MAX_DEPTH))
    assert len(decisions) == MAX_DEPTH + 3
    deepest = max(decisions.values(), key=lambda decision: len(decision.path.parents))
    assert deepest.rule == "known-values"
    assert isinstance(deepest.change, Empty)


@pytest.mark.parametrize("depth", [MAX_DEPTH + 1, 300])
def test_deeper_than_the_bound_is_malformed(depth: int, deid: Any) -> None:
    with pytest.raises(InstanceError) as caught:
        deid.plan(nested(depth))
    assert caught.value.reason is Reason.MALFORMED


@pytest.mark.parametrize("undefined", [False, True])
def test_depth_bomb_inside_a_value_goes_or_is_malformed(undefined: Any, deid: Any, explicit: Any, encoder: Any) -> None:
    inner = encoder(implicit=True)
    value = inner.element(CONTRAST_ROUTE, "LO", b"ZYXWVUT ")
    for _ in range(3000):
        value = inner.element(REFERENCED_SERIES, "SQ", inner.item(value, undefined=undefined), undefined=undefined)
        if len(value) > 60000:
            break
    data = explicit.read({REFERENCED_SERIES: explicit.element(REFERENCED_SERIES, "UN", inner.item(value))})
    with nullcontext() if undefined else pytest.raises(InstanceError) as caught:
        assert b"ZYXWVUT" not in deid.write(data)
    assert caught is None or caught.value.reason is Reason.MALFORMED


@pytest.mark.parametrize("undefined_items", [False, True])
@pytest.mark.parametrize("undefined", [False, True])
def test_un_sequences_are_walked_and_stay_un(
    undefined: Any, undefined_items: Any, deid: Any, explicit: Any, encoder: Any
) -> None:
    inner = encoder(implicit=True)
    content = inner.element(0x0020000E, "UI", b"1.2.3.99") + inner.element(0x00200013, "IS", b"42")
    value = inner.item(content, undefined=undefined_items)
    data = explicit.read({REFERENCED_SERIES: explicit.element(REFERENCED_SERIES, "UN", value, undefined=undefined)})
    decisions = deid.plan(data)
    assert decisions["(0008,1115)[0].(0020,000E)"].action == "U"
    assert isinstance(decisions["(0008,1115)[0].(0020,0013)"].change, Keep)
    written = deid.write(data)
    assert b"1.2.3.99" not in written
    assert b"\x08\x00\x15\x11UN\0\0" in written
    assert inner.element(0x00200013, "IS", b"42") in written


def test_un_with_known_tag_takes_the_dictionary_vr(deid: Any, explicit: Any) -> None:
    data = explicit.read(
        {
            CONTRAST_ROUTE: explicit.element(CONTRAST_ROUTE, "UN", b"for ZYXWVUT "),
            0x00100010: explicit.element(0x00100010, "UN", b"DOE^JANE"),
        }
    )
    decisions = deid.plan(data)
    assert decisions["(0018,1040)"].vr == "LO"
    assert decisions["(0018,1040)"].rule == "known-values"
    written = deid.write(data)
    assert b"ZYXWVUT" not in written
    assert b"DOE" not in written


def test_what_nobody_knows_the_meaning_of_goes(deid: Any, explicit: Any) -> None:
    unknown = 0x00187FF1
    data = explicit.read({unknown: explicit.element(unknown, "UN", b"\1\2\3\4")})
    assert deid.plan(data)["(0018,7FF1)"].rule == "unreadable"
    data = explicit.read({unknown: explicit.element(unknown, "OB", b"\1\2\3\4")})
    assert isinstance(deid.plan(data)["(0018,7FF1)"].change, Remove)
    data = explicit.read({unknown: explicit.element(unknown, "LO", b"Some Body ")})
    assert deid.plan(data)["(0018,7FF1)"].rule == "unreadable"
    assert isinstance(deid.with_rules({unknown: "K"}).plan(data)["(0018,7FF1)"].change, Keep)


@pytest.mark.parametrize("vr", ["LO", "SH", "UT", "CS", "PN"])
@pytest.mark.parametrize(
    ("tag", "fitting"),
    [
        (0x00280010, b"512 "),  # Rows, US
        (0x00281054, b"HU"),  # Rescale Type, LO: any text fits
        (0x00200013, b"7 "),  # Instance Number, IS
        (0x00181063, b"33.30 "),  # Frame Time, DS
        (0x0018106A, None),  # Synchronization Trigger, CS: any code fits
        (0x00281201, None),  # Red Palette Color Lookup Table Data, OW
        (0x00280009, None),  # Frame Increment Pointer, AT
    ],
)
def test_a_text_where_a_number_should_be_stays_only_if_it_is_one(
    deid: Any, explicit: Any, vr: str, tag: int, fitting: bytes | None
) -> None:
    numeric = tag not in {0x00281054, 0x0018106A}
    data = explicit.read({tag: explicit.element(tag, vr, b"SOME^BODY ")})
    (decision,) = [one for one in deid.plan(data).values() if one.path.tag == tag]
    assert isinstance(decision.change, Keep) == (not numeric)
    if fitting is not None:
        (decision,) = [
            one
            for one in deid.plan(explicit.read({tag: explicit.element(tag, vr, fitting)})).values()
            if one.path.tag == tag
        ]
        assert isinstance(decision.change, Keep)


def test_text_stored_as_binary_goes(deid: Any, explicit: Any) -> None:
    for vr in ("OB", "US", "UL", "FD"):
        data = explicit.read({CONTRAST_ROUTE: explicit.element(CONTRAST_ROUTE, vr, b"whatever")})
        assert isinstance(deid.plan(data)["(0018,1040)"].change, Remove), vr


def test_private_attributes_and_blocks(deid: Any, explicit: Any) -> None:
    elements = {
        0x00090010: explicit.element(0x00090010, "LO", b"ACME"),
        0x00091001: explicit.element(0x00091001, "LO", b"kept"),
        0x00091101: explicit.element(0x00091101, "LO", b"no creator"),
        0x00090001: explicit.element(0x00090001, "LO", b"illegal "),
    }
    data = explicit.read(elements)
    assert {deid.plan(data)[f"(0009,{e})"].action for e in ("0010", "1001", "1101", "0001")} == {"X"}
    decisions = deid.with_rules({}, private="K").plan(data)
    assert isinstance(decisions["(0009,0010)"].change, Keep)
    assert isinstance(decisions["(0009,1001)"].change, Keep)
    assert decisions["(0009,1101)"].rule == "private-block"
    assert decisions["(0009,0001)"].rule == "private-block"


def test_private_creator_with_a_name_takes_its_block_along(deid: Any, explicit: Any) -> None:
    data = explicit.read(
        {
            0x00090010: explicit.element(0x00090010, "LO", b"ZYXWVUT "),
            0x00091001: explicit.element(0x00091001, "LO", b"text"),
        }
    )
    decisions = deid.with_rules({}, private="K").plan(data)
    assert isinstance(decisions["(0009,0010)"].change, Remove)
    assert isinstance(decisions["(0009,1001)"].change, Remove)


def test_private_sequence_in_un_is_walked_when_kept(deid: Any, explicit: Any, encoder: Any) -> None:
    inner = encoder(implicit=True)
    value = inner.item(inner.element(0x00100010, "PN", b"DOE^JANE"))
    data = explicit.read(
        {
            0x00090010: explicit.element(0x00090010, "LO", b"ACME"),
            0x00091001: explicit.element(0x00091001, "UN", value),
            0x00091002: explicit.element(0x00091002, "UN", b"\1\2\3\4"),
        }
    )
    room = deid.with_rules({}, private="K")
    decisions = room.plan(data)
    assert decisions["(0009,1001)[0].(0010,0010)"].action == "Z"
    assert isinstance(decisions["(0009,1002)"].change, Remove)
    assert b"DOE" not in room.write(data)


@pytest.mark.parametrize(
    ("tag", "vr", "value"),
    [
        (0x00200013, "IS", b"JANE DOE"),
        (0x00180050, "DS", b"12 mm "),
        (0x00200013, "IS", b"DOE^JANE"),
        (0x00280010, "US", b"\1\2\3"),
        (0x00189073, "FD", b"DOE"),
        (0x0018601A, "SL", b"JANE DOE "),
        (0x00089123, "UI", b"1.2.DOE "),
    ],
)
def test_values_that_can_not_be_parsed_never_stay(tag: int, vr: str, value: bytes, deid: Any, explicit: Any) -> None:
    room = deid.with_rules({tag: "K"})
    decision = room.plan(explicit.read({tag: explicit.element(tag, vr, value)}))[
        f"({tag >> 16:04X},{tag & 0xFFFF:04X})"
    ]
    assert decision.rule == "unreadable"
    assert not isinstance(decision.change, Keep)


def test_room_rules(deid: Any, explicit: Any) -> None:
    icon = explicit.item(explicit.element(0x7FE00010, "OB", b"\1\2\3\4"))
    fragment = explicit.item(b"") + explicit.item(b"\1\2")
    coded = explicit.item(explicit.element(0x7FE00010, "OB", fragment, undefined=True))
    coded = explicit.item(explicit.element(0x00880200, "SQ", coded))
    other = explicit.item(explicit.element(0x7FE00010, "OW", b"\5\6\7\x08"))
    data = explicit.read(
        {
            0x00080000: explicit.element(0x00080000, "UL", struct.pack("<L", 4)),
            0x00880200: explicit.element(0x00880200, "SQ", icon),
            0x00081140: explicit.element(0x00081140, "SQ", coded),
            REFERENCED_SERIES: explicit.element(REFERENCED_SERIES, "SQ", other),
            0x60000010: explicit.element(0x60000010, "US", b"\1\0"),
            0x60003000: explicit.element(0x60003000, "OW", b"\1\0"),
            0x60020010: explicit.element(0x60020010, "US", b"\1\0"),
            0x7F000010: explicit.element(0x7F000010, "OW", b"\1\2\3\4"),
            0x7FE00010: explicit.element(0x7FE00010, "OW", b"\1\2\3\4"),
            0x7FE00020: explicit.element(0x7FE00020, "OW", b"\1\2\3\4"),
        }
    )
    keeping = deid.with_rules({0x00880200: "K", 0x00081140: "K"})
    rules = {path: decision.rule for path, decision in keeping.plan(data).items()}
    assert rules["(0008,0000)"] == "group-length"
    assert keeping.apply(data).IconImageSequence[0].PixelData == bytes(4)
    assert rules["(0088,0200)[0].(7FE0,0010)"] == rules["(0008,1140)[0].(0088,0200)"] == "icons"
    assert "(0088,0200)" not in map(str, deid.apply(data).keys())
    assert rules["(0008,1115)[0].(7FE0,0010)"] == "nested-pixels"
    assert rules["(7F00,0010)"] == rules["(7FE0,0020)"] == "retired-pixels"
    assert rules["(6000,0010)"] == "overlays"
    assert rules["(6002,0010)"] == "basic unlisted"
    assert rules["(7FE0,0010)"] == "pixels"


def test_instances_that_can_not_be_checked_are_refused(deid: Any, explicit: Any) -> None:
    document = {0x00420011: explicit.element(0x00420011, "OB", b"%PDF")}
    for sop_class, elements in (
        ("1.2.840.10008.5.1.4.1.1.104.1", {}),
        ("1.2.840.10008.5.1.4.1.1.2", document),
        ("1.2.840.10008.5.1.4.1.1.9.4.1", {}),
    ):
        with pytest.raises(InstanceError) as caught:
            deid.plan(explicit.read(elements, sop_class))
        assert caught.value.reason is Reason.UNCHECKED_CONTENT


@pytest.mark.parametrize("interpretation", ["MB", "AB", "SS"])
def test_speech_in_whatever_instance_is_refused(interpretation: str, deid: Any) -> None:
    group, data = Dataset(), Dataset()
    group.WaveformSampleInterpretation, group.WaveformData = interpretation, b"\0\x80" * 8
    data.SOPClassUID, data.SOPInstanceUID = "1.2.840.10008.5.1.4.1.1.3.1", "1.2.3"
    data.WaveformSequence = Sequence([group])
    with nullcontext() if interpretation == "SS" else pytest.raises(InstanceError) as caught:
        deid.plan(data)
    assert caught is None or caught.value.reason is Reason.UNCHECKED_CONTENT


def test_broken_sequences_go(deid: Any, explicit: Any) -> None:
    data = explicit.read({REFERENCED_SERIES: explicit.element(REFERENCED_SERIES, "SQ", b"JANE DOE is not an item ")})
    decision = deid.plan(data)["(0008,1115)"]
    assert isinstance(decision.change, Remove | Empty)
    assert b"JANE" not in deid.write(data)


def test_bytes_behind_the_items_do_not_survive(deid: Any, explicit: Any) -> None:
    content = explicit.element(0x00200013, "IS", b"42")
    early_end = explicit.item(content + struct.pack("<HHL", 0xFFFE, 0xE00D, 0) + b"JANE DOE")
    data = explicit.read({REFERENCED_SERIES: explicit.element(REFERENCED_SERIES, "SQ", early_end)})
    assert b"JANE" not in deid.write(data)


def test_planning_changes_nothing_and_warns_of_nothing(deid: Any, explicit: Any) -> None:
    data = explicit.read(
        {
            0x00200013: explicit.element(0x00200013, "IS", b"DOE"),
            0x00189073: explicit.element(0x00189073, "FD", b"DOE"),
            0x00080020: explicit.element(0x00080020, "DA", b"JANE DOE"),
        }
    )
    before = dict(data.items())
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        deid.plan(data)
    after = dict(data.items())
    assert before.keys() == after.keys()
    assert all(before[tag] is after[tag] for tag in before)
