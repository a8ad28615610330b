"""Values out of bytes, by VR (PS3.5 6.2): as texts where the VR is a string, and whether they are well formed."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from deid.attributes.charset import decode
from deid.attributes.vrs import BINARY_SIZES, CHARACTER_SET_VRS, DATE_VRS, SINGLE_VALUED_VRS
from deid.identity.dates import shift_date

if TYPE_CHECKING:
    from collections.abc import Sequence

_NO_NUMBER = r"nan|inf(inity)?|1\.#(qnan|snan|ind|inf)0*"
"""As C libraries write it."""


def _number(digits: int) -> re.Pattern[str]:
    """A number, also with a comma, with more decimals than there is room for, and where it should be an integer."""
    decimal = rf"(\d{{1,{digits}}}([.,]\d{{0,32}})?|[.,]\d{{1,32}})(e[+-]?\d{{1,4}})?"
    return re.compile(rf" *[+-]?({decimal}|{_NO_NUMBER})?[ \0]*\Z", re.IGNORECASE)


# Wider than PS3.5 where files in the field are, but with no room for words.
_GRAMMARS = {
    "IS": _number(12),
    "DS": _number(24),
    "TM": re.compile(r"(?!(?:[0-9]+\.){4})[0-9.: -]{0,33}\Z"),
    "AS": re.compile(r" *(\d{1,3} ?[DWMYdwmy]?)? *\Z"),
    "UI": re.compile(r"[0-9.]{0,64}[ \0]*\Z"),
}
_CUT_DATE_TIME = re.compile(r"[0-9]{4}(0[1-9]|1[0-2])?([+-][0-9]{4})?")
"""A date-time of a year or a month (PS3.5 6.2), in which there is no day."""


_PRINTED = re.compile(rb"(?=[^ ]{2})[\t\n\r\x20-\x7e]{12,}[ \0]*\Z")
"""Shorter values of numbers look like text by chance."""


def printed_text(data: bytes | None) -> str | None:
    """The text of a binary value that is nothing but one: in ASCII, of 12 characters or more; else None."""
    return data.decode("ascii").rstrip(" \0") if data is not None and _PRINTED.match(data) else None


def base_vr(vr: str) -> str:
    """One VR where the dictionary leaves a choice: `US or SS` is handled as US."""
    return vr.split(" or ", maxsplit=1)[0]


def values_of(data: bytes | None, vr: str, encodings: Sequence[str]) -> tuple[str, ...] | None:
    """The values of a string VR, padding taken off the end; None when they can't be decoded or are no such VR."""
    if data is None:
        return None
    text = decode(data, encodings if vr in CHARACTER_SET_VRS else ("latin-1",), vr)
    if text is None:
        return None
    text = text.rstrip(" \0")
    return (text,) if vr in SINGLE_VALUED_VRS else tuple(text.split("\\"))


def is_well_formed(values: Sequence[str], vr: str) -> bool:
    """Whether the values could be values of this VR; texts and codes always are.

    A date must be one: `19.1.2004` or `20041399` is no value that could be compared with the patient's.
    """
    if vr in DATE_VRS:
        return all(_is_date(value.strip(" \0"), vr) for value in values)
    grammar = _GRAMMARS.get(vr)
    return grammar is None or all(grammar.match(value) for value in values)


def _is_date(text: str, vr: str) -> bool:
    cut = vr == "DT" and _CUT_DATE_TIME.fullmatch(text) is not None
    return not text or cut or shift_date(text, vr, 1) is not None


def is_whole(data: bytes | None, vr: str) -> bool:
    """Whether the bytes hold a whole number of values of a binary VR."""
    if data is None:
        return False
    return all(len(data) % BINARY_SIZES.get(choice, 1) == 0 for choice in vr.split(" or "))


def value_count(data: bytes | None, vr: str) -> int:
    """How many values a binary element holds."""
    return len(data or b"") // BINARY_SIZES.get(base_vr(vr), 1)


def joined(values: Sequence[str]) -> str | list[str]:
    """What pydicom takes as the value of a string element."""
    return values[0] if len(values) == 1 else list(values)
