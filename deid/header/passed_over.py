"""Attributes that Table E.1-1 passes over though they identify: what no rule names is kept, but not these.

- A date of birth or death in another calendar (PS3.3 C.7.1.1) is a date like any other, and can't be moved.
- A location (UR) names a host and holds UIDs and IDs of the archive. Where a code or coding scheme is described, not.
- Encrypted originals (PS3.15 E.1.1) are for whoever holds another's key.
- Names and numbers of persons and animals in attributes that are no PN: contacts, creators, owners, travellers.
- Retired numbers of orders, names of discs and files, documents, and addresses in the network of the hospital.
- Who gave out a number (PS3.3 10.14): the name of a system of the hospital, its host, or its OID.

A rule that names one of them decides.
"""

from __future__ import annotations

import re
from typing import Final

from pydicom.datadict import keyword_for_tag

from deid.header.iod import AttributeType

_IDENTIFYING: Final = {
    0x00041130: "discs are named after patients",
    0x00041141: "it is the name of a file",
    0x00041500: "it is the name of a file",
    0x00102295: "it is the number of an animal",
    0x00181801: "it names a system of the hospital",
    0x00181803: "it is an address in the hospital's network",
    0x00100033: "a date of birth in another calendar can't be moved",
    0x00100034: "a date of death in another calendar can't be moved",
    0x00400031: "it names a system of the hospital",
    0x00400032: "it names a system of the hospital",
    0x00402006: "it is the number of an order",
    0x00402007: "it is the number of an order",
    0x0040E001: "it is the number of a document of the hospital",
    0x00880130: "discs are named after patients",
    0x04000520: "it is encrypted, so that it can't be checked",
    0x00720008: "it names who made the hanging protocol",
    0x0072000E: "it names whose hanging protocol it is",
    0x00720010: "it names whose hanging protocol it is",
    0x0074100C: "it names a person",
    0x21000160: "it names who printed",
    0x4010101A: "it is a traveller's number",
    0x40101051: "it is a traveller's number",
}
TYPES: Final = {
    0x00102295: AttributeType.REQUIRED,
    0x00400031: AttributeType.CONDITIONALLY_REQUIRED,
    0x00400032: AttributeType.CONDITIONALLY_REQUIRED,
    0x0040E001: AttributeType.REQUIRED,
    0x00720008: AttributeType.REQUIRED,
    0x0072000E: AttributeType.MAY_BE_EMPTY,
}
"""The types of those above that must be there: of attributes that Table E.1-1 lists the table of IODs has them."""
_OF_CODES: Final = frozenset({0x0008010E, 0x00080114, 0x00080115, 0x00080116, 0x00080120})
"""What a code or coding scheme is, and who is responsible for that: URL, External ID, Name, Organization, URN."""
_PROSE_VRS: Final = frozenset({"LT", "ST", "UT"})
_WRITTEN: Final = re.compile(
    r"(Comments?|Description|Explanation|Notes?|Label|(Beam|Element|Image|Protocol)Name|EventTimerNames|"
    r"ReasonsForProcedure|DiagnosticTasks)\Z"
)

_TYPED: Final = re.compile(
    r"(Comments?|ReasonForCancellation|OverrideReason|DocumentTitle|TrackingID|BeamName|BlockName|ApplicationSetupName|"
    r"(Target|ToleranceTable|PatientSetup|SetupDevice|FixationDevice|ShieldingDevice)Label|"
    r"(Segment|Surface|TrackSet|RTImage)(Label|Name|Description))\Z"
)


def passed_over(tag: int, vr: str) -> str | None:
    """Why a public attribute that no rule names may not stay, None if it may."""
    if vr == "UR" and tag not in _OF_CODES:
        return "it says where something lies in an archive"
    return _IDENTIFYING.get(tag)


def is_prose(tag: int, vr: str) -> bool:
    """Whether people write what they like into an attribute, so that forms and cues count in it, too."""
    if tag in _OF_CODES:
        return False
    if vr not in {"LO", "SH", "UC"}:
        return vr in _PROSE_VRS
    return is_typed(tag) or _WRITTEN.search(keyword_for_tag(tag)) is not None


def is_typed(tag: int) -> bool:
    """Whether staff type an attribute in for this patient: names of two words count there, too.

    Elsewhere, two words that look like a name are as often a product's, a stain's or a palette's (`Congo Red`, `Hot
    Iron`).
    """
    return _TYPED.search(keyword_for_tag(tag)) is not None
