"""Compounds of German and Dutch clinical texts, told by their parts: `Gewichtsverlust`, `Pancreaskop`."""

from __future__ import annotations

from functools import lru_cache

from deid.text.words.distorted import LONGEST_WORD
from deid.text.words.vocabulary import load_vocabulary, words_of_section

_TABLE = "compounds.txt"
_FIRST, _HEADS = words_of_section("first parts", _TABLE), words_of_section("heads", _TABLE)
_SHORT_HEADS = words_of_section("short heads", _TABLE)
_ENDS_OF_NAMES = tuple(words_of_section("ends of names", _TABLE))
"""Of streets, places and surnames: `Hauptstrasse`."""
_LINKS = ("", "s", "n", "en", "er", "es", "e")
_SHORTEST, _SHORTEST_PREFIX, _SHORTEST_PART, _SHORTEST_FIRST, _SHORTEST_REST = 7, 2, 3, 4, 5


@lru_cache(maxsize=16384)
def is_clinical_compound(word: str) -> bool:
    """Whether a folded word is a compound whose head, or whose first part, clinical texts make compounds with.

    The rest must be a known word; what any list of names holds is none. Short heads (`Kopf`, `Stand`) end surnames,
    too: before them only the first parts of the table count.
    """
    if not _SHORTEST <= len(word) <= LONGEST_WORD or not (word.isascii() and word.isalpha()):
        return False
    if load_vocabulary().may_be_proper(word):
        return False
    return any(
        _are_parts(word[:cut], word[cut + len(link) :])
        for cut in range(_SHORTEST_PREFIX, len(word) - _SHORTEST_PART + 1)
        for link in _LINKS
        if word.startswith(link, cut)
    )


def _are_parts(first: str, rest: str) -> bool:
    """Whether two parts make a clinical compound; the rest may be one itself: `Lungen|kern|dünnschicht`."""
    if first in _FIRST:
        if rest in _HEADS or rest in _SHORT_HEADS or (len(rest) >= _SHORTEST and is_clinical_compound(rest)):
            return True
        known = len(first) >= _SHORTEST_FIRST and len(rest) >= _SHORTEST_REST and _is_known(rest)
        return known and not rest.endswith(_ENDS_OF_NAMES)
    return rest in _HEADS and len(first) >= _SHORTEST_FIRST and _is_known(first)


def _is_known(part: str) -> bool:
    """Whether a part is a word with a meaning of its own, and no common name."""
    vocabulary = load_vocabulary()
    known = part in vocabulary.words or part in vocabulary.safe or part in vocabulary.everyday
    return known and part not in vocabulary.general and not vocabulary.is_name(part)
