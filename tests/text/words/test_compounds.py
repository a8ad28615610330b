"""Compounds that no list holds are known by their parts, surnames and places made of words are not."""

from __future__ import annotations

import pytest

from deid.text.fold import Folded
from deid.text.lines import judge
from deid.text.words.compounds import is_compound_of_words
from deid.text.words.tokens import Standing, words_of


@pytest.mark.parametrize("word", ["strahlentransparenz", "bekkenbodemtraining", "medizinphysiker", "medicijngebruik"])
def test_longer_words_that_are_joined_are_known(word: str) -> None:
    assert is_compound_of_words(word)


@pytest.mark.parametrize(
    "name", ["nieuwenhuizen", "drinkwater", "steinbrecher", "sauerbrey", "himmelreich", "boterbloem", "mezzanotte"]
)
def test_surnames_made_of_words_are_not(name: str) -> None:
    assert not is_compound_of_words(name)


def test_a_compound_alone_with_a_capital_vouches_for_nothing() -> None:
    alone = {token.text: token.standing for token in words_of(Folded("CT Thorax Medicijngebruik"))}
    assert alone["medicijngebruik"] is Standing.UNKNOWN
    beside = {token.text: token.standing for token in words_of(Folded("Medicijngebruik ongewijzigd, geen klachten"))}
    assert beside["medicijngebruik"] is Standing.GENERAL


@pytest.mark.parametrize(("line", "name"), [("CT Thorax Biene", "Biene"), ("MRT Leber Karpfen", "Karpfen")])
def test_a_name_is_no_second_half_of_the_word_before(line: str, name: str) -> None:
    spans = judge(Folded(line), [])
    assert [line[span.start : span.end] for span in spans] == [name]
