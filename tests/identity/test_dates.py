"""Shifted dates keep their intervals and their form, and are never the original."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deid.identity.dates import is_plausible_date, shift_date

days_off = st.integers(-4000, 4000).filter(bool)
some_day = st.dates(date(1850, 1, 1), date(2199, 12, 31))
clock = st.one_of(
    st.just(""),
    st.times().map(lambda time: f"{time:%H}"),
    st.times().map(lambda time: f"{time:%H%M}"),
    st.times().map(lambda time: f"{time:%H%M%S}"),
    st.times().map(lambda time: f"{time:%H%M%S}.{time.microsecond:06d}"),
)
zone = st.sampled_from(["", "+0100", "-0500", "+1400"])


def written(day: date, separator: str = "") -> str:
    return separator.join((f"{day.year:04d}", f"{day.month:02d}", f"{day.day:02d}"))


@pytest.mark.parametrize(
    ("text", "vr", "days", "wanted"),
    [
        ("20240229", "DA", 366, "20250301"),
        ("20240229", "DA", -1, "20240228"),
        ("20240301", "DA", -1, "20240229"),
        ("20230301", "DA", -1, "20230228"),
        ("20000101", "DA", -1, "19991231"),
        (" 20100102 ", "DA", 1, "20100103"),
        ("20100102\0", "DA", 1, "20100103"),
        ("2010.01.02", "DA", 1, "2010.01.03"),
        ("20100102-20100104", "DA", 1, "20100103-20100105"),
        ("20100102-", "DA", 1, "20100103-"),
        ("-20100102", "DA", 1, "-20100103"),
        ("20100102", "DT", 1, "20100103"),
        ("20100102235959.123456-0500", "DT", 1, "20100103235959.123456-0500"),
        ("20100102-0500", "DT", 1, "20100103-0500"),
        ("20100102-0500-20100105+0100", "DT", 1, "20100103-0500-20100106+0100"),
        ("201001021530", "DT", -2, "201012311530".replace("2010", "2009", 1)),
        ("20090707120305.00", "LO", 1, "20090708120305.00"),
        ("2010.01.02", "SH", 1, "2010.01.03"),
    ],
)
def test_shift(text: str, vr: str, days: int, wanted: str) -> None:
    assert shift_date(text, vr, days) == wanted


@pytest.mark.parametrize("vr", ["DA", "DT", "LO"])
@pytest.mark.parametrize(
    "text",
    [
        "", " ", "-", "2010", "201001", "2010-", "20100230", "20101301", "20100100", "00000101", "2010.0102",
        "01/02/2010", "today", "2010010224x", "2010010225", "20100102126099", "20100102 120000", "20100102-20100230",
        "２０１００１０２", "20100102\\20100103", "2010-01-02",
    ],
)  # fmt: skip
def test_no_date(text: str, vr: str) -> None:
    assert shift_date(text, vr, 1) is None


def test_a_date_is_no_date_time_and_the_years_end() -> None:
    assert shift_date("20100102120000", "DA", 1) is None
    assert shift_date("2010.01.02", "DT", 1) is None
    assert shift_date("00010101", "DA", -1) is None
    assert shift_date("99991231", "DA", 1) is None
    assert shift_date("99991231", "DA", 10**12) is None
    with pytest.raises(ValueError, match="0 days"):
        shift_date("20100102", "DA", 0)


@given(first=some_day, second=some_day, days=days_off, separator=st.sampled_from(["", "."]))
def test_intervals_stay(first: date, second: date, days: int, separator: str) -> None:
    shifted = [shift_date(written(day, separator), "DA", days) for day in (first, second)]
    new = [date.fromisoformat((text or "").replace(".", "")) for text in shifted]
    assert new[0] - new[1] == first - second
    assert new[0] - first == timedelta(days=days)


@given(day=some_day, time=clock, offset=zone, days=days_off)
def test_round_trip_and_never_the_original(day: date, time: str, offset: str, days: int) -> None:
    original = written(day) + time + offset
    shifted = shift_date(original, "DT", days)
    assert shifted is not None
    assert shifted != original
    assert shifted[:8] != original[:8]
    assert shifted[8:] == original[8:]
    assert shift_date(shifted, "DT", -days) == original


@given(text=st.text(alphabet="0123456789.-+ \\", max_size=30), vr=st.sampled_from(["DA", "DT", "LO"]), days=days_off)
def test_anything_is_shifted_or_refused(text: str, vr: str, days: int) -> None:
    shifted = shift_date(text, vr, days)
    assert shifted != text
    if shifted is not None:
        assert shift_date(shifted, vr, -days) is not None


def test_plausible_dates() -> None:
    assert is_plausible_date("20181228")
    assert is_plausible_date(" 19000101")
    assert not any(map(is_plausible_date, ["20181328", "18991231", "21000101", "2018122", "12345678", "201812281", ""]))
