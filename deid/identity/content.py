"""Identifying values in the content items of reports, known by their concept names (PS3.16 TID 1002 to 1008, 1020)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from deid.attributes.tree import attributes
from deid.identity.known_values import ValueKind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pydicom.dataset import Dataset

    from deid.attributes.attribute import Attribute

CONTENT_SEQUENCE: Final = 0x0040A730
_CONCEPT_NAME, _CODE_VALUE, _DESIGNATOR = 0x0040A043, 0x00080100, 0x00080102
_DATE, _TEXT_VALUE = 0x0040A121, 0x0040A160
_CONCEPTS: Final = {
    "121009": (ValueKind.INSTITUTION, "InstitutionName"),  # Person Observer's Organization Name
    "113873": (ValueKind.INSTITUTION, "InstitutionName"),  # Organization Name
    "121022": (ValueKind.IDENTIFIER, "AccessionNumber"),
    "121030": (ValueKind.PATIENT_ID, "PatientID"),  # Subject ID
    "121031": (ValueKind.BIRTH_DATE, "PatientBirthDate"),  # Subject Birth Date
    "121041": (ValueKind.IDENTIFIER, "SpecimenIdentifier"),
    "113871": (ValueKind.IDENTIFIER, "PersonName"),  # Person ID
}
"""Codes of DCM: the kind of value, and the attribute that holds the same."""


def identifying_items(dataset: Dataset) -> Iterator[tuple[Attribute, ValueKind, str]]:
    """The text or date of each content item that identifies, with its kind and the keyword that stands for it.

    Raises:
        InstanceError: MALFORMED or TOO_LARGE, for a data set that can't be walked.
    """
    if CONTENT_SEQUENCE not in dataset:
        return
    values: dict[tuple[tuple[int, int], ...], Attribute] = {}
    concepts: dict[tuple[tuple[int, int], ...], dict[int, str]] = {}
    for path, attribute in attributes(dataset):
        if path.tag in {_TEXT_VALUE, _DATE}:
            values[path.parents] = attribute
        elif path.tag in {_CODE_VALUE, _DESIGNATOR} and path.parents and path.parents[-1] == (_CONCEPT_NAME, 0):
            text = (attribute.data or b"").decode("latin-1").strip(" \0")
            concepts.setdefault(path.parents[:-1], {})[path.tag] = text
    for parents, attribute in values.items():
        code = concepts.get(parents, {})
        if code.get(_DESIGNATOR) == "DCM" and code.get(_CODE_VALUE) in _CONCEPTS:
            kind, keyword = _CONCEPTS[code[_CODE_VALUE]]
            yield attribute, kind, keyword
