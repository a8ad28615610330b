"""What the data dictionary (PS3.6) says to a profile's author: VRs, keywords, and the nearest known names."""

from __future__ import annotations

import difflib
from functools import cache
from typing import TYPE_CHECKING

from pydicom._dicom_dict import DicomDictionary
from pydicom.datadict import dictionary_VR, keyword_for_tag

if TYPE_CHECKING:
    from deid.profile.lookup.tags import TagPattern

_MAX_LISTED = 20


def dictionary_vr(pattern: TagPattern | None) -> str | None:
    """The one VR of a public tag, None where it is unknown or one of several."""
    vrs = dictionary_vrs(pattern)
    return next(iter(vrs)) if len(vrs) == 1 else None


def dictionary_vrs(pattern: TagPattern | None) -> frozenset[str]:
    """The VRs that a public tag may have; empty where it is unknown."""
    if pattern is None or not pattern.exact or not is_known(pattern):
        return frozenset()
    return frozenset(dictionary_VR(pattern.value).split(" or "))


def is_known(pattern: TagPattern) -> bool:
    """Whether it is one tag of PS3.6."""
    return pattern.exact and bool(keyword_for_tag(pattern.value))


@cache
def keywords() -> list[str]:
    """All keywords of PS3.6."""
    return [entry[4] for entry in DicomDictionary.values() if entry[4]]


def nearest(name: str, names: list[str]) -> str:
    """The remedy for an unknown name: the nearest known ones."""
    lowered = {known.lower(): known for known in names}
    close = [lowered[match] for match in difflib.get_close_matches(name.lower(), lowered, n=3, cutoff=0.6)]
    hints = [f"did you mean {' or '.join(close)}?"] if close else []
    if len(names) <= _MAX_LISTED:
        hints.append(f"there are: {', '.join(names)}")
    return "; ".join(hints) or "look it up in PS3.6, or give the tag"
