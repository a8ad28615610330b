"""On sheets full of labels words that deid has not met stay, and names in the same places go."""

from __future__ import annotations

import pytest

from deid.text import TextEngine
from tests.pixels.judging.test_tables import Cell, hidden

_STEP = 24
LABELS = ("Tidal volume", "Heart rate", "Pressure", "Compliance", "Resistance", "Flow", "Temperature", "Oxygen")
VALUES = ("462 ml", "17", "24 mmHg", "38", "11", "7.9 l/min", "36.5", "98 %")


@pytest.fixture(scope="module")
def engine() -> TextEngine:
    return TextEngine()


def sheet(*more: Cell) -> list[Cell]:
    """Sixteen labels, half of them with values, and what a test adds to the right or below."""
    left = [(20, 40 + _STEP * row, label) for row, label in enumerate(LABELS)]
    right = [(320, 40 + _STEP * row, value) for row, value in enumerate(VALUES)]
    below = [(20, 300 + _STEP * row, label) for row, label in enumerate(LABELS)]
    return [*left, *right, *below, *more]


@pytest.mark.parametrize(
    "label",
    [
        "Aiguilles",
        "Druckunterstützung",
        "Conductivité",
        "Polifasici",
        "Líquido subretiniano: no",
        "Laagste saturatie 81 %",
    ],
)
def test_a_word_of_a_language_stays_on_a_sheet_only(engine: TextEngine, label: str) -> None:
    assert label in hidden([(20, 20, label)], engine)
    assert label not in hidden(sheet((600, 20, label)), engine)


@pytest.mark.parametrize(
    "name", ["Vasquelin", "TORRETH", "Okonkwo", "Hill", "Tesoro", "Danfenmund, Claire", "Rossi", "Vasquelin 6.8 mm"]
)
def test_a_name_goes_from_wherever_labels_stand(engine: TextEngine, name: str) -> None:
    row = 40 + _STEP * len(LABELS)
    for cells in (sheet((600, 20, name)), sheet((20, row, name)), sheet((20, row, name), (320, row, "42"))):
        assert name in hidden(cells, engine)


@pytest.mark.parametrize("field", ["Operator", "Médecin"])
def test_a_word_beside_or_below_the_name_of_a_field_for_people_goes(engine: TextEngine, field: str) -> None:
    assert "Aiguilles" in hidden(sheet((600, 20, field), (800, 20, "Aiguilles")), engine)
    assert "Aiguilles" in hidden(sheet((600, 20, field), (600, 20 + _STEP, "Aiguilles")), engine)


@pytest.mark.parametrize("text", ["Néphrologue : Dr Ulsta", "Dr Aiguilles", "Prof. Tesoro"])
def test_what_follows_a_title_goes(engine: TextEngine, text: str) -> None:
    assert text in hidden(sheet((600, 20, text)), engine)


def test_an_abbreviation_stays_before_a_value_among_labels_only(engine: TextEngine) -> None:
    row = 40 + _STEP * len(LABELS)
    assert "MVe" not in hidden(sheet((20, row, "MVe"), (320, row, "7.9")), engine)
    assert "MVe" in hidden(sheet((600, 20, "MVe")), engine)


def test_a_unit_stays_behind_its_number(engine: TextEngine) -> None:
    assert not {"22 mbar", "3500 UI"} & hidden(sheet((600, 20, "22 mbar"), (600, 100, "3500 UI")), engine)
