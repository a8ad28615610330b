"""Writes the development editions as tables that the NER is trained on: `python -m tests.bench.text.to_training`.

Templates and clinical text only, filled in training with training's own people and places. The test's edition and
the eleventh are no part of it. On the others the NER's figures are those of what it has learnt from.
"""

from __future__ import annotations

import gzip
import re
from typing import TYPE_CHECKING

from deid.text.training.sources import TABLES
from tests.bench.text.sections import read_sections

if TYPE_CHECKING:
    from collections.abc import Iterable

LEARNT = ("tuning", "wide", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
TEMPLATES, FILLERS = "templates_by_edition.txt.gz", "fillers_by_edition.txt.gz"
_SLOT = re.compile(r"\{(\w+)\}")
_SLOTS = {
    "LAST": "{last}", "FIRST": "{first}", "MIDDLE": "{i letter}", "PHYSICIAN": "{last}", "TECH": "{initials}",
    "PHYSICIAN_FULL": "{first} {last}", "TOWN": "{town}", "STREET": "{street}", "HOSPITAL": "{institution}",
    "DATE": "{date}", "BIRTH": "{date}", "DATE_WORDS": "{date in words}", "MRN": "{id}", "ACCESSION": "{id}",
    "SSN": "{0}{0}{0}-{0}{0}-{0}{0}{0}{0}", "PHONE": "{phone}", "EMAIL": "{e-mail}", "POSTCODE": "{number}",
    "AGE": "{age}", "AGE90": "9{0}", "SEX": "{sex}", "SEX_AGE": "{sex} {age}", "display": "{screen}",
    "clinical2": "{comment}", "body": "{body part}",
}  # fmt: skip
"""Slots of the editions in those of training; others have the same name."""
_LANGUAGES = ("de", "fr", "es", "it", "nl", "pt")
_SECTIONS = ("header", "overlay", "scripts")
_TWO = (
    "{comment}", "{comment} {number}", "{clinical} {comment}", "{comment} {date}", "{comment} {screen}",
    "{side} {body part}", "{body part} {side}", "{screen} {screen}", "{clinical} {side}", "{comment}; {comment}",
    "{comment} {age} {sex}",
)  # fmt: skip
_SOME = {
    "e-mail": ["reports@clinic.example", "{A}{A}{0}{0}@mail.example", "info@hosp.example"],
    "date in words": ["March {0}, 20{0}{0}", "1{0} June 19{0}{0}", "October 20{0}{0}", "Monday, July 1{0}", "{date}"],
}


def templates() -> dict[str, list[str]]:
    """The sections of templates: titles with weights, and lines."""
    groups = {group: _converted(group) for group in (*_SECTIONS, *_LANGUAGES)}
    people = [*groups["header"], *groups["overlay"]]
    alone = [f"{{text {language}}}" for language in _LANGUAGES]
    return {
        "people of the editions = 60": people,
        "names that are words in the editions = 16": [
            line.replace("{last}", "{weak}", 1) for line in people if "{last}" in line
        ],
        "languages of the editions = 30": [line for language in _LANGUAGES for line in groups[language]],
        "scripts of the editions = 3": groups["scripts"],
        "texts of the editions that name nobody = 38": [
            *["{comment}"] * 12, *["{shown}"] * 10, *["{sign}"] * 6, *[line for line in alone for _ in range(2)],
        ],
        "two texts of the editions that name nobody = 12": [
            *_TWO,
            *(f"{text}{joint}{text}" for text in alone for joint in (" ", ", ")),
            *(f"{text} {{date}}" for text in alone),
        ],
    }  # fmt: skip


def fillers() -> dict[str, list[str]]:
    """The sections of what fills their slots."""
    words = {
        slot: sorted({word for line in _lines(section) for word in line.split()})
        for slot, section in (("side", "sides"), ("body part", "body parts"))
    }
    return {
        "comment": [*_lines("comments"), *_lines("descriptions")],
        "shown": [*_lines("displays"), *_lines("scanner")],
        "sign": _lines("eponyms"),
        **words,
        **{f"text {language}": _lines(language) for language in _LANGUAGES},
        **_SOME,
    }


def _converted(group: str) -> list[str]:
    """The templates of a set in training's slots; those that begin like a section's title are left out."""
    lines = (line for edition in LEARNT for line in read_sections(f"{edition}/templates.txt").get(group, ()))

    def slot(match: re.Match[str]) -> str:
        if group in _LANGUAGES and match[1].startswith("clinical"):
            return f"{{text {group}}}"
        return _SLOTS.get(match[1], match[0])

    return [_SLOT.sub(slot, line) for line in lines if not line.startswith("[")]


def _lines(section: str) -> list[str]:
    found = (line for edition in LEARNT for line in read_sections(f"{edition}/clinical.txt").get(section, ()))
    return [line for line in dict.fromkeys(found) if "{" not in line and not line.startswith("[")]


def packed(sections: dict[str, list[str]]) -> bytes:
    """A table as it is on the disk, the same bytes for the same sections."""
    lines: Iterable[str] = (line for title, entries in sections.items() for line in (f"[{title}]", *entries))
    head = "# Source: tests/bench/text (Apache-2.0). Generator: python -m tests.bench.text.to_training\n"
    return gzip.compress((head + "\n".join(lines) + "\n").encode(), compresslevel=9, mtime=0)


def main() -> None:
    """Write both tables."""
    (TABLES / TEMPLATES).write_bytes(packed(templates()))
    (TABLES / FILLERS).write_bytes(packed(fillers()))


if __name__ == "__main__":
    main()
