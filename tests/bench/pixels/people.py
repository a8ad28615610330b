"""Invented patients: half with names of mimesis, half with names made of syllables that no list holds."""

from __future__ import annotations

import datetime as dt
import string
from dataclasses import dataclass
from importlib.util import find_spec
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from random import Random

HAS_MIMESIS = find_spec("mimesis") is not None
_LOCALES = ("en", "en", "en", "de", "fr", "es", "it", "nl", "pl", "sv", "tr", "pt-br")
_ONSETS = (
    "b",
    "br",
    "ch",
    "d",
    "dr",
    "f",
    "g",
    "gr",
    "h",
    "j",
    "k",
    "kl",
    "l",
    "m",
    "n",
    "p",
    "r",
    "s",
    "sh",
    "t",
    "v",
    "w",
    "z",
)
_VOWELS = ("a", "e", "i", "o", "u", "ai", "ee", "ou")
_CODAS = ("", "", "l", "n", "r", "s", "ck", "nd", "rt", "m", "v")
_KINDS_OF_HOSPITAL = ("HOSPITAL", "MEDICAL CENTER", "MED CTR", "CLINIC", "IMAGING", "REGIONAL HOSPITAL")


@dataclass(frozen=True, slots=True)
class Patient:
    """What an overlay may tell about someone."""

    last: str
    first: str
    middle: str
    physician_last: str
    physician_first: str
    place: str
    kind_of_hospital: str
    mrn: str
    accession: str
    phone: str
    birth: dt.date
    study: dt.date

    @property
    def hospital(self) -> str:
        """As a header holds it."""
        return f"{self.place} {self.kind_of_hospital}".title()


def make_patient(random: Random) -> Patient:
    """Someone new."""
    named = _with_listed_names if HAS_MIMESIS and random.random() < 0.5 else _with_made_names
    last, first, physician_last, physician_first, town = named(random)
    return Patient(
        last=last,
        first=first,
        middle=random.choice(string.ascii_uppercase),
        physician_last=physician_last,
        physician_first=physician_first,
        place=random.choice((town, last, f"ST {first}")),
        kind_of_hospital=random.choice(_KINDS_OF_HOSPITAL),
        mrn=numbered(random, random.choice(("########", "#######", "??####", "##-##-##", "H#######", "######"))),
        accession=numbered(random, random.choice(("A########", "########", "CT######", "##-#######", "??#######"))),
        phone=numbered(random, "(###) ###-####"),
        birth=dt.date(random.randint(1930, 2015), random.randint(1, 12), random.randint(1, 28)),
        study=dt.date(random.randint(2005, 2025), random.randint(1, 12), random.randint(1, 28)),
    )


def numbered(random: Random, form: str) -> str:
    """A form with each # made a digit and each ? a letter."""
    kinds = {"#": string.digits, "?": string.ascii_uppercase}
    made = "".join(random.choice(kinds[sign]) if sign in kinds else sign for sign in form)
    return f"7{made[1:]}" if made[0] == "0" else made


def _with_listed_names(random: Random) -> tuple[str, str, str, str, str]:
    from mimesis import Address, Person
    from mimesis.locales import Locale

    locale, seed = Locale(random.choice(_LOCALES)), random.getrandbits(32)
    person = Person(locale, seed=seed)
    town = Address(locale, seed=seed).city()
    return person.last_name(), person.first_name(), person.last_name(), person.first_name(), town


def _with_made_names(random: Random) -> tuple[str, str, str, str, str]:
    last, first, physician, given, town = (_name(random, random.choice((2, 2, 3))) for _ in range(5))
    return last, first, physician, given, town


def _name(random: Random, syllables: int) -> str:
    parts = (random.choice(_ONSETS) + random.choice(_VOWELS) + random.choice(_CODAS) for _ in range(syllables))
    return "".join(parts).capitalize()
