"""What devices write on their screens stays: `EFW (Hadlock)`, `TA 02:33`, `8 daN`, `Total DLP 677 mGycm`."""

from __future__ import annotations

import pytest

from deid.text import TextEngine
from deid.text.training.sources import TABLES
from deid.text.words.vocabulary import read_table

_MOST_TOUCHED = 0.01
"""What training the model anew may cost."""


@pytest.fixture(scope="module")
def engine() -> TextEngine:
    return TextEngine()


def test_nearly_nothing_of_what_displays_say_is_hidden(engine: TextEngine) -> None:
    lines = read_table("displays.txt", TABLES).partition("\n[displays")[2].splitlines()[1:]
    touched = [line for line in lines if engine.judge_line(line, ()).spans]
    assert len(touched) <= _MOST_TOUCHED * len(lines), touched


@pytest.mark.parametrize(
    ("line", "hidden"),
    [
        ("AK 10:42:31", "AK"),
        ('AK 72"', "AK"),
        ("Dan 8", "Dan"),
        ("Hadlock, Jane", "Hadlock, Jane"),
        ("Dr Max 45", "Dr Max"),
        ("lan Miller", "lan Miller"),
        ("lgnacio", "lgnacio"),
        ("BROEKMANS DIEKE", "BROEKMANS DIEKE"),
        ("H34241 58", "H34241"),
        ("H34241 58", "58"),
        ("Skośna 98", "98"),
        ("Opera tor: ML", " ML"),
        ("Sonogr. ER", "ER"),
        ("EDGEWATER HOSPITAL", "EDGEWATER HOSPITAL"),
        ("Sonographer TB", "TB"),
    ],
)
def test_who_looks_like_a_setting_goes(engine: TextEngine, line: str, hidden: str) -> None:
    spans = engine.judge_line(line, ()).spans
    places = {at for span in spans for at in range(span.start, span.end)}
    start = line.index(hidden)
    assert not [at for at in range(start, start + len(hidden)) if line[at].isalnum() and at not in places]
