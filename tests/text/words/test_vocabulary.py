from __future__ import annotations

import gzip

import pytest

from deid.text.fold import fold_word
from deid.text.words.lists import WordList
from deid.text.words.tokens import Standing, standing_of
from deid.text.words.vocabulary import TABLES, load_vocabulary


@pytest.mark.parametrize("name", sorted(path.name for path in TABLES.iterdir()))
def test_each_table_names_its_licence(name: str) -> None:
    data = (TABLES / name).read_bytes()
    text = (gzip.decompress(data) if name.endswith(".gz") else data).decode()
    comments = [line for line in text.splitlines()[:6] if line.startswith("#")]
    assert any("icence" in line or "Apache-2.0" in line for line in comments)


@pytest.mark.parametrize(
    "name",
    [
        "smith",
        "johnson",
        "garcia",
        "kaufman",
        "scott",
        "michael",
        "mary",
        "patricia",
        "hill",
        "sharp",
        "miller",
        "baker",
        "taylor",
        "white",
        "green",
        "kim",
        "nguyen",
        "schmidt",
        "wood",
        "graves",
        "paget",
        "crohn",
    ],
)
def test_common_names_are_not_vouched_for(name: str) -> None:
    assert standing_of(name) is Standing.UNKNOWN


@pytest.mark.parametrize(
    "word", ["jds", "kmb", "rtv", "hjk", "abc12345", "482910", "m61", "061y", "smlth", "王", "иванов"]
)
def test_marks_numbers_and_other_scripts_are_not_vouched_for(word: str) -> None:
    assert standing_of(word) is Standing.UNKNOWN


@pytest.mark.parametrize(
    "word", ["ventricle", "patientposition", "t2w", "c5-1", "se4", "b30f", "5.0mm", "120kv", "1.5t", "19w4d", "12"]
)
def test_clinical_words_codes_and_measurements_are(word: str) -> None:
    assert standing_of(word) is not Standing.UNKNOWN


@pytest.mark.parametrize("word", ["cough", "laryngectomy", "postmenopausal", "questionable", "follow-through"])
def test_ordinary_words_are_vouched_for_but_say_nothing_about_their_neighbours(word: str) -> None:
    assert standing_of(word) in (Standing.GENERAL, Standing.CLINICAL)


@pytest.mark.parametrize(
    "word",
    [
        "brauchen",
        "platzangst",
        "ainsi",
        "bastante",
        "abbastanza",
        "belangrijk",
        "apenas",
        "bicicleta",
        "tabagisme",
        "fiets",
        "matin",
        "sotto",
        "l'epaule",
        "dell'anca",
    ],
)
def test_everyday_words_of_other_languages_are_vouched_for(word: str) -> None:
    assert standing_of(word) is not Standing.UNKNOWN


@pytest.mark.parametrize("name", ["kowalczyk", "papadopoulos", "adeyemi", "takahashi", "deshpande", "lindqvist"])
def test_names_of_other_origins_are_on_a_list(name: str) -> None:
    assert load_vocabulary().may_be_name(name)
    assert not load_vocabulary().is_safe(name)


@pytest.mark.parametrize(
    "text",
    [
        "wirbelsäule", "lungenembolie", "épaule", "poumons", "riñones", "rodilla", "ginocchio", "fegato", "wervelkolom",
        "schildklier", "joelho", "pulmão", "nierenarterien", "côlon",
    ],
)  # fmt: skip
def test_clinical_words_of_six_languages_are_vouched_for(text: str) -> None:
    assert standing_of(fold_word(text)) is not Standing.UNKNOWN


def test_towns_are_known_but_not_those_that_are_clinical_words() -> None:
    towns = load_vocabulary().towns
    assert ("salt", "lake", "city") in towns.get("salt")
    assert ("mobile",) not in towns.get("mobile")


def test_a_word_list_has_all_words_of_its_table_whatever_their_initials() -> None:
    lines = sorted({f"{initial}{rest}" for initial in "'abzøяჯ山\U0001f600" for rest in ("", "a", "zz", "a b")})
    words = WordList(lambda: "\n".join(["# head", "# [more]", "[words]", *lines]))
    assert all(line in words for line in lines)
    assert not any(f"{line}x" in words for line in lines)


def test_a_word_list_finds_first_last_and_no_other_words() -> None:
    words = WordList(lambda: "# head\n[words]\nabel\nabelson\nb\nzoë\nøre")
    assert all(word in words for word in ("abel", "abelson", "b", "zoë", "øre"))
    assert not any(
        word in words for word in ("", "abe", "abels", "words", "[words]", "# head", "head", "z", "øres", "я")
    )
