"""Invented patients with everything that a header can say of them, drawn by a seeded generator."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from random import Random

_FIRST = """
Maria James Tiffany Robert Denise Michael Alyssa David Kimberly Joseph Yolanda Thomas Priya Carlos Wei Hannah Omar Grace
Mark Angela Dustin Faith Jean-Luc Rosa Trevor Ingrid Nathaniel Latoya Bo Mei
"""
_LAST = """
Gaines Simpson Young Hernandez O'Connor Nguyen Price Kowalczyk Long Washington Patel Grant Mueller Rivera Hartman
Bauer-Lee Stone Okafor McAllister Petersen Black Villanueva Ng Castellanos Dougherty Fields Ibrahim Schwartz Li
Muñoz Böhm Gauthier Rossi Yamamoto Andersen Lopez Brooks Ward Bell Cook Foster
O'Shaughnessy Wasowicz Drinkwater
"""
_TOWNS = (
    "Springfield",
    "Gainesville",
    "Rochester",
    "Ashland",
    "Fairview",
    "Duluth",
    "Laredo",
    "Kenosha",
    "Tulsa",
    "New Hesper",
)
_STATES = ("FL", "NY", "TX", "WI", "OR", "MN", "OK", "VA")
_STREETS = (
    "Oak Street",
    "Maple Avenue",
    "Lakeview Drive",
    "Third St",
    "Henderson Rd",
    "Church Lane",
    "Sunset Blvd",
    "42nd Avenue North",
)
_HOSPITALS = (
    "{town} General Hospital",
    "{town} Memorial Medical Center",
    "University Hospital {town}",
    "St. Luke's Hospital of {town}",
    "{last} Regional Medical Center",
    "{last} Imaging Clinic",
    "Mercy Hospital {town}",
    "Veterans Affairs Medical Center {town}",
    "{town} Children's Hospital",
    "{town} Radiology Associates",
    "Presbyterian Hospital of {town}",
    "Sacred Heart {town}",
    "{last} Cancer Institute",
)
_NO_INITIAL = {"of", "the", "and", "at"}


@dataclass(frozen=True, slots=True)
class Hospital:
    """A hospital and what its staff call it."""

    name: str

    @property
    def initials(self) -> str:
        """`SGH` for `Springfield General Hospital`."""
        return "".join(word[0].upper() for word in self.name.split() if word.lower() not in _NO_INITIAL)


@dataclass(frozen=True, slots=True)
class Person:
    """A patient or a doctor."""

    first: str
    last: str

    @property
    def name(self) -> str:
        """As in running text."""
        return f"{self.first} {self.last}"

    @property
    def dicom(self) -> str:
        """As in a PN value."""
        return f"{self.last}^{self.first}"


@dataclass(frozen=True, slots=True)
class Patient:
    """A patient at one visit. `known` says whether the header names doctor and hospital in attributes of their own."""

    person: Person
    patient_id: str
    birth_date: str
    study_date: str
    ssn: str
    phone: str
    street: str
    town: str
    state: str
    postcode: str
    hospital: Hospital
    doctor: Person
    other_doctor: Person
    operator: Person
    accession: str
    station: str
    sex: str
    age: str
    known: bool
    uid_root: str = field(repr=False)

    @property
    def address(self) -> str:
        """As in running text."""
        return f"{self.street}, {self.town}, {self.state} {self.postcode}"


def patient_of(random: Random, *, known: bool) -> Patient:
    """Draw a patient."""
    born = date(1935, 1, 1) + timedelta(days=random.randrange(24_000))
    studied = date(2011, 1, 1) + timedelta(days=random.randrange(4000))
    town = random.choice(_TOWNS)
    names = random.sample(_LAST.split(), 4)
    people = [Person(first, last) for first, last in zip(random.sample(_FIRST.split(), 4), names, strict=True)]
    hospital = random.choice(_HOSPITALS).format(
        town=town, last=random.choice([n for n in _LAST.split() if n not in names])
    )
    return Patient(
        person=people[0],
        patient_id=_patient_id(random),
        birth_date=f"{born:%Y%m%d}",
        study_date=f"{studied:%Y%m%d}",
        ssn=f"{random.randint(100, 665)}-{random.randint(10, 99)}-{random.randint(1000, 9999)}",
        phone=_phone(random),
        street=f"{random.randint(101, 9899)} {random.choice(_STREETS)}",
        town=town,
        state=random.choice(_STATES),
        postcode=f"{random.randint(10000, 99499)}",
        hospital=Hospital(hospital),
        doctor=people[1],
        other_doctor=people[2],
        operator=people[3],
        accession=f"{random.randint(10**7, 10**8 - 1)}",
        station=f"{town[:3].upper()}{random.choice(('CT', 'MR', 'WS'))}{random.randint(10, 99)}",
        sex=random.choice("MF"),
        age=f"{(studied - born).days // 365:03}Y",
        known=known,
        uid_root=f"1.3.6.1.4.1.14519.5.2.1.{random.randint(1000, 9999)}.{random.randint(10**9, 10**10 - 1)}",
    )


def _patient_id(random: Random) -> str:
    form = random.choice(("{n}", "{n}", "MRN{n}", "{a}-{n}", "{n}{a}"))
    return form.format(n=random.randint(10**5, 10**9), a="".join(random.choices("ABCDEFGHKLMNP", k=2)))


def _phone(random: Random) -> str:
    area, middle, last = random.randint(201, 989), random.randint(200, 999), random.randint(1000, 9999)
    form = random.choice(("({}) {}-{}", "{}-{}-{}", "{}.{}.{}", "+1-{}-{}-{}", "001-{}-{}-{}x214"))
    return form.format(area, middle, last)
