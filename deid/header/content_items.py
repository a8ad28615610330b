"""Content items that say what an attribute says: an item `Subject ID` is the Patient ID in other words.

PS3.15 E.3.4 asks that what a profile removes as an attribute is removed as a content item, too, in structured reports,
acquisition contexts and specimen preparations. The concept names are those of PS3.16: observer and subject contexts
(TID 1001 to 1010), participants and devices (TID 1020, 1021), specimens (TID 8001), patient characteristics.

The sex stays: its codes have no dummy, and a code item needs one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pydicom.datadict import tag_for_keyword

from deid.header.codes import first_code

if TYPE_CHECKING:
    from pydicom.dataset import Dataset

    from deid.profile import Profile, Rule

_CONCEPT_NAME: Final = 0x0040A043
_UNITS: Final = 0x004008EA
MEASURES: Final = frozenset({0x0040A30A, 0x0040A161, 0x0040A162, 0x0040A163})
"""Numeric, Floating Point, Rational Numerator and Rational Denominator Value: one number in several forms."""
_VALUES: Final = MEASURES | frozenset(
    {
        0x0040A120,  # DateTime
        0x0040A121,  # Date
        0x0040A122,  # Time
        0x0040A123,  # Person Name
        0x0040A160,  # Text Value
        0x0040A168,  # Concept Code Sequence
        0x0040A300,  # Measured Value Sequence
    }
)  # a UID has its own rule, which replaces it
_CONCEPTS: Final = {
    "PersonName": "DCM:121008 DCM:113870 DCM:121152 DCM:128774 DCM:128775 DCM:113871 DCM:113872",
    "InstitutionName": "DCM:121009 DCM:113873",
    "StationName": "DCM:121013 DCM:121193 DCM:113877 DCM:110119 DCM:122143",
    "DeviceSerialNumber": "DCM:121016 DCM:121196 DCM:113880 DCM:121148",
    "UniqueDeviceIdentifier": "DCM:121000",
    "PerformedLocation": "DCM:121017 DCM:121197 DCM:121121 DCM:121434",
    "PlacerOrderNumberImagingServiceRequest": "DCM:121020",
    "FillerOrderNumberImagingServiceRequest": "DCM:121021",
    "AccessionNumber": "DCM:121022 DCM:121040",
    "PatientName": "DCM:121029 DCM:121036",
    "PatientID": "DCM:121030",
    "PatientBirthDate": "DCM:121031 LN:21112-8",
    "PatientAge": "DCM:121033 LN:30525-0",
    "PatientWeight": "SCT:27113001 LN:29463-7 LN:3141-9",
    "PatientSize": "SCT:50373000 LN:8302-2",
    "SpecimenIdentifier": "DCM:121041 DCM:121043 DCM:111705",
    "ContainerIdentifier": "DCM:111700",
}
_STAYS: Final = frozenset({"K", "C", "U", "shift-date"})
"""What leaves a value where it is, or does not fit a content item: the item is treated as any other."""


def _tag(keyword: str) -> int:
    tag = tag_for_keyword(keyword)
    if tag is None:
        raise LookupError(keyword)
    return tag


_TAGS: Final = {
    tuple(concept.split(":")): _tag(keyword) for keyword, text in _CONCEPTS.items() for concept in text.split()
}


def rule_of_concept(item: Dataset, profile: Profile) -> Rule | None:
    """The profile's rule for the attribute that a content item stands for, if that rule takes its value away."""
    tag = _TAGS.get(first_code(item, _CONCEPT_NAME) or ())
    rule = profile.rule_for(tag) if tag is not None else None
    return rule if rule is not None and rule.code not in _STAYS else None


def is_value(tag: int) -> bool:
    """Whether an attribute of a content item holds its value."""
    return tag in _VALUES


def has_public_units(item: Dataset) -> bool:
    """Whether an item is a measurement in units of UCUM: a number of something, and nobody's number."""
    code = first_code(item, _UNITS)
    return code is not None and code[0].upper() == "UCUM"
