"""The subject's known values, made ready for looking into what is not text: numbers, UIDs and binary data."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from deid.identity.known_values import KnownValue, ValueKind

if TYPE_CHECKING:
    from collections.abc import Iterable

_NUMBERS = frozenset({ValueKind.PATIENT_ID, ValueKind.IDENTIFIER})
_WORDS = _NUMBERS | {ValueKind.PATIENT_NAME, ValueKind.PERSON_NAME}
_SHORTEST_NUMBER = 5
"""A shorter number is as likely an image or series number of its own."""
_SHORTEST_WORD = 5
"""Shorter words turn up in binary data by chance."""
_SEPARATORS = re.compile(r"[\^=,\s\\]+")
_ENCODINGS = ("utf-8", "latin-1", "utf-16-le")


@dataclass(frozen=True, slots=True)
class Evidence:
    """What must not stand in numbers, in UIDs and in binary data."""

    numbers: frozenset[str]
    """Identifiers that are whole numbers, without leading zeros."""
    patterns: tuple[bytes, ...]
    """Names, their parts, and identifiers, lower case, in several encodings."""

    @classmethod
    def of(cls, known: Iterable[KnownValue]) -> Evidence:
        """Prepare the values of a subject."""
        numbers: set[str] = set()
        patterns: set[bytes] = set()
        for value in known:
            text = value.text.strip()
            if value.kind in _NUMBERS and _is_number(text):
                numbers.add(text.lstrip("0"))
            if value.kind in _WORDS:
                words = {text, *_SEPARATORS.split(text)}
                patterns.update(p for word in words if len(word) >= _SHORTEST_WORD for p in _encoded(word.lower()))
        return cls(frozenset(numbers - {""}), tuple(sorted(patterns)))

    def is_number(self, text: str) -> bool:
        """Whether the number `text` is one of the subject's identifiers."""
        whole = text.strip().lstrip("+").split(".", maxsplit=1)[0]
        return whole.lstrip("0") in self.numbers

    def in_uid(self, uid: str) -> bool:
        """Whether one of the UID's components is one of the subject's identifiers."""
        return any(part.lstrip("0") in self.numbers for part in uid.strip(" \0").split("."))

    def in_bytes(self, data: bytes) -> bool:
        """Whether a name or an identifier stands in `data`, in whatever case."""
        lowered = data.lower()
        return any(pattern in lowered for pattern in self.patterns)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) >= _SHORTEST_NUMBER


def _encoded(word: str) -> Iterable[bytes]:
    for encoding in _ENCODINGS:
        try:
            yield word.encode(encoding)
        except UnicodeEncodeError:
            continue
