"""Identifying values of the subject inside values of other kinds: numbers, UIDs, codes, binary data, UIDs in texts."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from deid.identity.known_values import ValueKind
from deid.plan import Keep, Remove
from deid.text import TextEngine

UID_IN_FILE = "1.2.826.0.1.3680043.9.7133.5.1011"


def test_identifiers_in_numbers_uids_and_binary_data(deid: Any, explicit: Any) -> None:
    room = deid.knowing("0123456", kind=ValueKind.PATIENT_ID)
    data = explicit.read(
        {
            0x00200011: explicit.element(0x00200011, "IS", b"123456"),
            0x00200012: explicit.element(0x00200012, "IS", b"1234"),
            0x00080014: explicit.element(0x00080014, "UI", b"1.2.123456.1"),
            0x00282000: explicit.element(0x00282000, "OB", b"..0123456.. "),
            0x00281201: explicit.element(0x00281201, "OW", b"no name at all"),
        }
    )
    decisions = room.with_rules({0x00080014: "K"}).plan(data)
    assert isinstance(decisions["(0020,0011)"].change, Remove)
    assert isinstance(decisions["(0020,0012)"].change, Keep)
    assert decisions["(0008,0014)"].action == "U"
    assert decisions["(0028,2000)"].rule == "known-values"
    assert isinstance(decisions["(0028,1201)"].change, Keep)


@pytest.mark.parametrize("number", ["1500", "12500"])
def test_measures_that_equal_a_short_identifier_stay(number: str, deid: Any, explicit: Any) -> None:
    room = deid.knowing(number, kind=ValueKind.PATIENT_ID)
    value = number.encode() + b" " * (len(number) % 2)
    data = explicit.read(
        {
            0x00180080: explicit.element(0x00180080, "DS", value),
            0x00200013: explicit.element(0x00200013, "IS", value),
        }
    )
    decisions = room.plan(data)
    assert isinstance(decisions["(0018,0080)"].change, Keep)
    assert isinstance(decisions["(0020,0013)"].change, Keep)


@pytest.mark.parametrize("text", ["MÜLLERSOHN", "müllersohn", "Müllersohn"])
@pytest.mark.parametrize("encoding", ["utf-8", "latin-1", "utf-16-le", "utf-16-be"])
def test_binary_data_holds_names_in_any_case_and_byte_order(encoding: str, text: str, deid: Any, explicit: Any) -> None:
    value = b"mluc\1" + text.encode(encoding) + b"\1" * (1 + len(text.encode(encoding)) % 2)
    value += b"\1" * (len(value) % 2)
    data = explicit.read({0x00282000: explicit.element(0x00282000, "OB", value)})
    assert isinstance(deid.knowing("Müllersohn^Ann").plan(data)["(0028,2000)"].change, Remove)


@pytest.mark.parametrize("encoding", ["ascii", "utf-16-le"])
def test_big_binary_data_is_searched_for_what_is_not_there_by_chance(deid: Any, explicit: Any, encoding: str) -> None:
    room = deid.knowing("Marjoribanks^Ann")
    for word, found in (("MARJORIBANKS", True), ("marjoribanks^ann", True), ("marjorib", False)):
        value = b"\1" * 700_000 + word.encode(encoding) + b"\1" * 700_000
        data = explicit.read({0x00281201: explicit.element(0x00281201, "OW", value)})
        assert isinstance(room.plan(data)["(0028,1201)"].change, Remove) is found
    short = deid.knowing("Ng^Annie")
    for size, found in ((1_100_000, False), (900_000, True)):
        data = explicit.read({0x00281201: explicit.element(0x00281201, "OW", bytes(size) + b"annie" + bytes(1))})
        assert isinstance(short.plan(data)["(0028,1201)"].change, Remove) is found


def test_codes_lose_the_value_that_names_and_keep_the_others(deid: Any, explicit: Any) -> None:
    data = explicit.read(
        {
            0x00080008: explicit.element(0x00080008, "CS", b"ORIGINAL\\PRIMARY\\ZYXWVUT "),
            0x00080060: explicit.element(0x00080060, "CS", b"CT"),
        }
    )
    new = deid.apply(data)
    assert list(new.ImageType) == ["ORIGINAL", "PRIMARY", ""]
    assert new.Modality == "CT"


@pytest.mark.parametrize(
    ("text", "shape"),
    [
        (UID_IN_FILE, "{}"),
        (f"from {UID_IN_FILE}.", "from {}."),
        ("1.2.840.10008.5.1.4.1.1.2", "1.2.840.10008.5.1.4.1.1.2"),
        ("4.1.20.2.5", "4.1.20.2.5"),
        ("10.2.11.28.1204", "10.2.11.28.1204"),
    ],
)
def test_uids_in_texts_that_no_rule_names_are_replaced(text: str, shape: str, deid: Any, explicit: Any) -> None:
    application, frame = 0x00189524, 0x00200052
    padded = text.encode() + b" " * (len(text) % 2)
    elements = {
        application: explicit.element(application, "LO", padded),
        frame: explicit.element(frame, "UI", UID_IN_FILE.encode() + b"\0"),
    }
    new = deid.apply(explicit.read(elements))
    assert new.ApplicationName.strip() == shape.format(new.FrameOfReferenceUID)
    kept = deid.with_rules({0x00080018: "K", frame: "K"}).apply(explicit.read(elements))
    assert kept.ApplicationName.strip() == text


@pytest.mark.parametrize(("known", "written"), [("0007731942", b"7731942 "), ("7731942", b"0007731942")])
@pytest.mark.parametrize(("tag", "vr"), [(0x00282000, "OB"), (0x00181151, "IS"), (0x00189524, "LO")])
def test_an_id_with_other_zeros_before_it(
    known: str, written: bytes, tag: int, vr: str, deid: Any, explicit: Any
) -> None:
    room = replace(deid.knowing(known, kind=ValueKind.PATIENT_ID), scrub=TextEngine())
    assert written.strip() not in room.write(explicit.read({tag: explicit.element(tag, vr, written)}))
