from __future__ import annotations

import pytest

from deid.identity.known_values import KnownValue, ValueKind
from deid.text import TextEngine


@pytest.fixture(scope="session")
def engine() -> TextEngine:
    return TextEngine()


@pytest.fixture(scope="session")
def known() -> tuple[KnownValue, ...]:
    """An invented patient."""
    return (
        KnownValue("BRANDVOLD^SIGRUN^T", ValueKind.PATIENT_NAME, "PatientName"),
        KnownValue("5583920174", ValueKind.PATIENT_ID, "PatientID"),
        KnownValue("19520307", ValueKind.BIRTH_DATE, "PatientBirthDate"),
        KnownValue("20190824", ValueKind.DATE, "StudyDate"),
        KnownValue("061Y", ValueKind.AGE, "PatientAge"),
        KnownValue("OYELARAN^KEHINDE^^DR", ValueKind.PERSON_NAME, "ReferringPhysicianName"),
        KnownValue("Quillfeather, Okoro and Lind Medical Center", ValueKind.INSTITUTION, "InstitutionName"),
        KnownValue("14 Larkspur Terrace, Eastmere", ValueKind.ADDRESS, "InstitutionAddress"),
        KnownValue("415-555-0163x22", ValueKind.CONTACT, "ReferringPhysicianTelephoneNumbers"),
        KnownValue("20190824E730155", ValueKind.IDENTIFIER, "AccessionNumber"),
    )
