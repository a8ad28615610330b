"""Compounds of German and Dutch, told by their parts: clinical ones (`Gewichtsverlust`), others (`Wurzelreste`)."""

from __future__ import annotations

from functools import lru_cache

from deid.text.words.cognates import is_cognate
from deid.text.words.distorted import LONGEST_WORD
from deid.text.words.shape import likeness
from deid.text.words.vocabulary import load_vocabulary, words_of_section

_TABLE = "compounds.txt"
_FIRST, _HEADS = words_of_section("first parts", _TABLE), words_of_section("heads", _TABLE)
_SHORT_HEADS = words_of_section("short heads", _TABLE)
_ENDS_OF_NAMES = tuple(words_of_section("ends of names", _TABLE))
"""Of streets, places and surnames: `Hauptstrasse`."""
_LINKS = ("", "s", "n", "en", "er", "es", "e")
_SHORTEST, _SHORTEST_PREFIX, _SHORTEST_PART, _SHORTEST_FIRST, _SHORTEST_REST = 7, 2, 3, 4, 5
_SHORTEST_LIKELY, _SHORTEST_COGNATE, _LIKEST_COMPOUND = 9, 7, 3.0
_SHORTEST_WORD, _LIKEST_NAME = 5, -1.0
"""Two words of which the shorter has so many letters, spelled so little like a name together, in nats: so are two of
ten thousand names, if no list held them."""


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


@lru_cache(maxsize=16384)
def is_compound_of_words(word: str) -> bool:
    """Whether a folded word is two or more longer words that are no names, joined as German and Dutch join them.

    What any list of names holds, or what ends or is spelled as places and surnames are, is none.
    """
    if not 2 * _SHORTEST_WORD <= len(word) <= LONGEST_WORD or not (word.isascii() and word.isalpha()):
        return False
    if load_vocabulary().may_be_proper(word) or word.endswith(_ENDS_OF_NAMES):
        return False
    return likeness(word) <= _LIKEST_NAME and _is_joined(word)


@lru_cache(maxsize=16384)
def is_likely_compound(word: str) -> bool:
    """Whether a folded word is likelier a compound than a name: one part is clinical; names may begin one.

    What any list of names holds, or what ends or is spelled as places and surnames are, is none.
    """
    if not _SHORTEST_LIKELY <= len(word) <= LONGEST_WORD or not (word.isascii() and word.isalpha()):
        return False
    if load_vocabulary().may_be_proper(word) or word.endswith(_ENDS_OF_NAMES):
        return False
    return likeness(word) <= _LIKEST_COMPOUND and _is_likely(word)


def _is_likely(word: str) -> bool:
    return any(
        _are_likely(word[:cut], word[cut + len(link) :])
        for cut in range(_SHORTEST_FIRST, len(word) - _SHORTEST_FIRST + 1)
        for link in _LINKS
        if word.startswith(link, cut)
    )


def _are_likely(first: str, rest: str) -> bool:
    """Whether two parts may make a compound; the first may be a common word that is a name, too: `Druck`."""
    if len(rest) < _SHORTEST_FIRST:
        return False
    if not (first in _FIRST or _is_any_word(first) or first in load_vocabulary().small):
        return False
    is_rest = rest in _HEADS or (_is_any_word(rest) and not load_vocabulary().is_name(rest))
    if is_rest and (first in _FIRST or rest in _HEADS or _is_clinical(first) or _is_clinical(rest)):
        return True
    return len(rest) >= _SHORTEST_LIKELY and _is_likely(rest)


def _is_any_word(part: str) -> bool:
    vocabulary = load_vocabulary()
    if part in vocabulary.words or part in vocabulary.safe or part in vocabulary.everyday or part in vocabulary.prose:
        return True
    return len(part) >= _SHORTEST_COGNATE and is_cognate(part)


def _is_clinical(part: str) -> bool:
    return part in load_vocabulary().words and part not in load_vocabulary().general


def _is_joined(word: str) -> bool:
    """Whether a known word begins a word, and another, or two of them, end it; a link may stand between."""
    for cut in range(_SHORTEST_WORD, len(word) - _SHORTEST_WORD + 1):
        if not _is_written(word[:cut]):
            continue
        for link in _LINKS:
            rest = word[cut + len(link) :]
            if word.startswith(link, cut) and len(rest) >= _SHORTEST_WORD and (_is_written(rest) or _is_joined(rest)):
                return True
    return False


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


def _is_written(part: str) -> bool:
    """Whether a part is known, or any other word of prose."""
    return _is_known(part) or part in load_vocabulary().prose
