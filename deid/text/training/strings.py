"""Training strings: templates filled with names, places, institutions and clinical text, as they are written."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING
from zlib import crc32

from deid.text.ner.tagger import INSTITUTION, NAME, NOTHING, PLACE
from deid.text.training.sources import TABLES
from deid.text.training.writing import Writer
from deid.text.words.vocabulary import (
    is_hardly_a_name,
    load_vocabulary,
    may_be_weak,
    read_sections,
    read_table,
    read_terms,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from random import Random

    from deid.text.training.sources import Sources

_TEMPLATES = ("templates.txt", "templates_by_department.txt", "templates_by_edition.txt.gz", "displays.txt")
_FILLERS = ("fillers.txt", "fillers_by_department.txt", "fillers_by_edition.txt.gz")
_SLOT = re.compile(r"\{([^}]+)\}")
_LABELS = {
    **dict.fromkeys(("person", "last", "first", "initials", "pair", "weak"), NAME),
    **dict.fromkeys(("town", "street", "region"), PLACE),
    "institution": INSTITUTION,
}
_MOST_WORDS, _SHORTEST_WEAK = 4, 3
_SHARE_HARDLY = 0.4
_HELD_OUT_WEAK = 10
"""One name that is a word of so many is measured on only."""
_WEIGHT_NOT_LATIN = 0.25
_CAPITALS = "ABCDEFGHJKLMNPRSTVW"
_SHARE_CONCEPTS, _SHARE_INVENTED, _SHARE_SEPARATED, _SHARE_JOINED = 0.2, 0.08, 0.25, 0.1
_JOINTS = (". ", "; ", ", ", " - ", " / ", " | ", " ", " // ", " -> ", ".  ")
_SEPARATORS = (" - ", " / ", "/", ", ", " | ", "_", "  ", ": ", "; ", "-", "^", " (", " [", "\t", " * ", " . ")


@dataclass(frozen=True, slots=True)
class Labelled:
    """A string in pieces, each with the label of its words."""

    pieces: tuple[tuple[str, str], ...]

    @property
    def text(self) -> str:
        """The string."""
        return "".join(text for text, _ in self.pieces)

    @property
    def spans(self) -> Iterator[tuple[int, int, str]]:
        """The labelled ranges of characters."""
        end = 0
        for text, label in self.pieces:
            start, end = end, end + len(text)
            if label != NOTHING:
                yield start, end, label


class StringMaker:
    """Makes labelled strings; the same random state and sources give the same strings."""

    def __init__(self, sources: Sources, random: Random, *, held_out: bool) -> None:
        self._sources = sources
        self._random = random
        self._writer = Writer(random)
        self._held_out = held_out
        self._makers: dict[str, Callable[[], str]] = {
            "person": self._person,
            "pair": self._weak_person,
            "weak": self._weak_surname,
            "weak word": lambda: random.choice(self._weak),
            "core word": lambda: random.choice(self._core).title(),
            "i letter": lambda: random.choice(_CAPITALS),
            "last": self._surname,
            "first": self._given,
            "initials": self._initials,
            "town": self._town,
            "clinical": self._clinical,
            "words": self._several_words,
            "foreign": self._foreign_words,
            "0": lambda: random.choice("0123456789"),
            "A": lambda: random.choice(_CAPITALS),
        }
        sections = [(weight, lines) for title, weight, lines in _templates() if title.startswith("held") == held_out]
        self._weights, self._sections = [weight for weight, _ in sections], [lines for _, lines in sections]
        self._locales = sorted(sources.surnames.keys() & sources.given.keys())
        self._locale = self._locales[0]
        latin = [unicodedata.name(sources.surnames[locale][0][0]).startswith("LATIN") for locale in self._locales]
        self._locale_weights = [1.0 if is_latin else _WEIGHT_NOT_LATIN for is_latin in latin]
        self._clinical_words, self._ordinary_words = _clinical_words(), _ordinary_words()
        self._foreign = _foreign_words()
        own = (word for word in read_terms().core if word.isalpha() and len(word) >= _SHORTEST_WEAK)
        self._core = sorted(word for word in own if not load_vocabulary().is_name(word))
        self._weak = [name for name in _weak_names() if (crc32(name.encode()) % _HELD_OUT_WEAK == 0) == held_out]

    def make(self) -> Labelled:
        """The next string; one in some is two."""
        pieces = self._filled()
        if not self._held_out and self._random.random() < _SHARE_JOINED:
            pieces += [(self._random.choice(_JOINTS), NOTHING), *self._filled()]
        return Labelled(tuple(self._writer.write(pieces)))

    def _filled(self) -> list[tuple[str, str]]:
        """The pieces of a template with its slots filled."""
        random = self._random
        self._locale = random.choices(self._locales, self._locale_weights)[0]
        template = random.choice(random.choices(self._sections, self._weights)[0])
        parts = _SLOT.split(template)
        pieces = [(self._separator(part), NOTHING) if index % 2 == 0 else (self._fill(part), _LABELS.get(part, NOTHING))
                  for index, part in enumerate(parts)]  # fmt: skip
        return [piece for piece in pieces if piece[0]]

    def _separator(self, text: str) -> str:
        """What stands between slots; a blank is sometimes something else, if the model is to learn from it."""
        if text != " " or self._held_out or self._random.random() > _SHARE_SEPARATED:
            return text
        return self._random.choice(_SEPARATORS)

    def _fill(self, slot: str) -> str:
        """What a slot stands for: made here, or a line of the table of fillers, whose slots are filled in turn."""
        make = self._makers.get(slot)
        return make() if make else _SLOT.sub(lambda inner: self._fill(inner[1]), self._random.choice(_fillers()[slot]))

    def _person(self) -> str:
        return self._writer.person(self._given(), self._surname())

    def _weak_person(self) -> str:
        return self._writer.person(self._given(), self._weak_surname())

    def _weak_surname(self) -> str:
        """A surname that is a clinical word; words that hardly are names less often."""
        name = self._random.choice(self._weak)
        if is_hardly_a_name(name) and self._random.random() > _SHARE_HARDLY:
            name = self._random.choice(self._weak)
        return name.title()

    def _initials(self) -> str:
        return "".join(self._random.choices(_CAPITALS, k=self._random.choice((2, 2, 3))))

    def _town(self) -> str:
        return self._random.choice(self._sources.towns[self._random.choice(sorted(self._sources.towns))])

    def _several_words(self) -> str:
        words = self._random.choice((self._clinical_words, self._ordinary_words))
        return " ".join(self._random.choices(words, k=self._random.randint(1, _MOST_WORDS)))

    def _foreign_words(self) -> str:
        words = self._random.choice(self._foreign)
        return " ".join(self._random.choices(words, k=self._random.randint(1, _MOST_WORDS)))

    def _clinical(self) -> str:
        concept = self._random.random() < _SHARE_CONCEPTS
        return self._random.choice(self._sources.concepts if concept else self._sources.descriptions)

    def _given(self) -> str:
        return self._random.choice(self._sources.given[self._locale])

    def _surname(self) -> str:
        surname = self._random.choice(self._sources.surnames[self._locale])
        if self._random.random() < _SHARE_INVENTED:  # the head of one, the tail of another
            other = self._random.choice(self._sources.surnames[self._locale])
            surname = surname[: 2 + len(surname) // 3] + other[len(other) // 2 :]
        return surname


@lru_cache(maxsize=1)
def _templates() -> list[tuple[str, int, list[str]]]:
    return [section for name in _TEMPLATES for section in _read(name)]


@lru_cache(maxsize=1)
def _fillers() -> dict[str, list[str]]:
    return {title: lines for name in _FILLERS for title, _, lines in _read(name)}


def _read(name: str) -> Iterator[tuple[str, int, list[str]]]:
    """Title, weight and lines of each section of a table."""
    for section in read_table(name, TABLES).split("\n[")[1:]:
        head, *lines = section.splitlines()
        title, _, weight = head.removesuffix("]").partition(" = ")
        yield title, int(weight or 1), [line for line in lines if line and not line.startswith("#")]


@lru_cache(maxsize=1)
def _clinical_words() -> list[str]:
    """Words of the vocabulary that are no names."""
    vocabulary = load_vocabulary()
    return sorted(word for word in vocabulary.words if word.isalpha() and not vocabulary.is_name(word))


@lru_cache(maxsize=1)
def _ordinary_words() -> list[str]:
    """The other words of English and medicine that are hardly ever names."""
    safe = [line for line in read_table("safe_words.txt.gz").splitlines() if line.isalpha()]
    return [*safe, *sorted(read_terms().ordinary)]


@lru_cache(maxsize=1)
def _foreign_words() -> list[list[str]]:
    """Words of radiology by language."""
    sections = dict(read_sections("clinical_words_by_language.txt"))
    for other in ("phrases", "words that are also surnames"):
        sections.pop(other, None)
    return [[word for line in lines for word in line.split()] for lines in sections.values()]


@lru_cache(maxsize=1)
def _weak_names() -> list[str]:
    """Clinical words that are names, too: `stone`, `mask`; of words such as `the` only those that are common names."""
    listed = load_vocabulary().words | read_terms().ordinary
    words = (word for word in listed if word.isalpha() and len(word) >= _SHORTEST_WEAK)
    return sorted(word for word in words if may_be_weak(word))
