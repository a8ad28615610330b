"""The identifying values that a subject's own headers hold: the strongest evidence there is."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class ValueKind(StrEnum):
    """What sort of identifying value it is; decides how tolerantly it is matched."""

    PATIENT_NAME = "patient name"
    PERSON_NAME = "person name"
    PATIENT_ID = "patient ID"
    IDENTIFIER = "identifier"
    BIRTH_DATE = "birth date"
    DATE = "date"
    AGE = "age"
    INSTITUTION = "institution"
    ADDRESS = "address"
    CONTACT = "contact"


@dataclass(frozen=True, slots=True)
class KnownValue:
    """One identifying value as the header holds it, with the keyword of the attribute it came from."""

    text: str = field(repr=False)
    kind: ValueKind
    keyword: str
