"""Known numbers of which only the beginning or the end was read: print runs into what is as bright as itself.

`H04737` of the patient ID H0473751 is no number that anyone would call an identifier, and names the patient, too.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from deid.identity.known_values import ValueKind
from deid.pixels.ocr.line import letters_of
from deid.text import Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from deid.identity.known_values import KnownValue

_NUMBERS = frozenset({ValueKind.PATIENT_ID, ValueKind.IDENTIFIER, ValueKind.CONTACT})
_RUN = re.compile(r"[A-Za-z0-9][A-Za-z0-9./-]{3,}")
_SHORTEST, _DIGITS = 5, 4
"""Letters and digits, and digits alone, of a part: shorter ones stand in many numbers."""
_MOST = 0.6
"""Of the known number, as much as must have been read."""
_AS_DIGITS = str.maketrans("OIL", "011")


def parts_of_known(text: str, known: Sequence[KnownValue]) -> Iterator[Span]:
    """What of a row begins, or ends, as a known number does, and is most of it.

    Args:
        text: Of the row.
        known: The subject's known values.
    """
    for match in _RUN.finditer(text):
        part = _folded(match.group())
        if len(part) < _SHORTEST or sum(map(str.isdigit, part)) < _DIGITS:
            continue
        for value in known:
            if value.kind in _NUMBERS and _is_part(part, _folded(value.text)):
                yield Span(*match.span(), "known", f"part of a known {value.kind}", 0.8)
                break


def _is_part(part: str, whole: str) -> bool:
    is_most = _MOST * len(whole) <= len(part) < len(whole)
    return is_most and (whole.startswith(part) or whole.endswith(part))


def _folded(text: str) -> str:
    return letters_of(text).upper().translate(_AS_DIGITS)
