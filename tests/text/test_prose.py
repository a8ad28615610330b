"""Sentences of reports, letters and notes: who is named in them goes, what they find stays."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from deid.text.fold import Folded
from deid.text.words.tokens import Standing, standing_of, words_of

if TYPE_CHECKING:
    from deid.text import TextEngine

pytestmark = pytest.mark.slow


@pytest.mark.parametrize(
    "text",
    [
        "Positive Murphy's sign",
        "Kehr's sign, free fluid",
        "Down's syndrome",
        "Bull's eye",
        "Cushing's, adrenal adenoma",
        "Hinchey II diverticulitis",
        "Beckwith-Wiedemann syndrome",
        "Fitz-Hugh-Curtis syndrome",
        "Thomas splint left",
        "ramipril and bisoprolol stopped",
        "optic neuritis, known MS",
        "Zystischer Pankreasprozess ohne Anhalt für Malignität",
        "Mäßiggradige Spondylarthrosen",
        "Nodule hypoéchogène du lobe thyroïdien, classé EU-TIRADS 4",
        "Rupture transfixiante du sus-épineux",
        "Nódulo sólido hipoecoico, se sugiere punción",
        "Sistema ventricolare in asse, colecisti alitiasica",
        "Controle over zes maanden, echoarme nodus",
        "Útero em anteversão, endométrio fino há três semanas",
        "Rene destro in sede",
        "MRI enkel belast",
        "Peso do nascimento 3200 g",
    ],
)
def test_findings_stay(engine: TextEngine, text: str) -> None:
    assert engine.clean(text, ()).text == text
    assert not engine.judge_line(text, ()).spans


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Long bone survey, bleeped SHARP x2, no answer", "Long bone survey, bleeped x2, no answer"),
        ("CT chest, employer Speed Haulage", "CT chest, employer Haulage"),
        ("I agree with Marsh's interpretation.", "I agree with interpretation."),
        ("FATHER, MR ABDIHUSSEIN, DECLINED SEDATION", "FATHER,, DECLINED SEDATION"),
        ("94 F, independent", "independent"),
        ("Images to d.o'shea-lynn@clinic.example please", "Images please"),
        ("TC torax, C/ Gil y Morte 12, Soria", "TC torax"),
        ("Utente do Nascimento, TC tórax", "Utente, TC tórax"),
        ("CT hals, doorgebeld aan DEN OUDEN", "CT hals, doorgebeld aan"),
        ("Contact Aoife Field a.field@clinic.example", "Contact"),
        ("Interprete Nella Paci; TC torace", "Interprete; TC torace"),
        ("policy RVL4518. CT CHEST", "policy. CT CHEST"),
    ],
)
def test_people_and_places_go(engine: TextEngine, text: str, left: str) -> None:
    assert engine.clean(text, ()).text.strip() == left


def test_a_name_before_a_part_of_the_body_is_no_eponym() -> None:
    for text in ("MILLER SPINE", "EVANS LUNG", "Nelson's skull", "ALLEN 2"):
        assert words_of(Folded(text))[0].standing is Standing.UNKNOWN


@pytest.mark.parametrize(
    "word",
    [
        "abklingend",
        "nachlassende",
        "verkammerung",
        "zugeschnittener",
        "zerklueftliches",
        "onvoelbaar",
        "afwisselende",
        "repositionnee",
        "recolocadas",
        "rotatoria",
        "emofiliologica",
    ],
)
def test_words_are_told_by_how_they_are_formed(word: str) -> None:
    assert standing_of(word) is Standing.CLINICAL or standing_of(word) is Standing.GENERAL


@pytest.mark.parametrize(
    "surname",
    [
        "kovanlich",
        "lochmarende",
        "brandung",
        "quisling",
        "overgaarden",
        "klapper",
        "sommer",
        "ratzer",
        "wolfen",
        "harder",
    ],
)
def test_a_surname_is_no_declined_adjective(surname: str) -> None:
    assert standing_of(surname) is not Standing.CLINICAL


def test_the_sentence_after_a_labelled_value_stays_on_a_line(engine: TextEngine) -> None:
    text = "Hausarzt: Rademacher, Lindenweg 4, Husum. Leber diffus echoreich, keine Stauung."
    spans = engine.judge_line(text, ()).spans
    hidden = "".join(text[span.start : span.end] for span in spans)
    assert "Rademacher" in hidden
    assert "Husum" in hidden
    assert max(span.end for span in spans) <= text.index(". Leber")


def test_a_comma_ends_the_name_of_an_institution(engine: TextEngine) -> None:
    text = "ÉLÈVE AU COLLÈGE DE VERVIERS, ASPECT STABLE"
    assert engine.clean(text, ()).text.endswith(", ASPECT STABLE")


def test_an_unlisted_word_in_small_letters_within_a_sentence_stays_on_a_line(engine: TextEngine) -> None:
    assert not engine.judge_line("The catheter was pulled back and then quendled under screening", ()).spans
    for text in (
        "The catheter was pulled back by kowalczyk and then advanced under screening",
        "The catheter was pulled back by Quendling and then advanced under screening",
        "catheter quendled under screening",
    ):
        assert engine.judge_line(text, ()).spans


def test_a_name_and_an_abbreviation_are_no_word_that_a_blank_parted(engine: TextEngine) -> None:
    for text in ("BRÁZDOVÁ TICI 3 10:50:20", "KOVAROVA TICI 3", "PELLIM ENTI"):
        assert any(span.start == 0 for span in engine.judge_line(text, ()).spans)
    assert not engine.judge_line("PO RTABLE", ()).spans


def test_an_ending_that_is_a_word_too_still_ends_a_word() -> None:
    assert standing_of("fistulographie") is Standing.CLINICAL
