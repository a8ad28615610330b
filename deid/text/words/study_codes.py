"""Codes of studies as information systems write them, without blanks and in one case: `CTABDPELWWO`, `XRFOOT3VLT`."""

from __future__ import annotations

from functools import lru_cache

from deid.text.words.vocabulary import is_hardly_a_name, words_of_section

_TABLE = "study_codes.txt"
_SHORTEST, _LONGEST, _LONGEST_MODALITY = 7, 32, 6
_SHORTEST_WORD, _LONGEST_PIECE = 4, 14
_TELLING = 3
"""A code of pieces of two letters only could be anything."""


@lru_cache(maxsize=4096)
def is_study_code(word: str) -> bool:
    """Whether a folded word is a modality and pieces of a study's name that leave nothing over."""
    if not _SHORTEST <= len(word) <= _LONGEST or not word.isascii():
        return False
    modalities = words_of_section("modalities", _TABLE)
    return any(
        _is_made_of_pieces(word[length:]) for length in range(2, _LONGEST_MODALITY + 1) if word[:length] in modalities
    )


def _is_made_of_pieces(rest: str) -> bool:
    """Whether pieces make up a text, at least one of which is longer than two letters."""
    reached = {0: False}
    for start in range(len(rest)):
        if start not in reached:
            continue
        for end in range(start + 1, min(len(rest), start + _LONGEST_PIECE) + 1):
            if _is_piece(rest[start:end]):
                reached[end] = reached.get(end, False) or reached[start] or end - start >= _TELLING
    return reached.get(len(rest), False)


def _is_piece(word: str) -> bool:
    if word in words_of_section("pieces", _TABLE):
        return True
    return len(word) >= _SHORTEST_WORD and is_hardly_a_name(word)
