"""Names written in another character set than the one that is declared, as scanners of East Asia do."""

from __future__ import annotations

import pytest

from deid.identity.known_values import KnownValue, ValueKind
from deid.text import TextEngine
from deid.text.miscoded import find_miscoded, miscoded_parts

NAMES = [
    ("gb18030", "欧阳", "修明"),
    ("gb18030", "王", "小明"),
    ("euc_kr", "독고", "영재"),
    ("shift_jis", "山田崎", "太郎丸"),
    ("big5", "歐陽", "脩"),
    ("cp1251", "Воробьянинов", "Ипполит"),
]


def misread(text: str, encoding: str) -> str:
    return text.encode(encoding).decode("latin-1")


@pytest.mark.parametrize(("encoding", "family", "given"), NAMES)
def test_a_known_name_is_cut_whatever_it_was_read_as(encoding: str, family: str, given: str) -> None:
    surname, first = misread(family, encoding), misread(given, encoding)
    known = (KnownValue(f"{surname}^{first}", ValueKind.PATIENT_NAME, "PatientName"),)
    engine = TextEngine()
    for text in (f"CT {surname}{first} chest", f"CT {surname} chest", f"CT {first}, {surname} chest"):
        for new in (engine.scrub(text, known).text, engine.clean(text, known).text):
            assert surname not in new
            assert new.startswith("CT")
            assert new.endswith("chest")
    assert engine.find_known(surname, known, strict=True)


@pytest.mark.parametrize(("encoding", "family", "given"), [name for name in NAMES if name[0] != "big5"])
def test_a_strangers_name_goes_with_its_run(encoding: str, family: str, given: str) -> None:
    name = misread(family + given, encoding)
    for new in (
        TextEngine().clean(f"CT {name} chest", ()).text,
        TextEngine().scrub_evident(f"CT {name} chest", ()).text,
    ):
        assert new == "CT chest"


@pytest.mark.parametrize(
    "text",
    [
        "Größe 5 µm ± 2°",
        "créées à l'hôpital",
        "Übergrößenträger",
        "injeções",
        "\x93Schädel\x94 \x96 früh",
        "Ø 5 mm²",
        "«été»",
    ],
)
def test_words_of_latin_1_are_in_no_other_character_set(text: str) -> None:
    assert not list(find_miscoded(text))
    assert not miscoded_parts(text.replace(" ", "^"))


@pytest.mark.parametrize(
    "written",
    [
        "M?llers?hn",
        "M_LLERS_HN",
        "M\ufffdllers\ufffdhn",
        "M%C3%BCllers%C3%B6hn",
        "M&uuml;llers&ouml;hn",
        "M&#252;llers&#246;hn",
        "M\\u00fcllers\\u00f6hn",
        "M\\'fcllers\\'f6hn",
        "MÃ¼llersÃ¶hn",
    ],
)
def test_a_known_name_whose_letters_could_not_be_written(written: str) -> None:
    known = (KnownValue("Müllersöhn^Zoë", ValueKind.PATIENT_NAME, "PatientName"),)
    engine = TextEngine()
    assert engine.scrub(f"CT {written} chest", known).text == "CT chest"
    assert engine.find_known(f"x {written}", known, strict=True)


@pytest.mark.parametrize("text", ["M llers", "Zo", "Zo?", "Mallersahn scan", "M.llers.hn?x"])
def test_gaps_are_filled_by_signs_and_codes_only(text: str) -> None:
    known = (KnownValue("Müllersöhn^Zoë", ValueKind.PATIENT_NAME, "PatientName"),)
    assert TextEngine().scrub(text, known).text == text


@pytest.mark.parametrize("header", ["M?llers?hn^Zo?", "M\ufffdllers\ufffdhn^Zo\ufffd"])
@pytest.mark.parametrize("written", ["Müllersöhn", "MUELLERSOEHN", "M?llers?hn"])
def test_a_name_that_lost_its_letters_in_the_header(header: str, written: str) -> None:
    known = (KnownValue(header, ValueKind.PATIENT_NAME, "PatientName"),)
    assert TextEngine().scrub(f"CT {written} chest", known).text == "CT chest"


def test_some_letters_lost_and_some_made_plain() -> None:
    known = (KnownValue("Żółkiewski^Jan", ValueKind.PATIENT_NAME, "PatientName"),)
    assert TextEngine().scrub("CT Z??kiewski chest", known).text == "CT chest"


def test_a_surname_that_is_a_word_loses_no_plain_words() -> None:
    known = (KnownValue("Schädel^Jan", ValueKind.PATIENT_NAME, "PatientName"),)
    assert TextEngine().scrub("MRT Schädel nativ", known).text == "MRT Schädel nativ"
    assert TextEngine().scrub("MRT Schadel nativ", known).text == "MRT Schadel nativ"
