from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deid.text.fold import Folded, as_digits, blur, fold_word


@pytest.mark.parametrize(
    ("word", "folded"),
    [
        ("Müller", "muller"),
        ("Łódź", "lodz"),
        ("Strauß", "strauss"),
        ("ＫＩＭ", "kim"),
        ("Brand\u200bvold", "brandvold"),
        ("\u202eBrandvold\u202c", "brandvold"),
        ("ВRАNDVОLD", "brandvold"),  # Cyrillic В, А, О
        ("O’Neill", "o'neill"),
    ],
)
def test_what_hides_a_name_is_folded_away(word: str, folded: str) -> None:
    assert fold_word(word) == folded


@given(st.text(max_size=60))
def test_each_folded_character_has_a_place_in_the_original(text: str) -> None:
    folded = Folded(text)
    end_before = 0
    for index in range(len(folded.text)):
        start, end = folded.place(index, index + 1)
        assert 0 <= start < end <= len(text)
        assert fold_word(text[start:end]).find(folded.text[index]) >= 0 or folded.text[index] == "\n"
        assert end >= end_before
        end_before = end


@given(st.text(max_size=60))
def test_squeezing_keeps_letters_and_digits_with_their_positions(text: str) -> None:
    folded = Folded(text)
    assert len(folded.squeezed) == len(folded.positions)
    assert "".join(folded.text[position] for position in folded.positions) == folded.squeezed


@given(st.text(max_size=60))
def test_repairs_keep_the_length(text: str) -> None:
    folded = fold_word(text)
    assert len(as_digits(folded)) == len(folded)
    assert len(blur(folded)) == len(folded)


def test_a_combining_mark_belongs_to_its_letter() -> None:
    text = "Jose\u0301 X"
    folded = Folded(text)
    assert text[slice(*folded.place(0, 4))] == "Jose\u0301"


def test_letters_among_digits_are_repaired_and_words_are_not() -> None:
    assert as_digits("2o19 o8 24") == "2019 08 24"
    assert as_digits("solis iso") == "solis iso"
