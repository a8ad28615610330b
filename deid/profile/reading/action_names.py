"""The actions a rule can name, by code or in a word, and the VRs each can be done to.

What an action does is said where it is done, in `deid.header`; here stands what a profile may ask for. Where the VR of
a rule's attributes isn't known when the profile is read, the action itself takes away what it does not fit.
"""

from __future__ import annotations

from typing import Literal, get_args

from deid.attributes.vrs import CHARACTER_SET_VRS, DATE_VRS, NUMBER_STRING_VRS, STRING_VRS

StandardCode = Literal["D", "Z", "X", "K", "C", "U", "Z/D", "X/Z", "X/D", "X/Z/D", "X/Z/U*"]
"""The action codes of PS3.15 E.1 and the compounds of Table E.1-1."""
Word = Literal["keep", "remove", "empty", "dummy", "clean", "uid"]
"""Other names of K, X, Z, D, C and U."""
UserCode = Literal["replace", "hash", "shift-date", "shift-unix-time", "age-cap", "generalise", "map"]
"""Actions beyond PS3.15's."""
ActionName = Literal[StandardCode, Word, UserCode]
VrName = Literal[
    "AE", "AS", "AT", "CS", "DA", "DS", "DT", "FD", "FL", "IS", "LO", "LT", "OB", "OD", "OF", "OL", "OV", "OW", "PN",
    "SH", "SL", "SQ", "SS", "ST", "SV", "TM", "UC", "UI", "UL", "UN", "UR", "US", "UT", "UV",
]  # fmt: skip
"""The value representations of PS3.5 6.2."""

CODE_OF_WORD: dict[str, str] = {"keep": "K", "remove": "X", "empty": "Z", "dummy": "D", "clean": "C", "uid": "U"}
USER_CODES: tuple[str, ...] = get_args(UserCode)

CLEANABLE_VRS = CHARACTER_SET_VRS | DATE_VRS | {"IS", "SQ", "TM"}
"""VRs that C can clean: texts; dates, which move, while times of day stay; integers, which move when they are a date;
and sequences, whose content is cleaned in turn."""

_VRS: dict[str, tuple[frozenset[str], str]] = {
    "U": (frozenset({"UI"}), "U replaces UIDs"),
    "X/Z/U*": (frozenset({"SQ"}), "X/Z/U* is for sequences"),
    "C": (CLEANABLE_VRS, "C cleans text"),
    "replace": (STRING_VRS, "replace puts in a text"),
    "hash": (CHARACTER_SET_VRS | NUMBER_STRING_VRS, "hash is for texts and numbers written as text"),
    "shift-date": (DATE_VRS, "shift-date is for dates"),
    "age-cap": (frozenset({"AS"}), "age-cap is for ages"),
    "generalise": (DATE_VRS | CHARACTER_SET_VRS, "generalise is for dates and for texts that hold a postcode"),
    "map": (STRING_VRS, "map puts in a text"),
}
_REMEDIES = {
    "U": "use X, Z, D or K",
    "X/Z/U*": "use U, X/Z/D or K",
    "C": "use X, Z, D or K",
    "hash": "use uid, dummy or remove",
    "generalise": "use shift-date, age-cap, empty or remove",
}
# What can be done to all private attributes at once, whatever they are.
_FOR_ANYTHING = frozenset({"X", "K"})


def code_of(action: str) -> str:
    """The code of an action that is named by a word; a code stays what it is."""
    return CODE_OF_WORD.get(action, action)


def misfit(code: str, vr: str) -> tuple[str, str] | None:
    """Why the action can't be done to this VR, and the remedy; None if it can."""
    fitting, purpose = _VRS.get(code, (None, ""))
    if fitting is None or vr in fitting:
        return None
    return purpose, _REMEDIES.get(code, "use dummy, empty or remove")


def fits_anything(code: str) -> bool:
    """Whether it can be done to every private attribute."""
    return code in _FOR_ANYTHING
