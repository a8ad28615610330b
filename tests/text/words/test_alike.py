from __future__ import annotations

import pytest

from deid.text.words.alike import words_alike
from deid.text.words.vocabulary import load_vocabulary


@pytest.mark.parametrize(
    ("read", "stands"),
    [
        ("Kemel", "Kernel"),
        ("rhk", "Thk"),
        ("LYPH", "LYMPH"),
        ("CATARAL", "LATERAL"),
        ("GALIBLAIIER", "GALLBLADDER"),
        ("LY", "LV"),
        ("KN王", "KNEE"),
    ],
)
def test_a_misread_word_may_stand_for_a_clinical_one(read: str, stands: str) -> None:
    assert stands in words_alike(read)


@pytest.mark.parametrize("read", ["MILER", "SMTH", "JONS", "BRAWN"])
def test_it_stands_for_no_name(read: str) -> None:
    assert not [word for word in words_alike(read) if load_vocabulary().is_name(word.lower())]


def test_a_short_word_is_like_few_that_differ_in_more_than_a_letter() -> None:
    assert "SAG" in words_alike("SAC")
    assert "LIVER" not in words_alike("LINEN")


def test_ideographs_alone_stand_for_no_word() -> None:
    assert not words_alike("王工")
