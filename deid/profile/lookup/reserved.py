"""Attributes that no rule decides on, because deid itself does: what `deid.header.room_rules` does to them."""

from __future__ import annotations

from deid.attributes.attribute import is_private

PIXEL_TAGS = frozenset({0x7FE00001, 0x7FE00002, 0x7FE00008, 0x7FE00009, 0x7FE00010})
PIXEL_GROUPS = range(0x7F00, 0x8000)
ILLEGAL_GROUPS = frozenset({0x0000, 0x0001, 0x0002, 0x0003, 0x0005, 0x0007, 0xFFFE, 0xFFFF})
ICON_IMAGE_SEQUENCE = 0x00880200


_DRAWING_GROUPS = (range(0x5000, 0x5100, 2), range(0x6000, 0x6100, 2))
_DRAWING = 0x3000


def is_drawing(tag: int) -> bool:
    """Whether it is Curve Data or Overlay Data (50xx,3000), (60xx,3000): nobody looks at what is drawn there."""
    return tag & 0xFFFF == _DRAWING and any(tag >> 16 in groups for groups in _DRAWING_GROUPS)


def decided_by_deid(tag: int) -> str | None:
    """Why a rule on this tag is not asked, and what is done instead; None for all others."""
    if tag in PIXEL_TAGS:
        return "pixel data stays at the top level, redacted as `pixels:` says, goes black in icons, and else is removed"
    if tag >> 16 in PIXEL_GROUPS and not is_private(tag):
        return "variable pixel data, coefficients and lengths are removed, as nobody looks at them"
    if tag >> 16 in ILLEGAL_GROUPS:
        return "file meta is written anew, and command elements and delimiters are removed"
    if tag & 0xFFFF == 0:
        return "group lengths are removed"
    return None
