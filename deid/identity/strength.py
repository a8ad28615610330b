"""Which values are strong enough to be searched for in other places.

A value that says nothing (`ANONYMOUS`), or that stands everywhere (`1`, `M`, `RADIOLOGY`), would hide much and protect
nobody: its own attribute is dealt with by its rule anyway. Left out are:

- placeholders, blanks, and one character repeated;
- anything of fewer than 3 letters and digits (2 in scripts such as Chinese, where two characters are a full name);
- numbers of fewer than 4 digits, and of fewer than 5 for orders, studies and steps, of which 1, 2, 3 are the rule;
- identifiers of orders, studies and stations without a digit: these are words such as `CHEST` or a device's name;
- dates that are none, and the usual stand-ins for an unknown one;
- institutions and departments of generic words only, such as `DEPARTMENT OF RADIOLOGY`.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Final

from deid.identity.known_values import ValueKind

_PLACEHOLDER_WORDS: Final = """
A ANON ANONYM ANONYMISED ANONYMIZED ANONYMOUS ANONYMOUSPATIENT AVAILABLE DE DEFAULT DEIDENTIFIED DUMMY EMPTY HIDDEN ID
IDENTIFIED N NA NAME NIL NO NONAME NONE NOT NULL PATIENT PHANTOM REDACTED REMOVED TEST UNDEFINED UNK UNKNOWN UNNAMED
UNSPECIFIED
"""
_GENERIC_WORDS: Final = """
AND CARDIOLOGY CENTER CENTRE CLINIC CLINICAL CR CT DEPARTMENT DEPT DER DES DIAGNOSTIC DIAGNOSTICS DX EMERGENCY FOR
GENERAL HIS HOSPITAL HOSPITALS IMAGING INSTITUT INSTITUTE INTERNAL KLINIK LAB LABORATORY MAMMOGRAPHY MEDICAL MEDICINE
MR MRI MRN
NEUROLOGY NUCLEAR OF ONCOLOGY PACS PATHOLOGY PEDIATRICS PRAXIS RADIOLOGIE RADIOLOGY RADIOTHERAPY RAY RIS ROOM SERVICE
SURGERY THE ULTRASOUND UNIT UNIVERSITY US WARD X XRAY
"""
_PLACEHOLDERS: Final = frozenset(_PLACEHOLDER_WORDS.split())
_GENERIC: Final = frozenset(_GENERIC_WORDS.split())
_TOKENS: Final = re.compile(r"(?:[^\W_]|[\x80-\xbf])+")
"""Signs of Latin-1 count: a name in Shift JIS that was read so consists of them."""
_AGE: Final = re.compile(r"(?!000)[0-9]{3}[DWMY]")
_DATE: Final = re.compile(r"[0-9]{8}")
_UNKNOWN_DATES: Final = frozenset({"19000101", "19700101", "11111111", "99991231"})
_FIRST_YEAR: Final = 1850
_FIRST_WIDE_SCRIPT: Final = 0x2E80
_MIN_CHARACTERS: Final = 3
_MIN_WIDE_CHARACTERS: Final = 2
_MIN_DIGITS: Final = 4
_MIN_IDENTIFIER_DIGITS: Final = 5
_MIN_IDENTIFIER: Final = 4
_ORGANISATIONS: Final = frozenset({ValueKind.INSTITUTION, ValueKind.ADDRESS})


def is_searchable(text: str, kind: ValueKind) -> bool:
    """Whether `text` of that kind should be looked for elsewhere."""
    if kind in {ValueKind.DATE, ValueKind.BIRTH_DATE}:
        return _is_date(text)
    if kind is ValueKind.AGE:
        return _AGE.fullmatch(text) is not None
    tokens = _TOKENS.findall(text.upper())
    joined = "".join(tokens)
    if set(tokens) <= _PLACEHOLDERS or len(set(joined)) == 1 or len(joined) < _minimum(joined):
        return False
    if kind is ValueKind.IDENTIFIER:
        return _is_strong_identifier(joined)
    if joined.isdigit() and len(joined) < _MIN_DIGITS:
        return False
    return not (kind in _ORGANISATIONS and set(tokens) <= _GENERIC)


def _minimum(joined: str) -> int:
    wide = any(ord(character) >= _FIRST_WIDE_SCRIPT for character in joined)
    return _MIN_WIDE_CHARACTERS if wide else _MIN_CHARACTERS


def _is_strong_identifier(joined: str) -> bool:
    if joined.isdigit():
        return len(joined) >= _MIN_IDENTIFIER_DIGITS
    return len(joined) >= _MIN_IDENTIFIER and any(character.isdigit() for character in joined)


def _is_date(text: str) -> bool:
    if _DATE.fullmatch(text) is None or text in _UNKNOWN_DATES or int(text[:4]) < _FIRST_YEAR:
        return False
    try:
        date(int(text[:4]), int(text[4:6]), int(text[6:]))
    except ValueError:
        return False
    return True
