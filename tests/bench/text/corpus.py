"""The test sets: strings with the truth about them, the same for the same seed and size."""

from __future__ import annotations

import re
from random import Random
from typing import TYPE_CHECKING

from deid.text.fold import fold_word
from deid.text.words.vocabulary import load_vocabulary
from tests.bench.text.fill import Filler, Part, Sample
from tests.bench.text.noise import misread

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.bench.text.edition import Edition
    from tests.bench.text.person import Person

_NAME_SLOTS = ("FIRST", "LAST", "PHYSICIAN", "PHYSICIAN_FULL")
_WORD = re.compile(r"[^\W\d_]{2,}")
_SHARE_UPPER, _SHARE_LOWER = 0.5, 0.04


def identifying_sets(edition: Edition, size: int) -> dict[str, list[Sample]]:
    """Strings that identify someone, `size` a set. Half of them come with the known values of their header."""
    make, locales = _Maker(edition, size), edition.locales
    word_names = edition.words("names that are words")
    sets = {
        "header, English names": make("header", locales.english),
        "header, other names": make("header", locales.world),
        "header, names that are words": make("header", locales.english, surnames=word_names),
        "overlay, English names": make("overlay", locales.english),
        "overlay, other names": make("overlay", locales.world),
        "overlay, names that are words": make("overlay", locales.english, surnames=word_names),
        "overlay, misread": make("overlay", (*locales.english, *locales.world), change=misread),
    }
    for language, spoken in locales.languages.items():
        sets[f"language {language}"] = make(language, spoken, language=language)
    sets["other scripts"] = make("scripts", locales.scripts)
    return {name: samples for name, samples in sets.items() if samples}


def clinical_sets(edition: Edition, size: int) -> dict[str, list[Sample]]:
    """Strings that identify nobody."""
    random = Random(edition.seed)  # noqa: S311 - test strings
    public = edition.descriptions()
    described = random.sample(public, min(size * 3, len(public)))
    sets = {
        "unseen descriptions": described,
        "eponyms": edition.lines("eponyms"),
        "comments": edition.lines("comments"),
        "scanner text": (*edition.lines("displays"), *edition.lines("scanner")),
        "six languages": [text for language in edition.locales.languages for text in edition.lines(language)],
    }
    samples = {name: [_plain(name, text) for text in texts] for name, texts in sets.items() if texts}
    samples["unseen descriptions, misread"] = [
        Sample("misread", "en", misread((Part("clinical", text),), random)) for text in described[:size]
    ]
    return samples


def _plain(group: str, text: str) -> Sample:
    return Sample(group, "en", (Part("clinical", text),))


class _Maker:
    """Fills the templates of an edition with a random state of its own."""

    def __init__(self, edition: Edition, size: int) -> None:
        self._edition = edition
        self._random = Random(edition.seed)  # noqa: S311 - test strings
        self._size = size

    def __call__(
        self,
        group: str,
        locales: tuple[str, ...],
        *,
        language: str = "",
        surnames: tuple[str, ...] = (),
        change: Callable[[tuple[Part, ...], Random], tuple[Part, ...]] | None = None,
    ) -> list[Sample]:
        """`size` samples, templates and locales in turn, about every other one with known values."""
        random, samples = self._random, []
        filler = Filler(self._edition, random, language)
        templates = self._edition.templates(group)
        if surnames:
            templates = tuple(template for template in templates if "LAST}" in template or "PHYSICIAN" in template)
        for index in range(self._size if templates else 0):
            person = self._edition.person(locales[index % len(locales)], random, surnames)
            parts = _in_case(filler.fill(templates[index % len(templates)], person), random, group)
            if change is not None:
                parts = change(parts, random)
            known = person.known if random.random() < 0.5 else ()
            samples.append(Sample(group, person.locale, parts, known, listed=_is_listed(parts, person)))
        return samples


def _in_case(parts: tuple[Part, ...], random: Random, group: str) -> tuple[Part, ...]:
    """The pieces in capitals, or in small letters, or as they are; numbers and units of displays stay as they are."""
    chance = random.random()
    if chance < _SHARE_UPPER:
        return tuple(part if part.slot == "display" else Part(part.slot, part.text.upper()) for part in parts)
    if chance > 1 - _SHARE_LOWER and group != "overlay":
        return tuple(Part(part.slot, part.text.lower()) for part in parts)
    return parts


def _is_listed(parts: tuple[Part, ...], person: Person) -> bool:
    used = {part.slot for part in parts}
    values = {
        "FIRST": person.first, "LAST": person.last, "PHYSICIAN": person.physician_last,
        "PHYSICIAN_FULL": f"{person.physician_first} {person.physician_last}",
    }  # fmt: skip
    words = [fold_word(word) for slot in _NAME_SLOTS if slot in used for word in _WORD.findall(values[slot])]
    return all(load_vocabulary().may_be_name(word) for word in words)
