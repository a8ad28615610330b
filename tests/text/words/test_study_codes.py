"""Codes of studies without blanks, as information systems write them."""

from __future__ import annotations

import pytest

from deid.text.fold import Folded
from deid.text.words.study_codes import is_study_code
from deid.text.words.tokens import tokenise
from deid.text.words.vocabulary import read_table


@pytest.mark.parametrize(
    "code",
    ["CTABDPELWWO", "MRBRNWWO3T", "XRFOOT3VLT", "NMBONESCANWHOLEBODY", "IRPICCPLCMT", "ctchestwcont", "USOBTRANSVAG"],
)
def test_modalities_and_pieces_of_names_of_studies_are_vouched_for(code: str) -> None:
    assert is_study_code(code.lower())
    assert all(token.vouched for token in tokenise(Folded(code)))


@pytest.mark.parametrize("word", ["CTSMITHWO", "MRJOHNSON", "USHER", "CTWO", "PTKOWALCZYK", "CTHEADKMBX", "FLORES"])
def test_names_initials_and_what_leaves_letters_over_are_not(word: str) -> None:
    assert not is_study_code(word.lower())


@pytest.mark.parametrize("table", ["surnames.txt.gz", "given_names.txt.gz"])
def test_no_common_name_reads_like_a_code(table: str) -> None:
    names = [line for line in read_table(table).splitlines() if line.isalpha()]
    assert len(names) > 20_000
    assert not [name for name in names if is_study_code(name)]
