"""Everyday words of seven languages that are free to use: pyspellchecker's, Faker's, and function words of spaCy."""

from __future__ import annotations

import gzip
import importlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from deid.text.building.clinical_sources import package_file
from deid.text.building.prose_sources import words_rather_small
from deid.text.fold import fold_word

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from deid.text.building.clinical import People

_LOREM = ("da_DK", "de_DE", "es_ES", "fr_FR", "it_IT", "nl_NL")
_STOP_WORDS = ("da", "de", "es", "fr", "it", "nl", "pt", "sv")
_SHORTEST = 4
_SPOKEN = {"de": 51, "en": 100, "es": 100, "fr": 100, "it": 100, "nl": 100, "pt": 100}
"""How often a word must stand in a language's subtitles. Below lie forms that were generated, and many names."""
_VERY_COMMON = 10_000
_SHORTEST_SMALL, _COMMON_SMALL = 2, 300
"""How short and how rare a name may be that counts as a word in small letters. The tagger before the count left out
most proper nouns, so that few surnames reach it, and few given names `_VERY_COMMON`."""


@dataclass(frozen=True, slots=True)
class Everyday:
    """Folded words: of written lists, none of them a name or a place; and those that subtitles hold often."""

    written: frozenset[str]
    spoken: frozenset[str]


def everyday_words(people: People, rare: Collection[str], places: Collection[str], kept: Collection[str]) -> Everyday:
    """Words of seven languages that no list calls a name or a place; short ones are particles of names.

    Very common spoken words stay although `rare` lists of names or towns hold them: of a hundred such names one is
    among them, and `morgen`, `marche`, `sotto` are in many texts.
    """
    spoken = _spoken()
    named = {word for word in spoken if word in people or word in places}
    common = {word for word in named if spoken[word] >= _VERY_COMMON and (word not in people or word in rare)}

    def fit(words: Iterable[str]) -> frozenset[str]:
        return frozenset(w for w in words if len(w) >= _SHORTEST and w.isascii() and w.isalpha() and w not in kept)

    return Everyday(
        fit({word for word in map(fold_word, _written()) if word not in people and word not in places}),
        fit((spoken.keys() - named) | common),
    )


def words_in_small_letters(people: People, given: Collection[str], places: Collection[str]) -> list[str]:
    """Common words that lists call names of people or places, and short ones: in small letters prose means the word.

    `given` names need be very common: `sera` and `ben` are, `marcus` and `carmen` not.
    """
    common = {
        word
        for word, count in _spoken().items()
        if len(word) >= _SHORTEST_SMALL and count >= (_VERY_COMMON if word in given else _COMMON_SMALL)
    }
    return sorted(
        word
        for word in common | words_rather_small()
        if word.isascii() and word.isalpha() and (word in people or word in places or len(word) < _SHORTEST)
    )


def _written() -> Iterator[str]:
    for locale in _LOREM:
        yield from importlib.import_module(f"faker.providers.lorem.{locale}").Provider.word_list
    for language in _STOP_WORDS:
        yield from importlib.import_module(f"spacy.lang.{language}.stop_words").STOP_WORDS


def _spoken() -> dict[str, int]:
    """Folded words that subtitles of films hold often enough, and how often, by pyspellchecker (MIT)."""
    counts: dict[str, int] = {}
    for language, least in _SPOKEN.items():
        source = package_file("pyspellchecker", f"spellchecker/resources/{language}.json.gz")
        for word, count in json.loads(gzip.decompress(source.read_bytes())).items():
            if count >= least:
                folded = fold_word(word)
                counts[folded] = max(count, counts.get(folded, 0))
    return counts
