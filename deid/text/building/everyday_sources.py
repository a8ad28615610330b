"""Everyday words of other languages that are free to use: word lists of Faker and function words of spaCy."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

from deid.text.fold import fold_word

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from deid.text.building.clinical import People

_LOREM = ("da_DK", "de_DE", "es_ES", "fr_FR", "it_IT", "nl_NL")
_STOP_WORDS = ("da", "de", "es", "fr", "it", "nl", "pt", "sv")
_SHORTEST = 4


def everyday_words(people: People, places: Collection[str], kept: Collection[str]) -> set[str]:
    """Words of other languages that no list calls a name or a place, folded; short ones are particles of names."""
    return {
        word
        for word in map(fold_word, _written())
        if len(word) >= _SHORTEST
        and word.isascii()
        and word.isalpha()
        and word not in people
        and word not in places
        and word not in kept
    }


def _written() -> Iterator[str]:
    for locale in _LOREM:
        yield from importlib.import_module(f"faker.providers.lorem.{locale}").Provider.word_list
    for language in _STOP_WORDS:
        yield from importlib.import_module(f"spacy.lang.{language}.stop_words").STOP_WORDS
