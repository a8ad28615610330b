"""Common words that are names, too: in small letters among others of a sentence they are words."""

from __future__ import annotations

import pytest

from deid.text import TextEngine
from deid.text.fold import Folded
from deid.text.words.tokens import words_of


def _vouched(text: str) -> set[str]:
    return {token.text for token in words_of(Folded(text)) if token.vouched}


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("Das Handgelenk war druckschmerzhaft und deutlich geschwollen.", {"war"}),
        ("La paziente riferisce dolore al fianco da alcuni giorni.", {"al", "fianco"}),
        ("Ernia discale che impronta il sacco durale.", {"che", "sacco"}),
        ("Impacted wisdom teeth lying close to the nerve canal.", {"wisdom", "close"}),
        ("La biopsie sera programmée après correction.", {"sera"}),
        ("Slijm in de luchtpijp, neemt uw medicijnen mee.", {"mee"}),
    ],
)  # fmt: skip
def test_words_in_small_letters_are_vouched_for_in_prose(line: str, words: set[str]) -> None:
    assert words <= _vouched(line)


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("knee pain, sharp, seen by the surgeon", "sharp"),
        ("CT CHEST sharp", "sharp"),
        ("Knee pain since the fall, seen with mary wisdom", "wisdom"),
        ("Dolor lumbar que empeora al agacharse, Seco", "seco"),
    ],
)
def test_not_where_names_are_written_so(line: str, name: str) -> None:
    assert name not in _vouched(line)


def test_a_name_in_small_letters_goes_behind_a_title() -> None:
    line = "Patient seen by dr sharp after the fall, no fracture of the wrist"
    spans = TextEngine().judge_line(line, ()).spans
    assert any(line[span.start : span.end].endswith("sharp") for span in spans)


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("Gelesen von eisenrath am Nachmittag, keine Blutung im Kopf.", "eisenrath"),
        ("Onderzoek van de buik, huisarts van den broek vraagt om een foto van de longen", "broek"),
        ("Fisioterapeuta dela-cruz tolera bien los ejercicios en el agua", "cruz"),
    ],
)
def test_a_name_in_small_letters_goes_behind_a_role(line: str, name: str) -> None:
    spans = TextEngine().judge_line(line, ()).spans
    assert any(name in line[span.start : span.end] for span in spans)


@pytest.mark.parametrize("name", ["Lehm", "Karpfen", "Sumpf"])
def test_short_nouns_with_a_capital_are_surnames_as_likely(name: str) -> None:
    line = f"Wundkontrolle bei {name} ohne Befund, Verband wurde gestern erneuert"
    assert name.lower() not in _vouched(line)
    assert name.lower() in _vouched(line.replace(name, name.lower()))


def test_longer_nouns_of_prose_are_known() -> None:
    assert "jahreszeiten" in _vouched("Beschwerden zu allen Jahreszeiten, keine Allergie bekannt")
