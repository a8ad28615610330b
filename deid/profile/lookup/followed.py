"""UIDs that Table E.1-1 leaves out, though they name the same instance, frame of reference or event as one it lists.

So it does one of the two names of a treatment machine.

Kept, they would give the original UID away and refer to nothing in the output, so they go by the rule of that other
attribute, unless a profile names them or says what becomes of unlisted attributes. Those of an archive or a network of
hospitals tell where the instance comes from: they stay with the UIDs by which it is looked up there.
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
FOLLOWED: Final = {
    0x00081167: _SOP_INSTANCE,  # Multi-frame Source SOP Instance UID
    0x00083012: _IRRADIATION_EVENT,  # Radiopharmaceutical Administration Event UID
    0x00089123: _DEVICE,  # Creator-Version UID
    0x0018991E: _FRAME_OF_REFERENCE,  # Target Frame of Reference UID
    0x00200242: _SOP_INSTANCE,  # SOP Instance UID of Concatenation Source
    0x00209312: _FRAME_OF_REFERENCE,  # Volume Frame of Reference UID
    0x00209313: _FRAME_OF_REFERENCE,  # Table Frame of Reference UID
    0x00280304: _SOP_INSTANCE,  # Referenced Color Palette Instance UID
    0x0040A021: _OBSERVATION,  # Findings Group UID (Trial)
    0x0040A022: _OBSERVATION,  # Referenced Findings Group UID (Trial)
    0x0040E011: _SOP_INSTANCE,  # Retrieve Location UID: of the archive
    0x0040E030: _SOP_INSTANCE,  # Repository Unique ID: of the archive
    0x0040E031: _SOP_INSTANCE,  # Home Community ID: of the hospital's network
    0x00440102: _OBSERVATION,  # Assertion UID
    0x00440108: _OBSERVATION,  # Referenced Assertion UID
    0x0070031B: _FIDUCIAL,  # Referenced Fiducial UID
    0x00701209: _FIDUCIAL,  # Volumetric Presentation Input Set UID
    0x300A0675: _FRAME_OF_REFERENCE,  # Equipment Frame of Reference UID
    0x30020020: 0x300A00B2,  # Radiation Machine Name, of an RT Image: Treatment Machine Name
    0x3010001F: _SOP_INSTANCE,  # Segmentation Template UID
}


def followed_rules(exact: Mapping[int, Rule]) -> dict[int, Rule]:
    """The rules on these attributes that follow from those on the others."""
    return {tag: exact[other] for tag, other in FOLLOWED.items() if other in exact}
