"""Content items that say what an attribute says go by the rule of that attribute.

PS3.15 E.3.4 asks that what a profile removes as an attribute is removed as a content item, too, in structured reports,
acquisition contexts and specimen preparations.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from deid.attributes.keywords import tag_of
from deid.header.codes import first_code
from deid.identity.concepts import KEYWORDS

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
_STAYS: Final = frozenset({"K", "C", "U", "shift-date"})
"""What leaves a value where it is, or does not fit a content item: the item is treated as any other."""


_TAGS: Final = {concept: tag_of(keyword) for concept, keyword in KEYWORDS.items()}


def rule_of_concept(item: Dataset, profile: Profile) -> Rule | None:
    """The profile's rule for the attribute that a content item stands for, if that rule takes its value away."""
    concept = first_code(item, _CONCEPT_NAME)
    tag = _TAGS.get(concept) if concept else None
    rule = profile.rule_for(tag) if tag is not None else None
    return rule if rule is not None and rule.code not in _STAYS else None


def is_value(tag: int) -> bool:
    """Whether an attribute of a content item holds its value."""
    return tag in _VALUES


def has_public_units(item: Dataset) -> bool:
    """Whether an item is a measurement in units of UCUM: a number of something, and nobody's number."""
    code = first_code(item, _UNITS)
    return code is not None and code[0].upper() == "UCUM"
