"""Private elements for which a table vouches: it does so for values of the VR that it knows, and for no others.

TCIA's knowledge base and PS3.15 Table E.3.10-1 have found that the repetition time of some vendor identifies nobody.
Where a file has a text there, or a date or a UID, it is treated as one that may. Bytes are a text, too, if they read
so, and so is a code that is none.
"""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from deid.attributes.vrs import BINARY_SIZES, BULK_VRS, CODE_VRS, DATE_VRS, TEXT_VRS
from deid.header.values import base_vr, printed_text
from deid.profile.builtin import profiles_directory
from deid.profile.lookup.private_tables import private_vr

if TYPE_CHECKING:
    from deid.attributes.attribute import Attribute
    from deid.profile import Rule

_MAY_IDENTIFY: Final = TEXT_VRS | CODE_VRS | DATE_VRS | {"UI"}
_CODES: Final = re.compile(rb"[A-Z0-9_ \\]*[ \0]*")
"""Values of CS (PS3.5 6.2), and of AE where they hold no more."""
OTHERWISE_STORED: Final = "no value of the VR that is known to identify nobody"


def code_of_vouched(attribute: Attribute, creator: str, rule: Rule) -> tuple[str, bool]:
    """The action code for a private element that `rule` names, and whether what it holds is known to be technical.

    The code is C for what a table did not mean to keep. A rule that a user wrote holds whatever the VR is.
    """
    vr, known = base_vr(attribute.vr), private_vr(attribute.tag, creator)
    if rule.code != "K" or not _ships_with_deid(rule.origin):
        return rule.code, True
    if vr in BULK_VRS or vr in BINARY_SIZES:
        return ("K" if printed_text(attribute.data) is None else "C"), True
    if vr in CODE_VRS and vr == known:
        return ("K" if _CODES.fullmatch(attribute.data or b"") else "C"), True
    if vr not in _MAY_IDENTIFY or vr == known:
        return "K", True
    return "C", known in TEXT_VRS | CODE_VRS


@lru_cache(maxsize=64)
def _ships_with_deid(origin: str) -> bool:
    return not origin or profiles_directory() in Path(origin).parents
