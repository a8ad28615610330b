"""Abbreviations at the heads of tables stay, marks beside rulers, times and names go."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from deid.pixels.judging.findings import judge_lines
from deid.pixels.ocr.line import TextLine
from deid.text import TextEngine

if TYPE_CHECKING:
    from collections.abc import Sequence

_HEIGHT, _WIDTH = 16, 9
Cell = tuple[int, int, str]
STUBS: list[Cell] = [
    (10, 10, "Brachial"), (150, 10, "138"), (240, 10, "134"), (10, 34, "PT"), (150, 34, "135"), (240, 34, "128"),
    (10, 58, "DP"), (150, 58, "131"), (240, 58, "121"), (10, 82, "ABI"), (150, 82, "0.98"), (240, 82, "0.93"),
]  # fmt: skip
HEADS: list[Cell] = [
    (10, 10, "Gantry"), (150, 10, "Couch"), (240, 10, "X2 [cm]"), (340, 10, "MU"), (430, 10, "Max [Gy]"),
    (10, 34, "181.0"), (150, 34, "0.0"), (240, 34, "7.1"), (340, 34, "412"), (430, 34, "66.1"),
    (10, 58, "179.0"), (150, 58, "0.0"), (240, 58, "7.0"), (340, 58, "398"), (430, 58, "66.0"),
]  # fmt: skip
RULER: list[Cell] = [(10, 10, "Liver long"), (290, 10, "DP"), (290, 40, "5"), (290, 70, "10"), (290, 100, "15")]
IDS: list[Cell] = [
    (10, 10, "ID: AK 1199402"), (290, 10, "72 bpm"), (10, 34, "Sex: M"), (290, 34, "158 ms"), (10, 58, "Room"),
    (290, 58, "388"),
]  # fmt: skip
READERS: list[Cell] = [
    (10, 10, "Case"), (150, 10, "Couch"), (240, 10, "Hill"), (340, 10, "Okonkwo"),
    (10, 34, "1"), (150, 34, "2.0"), (240, 34, "7.1"), (340, 34, "4.2"),
]  # fmt: skip
NAMES: list[Cell] = [
    (10, 10, "Reader"), (150, 10, "1.12"), (10, 34, "KB"), (150, 34, "1.10"), (10, 58, "QV"), (150, 58, "1.31"),
]  # fmt: skip


@pytest.fixture(scope="module")
def engine() -> TextEngine:
    return TextEngine()


def hidden(cells: Sequence[Cell], engine: TextEngine) -> set[str]:
    """The texts that go."""
    return {one.text for one in judge_lines([_line(*cell) for cell in cells], (), engine) if one.hidden}


def _line(x: int, y: int, text: str) -> TextLine:
    end, below = x + _WIDTH * len(text), y + _HEIGHT
    edges = tuple(index / len(text) for index in range(len(text) + 1))
    return TextLine(((x, y), (end, y), (end, below), (x, below)), 0.9, 0.99, text, edges)


@pytest.mark.parametrize(("cells", "text"), [(STUBS, "DP"), (HEADS, "MU"), (HEADS, "Couch")])
def test_an_abbreviation_before_or_above_numbers_stays(engine: TextEngine, cells: list[Cell], text: str) -> None:
    assert text in hidden([cell for cell in cells if cell[2] == text], engine)
    assert text not in hidden(cells, engine)


@pytest.mark.parametrize(
    ("cells", "text"),
    [(RULER, "DP"), (NAMES, "KB"), (NAMES, "QV"), (IDS, "ID: AK 1199402"), (READERS, "Hill"), (READERS, "Okonkwo")],
)
def test_initials_above_a_ruler_and_in_a_table_go(engine: TextEngine, cells: list[Cell], text: str) -> None:
    assert text in hidden(cells, engine)


def test_a_visual_field_and_the_numbers_of_teeth_stay(engine: TextEngine) -> None:
    field = [(40 + 34 * column, 10 + 30 * row, str(24 + row + column)) for row in range(3) for column in range(5)]
    teeth = [(40 + 60 * column, 300, str(number)) for column, number in enumerate([18, 17, 16, 15, 14, 13, 12, 11, 21])]
    assert hidden(field, engine) == set()
    assert hidden(teeth, engine) == set()


@pytest.mark.parametrize("parts", ["05 03 61", "34 54 41 78 20"])
def test_a_number_in_boxes_of_a_form_goes(engine: TextEngine, parts: str) -> None:
    cells = [(10, 10, "Thorax"), *((40 + 60 * at, 40, part) for at, part in enumerate(parts.split()))]
    assert len(hidden(cells, engine)) >= len(set(parts.split())) - 1
