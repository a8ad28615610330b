"""The test sets: strings with the truth about them, the same for the same seed and size."""

from __future__ import annotations

import re
from random import Random
from typing import TYPE_CHECKING

from deid.text.fold import fold_word
from deid.text.vocabulary import load_vocabulary
from tests.bench.text.clinical import clinical_lines, held_out_descriptions, read_sections
from tests.bench.text.fill import Part, Sample, fill
from tests.bench.text.noise import misread
from tests.bench.text.person import make_person

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tests.bench.text.person import Person

ENGLISH = ("en", "en-gb", "en-au", "en-ca")
WORLD = (
    "az", "cs", "da", "de", "de-at", "de-ch", "es", "es-mx", "et", "fi", "fr", "hr", "hu", "is", "it", "nl", "nl-be",
    "no", "pl", "pt", "pt-br", "sk", "sv", "tr",
)  # fmt: skip
SCRIPTS = ("ar-sa", "ar-eg", "el", "fa", "ja", "kk", "ko", "ru", "uk", "zh")
LANGUAGES = {
    "de": ("de", "de-at", "de-ch"), "fr": ("fr",), "es": ("es", "es-mx"), "it": ("it",), "nl": ("nl", "nl-be"),
    "pt": ("pt", "pt-br"),
}  # fmt: skip
_NAME_SLOTS = ("FIRST", "LAST", "PHYSICIAN", "PHYSICIAN_FULL")
_WORD = re.compile(r"[^\W\d_]{2,}")
_SHARE_UPPER, _SHARE_LOWER = 0.5, 0.04


def identifying_sets(size: int, seed: int = 1) -> dict[str, list[Sample]]:
    """Strings that identify someone, `size` a set. Half of them come with the known values of their header."""
    templates = read_sections("templates.txt")
    make = _Maker(Random(seed), size)  # noqa: S311 - test strings
    sets = {
        "header, English names": make("header", templates["header"], ENGLISH),
        "header, other names": make("header", templates["header"], WORLD),
        "header, names that are words": make("header", _naming(templates["header"]), ENGLISH, word_names=True),
        "overlay, English names": make("overlay", templates["overlay"], ENGLISH),
        "overlay, other names": make("overlay", templates["overlay"], WORLD),
        "overlay, names that are words": make("overlay", _naming(templates["overlay"]), ENGLISH, word_names=True),
        "overlay, misread": make("overlay", templates["overlay"], (*ENGLISH, *WORLD), change=misread),
    }
    for language, locales in LANGUAGES.items():
        sets[f"language {language}"] = make(language, templates[language], locales, language=language)
    sets["other scripts"] = make("scripts", templates["scripts"], SCRIPTS)
    return sets


def clinical_sets(size: int, seed: int = 2) -> dict[str, list[Sample]]:
    """Strings that identify nobody."""
    random = Random(seed)  # noqa: S311 - test strings
    held_out = held_out_descriptions()
    described = random.sample(held_out, min(size * 3, len(held_out)))
    spoken = [text for language in LANGUAGES for text in clinical_lines(language)]
    sets = {"unseen descriptions": described, "eponyms": clinical_lines("eponyms")}
    sets["scanner text"] = (*clinical_lines("displays"), *clinical_lines("scanner"))
    samples = {
        name: [_plain(name, text) for text in texts] for name, texts in (sets | {"six languages": spoken}).items()
    }
    samples["unseen descriptions, misread"] = [
        Sample("misread", "en", misread((Part("clinical", text),), random)) for text in described[:size]
    ]
    return samples


def _plain(group: str, text: str) -> Sample:
    return Sample(group, "en", (Part("clinical", text),))


def _naming(templates: Sequence[str]) -> list[str]:
    return [template for template in templates if "LAST}" in template or "PHYSICIAN" in template]


class _Maker:
    """Fills templates with a random state of its own."""

    def __init__(self, random: Random, size: int) -> None:
        self._random = random
        self._size = size

    def __call__(
        self,
        group: str,
        templates: Sequence[str],
        locales: tuple[str, ...],
        *,
        language: str = "",
        word_names: bool = False,
        change: Callable[[tuple[Part, ...], Random], tuple[Part, ...]] | None = None,
    ) -> list[Sample]:
        """`size` samples, templates and locales in turn, every other one with known values."""
        random, samples = self._random, []
        for index in range(self._size):
            person = make_person(locales[index % len(locales)], random, word_name=word_names)
            parts = _in_case(fill(templates[index % len(templates)], person, random, language), random, group)
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
