"""Names that a list vouches for, and words that the model doubts: what its mark is worth."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from deid.text.fold import fold_text
from deid.text.ner.doubted import asks_for_mark, may_be_marked, may_be_weak_name
from deid.text.words.tokens import Token, words_of

if TYPE_CHECKING:
    from deid.text import TextEngine


def token_of(text: str, word: str) -> Token:
    return next(token for token in words_of(fold_text(text)) if token.text == word)


@pytest.mark.parametrize(
    ("text", "name", "stays"),
    [
        ("RADIATION ONCOLOGIST DUSK; CHEST  5.0  B40F", "DUSK", "CHEST  5.0  B40F"),
        ("Keep Zackary; 11/10/1938; CT ATTEN COR", "Keep Zackary", "CT ATTEN COR"),
        ("Coordinator Tingting Zheng", "Tingting Zheng", ""),
        ("Artro-RM della spalla esterno Clinica Mulas", "Mulas", "Artro-RM della spalla esterno"),
        ("Ospedale di Lo Presti - RX torace a letto", "Lo Presti", "RX torace a letto"),
        ("Voraufnahmen Radiologische Praxis Interlaken v. 19-02-2006", "Interlaken", "Voraufnahmen"),
    ],
)
def test_everyday_words_that_stand_as_names_go(engine: TextEngine, text: str, name: str, stays: str) -> None:
    left = engine.clean(text, ()).text
    assert not any(word in left for word in name.split())
    assert stays in left


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("BEGLEITPERSON VRENI BÄCHTOLD", "BEGLEITPERSON"),
        ("PIANO UNGARO APPROVATO", "PIANO APPROVATO"),
        ("Dialyse Ritsma di/do/za", "Dialyse di/do/za"),
    ],
)
def test_unknown_words_that_are_spelled_as_names_go_on_a_doubt(engine: TextEngine, text: str, left: str) -> None:
    assert engine.clean(text, ()).text == left


@pytest.mark.parametrize(
    "text",
    [
        "Oblique 3D BRAVO post",
        "General hospital protocol",
        "CentY_OSEM_28s_4it_10cmFOV",
        "XR KNEE 4+ VW WB BILAT",
        "Recurrent UTIs",
    ],
)
def test_what_the_model_need_not_be_sure_of_is_no_reason_to_cut_more(engine: TextEngine, text: str) -> None:
    assert engine.clean(text, ()).text == text


def test_only_the_own_words_of_radiology_are_beyond_doubt() -> None:
    assert may_be_marked(token_of("Clinica Mulas", "mulas"))
    assert not may_be_marked(token_of("CT Abdomen", "abdomen"))
    assert not may_be_marked(token_of("CT Stone", "stone"))  # of a listed name the model must be surer
    assert may_be_weak_name(token_of("CT Stone", "stone"))


def test_words_of_all_texts_are_no_reason_to_ask_the_model() -> None:
    assert asks_for_mark(token_of("Clinica Mulas", "mulas"))
    assert not asks_for_mark(token_of("Community Hospital", "hospital"))
    assert not asks_for_mark(token_of("Historical imaging", "historical"))
