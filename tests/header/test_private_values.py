"""Private attributes that a rule keeps: their VR from the tables, what is UN stays UN, and the check still holds."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pydicom
import pytest

from deid.attributes.attribute import read_attribute
from deid.plan import Keep, Replace
from deid.profile import Rule, load_profile
from deid.profile.lookup.model import PrivateElement
from deid.text import TextEngine
from deid.verify.header import check_header

if TYPE_CHECKING:
    from pathlib import Path

CREATOR, DATE, UID, TEXT, SEQUENCE = 0x00090010, 0x00091005, 0x00091007, 0x00091011, 0x00091012
SECONDS = 0x00091027
CODES = {DATE: "shift-date", UID: "U", TEXT: "C", SECONDS: "shift-unix-time"}


def elements(coder: Any, vr: dict[int, str]) -> dict[int, bytes]:
    values = {DATE: b"20240330120000.00 ", UID: b"1.2.3.4\0", TEXT: b"scan of ZYXWVUT 1 "}
    return {CREATOR: coder.element(CREATOR, "LO", b"GEMS_PETD_01")} | {
        tag: coder.element(tag, vr.get(tag, "UN"), value) for tag, value in values.items()
    }


class ByElement:
    """The profile of the test, with a rule for each private element."""

    def __init__(self, profile: Any) -> None:
        self._profile = profile

    def __getattr__(self, name: str) -> Any:
        return getattr(self._profile, name)

    def rule_for(self, tag: int, **known: Any) -> Rule:
        if tag in CODES or tag == CREATOR:
            return Rule(f"test {tag:08X}", CODES.get(tag, "K"), None, "for the test")
        rule: Rule = self._profile.rule_for(tag, **known)
        return rule


@pytest.mark.parametrize("coding", [{}, {"implicit": True}, {"little": False}])
@pytest.mark.parametrize("vr", [{}, {DATE: "LO", UID: "UI", TEXT: "LO"}, {DATE: "DT", UID: "LO", TEXT: "ST"}])
def test_values_are_changed_in_the_vr_they_came_in(vr: dict[int, str], coding: Any, deid: Any, encoder: Any) -> None:
    coder = encoder(**coding)
    data = coder.read(elements(coder, vr))
    room = replace(deid, profile=ByElement(deid.profile))
    decisions = room.plan(data)
    written = room.write(data)
    new = pydicom.dcmread(io.BytesIO(written))
    check_header(data, new, tuple(decisions.values()))
    stored = {tag: new.get_item(tag) for tag in (DATE, UID, TEXT)}
    if not coder.implicit:
        assert [element.VR for element in stored.values()] == [vr.get(tag, "UN") for tag in stored]
    assert stored[DATE].value.strip() == b"20240229120000.00"
    assert stored[UID].value.strip(b"\0 ").decode() == new.SOPInstanceUID
    assert stored[TEXT].value.strip() == b"scan of  1"
    assert new.get_item(CREATOR).value.strip() == b"GEMS_PETD_01"


@pytest.mark.parametrize("coding", [{}, {"little": False}])
def test_numbers_in_un_are_little_endian_in_any_file(coding: Any, deid: Any, encoder: Any) -> None:
    coder = encoder(**coding)
    parts = {CREATOR: ("LO", b"GEMS_IDEN_01"), SECONDS: ("UN", (1_425_463_200).to_bytes(4, "little"))}
    data = coder.read({tag: coder.element(tag, vr, value) for tag, (vr, value) in parts.items()})
    room = replace(deid, profile=ByElement(deid.profile))
    decisions = room.plan(data)
    new = pydicom.dcmread(io.BytesIO(room.write(data)))
    check_header(data, new, tuple(decisions.values()))
    moved = int.from_bytes(new.get_item(SECONDS).value, "little") - 1_425_463_200
    assert moved == 86_400 * room.subject.date_offset_days


def test_binary_values_stay_under_clean_unless_they_hold_someone(deid: Any, explicit: Any) -> None:
    for value, kept in ((b"\1\2\3\4", True), (b"x ZYXWVUT ", False)):
        data = explicit.read(
            {
                CREATOR: explicit.element(CREATOR, "LO", b"GEMS_PETD_01"),
                TEXT: explicit.element(TEXT, "OB", value),
            }
        )
        change = replace(deid, profile=ByElement(deid.profile)).plan(data)["(0009,1011)"].change
        assert isinstance(change, Keep) == kept


def test_what_is_not_known_to_be_a_vr_goes(deid: Any, explicit: Any) -> None:
    creator = explicit.element(CREATOR, "LO", b"NOBODY KNOWS")
    data = explicit.read({CREATOR: creator, TEXT: explicit.element(TEXT, "UN", b"\1\2\3\4")})
    change = replace(deid, profile=ByElement(deid.profile)).plan(data)["(0009,1011)"].change
    assert not isinstance(change, Keep | Replace)


def test_reading_takes_the_tables_vr_last(explicit: Any) -> None:
    data = explicit.read({0x00191008: explicit.element(0x00191008, "UN", b"1 ")})
    assert read_attribute(data, 0x00191008, ("ascii",)).vr == "UN"
    assert read_attribute(data, 0x00191008, ("ascii",), None, "DS").vr == "DS"
    assert read_attribute(data, 0x00191008, ("ascii",), "SIEMENS MR HEADER", "XX").vr != "XX"


@pytest.mark.parametrize("coding", [{}, {"implicit": True}])
def test_bytes_that_the_knowledge_base_keeps_are_searched(coding: Any, deid: Any, encoder: Any) -> None:
    coder = encoder(**coding)
    room = replace(deid, profile=load_profile("tcia"))
    for value, kept in ((b"2.5\\14 ", True), (b"by ZYXWVUT", False)):
        data = coder.read(
            {
                0x00190010: coder.element(0x00190010, "LO", b"LORAD Selenia "),
                0x00191070: coder.element(0x00191070, "UN", value),
            }
        )
        assert isinstance(room.plan(data)["(0019,1070)"].change, Keep) == kept
        assert (value in room.write(data)) == kept


@pytest.mark.parametrize(
    ("text", "stays"), [(b"0000000115270 ", True), (b"LOT 8213372", True), (b"SN ZYXWVUT9", False)]
)
def test_numbers_stay_in_vendors_elements_that_a_table_names(
    text: bytes, stays: bool, deid: Any, explicit: Any
) -> None:
    coil = 0x00191031
    data = explicit.read({0x00190010: explicit.element(0x00190010, "LO", b"SIEMENS MR HEADER "),
                          coil: explicit.element(coil, "LO", text)})  # fmt: skip
    element = PrivateElement(0x0019, 0x31, "SIEMENSMRHEADER")
    rule = Rule("test", "C", None, "for the test")
    for named in (True, False):
        changes = {"private_elements": {element: rule}} if named else {"private": rule}
        room = replace(deid, profile=replace(deid.profile, **changes), scrub=TextEngine())
        (decision,) = [one for one in room.plan(data).values() if one.path.tag == coil]
        assert isinstance(decision.change, Keep) is (stays and named)


B_VALUE = 0x0019100C
"""(0019,xx0C) of SIEMENS MR HEADER, an IS."""


@pytest.mark.parametrize(
    ("vr", "value", "left"),
    [
        ("IS", b"1000", b"1000"),
        ("LO", b"Osgoodby, Lucinda b700", b"b700"),
        ("UI", b"1.2.840.99.7", b"2.25."),
        ("DA", b"20240330", b"20240229"),
    ],
)
@pytest.mark.parametrize(("name", "options"), [("tcia", ()), ("basic", ("retain-safe-private",))])
def test_a_table_vouches_for_the_vr_that_it_knows(
    vr: str, value: bytes, left: bytes, name: str, options: tuple[str, ...], deid: Any, explicit: Any
) -> None:
    room = replace(deid, profile=load_profile(name, options), scrub=TextEngine())
    assert b_value(room, explicit, vr, value).startswith(left)


@pytest.mark.parametrize(
    ("value", "stays"),
    [
        (b"b-value 1000, averaged 2x ", True),
        (b"\1\2\3\4by Dr. Mary Smith\0", True),
        (b"Dr. Mary Smith", False),
        (b"by Dr. Mary Smith\0", False),
        (b"see 1.2.826.0.1.3680043.8.498.77 ", False),
        (b"scanned on 30.03.2024 ", False),
        (b"b-value " * 9000, False),
    ],
)
@pytest.mark.parametrize("vr", ["OB", "OW", "UN"])
def test_bytes_that_read_as_a_text_are_one(vr: str, value: bytes, stays: bool, deid: Any, explicit: Any) -> None:
    room = replace(deid, profile=load_profile("tcia"), scrub=TextEngine())
    # Of (0019,xx70) of LORAD Selenia the knowledge base knows no other VR than UN.
    parts = {0x00190010: ("LO", b"LORAD Selenia "), 0x00191070: (vr, value)}
    data = explicit.read({tag: explicit.element(tag, *content) for tag, content in parts.items()})
    assert isinstance(room.plan(data)["(0019,1070)"].change, Keep) == stays


@pytest.mark.parametrize(
    ("value", "left"),
    [
        (b"HEAD_FIRST\\SUPINE 2", b"HEAD_FIRST\\SUPINE 2"),
        (b"Head First", b"Head First"),
        (b"by Dr. Mary Smith ", b""),
        (b"M\\by Dr. Mary Smith ", b"M\\"),
    ],
)
def test_a_code_that_is_none_is_a_text(value: bytes, left: bytes, deid: Any, explicit: Any) -> None:
    room = replace(deid, profile=load_profile("tcia"), scrub=TextEngine())
    # (0019,xx0F) of SIEMENS MR HEADER is a CS: the gradient mode.
    parts = {0x00190010: ("LO", b"SIEMENS MR HEADER "), 0x0019100F: ("CS", value)}
    data = explicit.read({tag: explicit.element(tag, *content) for tag, content in parts.items()})
    kept = pydicom.dcmread(io.BytesIO(room.write(data))).get_item(0x0019100F)
    assert (kept.value.rstrip(b" \0") if kept is not None else b"") == left


@pytest.mark.parametrize(
    ("creator", "stays"),
    [
        ("ST MARY RADIOLOGY", False),
        ("Dr Perkins PACS 1.0", False),
        ("osgoodby@example.org", False),
        ("Osgoodby^Lucinda", False),
        ("MITRA MARKUP 1.0", True),
        ("SCHICK TECHNOLOGIES - Viewset Creator ID", True),
        ("20190714133345", True),
        ("IMAGE PRIVATE HEADER 2", True),
    ],
)
def test_private_creators_stay_that_name_nobody(creator: str, stays: bool, deid: Any, explicit: Any) -> None:
    parts = {CREATOR: ("LO", creator.encode()), 0x00091001: ("LO", b"x ")}
    data = explicit.read({tag: explicit.element(tag, *content) for tag, content in parts.items()})
    room = replace(deid, profile=load_profile("tcia"), scrub=TextEngine())
    assert isinstance(room.plan(data)["(0009,0010)"].change, Keep) is stays


def test_a_creator_that_a_user_names_stays_with_its_block(deid: Any, explicit: Any, tmp_path: Path) -> None:
    rule = '{tag: "(0009,xx01)", creator: ST MARY RADIOLOGY, action: K}'
    (tmp_path / "mine.yaml").write_text(f"extends: tcia\nrules:\n  - {rule}\n")
    parts = {CREATOR: ("LO", b"ST MARY RADIOLOGY "), 0x00091001: ("LO", b"x ")}
    data = explicit.read({tag: explicit.element(tag, *content) for tag, content in parts.items()})
    room = replace(deid, profile=load_profile(str(tmp_path / "mine.yaml")), scrub=TextEngine())
    plan = room.plan(data)
    assert all(isinstance(plan[path].change, Keep) for path in ("(0009,0010)", "(0009,1001)"))


def test_what_a_user_keeps_stays_whatever_its_vr_is(deid: Any, explicit: Any, tmp_path: Path) -> None:
    rule = '{tag: "(0019,xx0C)", creator: SIEMENS MR HEADER, action: K}'
    (tmp_path / "mine.yaml").write_text(f"extends: tcia\nrules:\n  - {rule}\n")
    room = replace(deid, profile=load_profile(str(tmp_path / "mine.yaml")), scrub=TextEngine())
    assert b_value(room, explicit, "LO", b"Osgoodby") == b"Osgoodby"
    assert b_value(room, explicit, "OB", b"by Dr. Mary Smith ") == b"by Dr. Mary Smith"


def b_value(room: Any, coder: Any, vr: str, value: bytes) -> bytes:
    """What becomes of that value in that VR."""
    parts = {0x00190010: ("LO", b"SIEMENS MR HEADER "), B_VALUE: (vr, value)}
    data = coder.read({tag: coder.element(tag, *content) for tag, content in parts.items()})
    kept: bytes = pydicom.dcmread(io.BytesIO(room.write(data))).get_item(B_VALUE).value
    return kept.strip(b" \0")
