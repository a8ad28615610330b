"""Words of German and Spanish prose, as texts of the web hold them, by spacy-lookups-data (MIT): there they have case.

Subtitles, as pyspellchecker counts them, lack German nouns, as their tagger took words with capitals for names. Its
rare words are not used: those of OpenTaal are surnames, too (Zwartkruis), and where others come from is not told.
"""

from __future__ import annotations

import gzip
import json
from functools import cache
from typing import TYPE_CHECKING

from deid.text.building.clinical_sources import package_file
from deid.text.fold import fold_word
from deid.text.words.vocabulary import words_of_section

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_SHORTEST = 4
_LEAST = {"de": -16.5, "es": -16.0}
"""Logarithm of a word's share of the text, by language; below stand misspelt words."""
_LEAST_NOUN, _VERY_COMMON_NOUN = -16.0, -13.0
_EITHER = 0.7
"""A word of prose stands in small letters at least half as often as with a capital; what is a name, too, twice."""
_CASED, _LEAST_NAMED = ("de", "en", "es"), -14.5
_NEVER, _FORM = 99.0, 5.0
"""How much rarer another form of a noun may be than itself."""
_INFLECTIONS = ("e", "en", "er", "ern", "n", "es")
"""Endings of nouns; that of names is `s`."""
_ENDS_OF_NAMES = tuple(words_of_section("ends of names", "compounds.txt"))
_ABSTRACT = (
    "ung", "ungen", "heit", "heiten", "keit", "keiten", "schaft", "schaften", "tion", "tionen", "ismus", "tat", "taten",
    "nis", "nisse", "enz", "anz",
)  # fmt: skip


def words_of_prose(likeness: Callable[[str], float]) -> set[str]:
    """Folded words hardly ever written with a capital, and German nouns that have forms of nouns.

    Args:
        likeness: How much likelier a folded word is a name by its letters, in nats.
    """
    words: set[str] = set()
    for language, least in _LEAST.items():
        small, capital = _shares(language)
        words |= {w for w, share in small.items() if share >= least and share >= capital.get(w, share) - _EITHER}
        if language == "de":
            words |= _without_names(set(nouns(capital)), capital, likeness)
    return words


def _without_names(found: set[str], shares: dict[str, float], likeness: Callable[[str], float]) -> set[str]:
    """The nouns that are not spelled as names, or are very common, abstract, or compounds with one of those."""
    sure = {noun for noun in found if likeness(noun) <= 0 or shares[noun] >= _VERY_COMMON_NOUN}
    sure |= {noun for noun in found if noun.endswith(_ABSTRACT)}
    return sure | {
        noun for noun in found if any(noun[cut:] in sure for cut in range(_SHORTEST, len(noun) - _SHORTEST + 1))
    }


def words_rather_small() -> set[str]:
    """Folded words of German, English and Spanish that stand in small letters twice as often as with a capital."""
    words: set[str] = set()
    for language in _CASED:
        small, capital = _shares(language)
        words |= {w for w, share in small.items() if share >= max(_LEAST_NAMED, capital.get(w, share - 1) + _EITHER)}
    return words


def nouns(capital: dict[str, float]) -> Iterator[str]:
    """Words with a capital that end as abstract nouns do, or stand there in another case or number, too.

    Streets, places and surnames that end as such do are none: `Hauptstrasse`.
    """
    stems = {
        word
        for word, share in capital.items()
        if any(capital.get(word + ending, -_NEVER) >= share - _FORM for ending in _INFLECTIONS)
    }
    for word, share in capital.items():
        inflected = word in stems or any(word.removesuffix(e) in stems for e in _INFLECTIONS if word.endswith(e))
        if share >= _LEAST_NOUN and (inflected or word.endswith(_ABSTRACT)) and not word.endswith(_ENDS_OF_NAMES):
            yield word


@cache
def _shares(language: str) -> tuple[dict[str, float], dict[str, float]]:
    """The logarithms of the shares of folded words: in small letters, and with one capital."""
    source = package_file("spacy-lookups-data", f"spacy_lookups_data/data/{language}_lexeme_prob.json.gz")
    small: dict[str, float] = {}
    capital: dict[str, float] = {}
    for word, share in json.loads(gzip.decompress(source.read_bytes())).items():
        if word.isalpha() and (word.islower() or word.istitle()):
            folded, shares = fold_word(word), small if word.islower() else capital
            if len(folded) >= _SHORTEST and folded.isascii():
                shares[folded] = max(share, shares.get(folded, share))
    return small, capital
