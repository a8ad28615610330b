"""Invented people with names, towns, streets and numbers of mimesis, which no list of deid is made of.

Names, towns and streets can be of another collection (`Names`); numbers are of mimesis then, too.
"""

from __future__ import annotations

import datetime as dt
import string
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

from mimesis import Generic
from mimesis.enums import Gender
from mimesis.locales import Locale

from deid.identity.known_values import KnownValue, ValueKind

if TYPE_CHECKING:
    from random import Random

_TITLES = ("Hospital", "Medical Center", "Clinic", "Imaging Center", "Regional Medical Center", "Community Hospital")
_HOSPITALS = {
    "de": ("Klinikum {}", "Krankenhaus {}", "Universitätsklinikum {}", "Radiologische Praxis {}"),
    "fr": ("Hôpital de {}", "CHU de {}", "Clinique {}", "Centre Hospitalier de {}"),
    "es": ("Hospital de {}", "Clínica {}", "Hospital Universitario de {}"),
    "it": ("Ospedale di {}", "Policlinico {}", "Clinica {}"),
    "nl": ("Ziekenhuis {}", "Medisch Centrum {}", "{} Kliniek"),
    "pt": ("Hospital de {}", "Clínica {}", "Hospital Municipal de {}"),
}
_LOCALES = frozenset(locale.value for locale in Locale)
_ALPHABETS = string.ascii_uppercase


@dataclass(frozen=True, slots=True)
class Person:
    """A patient with what stands around one: physician, technologist, hospital, dates, numbers."""

    locale: str
    first: str
    last: str
    middle: str
    physician_first: str
    physician_last: str
    technologist: str
    town: str
    street: str
    postcode: str
    hospital: str
    phone: str
    email: str
    mrn: str
    accession: str
    ssn: str
    birth: dt.date
    study: dt.date

    @property
    def known(self) -> tuple[KnownValue, ...]:
        """What the header of this patient's instance would hold."""
        return (
            KnownValue(f"{self.last}^{self.first}^{self.middle}", ValueKind.PATIENT_NAME, "PatientName"),
            KnownValue(self.mrn, ValueKind.PATIENT_ID, "PatientID"),
            KnownValue(f"{self.birth:%Y%m%d}", ValueKind.BIRTH_DATE, "PatientBirthDate"),
            KnownValue(f"{self.study:%Y%m%d}", ValueKind.DATE, "StudyDate"),
            KnownValue(
                f"{self.physician_last}^{self.physician_first}", ValueKind.PERSON_NAME, "ReferringPhysicianName"
            ),
            KnownValue(self.hospital, ValueKind.INSTITUTION, "InstitutionName"),
            KnownValue(self.accession, ValueKind.IDENTIFIER, "AccessionNumber"),
        )


@dataclass(frozen=True, slots=True)
class Names:
    """Given names, surnames, towns and streets of one locale; towns or streets can be lacking."""

    given: tuple[str, ...]
    surnames: tuple[str, ...]
    towns: tuple[str, ...] = ()
    streets: tuple[str, ...] = ()


@lru_cache(maxsize=64)
def _source(locale: str) -> Generic:
    spoken = locale if locale in _LOCALES else locale[:2]
    return Generic(Locale(spoken if spoken in _LOCALES else "en"), seed=20261121)


def make_person(locale: str, random: Random, surnames: tuple[str, ...] = ()) -> Person:
    """A person of a mimesis locale, with surnames of that locale or of those given."""
    source = _source(locale)
    gender = random.choice((Gender.FEMALE, Gender.MALE))
    first = source.person.first_name(gender=gender).strip()
    last, physician = (
        random.choice(surnames) if surnames else source.person.last_name(gender=gender).strip() for _ in range(2)
    )
    town = source.address.city().strip()
    street = source.address.street_name().strip()
    latin = first.isascii() and last.isascii()
    user = f"{first[0]}{last}".lower().replace(" ", "").replace("'", "") if latin else source.person.username()
    return Person(
        locale=locale,
        first=first,
        last=last,
        middle=random.choice(_ALPHABETS),
        physician_first=source.person.first_name().strip(),
        physician_last=physician,
        technologist="".join(random.choices(_ALPHABETS, k=random.choice((2, 3)))),
        town=town,
        street=source.address.address(),
        postcode=source.address.zip_code(),
        hospital=_hospital(locale, random.choice((town, last, street)), random),
        phone=source.person.phone_number(),
        email=f"{user}@{random.choice(('mail.example', 'clinic.example.org', 'hosp.example.com'))}",
        mrn=_number(random, random.choice(("########", "#######", "???####", "##-##-##", "H#######"))),
        accession=_number(
            random, random.choice(("A##########", "########", "##-####-###", "CT########", "ACC#######"))
        ),
        ssn=_number(random, "###-##-####"),
        birth=dt.date(random.randint(1930, 2004), random.randint(1, 12), random.randint(1, 28)),
        study=dt.date(random.randint(2005, 2025), random.randint(1, 12), random.randint(1, 28)),
    )


def make_named_person(locale: str, names: Names, random: Random, surnames: tuple[str, ...] = ()) -> Person:
    """A person with names, a town and a street of a collection; hospital and address follow from them."""
    person = make_person(locale, random)
    first, last = random.choice(names.given), random.choice(surnames or names.surnames)
    town = random.choice(names.towns or (person.town,))
    street = random.choice(names.streets or (person.street,))
    return replace(
        person,
        first=first,
        last=last,
        physician_first=random.choice(names.given),
        physician_last=random.choice(surnames or names.surnames),
        town=town,
        street=f"{random.randint(1, 180)} {street}" if locale.startswith("en") else f"{street} {random.randint(1, 99)}",
        hospital=_hospital(locale, random.choice((town, last, town)), random),
        email=f"{first[0]}.{last}@clinic.example".lower().replace(" ", "") if last.isascii() else person.email,
    )


def _hospital(locale: str, name: str, random: Random) -> str:
    forms = _HOSPITALS.get(locale[:2])
    if forms:
        return random.choice(forms).format(name)
    return f"{random.choice(('', 'St. ', 'Mount ', 'New '))}{name} {random.choice(_TITLES)}"


def _number(random: Random, form: str) -> str:
    filled = "".join(
        random.choice(_ALPHABETS) if c == "?" else random.choice(string.digits) if c == "#" else c for c in form
    )
    return filled if filled[0] != "0" else f"7{filled[1:]}"
