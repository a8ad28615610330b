"""How values inside a sequence are treated when the sequence itself got D, U or C.

PS3.15 says what D, U and C mean for a value; for a sequence it leaves room. Here the structure stays and the items are
walked. A rule that names an attribute holds inside as outside; only what no rule lists is treated by the walk:

- D (`Walk.DUMMIES`): texts, dates and string numbers get dummies, UIDs are replaced, bulk data goes. Codes (CS) stay,
  and so do code triplets of public coding schemes, measurements in public units, other binary numbers such as
  coordinates, and the frame numbers of a reference: they hold the structure.
- U (`Walk.UIDS`): UIDs are replaced; those of coding schemes and mapping resources name no instance and stay.
- C (`Walk.CLEAN`): texts are cleaned, except code triplets of public coding schemes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from deid.attributes.attribute import Attribute, dictionary_vr, is_private
from deid.attributes.vrs import BINARY_SIZES, BULK_VRS, DATE_VRS, TEXT_VRS
from deid.header.content_items import MEASURES
from deid.header.passed_over import passed_over
from deid.header.situation import Walk
from deid.header.values import base_vr

if TYPE_CHECKING:
    from deid.header.room_rules import Place
    from deid.profile import Rule

CODE_TRIPLET = frozenset({0x00080100, 0x00080102, 0x00080103, 0x00080104, 0x00080119, 0x00080120})
REFERENCED_FRAME_NUMBER = 0x00081160
CODING_UIDS = frozenset({0x0008010C, 0x0008010D, 0x00080117, 0x00080118})
"""Coding Scheme, Context Group Extension Creator, Context and Mapping Resource UID (PS3.3 8.1 to 8.6)."""


def code_in_sequence(attribute: Attribute, rule: Rule, walk: Walk, *, unlisted: bool, place: Place) -> str:
    """The action code for an attribute: its rule's, or what the walk through the sequence makes of it.

    Where dates are shifted, dates that no rule names are shifted too: one that stayed would give the offset away.
    """
    if not unlisted or rule.code != "K" or is_private(attribute.tag):
        return rule.code
    vr = base_vr(attribute.vr)
    code = _walked(attribute.tag, vr, walk, place)
    # A date may be stored as a text.
    dated = vr in DATE_VRS or dictionary_vr(attribute.tag) in DATE_VRS
    return "C" if code == "K" and dated and place.shifts_dates else code


def _walked(tag: int, vr: str, walk: Walk, place: Place) -> str:
    if walk is Walk.RULES:
        return "K"
    if vr == "UI":
        return "K" if walk is Walk.CLEAN or tag in CODING_UIDS else "U"
    if walk is Walk.CLEAN:
        if passed_over(tag, vr):
            return "K"  # so that it goes as a whole: half a host or number is no better than all of it
        return "C" if vr in TEXT_VRS and not _names_concept(tag, place) else "K"
    return _dummy_code(tag, vr, place) if walk is Walk.DUMMIES else "K"


def _dummy_code(tag: int, vr: str, place: Place) -> str:
    if tag in MEASURES:
        return "K" if place.measured else "D"
    if vr == "CS" or vr in BINARY_SIZES or tag == REFERENCED_FRAME_NUMBER or _names_concept(tag, place):
        return "K"
    return "X" if vr in BULK_VRS else "D"


def _names_concept(tag: int, place: Place) -> bool:
    return place.public_code and tag in CODE_TRIPLET
