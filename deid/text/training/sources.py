"""What training strings are made of, split into what the model learns from and what it is measured on."""

from __future__ import annotations

import gzip
import re
import zlib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from deid.text.fold import fold_word

TABLES = Path(__file__).parent / "tables"
_HELD_OUT_LOCALES = frozenset({
    *("az_AZ", "da_DK", "en_NZ", "es_CO", "et_EE", "fr_CH", "he_IL", "ja_JP", "mk_MK@roman", "sk_SK", "sl_SI", "tw_GH"),
    "uk_UA",
})  # fmt: skip
_HELD_OUT_COUNTRIES = ("AR", "AZ", "DK", "EE", "GH", "IE", "NZ", "SI", "SK", "TH")
_ONE_OF = 10
"""One collection, and one concept, in so many is held out."""
_KIND = re.compile(r" \([a-z ]+\)$")


@dataclass(frozen=True, slots=True)
class Sources:
    """Names by locale, towns by country, clinical strings: of one side of the split."""

    given: dict[str, list[str]]
    surnames: dict[str, list[str]]
    towns: dict[str, list[str]]
    descriptions: list[str]
    concepts: list[str]


def load_sources(*, held_out: bool) -> Sources:
    """What to learn from, or what to measure on: other locales, countries and collections, no name in common."""
    given, surnames = _names("given", held_out=held_out), _names("surnames", held_out=held_out)
    towns = {
        country: names for country, names in _sections("towns.txt.gz").items()
        if (country.split()[0] in _HELD_OUT_COUNTRIES) == held_out
    }  # fmt: skip
    if held_out:
        learnt = load_sources(held_out=False)
        given, surnames = _without(given, learnt.given), _without(surnames, learnt.surnames)
        towns = _without(towns, learnt.towns)
    clinical = dict(_sections("clinical.txt.gz"))
    concepts = sorted({_KIND.sub("", name) for name in clinical.pop("concepts")})
    texts = [text for title, group in clinical.items() if _is_ours(title, held_out=held_out) for text in group]
    return Sources(given, surnames, towns, texts, [name for name in concepts if _is_ours(name, held_out=held_out)])


def _is_ours(title: str, *, held_out: bool) -> bool:
    return (zlib.crc32(title.encode()) % _ONE_OF == 0) == held_out


def _names(kind: str, *, held_out: bool) -> dict[str, list[str]]:
    found = {}
    for title, names in _sections("people.txt.gz").items():
        locale, _, its_kind = title.partition(" ")
        if its_kind == kind and (locale in _HELD_OUT_LOCALES) == held_out:
            found[locale] = names
    return found


def _without(ours: dict[str, list[str]], theirs: dict[str, list[str]]) -> dict[str, list[str]]:
    known = {fold_word(name) for names in theirs.values() for name in names}
    left = {title: [name for name in names if fold_word(name) not in known] for title, names in ours.items()}
    return {title: names for title, names in left.items() if names}


@lru_cache(maxsize=3)
def _sections(name: str) -> dict[str, list[str]]:
    sections: dict[str, list[str]] = {}
    for line in gzip.decompress((TABLES / name).read_bytes()).decode("utf-8").splitlines():
        if line.startswith("["):
            current = sections.setdefault(line[1:-1], [])
        elif line and not line.startswith("#"):
            current.append(line)
    return sections
