"""Clinical text of the test: public descriptions that the vocabulary never saw, displays, eponyms, six languages."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

from deid.text.building.clinical_sources import descriptions

# Numbers and dates in a description single someone out by any reading: such strings are not asked to be kept.
_IDENTIFYING = re.compile(r"\d{6}|\d{1,4}[/.-]\d{1,2}[/.-]\d{2,4}|\d{4,}[/-]\d|\b(?:19|20)\d{2}\b")


@lru_cache(maxsize=4)
def read_sections(name: str) -> dict[str, tuple[str, ...]]:
    """The lines of a text file beside this module, by section."""
    sections: dict[str, list[str]] = {}
    current: list[str] = []
    for line in (Path(__file__).parent / name).read_text("utf-8").splitlines():
        if line.startswith("["):
            current = sections.setdefault(line.strip("[]"), [])
        elif line and not line.startswith("#"):
            current.append(line)
    return {title: tuple(lines) for title, lines in sections.items()}


def clinical_lines(section: str) -> tuple[str, ...]:
    """The strings of a section of clinical.txt."""
    return read_sections("clinical.txt")[section]


def clinical_words(section: str) -> tuple[str, ...]:
    """The words of a section of clinical.txt."""
    return tuple(word for line in clinical_lines(section) for word in line.split())


@lru_cache(maxsize=1)
def held_out_descriptions() -> tuple[str, ...]:
    """Distinct descriptions of the collections kept out of the vocabulary, without those that hold dates or numbers."""
    return tuple(
        sorted({d.text.strip() for d in descriptions(held_out=True) if not _IDENTIFYING.search(d.text)} - {""})
    )
