"""Words that vouch for themselves on a sheet full of labels, though not alone: there is reason to think them words.

They stand in no list of names, however rare, and people say or write them in one of seven languages (`Aiguilles`,
`Hersteller`); or they are made of known words (`Druckunterstützung`) or prefixes (`subretiniano`), or differ from a
known one only in how another language spells and ends it (`Tachypnoe`, `ergométrico`).
"""

from __future__ import annotations

from functools import lru_cache

from deid.text.words.cognates import is_cognate
from deid.text.words.compounds import is_likely_compound
from deid.text.words.medical_forms import prefixed
from deid.text.words.shape import likeness
from deid.text.words.vocabulary import load_vocabulary

_SHORTEST, _SHORTEST_PREFIXED = 3, 6


@lru_cache(maxsize=16384)
def is_word_of_sheets(word: str) -> bool:
    """Whether a folded word is a word rather than a name, by all that is known of words, and no list calls it one."""
    if len(word) < _SHORTEST or not word.isalpha() or is_listed_name(word):
        return False
    if _is_of_some_language(word) or is_cognate(word) or is_likely_compound(word):
        return True
    return any(len(tail) >= _SHORTEST_PREFIXED and (_is_known(tail) or is_cognate(tail)) for tail in prefixed(word))


@lru_cache(maxsize=16384)
def is_common_word(word: str) -> bool:
    """Whether a folded word is a common one, be it also a name: `blanc`."""
    return word in load_vocabulary().small or _is_known(word)


@lru_cache(maxsize=16384)
def is_seldom_a_name(word: str) -> bool:
    """Whether a folded word is a common one and a rare name only, and not spelled as names are: `Onda`, not `Hill`."""
    vocabulary = load_vocabulary()
    is_name = vocabulary.is_name(word) or vocabulary.is_town((word,))
    return is_common_word(word) and not is_name and likeness(word) <= 0


def is_listed_name(word: str) -> bool:
    """Whether a list of surnames, given names or towns has a folded word, however rare."""
    vocabulary = load_vocabulary()
    return vocabulary.is_name(word) or word in vocabulary.rare or vocabulary.is_town((word,))


def _is_of_some_language(word: str) -> bool:
    vocabulary = load_vocabulary()
    return word in vocabulary.everyday or word in vocabulary.prose


def _is_known(word: str) -> bool:
    vocabulary = load_vocabulary()
    return word in vocabulary.words or word in vocabulary.safe or _is_of_some_language(word)
