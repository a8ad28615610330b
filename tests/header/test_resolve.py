from __future__ import annotations

import pytest

from deid.header.iod import AttributeType
from deid.header.resolve import Resolved, resolve

REQUIRED, EMPTY_OK, OPTIONAL = AttributeType("1"), AttributeType("2"), AttributeType("3")


@pytest.mark.parametrize(
    ("code", "attribute_type", "expected"),
    [
        ("X/Z/D", OPTIONAL, "X"),
        ("X/Z/D", EMPTY_OK, "Z"),
        ("X/Z/D", REQUIRED, "D"),
        ("X/Z/D", None, "X"),
        ("Z/D", None, "Z"),
        ("Z/D", EMPTY_OK, "Z"),
        ("Z/D", AttributeType("1C"), "D"),
        ("X/D", EMPTY_OK, "D"),
        ("X/D", REQUIRED, "D"),
        ("X/D", OPTIONAL, "X"),
        ("X/Z/U*", REQUIRED, "U"),
        ("X/Z/U*", AttributeType("2C"), "U"),
        ("X/Z/U*", None, "X"),
        ("X", REQUIRED, "X"),
        ("K", REQUIRED, "K"),
        ("C", EMPTY_OK, "C"),
        ("U", OPTIONAL, "U"),
        ("D", OPTIONAL, "D"),
    ],
)
def test_compound_codes_follow_the_type(code: str, attribute_type: AttributeType | None, expected: str) -> None:
    assert resolve(code, attribute_type) == Resolved(expected)


@pytest.mark.parametrize("code", ["Z", "X/Z"])
def test_z_where_a_value_is_needed_is_a_dummy(code: str) -> None:
    assert resolve(code, REQUIRED) == Resolved("Z", with_dummy=True)
