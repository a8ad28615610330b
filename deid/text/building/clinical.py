"""Deriving what the vocabulary vouches for: clinical words, safe words, and phrases that protect words in doubt."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from deid.text.building.clinical_sources import (
    Description,
    concept_names,
    descriptions,
    element_keywords,
    element_names,
)
from deid.text.fold import fold_word

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from deid.text.words.vocabulary import Terms

_WORD = re.compile(r"[^\W\d_]+(?:'s)?")
_LONGEST_PHRASE = 5
_SHORTEST_WORD, _SHORTEST_SAFE, _LONG_SAFE, _SHORTEST_STEM = 4, 4, 9, 3
_ENDING = re.compile(
    r"(?:i?ations?|ically|iness|ements?|ities|ables?|ives?|ions?|ings?|ness|less|ments?|ally|ists?|ical|ious|ous|ity|ial|"
    r"ies|ied|ier|iest|est|ers?|ed|es|ly|al|ic|ia|ize[ds]?|ism|s|y|e|a|r|d|n)\Z"
)
_ENOUGH_PATIENTS, _ENOUGH_COLLECTIONS = 3, 2


@dataclass(frozen=True, slots=True)
class People:
    """Folded words that are names: common ones, and all others that any list holds."""

    common: frozenset[str]
    rare: frozenset[str]

    def __contains__(self, word: str) -> bool:
        bare = word.removesuffix("'s")
        return bare in self.common or bare in self.rare


@dataclass(frozen=True, slots=True)
class Clinical:
    """The derived words and phrases, sorted."""

    words: list[str]
    phrases: list[str]


def folded_words(text: str) -> list[str]:
    """The words of a text, folded."""
    return [fold_word(word) for word in _WORD.findall(text)]


def proper_nouns(names: Iterable[str]) -> set[str]:
    """Words that never stand in lower case inside a name: eponyms and places. Names in title case say nothing."""
    capital: set[str] = set()
    lower: set[str] = set()
    for name in names:
        inner = _WORD.findall(name)[1:]
        small = [word for word in inner if word.islower()]
        lower.update(map(fold_word, small))
        if 2 * len(small) > len(inner):
            capital.update(fold_word(word) for word in inner if word.istitle())
    return capital - lower


def never_small(names: Iterable[str]) -> set[str]:
    """Words that stand in lower case nowhere in the names: eponyms, places, and words that only begin names."""
    written = {word for name in names for word in _WORD.findall(name)}
    return {fold_word(word) for word in written} - {fold_word(word) for word in written if word.islower()}


def derive_clinical(terms: Terms, people: People, ordinary: Collection[str]) -> Clinical:
    """Words and phrases of DICOM's dictionaries and of public descriptions, screened against names.

    Words of DICOM stay unless they are common names, or names at all that are no `ordinary` words of the language and
    that PS3.16 writes with a capital only (`Eriksen`, `Norfolk`); words of descriptions stay unless any list calls them
    a name, and only if several patients or collections share them. What is screened out lives on in phrases: `sharp
    kernel`.
    """
    concepts, elements = list(concept_names()), list(element_names())
    words = {word for name in (*concepts, *elements) for word in folded_words(name)}
    in_elements = {word for name in elements for word in folded_words(name)}
    shared = shared_words(public := list(descriptions()))
    eponyms = {word for word in never_small(concepts) if word in people} - in_elements - shared - set(ordinary)
    screened = ((people.common | proper_nouns(concepts)) - terms.words) - (in_elements - people.common)
    screened |= eponyms - terms.words
    kept = {w for w in words if len(w) >= _SHORTEST_WORD and w.removesuffix("'s") not in screened and w not in screened}
    kept |= {fold_word(keyword) for keyword in element_keywords() if len(keyword) > _SHORTEST_WORD} - people.common
    kept |= {word for word in shared if word not in people}
    vouched = kept | terms.words
    phrases = {*_concept_phrases(concepts, screened), *words_in_doubt(public, vouched, people)}
    return Clinical(sorted(kept - terms.words), sorted(phrases))


def shared_words(public: list[Description]) -> set[str]:
    """Words that stand in the descriptions of several patients or collections."""
    patients: Counter[str] = Counter()
    collections: dict[str, set[str]] = {}
    for description in public:
        for word in set(folded_words(description.text)):
            patients[word] += description.patients
            collections.setdefault(word, set()).add(description.collection)
    return {
        word
        for word, count in patients.items()
        if len(word) > 1 and (count >= _ENOUGH_PATIENTS or len(collections[word]) >= _ENOUGH_COLLECTIONS)
    }


def _concept_phrases(concepts: list[str], screened: Collection[str]) -> Iterator[str]:
    """Whole names of concepts that hold a word in doubt: `baker cyst`."""
    for name in concepts:
        parts = folded_words(name)
        if 1 < len(parts) <= _LONGEST_PHRASE and any(part in screened for part in parts):
            yield " ".join(parts)


def words_in_doubt(public: list[Description], vouched: Collection[str], people: People) -> set[str]:
    """Words in doubt, each with a vouched-for word that stands beside it for several patients: `short te`."""
    patients: Counter[str] = Counter()
    for description in public:
        words = folded_words(description.text)
        pairs = {pair for pair in pairwise(words) if _is_doubtful(pair, vouched, people)}
        patients.update(dict.fromkeys((" ".join(pair) for pair in pairs), description.patients))
    return {pair for pair, count in patients.items() if count >= _ENOUGH_PATIENTS}


def _is_doubtful(pair: tuple[str, str], vouched: Collection[str], people: People) -> bool:
    """Whether one word is vouched for and the other is a word that only rare lists of names hold."""
    known = [word in vouched and len(word) > 1 for word in pair]
    if sum(known) != 1:
        return False
    doubtful = pair[known.index(False)]
    return len(doubtful) > 1 and doubtful in people.rare and doubtful not in people.common


def safe_words(words: Iterable[str], people: People, places: Collection[str], kept: Collection[str]) -> list[str]:
    """Words of English and medicine that no list calls a name or a place; they say nothing about their neighbours.

    A shorter word must have a relative in the list, `cough` and `coughing`: words have, unknown names seldom.
    """
    folded = {fold_word(word) for word in words}
    related = Counter(_stem(word) for word in folded | set(kept))
    return sorted(
        word
        for word in folded
        if len(word) >= _SHORTEST_SAFE
        and word.isascii()
        and word.isalpha()
        and word not in people
        and word not in places
        and word not in kept
        and (len(word) >= _LONG_SAFE or related[_stem(word)] > 1)
    )


def _stem(word: str) -> str:
    """The word without an ending and a doubled consonant before it; the whole word if hardly anything is left."""
    stem = _ENDING.sub("", word)
    if len(stem) < _SHORTEST_STEM:
        return word
    return stem[:-1] if len(stem) > _SHORTEST_STEM and stem[-1] == stem[-2] else stem
