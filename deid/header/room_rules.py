"""Rules of the header room itself: they go before the profile, because no profile could make them otherwise.

`ROOM_RULES` names and explains each, for `inspect`, the audit and the documentation.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pydicom.dataelem import RawDataElement

from deid.attributes.attribute import (
    UNDEFINED_LENGTH,
    Attribute,
    is_private,
    is_private_creator,
    read_attribute,
)
from deid.attributes.charset import DEFAULT
from deid.header.codes import has_public_code
from deid.header.content_items import has_public_units, rule_of_concept
from deid.header.kept import CHARACTER_SET, KNOWN_VALUES, PASSED_OVER, UNREADABLE
from deid.header.situation import Outcome
from deid.plan import Keep, Remove, Replace
from deid.profile.lookup.reserved import ICON_IMAGE_SEQUENCE, ILLEGAL_GROUPS, PIXEL_GROUPS, PIXEL_TAGS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pydicom.dataset import Dataset

    from deid.profile import Profile, Rule
    from deid.profile.lookup.scope import Scope

RETAIN_FULL_DATES, RETAIN_MODIFIED_DATES = "113106", "113107"
"""CID 7050's codes of the options on dates."""
OWN_MARKS = "marks"
_OVERLAY_GROUPS = range(0x6000, 0x6100, 2)
_OVERLAY_DATA = 0x3000
_FIRST_PRIVATE_DATA = 0x1000
_PIXEL_DATA = 0x7FE00010

ROOM_RULES: dict[str, str] = {
    "pixels": "Pixel data at the top level is the pixel room's: it is looked at, redacted and verified there.",
    "nested-pixels": "Pixel data inside a sequence item is not looked at, so it is removed.",
    "retired-pixels": "Variable pixel data, coefficients and lengths (7Fxx) are not looked at, so they are removed.",
    "icons": "An icon shows the image with its burned-in text: it is made black, or goes if its pixels are compressed.",
    "overlays": "An overlay plane whose Overlay Data goes is removed with all its attributes (PS3.3 C.9.2).",
    "group-length": "Group lengths are retired and would be wrong afterwards (PS3.5 7.2).",
    "illegal-group": "Command elements, file meta and delimiters have no place in a data set (PS3.5 7.1).",
    "private-block": "A private attribute without a readable private creator has no meaning (PS3.5 7.8.1).",
    OWN_MARKS: "It says what de-identification did: deid sets it, or adds to what earlier tools said there.",
    KNOWN_VALUES: "A kept attribute held an identifying value of this patient, which was cut out or took it along.",
    PASSED_OVER: "No rule names the attribute, but it identifies: a birth date in another calendar, a URL, prose.",
    CHARACTER_SET: "A name for the character set that is no defined term becomes the one that it means (UTF-8).",
    UNREADABLE: "A kept attribute could not be decoded or understood, so it could not be checked.",
}


@dataclass(frozen=True, slots=True)
class Place:
    """What of an attribute's data set matters to rules."""

    nested: bool
    in_icon: bool
    """Whether it is an item of an Icon Image Sequence."""
    dropped_overlays: frozenset[int]
    """Overlay groups (60xx) whose Overlay Data is removed."""
    public_code: bool
    """Whether the item is a code of a public coding scheme."""
    measured: bool
    """Whether the item is a measurement in public units."""
    concept: Rule | None
    """The rule that takes away the attribute which the content item stands for."""
    shifts_dates: bool
    """Whether dates are shifted here: those that no rule names, too."""

    @classmethod
    def of(
        cls,
        tags: Sequence[int],
        profile: Profile,
        scope: Scope | None,
        *,
        parents: tuple[tuple[int, int], ...],
        dataset: Dataset,
    ) -> Place:
        """Look at a data set and its tags; `parents` are the enclosing (sequence, item) pairs."""
        overlays = (tag for tag in tags if (tag >> 16) in _OVERLAY_GROUPS and tag & 0xFFFF == _OVERLAY_DATA)
        dropped = (tag >> 16 for tag in overlays if profile.rule_for(tag, vr="OW", scope=scope).code[0] in "XZ")
        shifts = shifts_dates(profile)
        nested = bool(parents)
        return cls(
            nested=nested,
            in_icon=nested and parents[-1][0] == ICON_IMAGE_SEQUENCE,
            dropped_overlays=frozenset(dropped),
            public_code=has_public_code(dataset),
            measured=nested and has_public_units(dataset),
            concept=rule_of_concept(dataset, profile) if nested else None,
            shifts_dates=shifts,
        )


def shifts_dates(profile: Profile) -> bool:
    """Whether an option of the profile keeps dates, moved by the patient's offset."""
    return any(option.method_code == RETAIN_MODIFIED_DATES for option in profile.options)


def room_rule(attribute: Attribute, creator: str | None, place: Place) -> Outcome | None:
    """The outcome by a rule of this room; None when the profile decides.

    Args:
        attribute: The attribute.
        creator: For a private attribute, the creator of its block, or its own text if it is a creator element.
        place: Its data set.
    """
    tag = attribute.tag
    if tag in PIXEL_TAGS and not place.nested:
        return Outcome("K", Keep(), "pixel data is decided on frame by frame", rule="pixels")
    if tag == _PIXEL_DATA and place.in_icon and attribute.data:
        return Outcome("D", Replace(bytes(len(attribute.data))), ROOM_RULES["icons"].rstrip("."), rule="icons")
    group, element = tag >> 16, tag & 0xFFFF
    reasons_to_go = {
        "illegal-group": group in ILLEGAL_GROUPS,
        "group-length": element == 0,
        "nested-pixels": tag in PIXEL_TAGS,
        "retired-pixels": group in PIXEL_GROUPS and tag not in PIXEL_TAGS and not is_private(tag),
        "icons": tag == ICON_IMAGE_SEQUENCE and _is_compressed(attribute),
        "overlays": group in place.dropped_overlays and element != _OVERLAY_DATA,
        "private-block": is_private(tag) and not _in_private_block(tag, creator),
    }
    rule = next((rule for rule, applies in reasons_to_go.items() if applies), None)
    return _removed(rule) if rule else None


def _is_compressed(icon: Attribute) -> bool:
    return any(
        isinstance(element := read_attribute(item, _PIXEL_DATA, DEFAULT).element, RawDataElement)
        and element.length == UNDEFINED_LENGTH
        for item in icon.items or ()
        if _PIXEL_DATA in item
    )


def _in_private_block(tag: int, creator: str | None) -> bool:
    element = tag & 0xFFFF
    return creator is not None and (is_private_creator(tag) or element >= _FIRST_PRIVATE_DATA)


def _removed(rule: str) -> Outcome:
    return Outcome("X", Remove(), ROOM_RULES[rule].rstrip("."), rule=rule)
