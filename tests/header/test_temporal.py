"""Dates move by the subject's offset (here 30 days back), wherever and however they are written; bad ones go."""

from __future__ import annotations

import struct
from typing import Any

import pytest

from deid.plan import Empty, Keep, Remove, Replace

STUDY_DATE, CONTENT_DATE, ACQUISITION, SERIES_NUMBER = 0x00080020, 0x00080023, 0x0008002A, 0x00200011


@pytest.mark.parametrize(
    ("tag", "vr", "old", "new"),
    [
        (STUDY_DATE, "DA", b"20240330", "20240229"),
        (STUDY_DATE, "DA", b"2024.03.30", "2024.02.29"),
        (STUDY_DATE, "DA", b"20240330-20240331 ", "20240229-20240301"),
        (ACQUISITION, "DT", b"20240131120000.5+0100 ", "20240101120000.5+0100"),
        (ACQUISITION, "DT", b"20240131\\20240201 ", ["20240101", "20240102"]),
        (ACQUISITION, "DT", b"20240131\\2024\\", ["20240101", "", ""]),
        (SERIES_NUMBER, "IS", b"20181231", "20181201"),
    ],
)
@pytest.mark.parametrize("coding", [{}, {"implicit": True}, {"little": False}])
def test_clean_moves_dates(coding: Any, tag: int, vr: str, old: bytes, new: Any, deid: Any, encoder: Any) -> None:
    coder = encoder(**coding)
    dataset = coder.read({tag: coder.element(tag, vr, old)})
    room = deid.with_rules({tag: "C"})
    assert [
        room.plan(dataset)[path].change for path in room.plan(dataset) if path.endswith(f"{tag & 0xFFFF:04X})")
    ] == [Replace(new)]
    assert old.strip() not in room.write(dataset)


@pytest.mark.parametrize("old", [b"20240230", b"2024", b"202401", b"yesterda", b"20240101120000", b"\xff\xff", b"0"])
def test_bad_dates_go_as_the_type_allows(old: bytes, deid: Any, explicit: Any) -> None:
    for tag in (STUDY_DATE, CONTENT_DATE):
        dataset = explicit.read({tag: explicit.element(tag, "DA", old + b" " * (len(old) % 2))})
        decision = deid.with_rules({tag: "C"}).plan(dataset)[f"(0008,{tag & 0xFFFF:04X})"]
        assert isinstance(decision.change, Empty if tag == STUDY_DATE else Empty | Remove)


@pytest.mark.parametrize("old", [b"", b"  "])
def test_empty_dates_stay_empty(old: bytes, deid: Any, explicit: Any) -> None:
    dataset = explicit.read({STUDY_DATE: explicit.element(STUDY_DATE, "DA", old)})
    assert isinstance(deid.with_rules({STUDY_DATE: "C"}).plan(dataset)["(0008,0020)"].change, Keep)


def test_times_and_ordinary_numbers_stay(deid: Any, explicit: Any) -> None:
    dataset = explicit.read(
        {
            0x00080030: explicit.element(0x00080030, "TM", b"120000"),
            SERIES_NUMBER: explicit.element(SERIES_NUMBER, "IS", b"4 "),
            0x00200013: explicit.element(0x00200013, "IS", b"20181331"),
        }
    )
    plan = deid.with_rules({0x00080030: "C", SERIES_NUMBER: "C", 0x00200013: "C"}).plan(dataset)
    for path in ("(0008,0030)", "(0020,0011)", "(0020,0013)"):
        assert isinstance(plan[path].change, Keep)
        assert plan[path].action == "C"


UNIX, MOVED = 1_246_975_385, 1_246_975_385 - 30 * 86_400


@pytest.mark.parametrize(
    ("tag", "vr", "old", "new"),
    [
        (0x00281052, "DS", b"1246975385.5", f"{MOVED}.5"),
        (0x00200013, "IS", b"1246975385", str(MOVED)),
        (0x00186018, "UL", struct.pack("<L", UNIX), MOVED),
        (0x0018601A, "SL", struct.pack("<ll", UNIX, 0), [MOVED, 0]),
        (0x00189087, "FD", struct.pack("<d", UNIX + 0.5), MOVED + 0.5),
        (0x00282000, "OB", struct.pack("<l", UNIX), struct.pack("<l", MOVED)),
        (0x00282000, "OB", struct.pack("<d", UNIX), struct.pack("<d", MOVED)),
    ],
)
def test_unix_times(tag: int, vr: str, old: bytes, new: Any, deid: Any, explicit: Any) -> None:
    dataset = explicit.read({tag: explicit.element(tag, vr, old)})
    plan = deid.with_rules({tag: "shift-unix-time"}).plan(dataset)
    assert plan[f"({tag >> 16:04X},{tag & 0xFFFF:04X})"].change == Replace(new)


@pytest.mark.parametrize(
    ("tag", "vr", "old"),
    [
        (0x00281052, "DS", b"yesterday "),
        (0x00281052, "DS", b"12345 "),
        (0x00186018, "UL", struct.pack("<L", 5)),
        (0x00186018, "UL", b"\1\2"),
        (0x00189087, "FD", struct.pack("<d", float("nan"))),
        (0x00282000, "OB", b"abc\0de"),
        (0x00189073, "FL", b"\1\2\3\4"),
    ],
)
def test_what_is_no_unix_time_goes(tag: int, vr: str, old: bytes, deid: Any, explicit: Any) -> None:
    dataset = explicit.read({tag: explicit.element(tag, vr, old)})
    plan = deid.with_rules({tag: "shift-unix-time"}).plan(dataset)
    assert isinstance(plan[f"({tag >> 16:04X},{tag & 0xFFFF:04X})"].change, Remove)


@pytest.mark.parametrize(
    ("vr", "old", "new"),
    [
        ("LO", b"20240330120000.00 ", "20240229120000.00"),
        ("SH", b"2024.03.30", "2024.02.29"),
        ("OB", b"20240330\0\0", b"20240229"),
    ],
)
def test_shift_date_in_other_vrs(vr: str, old: bytes, new: Any, deid: Any, explicit: Any) -> None:
    dataset = explicit.read({0x00282000: explicit.element(0x00282000, vr, old)})
    assert deid.with_rules({0x00282000: "shift-date"}).plan(dataset)["(0028,2000)"].change == Replace(new)
    bad = explicit.read({0x00282000: explicit.element(0x00282000, vr, b"soon")})
    assert isinstance(deid.with_rules({0x00282000: "shift-date"}).plan(bad)["(0028,2000)"].change, Remove)


@pytest.mark.parametrize(("vr", "length"), [("LO", 64), ("OB", 64), ("UT", 64)])
def test_uids_outside_ui(vr: str, length: int, deid: Any, explicit: Any) -> None:
    tag = 0x00282000
    dataset = explicit.read(
        {tag: explicit.element(tag, vr, b"1.2.3.4\0"), 0x00080018: explicit.element(0x00080018, "UI", b"1.2.3.4\0")}
    )
    new = deid.with_rules({tag: "U"}).apply(dataset)
    value = new[tag].value
    text = value.decode() if isinstance(value, bytes) else value
    assert text.strip("\0") == new.SOPInstanceUID
    assert len(value) <= length


@pytest.mark.parametrize("vr", ["SH", "LO", "OB"])
def test_no_uid_outside_ui_is_a_dummy(vr: str, deid: Any, explicit: Any) -> None:
    value = b"1.2.3.4\0" if vr == "SH" else b"packed!!"
    dataset = explicit.read({0x00282000: explicit.element(0x00282000, vr, value)})
    decision = deid.with_rules({0x00282000: "U"}).plan(dataset)["(0028,2000)"]
    assert decision.action == "D"
    assert isinstance(decision.change, Replace)


ORIGINS = [b"19000101", b"19700101", b"19691231", b"1900.01.01", b"18581117", b"00010101", b"99991231"]


@pytest.mark.parametrize("old", [*ORIGINS, b"19700101-20240330 "])
@pytest.mark.parametrize(("tag", "vr", "action"), [(STUDY_DATE, "DA", "C"), (0x00282000, "LO", "shift-date")])
def test_days_that_clocks_begin_with_tell_no_offset(
    old: bytes, tag: int, vr: str, action: str, deid: Any, explicit: Any
) -> None:
    """Whoever sees 19691202 could guess that 19700101 was there, and count back all other dates."""
    dataset = explicit.read({tag: explicit.element(tag, vr, old + b" " * (len(old) % 2))})
    assert isinstance(deid.with_rules({tag: action}).plan(dataset).popitem()[1].change, Empty | Remove)


def test_of_several_days_only_those_go(deid: Any, explicit: Any) -> None:
    value = b"19700101000012\\20240131\\19000101"
    dataset = explicit.read({ACQUISITION: explicit.element(ACQUISITION, "DT", value)})
    change = deid.with_rules({ACQUISITION: "C"}).plan(dataset)["(0008,002A)"].change
    assert change == Replace(["", "20240101", ""])


def test_a_birthday_may_be_such_a_day(deid: Any, explicit: Any) -> None:
    dataset = explicit.read({0x00100030: explicit.element(0x00100030, "DA", b"19700101")})
    assert deid.with_rules({0x00100030: "shift-date"}).plan(dataset)["(0010,0030)"].change == Replace("19691202")


@pytest.mark.parametrize("seconds", [5, 86_400 * 31, -5])
def test_clocks_that_nobody_set_tell_no_offset(seconds: int, deid: Any, explicit: Any) -> None:
    for tag, vr, old in (
        (0x0018601A, "SL", struct.pack("<l", seconds)),
        (0x00189087, "FD", struct.pack("<d", seconds)),
    ):
        dataset = explicit.read({tag: explicit.element(tag, vr, old)})
        assert isinstance(deid.with_rules({tag: "shift-unix-time"}).plan(dataset).popitem()[1].change, Remove)
