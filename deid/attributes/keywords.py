"""Keywords of the data dictionary (PS3.6) that this package names itself."""

from __future__ import annotations

from pydicom.datadict import tag_for_keyword


def tag_of(keyword: str) -> int:
    """The tag of an attribute that the dictionary must hold.

    Raises:
        LookupError: It doesn't.
    """
    tag = tag_for_keyword(keyword)
    if tag is None:
        raise LookupError(keyword)
    return tag
