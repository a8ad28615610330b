"""Strict decoding and encoding of text by Specific Character Set (PS3.3 C.12.1.1.2, PS3.5 6.1).

pydicom puts replacement characters where it can't decode and goes on. For de-identification that is not good enough:
a text that can't be decoded can't be checked, so here the answer is None and the caller takes the value away.
"""

from __future__ import annotations

import re
import warnings
from functools import lru_cache
from typing import TYPE_CHECKING

from pydicom.charset import convert_encodings, decode_bytes, default_encoding, encode_string, python_encoding
from pydicom.valuerep import PN_DELIMS, TEXT_VR_DELIMS

if TYPE_CHECKING:
    from collections.abc import Sequence

DEFAULT: tuple[str, ...] = (default_encoding,)
_ESCAPE = b"\x1b"
# A person name also falls back to the first character set at the `=` between component groups (PS3.5 6.2.1.1).
_PN_DELIMITERS = PN_DELIMS | {ord("=")}
_MISSPELT = re.compile(r"ISO[ _-]?(IR|2022[ _-]IR)[ _-]?\d{1,3}\Z")


def is_defined_term(term: str) -> bool:
    """Whether a value of (0008,0005) is a defined term, or one of the misspellings of it that are seen in files."""
    return term in python_encoding or _MISSPELT.match(term) is not None


@lru_cache(maxsize=256)
def encodings_of(terms: tuple[str, ...]) -> tuple[str, ...] | None:
    """Python's codecs for the values of (0008,0005); None when one of them is no defined term."""
    if not all(is_defined_term(term) for term in terms):
        return None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return tuple(convert_encodings(list(terms) or None))
        except LookupError:
            return None


def decode(data: bytes, encodings: Sequence[str], vr: str) -> str | None:
    """The text that `data` holds, without replacement characters; None when it can't be decoded."""
    try:
        if _ESCAPE not in data:
            return data.decode(encodings[0])
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            return decode_bytes(data, list(encodings), _PN_DELIMITERS if vr == "PN" else TEXT_VR_DELIMS)
    except (UnicodeError, LookupError, Warning):
        return None


def encode(text: str, encodings: Sequence[str]) -> bytes | None:
    """`text` in these encodings; None when one of its characters has no place in them."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            return encode_string(text, list(encodings))
    except (UnicodeError, LookupError, ValueError, Warning):
        return None
