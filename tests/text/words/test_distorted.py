"""Clinical words that come run together, cut short or with a number are told from names and codes of people."""

from __future__ import annotations

import pytest

from deid.text.words.tokens import Standing, standing_of


@pytest.mark.parametrize("word", ["enhanc", "extremit", "matchctac763", "3dscreen", "18ph", "che5t", "leftventricle"])
def test_vouched_for(word: str) -> None:
    assert standing_of(word) is Standing.CLINICAL


@pytest.mark.parametrize("word", ["lvng", "rnode", "obi1que", "spinc", "vcin"])
def test_words_whose_letters_look_alike_are_vouched_for(word: str) -> None:
    assert standing_of(word) is Standing.CLINICAL


@pytest.mark.parametrize("word", ["kniegelenksersatz", "leberteilresektion", "hidrocolpectomia", "enkelbandletsel"])
def test_compounds_and_medical_endings_are_vouched_for(word: str) -> None:
    assert standing_of(word) is Standing.CLINICAL


@pytest.mark.parametrize(
    "word",
    [
        "gewichtsverlust", "harninkontinenz", "blasenwand", "lungenkerndunnschicht", "stolpersturz", "pancreaskop",
        "hartscintigrafie", "botdichtheidsmeting", "nasogastrica", "esofagogastroduodenal", "enterorressonancia",
        "sudorazione", "aumentada", "umlagerung",
    ],
)  # fmt: skip
def test_compounds_of_parts_that_are_names_alone_and_forms_of_romance_languages_are(word: str) -> None:
    assert standing_of(word) is Standing.CLINICAL


@pytest.mark.parametrize("word", ["wallenstein", "holbein", "schwarzkopf", "hauptstrasse", "mittelweg", "d'angelo"])
def test_surnames_that_end_or_begin_as_compounds_and_articles_do_are_not(word: str) -> None:
    assert standing_of(word) is Standing.UNKNOWN


@pytest.mark.parametrize("word", ["rudzitis", "tripathy", "wolfgramm", "hirschgelenk-kowalczyk", "skegness"])
def test_names_that_end_as_medical_words_or_are_nearly_one_are_not(word: str) -> None:
    assert standing_of(word) is Standing.UNKNOWN


@pytest.mark.parametrize("word", ["martin", "kowalc", "45yo", "45ans", "99pt", "f70", "kowalczyk763", "tho"])
def test_not_vouched_for(word: str) -> None:
    assert standing_of(word) is Standing.UNKNOWN
