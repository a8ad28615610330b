"""Tables of people: numbers and names below the names of fields go, whatever else they look like."""

from __future__ import annotations

import pytest

from deid.pixels.judging.columns import is_field_of_person
from deid.text import TextEngine
from tests.pixels.judging.test_tables import hidden

WORKLIST = [
    (20, 40, "Patient Name"), (220, 40, "Patient ID"), (380, 40, "Accession"), (540, 40, "Requested Procedure"),
    (20, 70, "Lindqvist, Amira"), (220, 70, "05.0131"), (380, 70, "62.9660"), (540, 70, "CT Thorax"),
    (20, 100, "VANGALSON NOOR"), (220, 100, "9758/93"), (380, 100, "50.5818"), (540, 100, "CT Head"),
    (20, 130, "Stone"), (220, 130, "07.5411"), (380, 130, "1234.56"), (540, 130, "CT Abdomen"),
]  # fmt: skip
FIELDS = [
    (20, 40, "Field ID"), (150, 40, "Energy"), (260, 40, "Gantry"), (20, 70, "CCW"), (150, 70, "6"), (260, 70, "181.0"),
    (20, 100, "CW"), (150, 100, "6"), (260, 100, "179.0"), (20, 130, "Rectum V65 < 17 %"),
]  # fmt: skip


@pytest.fixture(scope="module")
def engine() -> TextEngine:
    return TextEngine()


def test_a_worklist_is_hidden_but_for_its_heads_and_procedures(engine: TextEngine) -> None:
    people = {text for x, y, text in WORKLIST if y > 40 and x < 540}
    assert hidden(WORKLIST, engine) == people


def test_a_table_of_settings_is_no_worklist(engine: TextEngine) -> None:
    assert hidden(FIELDS, engine) <= {"Field ID"}


@pytest.mark.parametrize(
    ("text", "is_field"),
    [
        ("Operator", True),
        ("Patient ID:", True),
        ("Opérateur", True),
        ("Remarques", False),
        ("Verwijzer: Ulwick", False),
    ],
)
def test_a_field_for_people_is_known_by_its_name(text: str, is_field: bool) -> None:
    assert is_field_of_person(text) is is_field
