"""What a report says of a person in its content items is known everywhere else in it."""

from __future__ import annotations

import pytest
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence

from deid.identity.content import identifying_items
from deid.identity.known_values import ValueKind


def report(scheme: str, code: str, **values: str) -> Dataset:
    concept, item, dataset = Dataset(), Dataset(), Dataset()
    concept.CodingSchemeDesignator, concept.CodeValue, concept.CodeMeaning = scheme, code, "what it is"
    item.ConceptNameCodeSequence = Sequence([concept])
    for keyword, value in values.items():
        setattr(item, keyword, value)
    dataset.ContentSequence = Sequence([item])
    return dataset


@pytest.mark.parametrize(
    ("scheme", "code", "kind", "keyword"),
    [
        ("DCM", "121030", ValueKind.PATIENT_ID, "PatientID"),
        ("DCM", "121029", ValueKind.PATIENT_NAME, "PatientName"),
        ("DCM", "121009", ValueKind.INSTITUTION, "InstitutionName"),
        ("DCM", "121021", ValueKind.IDENTIFIER, "FillerOrderNumberImagingServiceRequest"),
        ("DCM", "113871", ValueKind.IDENTIFIER, "PersonName"),  # Person ID
        ("DCM", "121008", ValueKind.PERSON_NAME, "PersonName"),
    ],
)
def test_texts_count_as_the_attribute_that_they_stand_for(
    scheme: str, code: str, kind: ValueKind, keyword: str
) -> None:
    [(attribute, found, name)] = identifying_items(report(scheme, code, TextValue="QX-4471"))
    assert ((attribute.data or b"").strip(), found, name) == (b"QX-4471", kind, keyword)


def test_a_date_of_birth_counts_by_the_codes_of_other_schemes_too() -> None:
    [(_, kind, keyword)] = identifying_items(report("LN", "21112-8", Date="19540823"))
    assert (kind, keyword) == (ValueKind.BIRTH_DATE, "PatientBirthDate")


def test_other_concepts_and_schemes_identify_nobody() -> None:
    assert not list(identifying_items(report("DCM", "121071", TextValue="no effusion")))  # Finding
    assert not list(identifying_items(report("99LOCAL", "121030", TextValue="QX-4471")))
    assert not list(identifying_items(report("DCM", "121016", TextValue="SN-9")))  # no kind of value to look for
