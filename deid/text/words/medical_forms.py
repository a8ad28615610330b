"""Medical words told by how they end and begin: `hidrocolpectomia`, `adenocarcinoma`; no list of names holds one.

So are other forms of clinical words of Romance languages: `agitado` of `agitada`, `nasogástrica` of `gástrico`; and
declined adjectives of German and Dutch: `zystischer` of `zystisch`.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from deid.text.words.vocabulary import foreign_words, load_vocabulary, words_of_section

if TYPE_CHECKING:
    from collections.abc import Iterator

_TABLE = "medical_forms.txt"
_ENDINGS, _BEGINNINGS = tuple(words_of_section("endings", _TABLE)), words_of_section("beginnings", _TABLE)
_SHORTEST_STEM, _SHORTEST_WORD, _SHORTEST_INFLECTED, _SHORTEST_ADJECTIVE = 3, 5, 6, 5
_GENDERS = ("a", "as", "o", "os", "e", "es", "i", "")
_GERMAN, _DUTCH, _ROMANCE = (
    "|".join(sorted(words_of_section(f"prefixes of {language} verbs", _TABLE)))
    for language in ("German", "Dutch", "Romance")
)
_FORMED = re.compile(
    rf"(?=.{{9}})(?:{_GERMAN})[a-z]{{3,20}}end(?:e[nrsm]?)?"
    rf"|(?=.{{8}})(?:{_GERMAN})[a-z]{{2,20}}ung(?:en)?"
    r"|(?=.{8})(?:ab|an|auf|aus|ein|nach|vor|zu|zuruck|um|mit|bei|her|hin|weg)ge[a-z]{3,20}(?:te?|te[nrsm]|ene?[nrsm]?)"
    r"|(?=.{8})[a-z]{3,20}(?:iert(?:e[nrsm]?)?|liche[nrsm]?|ische[nsm]?)"
    r"|[a-z]{4,20}(?:[nrg]heit|keit|[eirt]heid)(?:en)?"
    r"|(?=.{7})ge[a-z]{4,20}(?:eerde?|elde|erde|igde)|[a-z]{4,20}baar"
    rf"|(?=.{{9}})(?:{_DUTCH})[a-z]{{3,20}}ende?"
    rf"|(?=.{{9}})(?:{_ROMANCE})[a-z]{{4,20}}"
    r"(?:antes?|ants|ees?|atrice|atifs?|atives?|ables?|ibles?|ements?|ad[oa]s?|[ai]vel|[ai]veis|adora?s?|[ai]mientos?)"
    r"|(?=.{9})[a-z]{6,20}(?:atic[oa]s?|atici|atiche)"
    r"|[a-z]{4,20}olog(?:ia|ic[oa]s?|ie|iques?|ische?)|(?=.{8})[a-z]{5,20}(?:atori[oa]s?|atorie|atoires?)"
)
"""How words of six languages are formed: of 400,000 names and towns a handful is, all of which lists hold."""
_DECLENSIONS = ("er", "en", "em", "es", "e")
_ADJECTIVES = tuple(words_of_section("ends of German and Dutch adjectives", _TABLE))
_DOUBLED = "rs"


@lru_cache(maxsize=16384)
def is_medical_form(word: str) -> bool:
    """Whether a folded word is formed as words of medicine are, and stands on no list of names.

    Behind anything else no clinical word may stand: where a blank was lost, that is a name.
    """
    if not word.isalpha() or load_vocabulary().may_be_proper(word):
        return False
    if _is_declined(word):
        return True
    tails = [
        cut
        for cut in range(_SHORTEST_STEM, len(word) - _SHORTEST_WORD + 1)
        if word[cut:] not in _ENDINGS and _is_word(word[cut:])
    ]
    if tails:
        return any(word[:cut] in _BEGINNINGS for cut in tails)
    if _is_inflected(word):
        return True
    if _FORMED.fullmatch(word):
        return True
    return word[_SHORTEST_STEM:].endswith(_ENDINGS)


def prefixed(word: str) -> Iterator[str]:
    """What follows a beginning of words of medicine in a folded word: `retiniano`, of `subretiniano`."""
    return (word[cut:] for cut in range(_SHORTEST_STEM, len(word)) if word[:cut] in _BEGINNINGS)


def _is_word(tail: str) -> bool:
    """Whether a tail is a clinical word, its first letter doubled by a prefix or not: `entero|rressonância`."""
    words = load_vocabulary().words
    bare = tail[1:] if tail[0] == tail[1] and tail[0] in _DOUBLED else tail
    return any(one in words or _is_inflected(one) for one in {tail, bare})


def _is_inflected(word: str) -> bool:
    """Whether a word is a foreign clinical one in another gender or number."""
    if len(word) < _SHORTEST_INFLECTED:
        return False
    stems = {word[: len(word) - len(ending)] for ending in _GENDERS if word.endswith(ending)}
    return any(stem + ending in foreign_words() for stem in stems for ending in _GENDERS)


def _is_declined(word: str) -> bool:
    """Whether a word is a clinical adjective with an ending; a surname in -er has no such stem."""
    stems = (word.removesuffix(ending) for ending in _DECLENSIONS if word.endswith(ending))
    return any(
        len(stem) >= _SHORTEST_ADJECTIVE and stem.endswith(_ADJECTIVES) and stem in load_vocabulary().words
        for stem in stems
    )
