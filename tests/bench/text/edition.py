"""Editions of the material: some to look at failures with, one for the published figures only."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from deid.text.building.clinical_sources import NON_COMMERCIAL, TEST, TUNING, descriptions
from tests.bench.text.locales import ELEVENTH, FAKER_JS, FIFTH, MIMESIS, NINTH, SIXTH, Locales
from tests.bench.text.person import Names, make_named_person, make_person
from tests.bench.text.sections import read_sections

if TYPE_CHECKING:
    from random import Random

    from tests.bench.text.person import Person

# Numbers and dates in a description single someone out by any reading: such strings are not asked to be kept.
_IDENTIFYING = re.compile(r"\d{6}|\d{1,4}[/.-]\d{1,2}[/.-]\d{2,4}|\d{4,}[/-]\d|\b(?:19|20)\d{2}\b")


@dataclass(frozen=True, slots=True)
class Edition:
    """Templates and clinical text in a folder beside this module, public collections, and a random seed."""

    folder: str
    collections: frozenset[str]
    seed: int
    locales: Locales = MIMESIS
    people: str = ""
    """The folder of the edition whose people it has, if not its own."""
    half: int | None = None
    """Which of every two lines of its tables it has, the first or the second; all if none is said."""

    def person(self, locale: str, random: Random, surnames: tuple[str, ...]) -> Person:
        """A person of a locale, with surnames of it or of those given; of the edition's own people if it has some."""
        if self.locales is MIMESIS:
            return make_person(locale, random, surnames)
        sections = self._read("people.txt.gz", self.people)
        names = Names(*(sections.get(f"{locale} {kind}", ()) for kind in ("given", "surnames", "towns", "streets")))
        return make_named_person(locale, names, random, surnames)

    def templates(self, group: str) -> tuple[str, ...]:
        """The templates of a set; none if the edition has no such set."""
        return self._read("templates.txt").get(group, ())

    def lines(self, section: str) -> tuple[str, ...]:
        """The strings of a section of the clinical text; none if the edition has no such section."""
        return self._read("clinical.txt").get(section, ())

    def words(self, section: str) -> tuple[str, ...]:
        """The words of a section of the clinical text."""
        return tuple(word for line in self.lines(section) for word in line.split())

    def descriptions(self) -> tuple[str, ...]:
        """The edition's own, or distinct ones of public collections, without those with dates or long numbers."""
        return self.lines("descriptions") or _descriptions(self.collections)

    def _read(self, table: str, folder: str = "") -> dict[str, tuple[str, ...]]:
        sections = read_sections(f"{folder or self.folder}/{table}")
        if self.half is None:
            return sections
        return {title: lines[self.half :: 2] for title, lines in sections.items()}


TUNING_EDITIONS = {
    **{folder: Edition(folder, TUNING, seed) for seed, folder in ((1, "tuning"), (3, "wide"), (5, "third"))},
    "fourth": Edition("fourth", TUNING, 7, FAKER_JS),
    "fifth": Edition("fifth", NON_COMMERCIAL, 11, FIFTH),
    "sixth": Edition("sixth", frozenset(), 13, SIXTH),
    "seventh": Edition("seventh", frozenset(), 17, FAKER_JS, people="fourth"),
    "eighth": Edition("eighth", frozenset(), 19, FIFTH, people="fifth"),
    "ninth": Edition("ninth", frozenset(), 23, NINTH),
    "tenth": Edition("tenth", frozenset(), 29),
    "eleventh": Edition("eleventh", frozenset(), 31, ELEVENTH, half=0),
    "eleventh-b": Edition("eleventh", frozenset(), 37, ELEVENTH, half=1),
}
"""To look at failures with. Of all to the tenth the NER has learnt the templates and the text (`to_training`).

Of the eleventh's second half nobody looks at strings or failures: its figures are those of text that is not mended for.
"""
TEST_EDITION = Edition("test", TEST, 2)


@lru_cache(maxsize=2)
def _descriptions(collections: frozenset[str]) -> tuple[str, ...]:
    texts = {one.text.strip() for one in descriptions(of=collections) if not _IDENTIFYING.search(one.text)}
    return tuple(sorted(texts - {""}))
