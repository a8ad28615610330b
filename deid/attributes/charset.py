"""Strict decoding and encoding of text by Specific Character Set (PS3.3 C.12.1.1.2, PS3.5 6.1).

pydicom puts replacement characters where it can't decode and goes on. For de-identification that is not good enough:
a text that can't be decoded can't be checked, so here the answer is None and the caller takes the value away. Code
extensions (ISO 2022) are read and written in `deid.attributes.escapes`.
"""

from __future__ import annotations

import re
import warnings
from functools import lru_cache
from typing import TYPE_CHECKING

from pydicom.charset import convert_encodings, default_encoding, python_encoding

from deid.attributes.escapes import ESCAPE, decode_extended, encode_extended

if TYPE_CHECKING:
    from collections.abc import Sequence

DEFAULT: tuple[str, ...] = (default_encoding,)
UTF_8: tuple[str, ...] = ("utf8",)
_LATIN_1 = frozenset({DEFAULT, ("latin_1",), ("iso8859_15",)})
_MISSPELT = re.compile(r"ISO[ _-]?(IR|2022[ _-]IR)[ _-]?\d{1,3}\Z")
# Latin alphabet No. 9, which pydicom does not know, and a misspelling for which it has a codec of another name.
_ADDED = {"ISO_IR 203": "iso8859_15", "ISO 2022 IR 203": "iso8859_15", "ISO 2022 58": "iso_ir_58"}


def _unseparated(term: str) -> str:
    return re.sub(r"[ _-]", "", term).upper()


_LATIN = {1: 100, 2: 101, 3: 109, 4: 110, 5: 144, 6: 127, 7: 126, 8: 138, 9: 148}
"""ISO-IR numbers of the parts of ISO 8859."""
_MEANT = {
    **dict.fromkeys(("UTF8", "UNICODEUTF8", "UNICODE11UTF8", "ISO192", "IR192"), "ISO_IR 192"),
    **dict.fromkeys(("LATIN1", "ISOLATIN1", "CP1252", "WINDOWS1252"), "ISO_IR 100"),
    **dict.fromkeys(("ASCII", "USASCII", "ISO646"), "ISO_IR 6"),
    **{f"ISO8859{part}": f"ISO_IR {number}" for part, number in _LATIN.items()},
    **{_unseparated(term): term for term in python_encoding if term},
}
"""Defined terms by their names without separators, and by names that other standards have for them."""


def is_defined_term(term: str) -> bool:
    """Whether a value of (0008,0005) is a defined term, or one of the misspellings of it that are seen in files."""
    return term in python_encoding or _MISSPELT.match(term) is not None


def meant_term(term: str) -> str | None:
    """The defined term that a value of (0008,0005) is or evidently means, as `UTF-8` and `iso_ir 192` do; else None."""
    return term if is_defined_term(term) else _MEANT.get(_unseparated(term))


@lru_cache(maxsize=256)
def encodings_of(terms: tuple[str, ...]) -> tuple[str, ...] | None:
    """Python's codecs for the values of (0008,0005); None when one of them neither is nor means a defined term."""
    meant = [meant_term(term) for term in terms]
    if None in meant:
        return None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return tuple(convert_encodings([_ADDED.get(term, term) for term in meant if term is not None] or None))
        except LookupError:
            return None


def actual_encodings(data: bytes, encodings: tuple[str, ...]) -> tuple[str, ...]:
    """UTF-8 where a text can't be meant as Latin-1, the default: many write it and do not declare it.

    Two to four characters of Latin-1 that are one of UTF-8, such as `Ã¼`, stand side by side in no language.
    """
    if encodings not in _LATIN_1 or data.isascii() or ESCAPE in data:
        return encodings
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return encodings
    return UTF_8


def decode(data: bytes, encodings: Sequence[str], vr: str) -> str | None:
    """The text that `data` holds, without replacement characters; None when it can't be decoded."""
    try:
        if ESCAPE not in data:
            return data.decode(encodings[0])
        return decode_extended(data, encodings, vr)
    except (UnicodeError, LookupError):
        return None


def decode_anyway(data: bytes, encodings: Sequence[str], vr: str) -> str:
    """The text that `data` holds, with replacement characters where it can't be decoded: for searching only."""
    text = decode(data, encodings, vr)
    return data.decode(encodings[0], errors="replace") if text is None else text


def encode(text: str, encodings: Sequence[str], vr: str = "LO") -> bytes | None:
    """`text` in these encodings; None when one of its characters has no place in them."""
    try:
        return text.encode(encodings[0]) if len(encodings) == 1 else encode_extended(text, encodings, vr)
    except (UnicodeError, LookupError):
        return None
