"""Words of medicine are known as other languages spell and end them, names that sound alike are not."""

from __future__ import annotations

import pytest

from deid.text.words.cognates import is_cognate, stem_of
from deid.text.words.compounds import is_likely_compound
from deid.text.words.sheet_words import is_word_of_sheets


@pytest.mark.parametrize(
    "word", ["conductivite", "polifasici", "desaturatie", "tachypnoe", "erythropoietine", "submaxima"]
)
def test_a_word_of_medicine_is_known_in_another_language(word: str) -> None:
    assert is_cognate(word)
    assert is_word_of_sheets(word)


@pytest.mark.parametrize(
    "name", ["torreth", "vasquelin", "danfenmund", "kowalczyk", "mehlhorn", "quintanilha", "premoli", "rossi", "hill"]
)
def test_a_name_is_none(name: str) -> None:
    assert not is_word_of_sheets(name)


def test_of_a_short_word_too_little_is_left() -> None:
    assert stem_of("lorena") is None


def test_a_compound_may_begin_with_a_word_that_is_a_name() -> None:
    assert is_likely_compound("druckunterstutzung")
    assert not is_likely_compound("nieuwenhuizen")
