"""Words without blanks between them, as scanners write them."""

from __future__ import annotations

import pytest

from deid.text.fold import Folded
from deid.text.words.glued import is_glued
from deid.text.words.tokens import tokenise


@pytest.mark.parametrize(
    "word",
    ["TomoHD", "NoPSF", "noFilter", "3DFatsat", "trufi2d", "SAGITTALT2", "ROUTINE3D", "8it28sub", "NOFILTER", "postGd",
     "USovary", "PETbreast"],
)  # fmt: skip
def test_clinical_words_without_blanks_are_vouched_for(word: str) -> None:
    assert is_glued(word)
    assert all(token.vouched for token in tokenise(Folded(word)))


@pytest.mark.parametrize(
    "word",
    ["DeLong", "VanHorn", "McNeck", "JohnChest", "SmithCT", "CTSmith", "MRI1234567", "Chest20190824", "Kowalczyk2",
     "JBChest", "KMBT2", "KMBchest", "Lungwitz", "LaBrain", "Chestova", "Bridgeman"],
)  # fmt: skip
def test_names_initials_and_long_numbers_are_not(word: str) -> None:
    assert not is_glued(word)


@pytest.mark.parametrize("word", ["80kV50mA", "1x450ms", "t1of3"])
def test_measurements_and_counts_without_blanks_are_numbers(word: str) -> None:
    assert all(token.vouched for token in tokenise(Folded(word)))
