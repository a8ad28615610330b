"""The subject's known values, made ready for looking into what is not text: numbers, dates, UIDs and binary data."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from deid.identity.known_values import KnownValue, ValueKind

if TYPE_CHECKING:
    from collections.abc import Iterable

_NUMBERS = frozenset({ValueKind.PATIENT_ID, ValueKind.IDENTIFIER})
_DATES = frozenset({ValueKind.DATE, ValueKind.BIRTH_DATE})
_NAMES = frozenset({ValueKind.PATIENT_NAME, ValueKind.PERSON_NAME})
_SHORTEST_NUMBER = 5
"""A shorter component of a UID is as likely an image or series number of its own."""
_SHORTEST_ALONE = 6
"""A shorter number that stands alone is as likely a repetition time or an instance number."""
_SHORTEST_TEXT = 4
_SHORTEST_VALUE = 6
_SHORTEST_NAME = 5
"""Shorter words turn up in binary data by chance."""
_LONG = 8
BIG = 1 << 20
"""Bytes from which on only long words are looked for: short ones turn up by chance, one in a thousand."""
_DATE_LENGTH = 8
_POINT = re.compile(r"[.,]")
_SEPARATORS = re.compile(r"[\^=,\s\\]+")
_ENCODINGS = ("utf-8", "latin-1", "utf-16-le")


@dataclass(frozen=True, slots=True)
class Evidence:
    """What must not stand in numbers, dates, UIDs and binary data."""

    numbers: frozenset[str]
    """Identifiers that are whole numbers, without leading zeros."""
    exact: frozenset[str]
    """The known values as they are, but for short numbers."""
    dates: frozenset[str]
    """Known dates, YYYYMMDD."""
    patterns: tuple[bytes, ...]
    """Known values and the parts of names, lower case, in several encodings."""
    long_patterns: tuple[bytes, ...]
    """Those of them that chance does not put into megabytes of numbers."""

    @classmethod
    def of(cls, known: Iterable[KnownValue]) -> Evidence:
        """Prepare the values of a subject."""
        values = [(value.text.strip(), value.kind) for value in known]
        numbers = {text.lstrip("0") for text, kind in values if kind in _NUMBERS and _is_number(text)}
        dates = {text for text, kind in values if kind in _DATES and len(text) == _DATE_LENGTH}
        words = {text for text in (*(text for text, _ in values), *numbers) if len(text) >= _SHORTEST_VALUE}
        words |= {
            part
            for text, kind in values
            if kind in _NAMES
            for part in _SEPARATORS.split(text)
            if len(part) >= _SHORTEST_NAME
        }
        patterns = {word: _encoded(word) for word in words}
        long = {pattern for word, encoded in patterns.items() if len(word) >= _LONG for pattern in encoded}
        exact = {text for text, _ in values if len(text) >= (_SHORTEST_ALONE if text.isdigit() else _SHORTEST_TEXT)}
        every = {pattern for encoded in patterns.values() for pattern in encoded}
        numbers.discard("")
        return cls(frozenset(numbers), frozenset(exact), frozenset(dates), tuple(sorted(every)), tuple(sorted(long)))

    def in_number(self, text: str) -> bool:
        """Whether the number or time `text` is one of the subject's identifiers or dates."""
        value = text.strip()
        whole = _POINT.split(value.lstrip("+"), maxsplit=1)[0]
        number = whole.lstrip("0") if len(whole) >= _SHORTEST_ALONE else ""
        return value in self.exact or whole in self.dates or number in self.numbers

    def in_date(self, text: str) -> bool:
        """Whether the date, date-time or date range holds one of the subject's dates."""
        if text.strip() in self.exact:
            return True
        parts = (part.replace(".", "").replace(":", "").strip() for part in text.split("-"))
        return any(part[:_DATE_LENGTH] in self.dates for part in parts)

    def in_uid(self, uid: str) -> bool:
        """Whether one of the UID's components is one of the subject's identifiers."""
        return any(part.lstrip("0") in self.numbers for part in uid.strip(" \0").split("."))

    def in_bytes(self, data: bytes) -> bool:
        """Whether a known value or a part of a name stands in `data`, in whatever case; only long ones if it is big."""
        lowered = data.lower()
        return any(pattern in lowered for pattern in (self.patterns if len(data) <= BIG else self.long_patterns))


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) >= _SHORTEST_NUMBER


def _encoded(word: str) -> set[bytes]:
    """The word as bytes, its Latin letters in lower case; others may be of either case, or no letters at all."""
    encoded = set()
    for cased in {word, word.lower(), word.upper()}:
        for encoding in _ENCODINGS:
            with suppress(UnicodeEncodeError):
                # The last zero of UTF-16 is left to find it in either byte order.
                encoded.add(cased.encode(encoding).lower().removesuffix(b"\0"))
    return encoded
