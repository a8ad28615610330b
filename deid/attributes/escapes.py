"""Texts with code extensions: escape sequences that switch character sets (PS3.5 6.1.2.4 and 6.1.2.5, ISO/IEC 2022).

Two sets are in use at a time: G0 for bytes below 0x80, G1 for those above. An escape sequence designates one of them
and leaves the other alone; a delimiter brings both back to the first character set (PS3.5 6.1.2.5.3). pydicom resets
both at every escape sequence and leaves those of ISO-IR 58 in the text, so that a name written with them is not found.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from pydicom.charset import default_encoding

if TYPE_CHECKING:
    from collections.abc import Sequence

ESCAPE: Final = b"\x1b"
_ASCII: Final = b"\x1b(B"
_ROMAJI: Final = b"\x1b(J"
_TWO_BYTE_G0: Final = {"iso2022_jp": b"\x1b$B", "iso2022_jp_2": b"\x1b$(D"}
_G1: Final = {
    "latin_1": b"\x1b-A",
    "iso8859_2": b"\x1b-B",
    "iso8859_3": b"\x1b-C",
    "iso8859_4": b"\x1b-D",
    "iso_ir_126": b"\x1b-F",
    "iso_ir_127": b"\x1b-G",
    "iso_ir_138": b"\x1b-H",
    "iso_ir_144": b"\x1b-L",
    "iso_ir_148": b"\x1b-M",
    "iso_ir_166": b"\x1b-T",
    "iso8859_15": b"\x1b-b",
    "shift_jis": b"\x1b)I",
    "euc_kr": b"\x1b$)C",
    "iso_ir_58": b"\x1b$)A",
}
"""PS3.3 Tables C.12-3 and C.12-4, by Python's codec as pydicom names it."""
_CODECS: Final = {escape: codec for sets in (_TWO_BYTE_G0, _G1) for codec, escape in sets.items()}
_TWO_BYTE_G1: Final = frozenset({"euc_kr", "iso_ir_58"})
_FRAGMENTS: Final = re.compile(rb"(\x1b(?:\$[()].|\$.|[^$].)?)?([^\x1b]*)", re.DOTALL)
_HALVES: Final = re.compile(rb"[\x00-\x7f]+|[\x80-\xff]+")
_DELIMITERS: Final = b"\\\r\n\t\f"
_PN_DELIMITERS: Final = b"\\\r\n\t\f^="
_FIRST_HIGH: Final = 0xA0
_FIRST_NON_ASCII: Final = "\x80"


def decode_extended(data: bytes, encodings: Sequence[str], vr: str) -> str:
    """The text of bytes with escape sequences.

    Raises:
        UnicodeError: They can't be decoded, or designate a character set that is not declared.
    """
    first, delimiters = _first_g1(encodings), _delimiters(vr)
    two_byte, g1, text = b"", first, ""
    for escape, body in _FRAGMENTS.findall(data):
        if escape in (_ASCII, _ROMAJI):
            two_byte = b""
        elif escape:
            codec = _designated(escape, encodings)
            two_byte, g1 = (escape, g1) if codec in _TWO_BYTE_G0 else (two_byte, codec)
        if two_byte:
            text += _decoded_halves(body, two_byte, g1)
            continue
        until, rest = _split(body, delimiters)
        text += until.decode(g1)
        if rest:
            g1 = first
            text += rest.decode(g1)
    return text


def encode_extended(text: str, encodings: Sequence[str], vr: str) -> bytes:
    """The bytes of a text, with escape sequences where it leaves the first character set.

    Raises:
        UnicodeError: A character is in none of the character sets.
    """
    first, delimiters = _first_g1(encodings), _delimiters(vr).decode("ascii")
    # The default repertoire has nothing beyond ASCII; files that still do are written as they are read.
    others = [codec for codec in encodings if codec != default_encoding]
    back = _ROMAJI if first == "shift_jis" else _ASCII
    unset = "" if first == default_encoding else first
    two_byte, g1, data = "", unset, b""
    for character in text:
        if character < _FIRST_NON_ASCII:
            data += back if two_byte else b""
            two_byte, g1 = "", unset if character in delimiters else g1
            data += character.encode("ascii")
            continue
        codec, code = _place_of(character, (g1, two_byte, *others, first))
        if codec in _TWO_BYTE_G0 and codec != two_byte:
            data, two_byte = data + _TWO_BYTE_G0[codec], codec
        elif codec in _G1 and codec != g1:
            data, g1 = data + _G1[codec], codec
        data += code
    return data + (back if two_byte else b"")


def _first_g1(encodings: Sequence[str]) -> str:
    return default_encoding if encodings[0] in _TWO_BYTE_G0 else encodings[0]


def _delimiters(vr: str) -> bytes:
    # A person name also falls back at the `^` and `=` between its parts (PS3.5 6.2.1.1).
    return _PN_DELIMITERS if vr == "PN" else _DELIMITERS


def _designated(escape: bytes, encodings: Sequence[str]) -> str:
    codec = _CODECS.get(escape, "")
    if codec not in encodings:
        raise UnicodeError("an escape sequence that is not declared")
    return codec


def _split(body: bytes, delimiters: bytes) -> tuple[bytes, bytes]:
    at = next((index for index, code in enumerate(body) if code in delimiters), len(body))
    return body[:at], body[at:]


def _decoded_halves(body: bytes, two_byte: bytes, g1: str) -> str:
    """Text while G0 is a set of two bytes; Python's codecs want its escape sequence before each stretch."""
    codec = _CODECS[two_byte]
    return "".join(
        (two_byte + half).decode(codec) if half[0] < _FIRST_HIGH else half.decode(g1) for half in _HALVES.findall(body)
    )


def _place_of(character: str, codecs: Sequence[str]) -> tuple[str, bytes]:
    for codec in filter(None, codecs):
        code = _code_in(character, codec)
        if code is not None:
            return codec, code
    raise UnicodeError("a character that is in none of the character sets")


def _code_in(character: str, codec: str) -> bytes | None:
    """The code of a character beyond ASCII in G0 or G1, without an escape sequence; None when it has none."""
    try:
        code = character.encode(codec)
    except UnicodeError:
        return None
    escape = _TWO_BYTE_G0.get(codec)
    if escape is not None:
        return code[len(escape) :].partition(ESCAPE)[0] if code.startswith(escape) else None
    fits = len(code) == (2 if codec in _TWO_BYTE_G1 else 1) and min(code) >= _FIRST_HIGH
    return code if fits else None
