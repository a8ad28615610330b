"""Numbers with a dot behind the names of fields, and codes of rooms and beds."""

from __future__ import annotations

import pytest

from deid.text import TextEngine


@pytest.fixture(scope="module")
def engine() -> TextEngine:
    return TextEngine()


@pytest.mark.parametrize(
    "text", ["NHC: 51.2837", "Registro: 83.9158", "Dossier : 70.2209", "Cama: RAR19", "Station CCT16"]
)
def test_the_value_goes(engine: TextEngine, text: str) -> None:
    value = text.rsplit(" ", maxsplit=1)[-1]
    start = text.index(value)
    assert any(span.start <= start and span.end >= len(text) for span in engine.judge_line(text, ()).spans)


@pytest.mark.parametrize("text", ["Gastric passage time 0h 29m", "Small bowel passage time 4h 51m"])
def test_minutes_behind_hours_are_no_age(engine: TextEngine, text: str) -> None:
    assert not engine.judge_line(text, ()).identifying
