"""What devices write on their screens stays: `EFW (Hadlock)`, `TA 02:33`, `8 daN`, `Total DLP 677 mGycm`."""

from __future__ import annotations

import pytest

from deid.text import TextEngine
from deid.text.training.sources import TABLES
from deid.text.words.vocabulary import read_table

_MOST_TOUCHED = {"displays": 0.01, "displays of other departments": 0.06}
"""What training the model anew may cost. Of the second section many are abbreviations (`DP`, `MU`) for which only the
numbers in their table speak."""


@pytest.fixture(scope="module")
def engine() -> TextEngine:
    return TextEngine()


@pytest.mark.parametrize("section", _MOST_TOUCHED)
def test_nearly_nothing_of_what_displays_say_is_hidden(engine: TextEngine, section: str) -> None:
    lines = read_table("displays.txt", TABLES).partition(f"\n[{section} = ")[2].partition("\n[")[0].splitlines()[1:]
    touched = [line for line in lines if line and engine.judge_line(line, ()).spans]
    assert lines
    assert len(touched) <= _MOST_TOUCHED[section] * len(lines), touched


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
        ("NGUYEN, THI BICH NGOC", "THI"),
        ("THI BICH NGOC", "THI"),
        ("Machine: NSK_CT_4", "NSK_CT_4"),
        ("LKM-XA02", "LKM-XA02"),
        ("H24/12345", "H24/12345"),
        ("S24-10482 A2", "S24-10482"),
        ("SN: 44817-A", "44817-A"),
        ("Matricola 4417", "4417"),
        ("Dr: 472119", "472119"),
        ("Operator: 12", "12"),
        ("Age: 57", "57"),
        ("Hadlock", "Hadlock"),
        ("set up KM", "KM"),
        ("PORTABLE 15:33:09 NC", "NC"),
    ],
)
def test_who_looks_like_a_setting_goes(engine: TextEngine, line: str, hidden: str) -> None:
    spans = engine.judge_line(line, ()).spans
    places = {at for span in spans for at in range(span.start, span.end)}
    start = line.index(hidden)
    assert not [at for at in range(start, start + len(hidden)) if line[at].isalnum() and at not in places]


@pytest.mark.parametrize(
    "line",
    ["DR:65", "MD: -4.51 dB", "Bone Age: 10.5 y", "Gestational age: 22w3d", "P-R-T 54 32 41", "Version 13.6.0.5",
     "Setup AP", "Shift: AP 2 mm SI -1 mm", "SN 12", "CT12/2019", "C 50 W 350", "ACL plasty 2 years ago",
     "Kreuzbandplastik vor 2 Jahren", "AP 10:42:31"],
)  # fmt: skip
def test_a_setting_that_looks_like_someone_stays(engine: TextEngine, line: str) -> None:
    assert not engine.judge_line(line, ()).spans
