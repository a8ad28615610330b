"""A single name beside clinical words goes where names are put; words spelled like none stay."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from deid.text.fold import Folded
from deid.text.words.shape import is_spelled_as_name
from deid.text.words.tokens import words_of

if TYPE_CHECKING:
    from deid.text import TextEngine

pytestmark = pytest.mark.slow


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Ax T2 TSE FS Wolterbeek", "Ax T2 TSE FS"),
        ("CT Thorax nativ Verbruggen", "CT Thorax nativ"),
        ("Chest of Qzneumann", "Chest of"),
        ("Wolterbeek late phase coronal", "late phase coronal"),
        ("CT LUNG Wolterbeek 21.12.2017", "CT LUNG"),
        ("LWS SEITLICH STEHEND RENFER", "LWS SEITLICH STEHEND"),
        ("burgstaller sono abdomen", "sono abdomen"),
        ("MRI hersenen met contrast (ten Barckell)", "MRI hersenen met contrast"),
        ("Verdacht auf Lungenembolie Qzneumann", "Verdacht auf Lungenembolie"),
        ("CT THORAX NATIV STENGEL KONTROLLE", "CT THORAX NATIV KONTROLLE"),
        ("TC torace con mdc Wolterbeek controllo", "TC torace con mdc controllo"),
        ("CT CHEST GUNNARSDÓTTIR'S PATIENT", "CT CHEST PATIENT"),
    ],
)
def test_a_single_name_goes(engine: TextEngine, text: str, left: str) -> None:
    assert engine.clean(text, ()).text == left


@pytest.mark.parametrize(
    "text",
    [
        "LNoBack_OSEM_28sub",
        "orange filter",
        "Specials^1_PETCT_WB_HeadToFeet",
        "CT Thorax Verlaufskontrolle",
        "KNIE LINKS SEITENGETRENNT BEFUNDET",
        "Verdacht auf Lungenembolie, Nachuntersuchungen ausstehend",
    ],
)
def test_what_is_no_name_stays(engine: TextEngine, text: str) -> None:
    assert engine.clean(text, ()).text == text


@pytest.mark.parametrize("word", ["riggelink", "fazliju", "qzneumann", "hubbelink", "kəngərli", "d'ascarelli"])
def test_names_that_no_list_holds_are_spelled_as_names(word: str) -> None:
    assert is_spelled_as_name(word)


@pytest.mark.parametrize(
    "word", ["cardiag", "sstatic", "untersuchung", "verlaufskontrolle", "headtofeet", "t2w", "", "abc"]
)
def test_other_words_are_not(word: str) -> None:
    assert not is_spelled_as_name(word)


@pytest.mark.parametrize("line", ["DENARO CHEST", "Denaro 12:40", "Strada L-SPINE"])
def test_an_everyday_word_alone_among_others_may_be_a_surname(engine: TextEngine, line: str) -> None:
    [span] = engine.judge_line(line, ()).spans
    assert line[span.start : span.end] == line.partition(" ")[0]


@pytest.mark.parametrize("line", ["Abbastanza bene sotto", "abbastanza 10:30", "MATIN ET SOIR"])
def test_everyday_words_vouch_for_themselves_in_prose_and_in_small_letters(line: str) -> None:
    assert all(token.vouched for token in words_of(Folded(line)))
