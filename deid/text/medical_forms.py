"""Medical words told by how they end and begin: `hidrocolpectomia`, `adenocarcinoma`; no list of names holds one."""

from __future__ import annotations

from functools import lru_cache

from deid.text.vocabulary import load_vocabulary, words_of_section

_TABLE = "medical_forms.txt"
_ENDINGS, _BEGINNINGS = tuple(words_of_section("endings", _TABLE)), words_of_section("beginnings", _TABLE)
_SHORTEST_STEM, _SHORTEST_WORD = 3, 5


@lru_cache(maxsize=16384)
def is_medical_form(word: str) -> bool:
    """Whether a folded word is formed as words of medicine are, and stands on no list of names.

    Behind anything else no clinical word may stand: where a blank was lost, that is a name.
    """
    if not word.isalpha() or load_vocabulary().may_be_name(word):
        return False
    words = load_vocabulary().words
    tails = [cut for cut in range(_SHORTEST_STEM, len(word) - _SHORTEST_WORD + 1) if word[cut:] in words]
    if tails:
        return any(word[:cut] in _BEGINNINGS for cut in tails)
    return any(word.endswith(ending) and len(word) - len(ending) >= _SHORTEST_STEM for ending in _ENDINGS)
