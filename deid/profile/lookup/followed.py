"""Attributes that Table E.1-1 leaves out, though they say the same, or the same kind of thing, as one it lists.

UIDs that name the same instance, frame of reference or event would give the original UID away and refer to nothing in
the output; dates, reviewers, numbers of devices and issuers of numbers would tell what those beside them may not. So
they go by the rule of that other attribute, unless a profile names them or says what becomes of unlisted attributes.
UIDs of an archive or a network of hospitals tell where the instance comes from: they stay with the UIDs by which it is
looked up there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

    from deid.profile.lookup.model import Rule

_SOP_INSTANCE: Final = 0x00080018
_FRAME_OF_REFERENCE: Final = 0x00200052
_OBSERVATION: Final = 0x0040A171
_IRRADIATION_EVENT: Final = 0x00083010
_FIDUCIAL: Final = 0x0070031A
_DEVICE: Final = 0x00181002
_INSTANCE_CREATION: Final = 0x00080012
_COERCION: Final = 0x00080015
_REVIEWER: Final = 0x300E0008
_ISSUER: Final = 0x00380014
FOLLOWED: Final = {
    0x00080051: _ISSUER,  # Issuer of Accession Number Sequence: Issuer of Admission ID Sequence
    0x00080404: _COERCION,  # Item Inventory DateTime: Instance Coercion DateTime
    0x00080416: _COERCION,  # Expiration DateTime
    0x0008041F: _COERCION,  # Study Update DateTime
    0x00081167: _SOP_INSTANCE,  # Multi-frame Source SOP Instance UID
    0x00083012: _IRRADIATION_EVENT,  # Radiopharmaceutical Administration Event UID
    0x00089123: _DEVICE,  # Creator-Version UID
    0x00100024: _ISSUER,  # Issuer of Patient ID Qualifiers Sequence
    0x00140102: 0x300E0004,  # Secondary Review Date: Review Date
    0x00140103: 0x300E0005,  # Secondary Review Time: Review Time
    0x00140104: _REVIEWER,  # Secondary Reviewer Name: Reviewer Name
    0x00141020: 0x00181204,  # Expiry Date, of a component: Date of Manufacture
    0x00142006: _REVIEWER,  # Evaluator Name
    0x00143076: 0x0014407E,  # Date of Gain Calibration: Calibration Date
    0x00143077: 0x0014407C,  # Time of Gain Calibration: Calibration Time
    0x00144076: _INSTANCE_CREATION,  # Procedure Creation Date: Instance Creation Date
    0x00144078: _INSTANCE_CREATION,  # Procedure Expiration Date
    0x0014407A: _INSTANCE_CREATION,  # Procedure Last Modified Date
    0x00181003: 0x00181008,  # Device ID, which the user gives it: Gantry ID
    0x00181006: 0x00181005,  # Grid ID: Generator ID
    0x0018991E: _FRAME_OF_REFERENCE,  # Target Frame of Reference UID
    0x00200242: _SOP_INSTANCE,  # SOP Instance UID of Concatenation Source
    0x00209312: _FRAME_OF_REFERENCE,  # Volume Frame of Reference UID
    0x00209313: _FRAME_OF_REFERENCE,  # Table Frame of Reference UID
    0x00280304: _SOP_INSTANCE,  # Referenced Color Palette Instance UID
    0x00400026: _ISSUER,  # Order Placer Identifier Sequence
    0x00400027: _ISSUER,  # Order Filler Identifier Sequence
    0x00401060: 0x00321060,  # Requested Procedure Description (Trial): Requested Procedure Description
    0x0040A021: _OBSERVATION,  # Findings Group UID (Trial)
    0x0040A022: _OBSERVATION,  # Referenced Findings Group UID (Trial)
    0x0040A067: _REVIEWER,  # Document Author (Trial)
    0x0040E011: _SOP_INSTANCE,  # Retrieve Location UID: of the archive
    0x0040E030: _SOP_INSTANCE,  # Repository Unique ID: of the archive
    0x0040E031: _SOP_INSTANCE,  # Home Community ID: of the hospital's network
    0x00440102: _OBSERVATION,  # Assertion UID
    0x00440108: _OBSERVATION,  # Referenced Assertion UID
    0x00687004: _SOP_INSTANCE,  # Model Group UID: of instances that belong together
    0x0070031B: _FIDUCIAL,  # Referenced Fiducial UID
    0x00701209: _FIDUCIAL,  # Volumetric Presentation Input Set UID
    0x00701904: _OBSERVATION,  # Referenced Content Item
    0x0072007F: _SOP_INSTANCE,  # Selector UI Value: of a study that a hanging protocol is for; classes stay
    0x300A0675: _FRAME_OF_REFERENCE,  # Equipment Frame of Reference UID
    0x30020020: 0x300A00B2,  # Radiation Machine Name, of an RT Image: Treatment Machine Name
    0x3010001F: _SOP_INSTANCE,  # Segmentation Template UID
    0x40101025: _COERCION,  # Route Segment Start Time, of a traveller's bag
    0x40101026: _COERCION,  # Route Segment End Time
    0x4010102B: _COERCION,  # Alarm Decision Time
    0x40101041: _COERCION,  # OOI Owner Creation Time
}


def followed_rules(exact: Mapping[int, Rule]) -> dict[int, Rule]:
    """The rules on these attributes that follow from those on the others."""
    return {tag: exact[other] for tag, other in FOLLOWED.items() if other in exact}
