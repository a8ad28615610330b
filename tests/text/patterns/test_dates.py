from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deid.text.patterns.dates import find_dates, parse_day

_DAY = date(2019, 8, 24)


@pytest.mark.parametrize(
    "text",
    [
        "20190824",
        "2019-08-24",
        "2019/8/24",
        "2019.08.24",
        "08/24/2019",
        "8/24/2019",
        "24.08.2019",
        "24.8.2019",
        "24-08-19",
        "8/24/19",
        "24 aug 2019",
        "aug 24, 2019",
        "aug 24 2019",
        "august 24th, 2019",
        "24aug2019",
        "aug242019",
        "24-aug-19",
        "2019 aug 24",
        "24. august 2019",
        "24 aout 2019",
        "24 de agosto de 2019",
        "24 ago 2019",
        "24 augustus 2019",
        "20190824153012.25",
        "2019:08:24 10:11:12",
        "24 / 08 / 2019",
    ],
)
def test_every_common_form_is_read(text: str) -> None:
    assert any(_DAY in hit.days and hit.certain for hit in find_dates(text))


@pytest.mark.parametrize("text", ["24 08 2019", "08242019", "24082019"])
def test_forms_that_can_be_numbers_are_not_certain(text: str) -> None:
    hits = [hit for hit in find_dates(text) if _DAY in hit.days]
    assert hits
    assert not any(hit.certain for hit in hits)


@pytest.mark.parametrize(
    "text",
    [
        "im: 12/30",
        "0.20190824",
        "1.2.2019.4",
        "w: 400 l: 40",
        "t2 512",
        "mar 3",
        "2.0190824",
        "19 mm",
        "13/13/2019",
        "se 3",
        "20191324",
        "1/2",
        "c5-1",
        "10:42",
    ],
)
def test_scanner_numbers_are_no_dates(text: str) -> None:
    assert not [hit for hit in find_dates(text) if hit.certain]


@pytest.mark.parametrize("text", ["aug 2019", "08/2019", "24 aug", "august 2019"])
def test_partial_dates_are_found(text: str) -> None:
    assert find_dates(text)


@given(
    st.dates(date(1850, 1, 1), date(2099, 12, 31)),
    st.sampled_from(["%Y%m%d", "%Y-%m-%d", "%m/%d/%Y", "%d.%m.%Y", "%d %b %Y"]),
)
def test_any_day_is_read_back(day: date, form: str) -> None:
    assert any(day in hit.days for hit in find_dates(day.strftime(form).lower()))


@pytest.mark.parametrize(
    ("value", "day"),
    [
        ("20190824", _DAY),
        ("2019.08.24", _DAY),
        ("20190824101112", _DAY),
        ("20191324", None),
        ("", None),
        ("2019", None),
    ],
)
def test_dicom_dates_are_parsed(value: str, day: date | None) -> None:
    assert parse_day(value) == day
