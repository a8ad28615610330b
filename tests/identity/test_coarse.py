from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deid.identity.coarse import capped_age, first_of_year, postcode_area


@pytest.mark.parametrize(
    ("age", "capped"),
    [
        ("043Y", "043Y"),
        ("089Y", "089Y"),
        ("090Y", "090Y"),
        ("104Y", "090Y"),
        ("104y", "090Y"),
        ("999M", "999M"),
        ("006M ", "006M"),
        ("999W", "999W"),
        ("42Y", "42Y"),
        ("ninety", None),
        ("1040Y", None),
        ("", None),
    ],
)
def test_age(age: str, capped: str | None) -> None:
    assert capped_age(age) == capped


@pytest.mark.parametrize(
    ("value", "year"),
    [
        ("19560423", "19560101"),
        ("1956.04.23", "19560101"),
        ("1956", "19560101"),
        ("195604", "19560101"),
        ("19560423121314.123456+0100 ", "19560101"),
        ("19561423", None),
        ("19560230", None),
        ("19560423-19570101", None),
        ("00000101", None),
        ("560423", None),
        ("April 1956", None),
        ("", None),
    ],
)
def test_year(value: str, year: str | None) -> None:
    assert first_of_year(value) == year


@pytest.mark.parametrize(
    ("address", "area"),
    [
        ("62704", "627"),
        ("12345 Main St, Springfield, IL 62704-1234", "627"),
        ("Hauptstr. 5, 80331 München", "803"),
        ("Box 7, VT 05901", "000"),
        ("1 Main St, 03601", "000"),
        ("SW1A 1AA", None),
        ("phone 5551234567", None),
        ("A62704B", None),
    ],
)
def test_postcode(address: str, area: str | None) -> None:
    assert postcode_area(address) == area


@given(st.text(max_size=80) | st.text(alphabet="0123456789.DWMY-+ ", max_size=30))
def test_whatever_comes_in_little_comes_out(text: str) -> None:
    for answer, form in (
        (capped_age(text), r"[0-9]{1,3}[DWMYdwmy]"),
        (first_of_year(text), r"[0-9]{4}0101"),
        (postcode_area(text), r"[0-9]{3}"),
    ):
        assert answer is None or re.fullmatch(form, answer)
