"""Texts in another character set than the one they were read in: GBK, EUC-KR, Big5 or Shift JIS taken for Latin-1.

Scanners of East Asia write such names without a Specific Character Set. Read as Latin-1 they are runs of signs and
accented letters (`µ¶°í¿µÀç`) in which no list or model knows a name, but whoever has the file can read them. Systems
that can't write a letter put a sign in its place, or its code: `M?ller`, `M%C3%BCller`, `M&uuml;ller`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from deid.text.fold import fold_word
from deid.text.spans import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

# No language puts four such letters side by side; a lead byte of Shift JIS is a control character in Latin-1.
_RUN: Final = re.compile(r"(?:[\x80-\xff]{4,}|(?:[\x81-\x9f][\x40-\x7e\x80-\xfc]){2,})[\x80-\xff]*")
_WHOLE: Final = re.compile(r"[\x80-\xff]{2,}")
_SIGNS, _BYTES = r"[?_*#\x80-\xbf\ufffd]{1,2}", r"[\xc2-\xdf][\x80-\xbf]"
_CODES = r"(?:%[0-9a-f]{2}){1,2}|&#?\w{2,6};|\\u[0-9a-f]{4}|\\'[0-9a-f]{2}"
_GAP: Final = f"(?:{_SIGNS}|{_BYTES}|{_CODES})"
"""What stands for a letter that could not be written."""
_GONE: Final = re.compile("[?\ufffd]")
_FEWEST_LETTERS: Final = 3
PARTS: Final = re.compile(r"[\^=\s,]+")


def miscoded_parts(name: str) -> tuple[str, ...]:
    """The parts of a name that are written in another character set: they are looked for as they are."""
    return tuple(part for part in PARTS.split(name) if _WHOLE.fullmatch(part) or _RUN.search(part))


def gapped_parts(name: str) -> tuple[re.Pattern[str], ...]:
    """The parts of a name as they stand where its letters beyond ASCII could not be written, or where they could."""
    return tuple(
        re.compile(rf"(?<![^\W_]){form}(?![^\W_])", re.IGNORECASE)
        for part in PARTS.split(name)
        if sum(one.isascii() and one.isalpha() for one in part) >= _FEWEST_LETTERS
        if (form := _restored(part) or _damaged(part))
    )


def _damaged(part: str) -> str:
    """A part as other systems write it, with at least one letter gone; empty where it has no such letters."""
    if part.isascii() or not part.replace("-", "").isalpha():
        return ""
    return r"(?=\S{0,60}[^\w\s-]|\S{0,60}_)" + "".join(
        one if one.isascii() else f"(?:{_GAP}|{re.escape(fold_word(one))})" for one in part
    )


def _restored(part: str) -> str:
    """A part in which letters are gone, as it was before; empty where none are."""
    if not _GONE.search(part) or not _GONE.sub("", part).replace("-", "").isalpha():
        return ""
    return "".join(r"[^\W\d_]{1,2}" if _GONE.match(one) else re.escape(one) for one in part)


def find_miscoded(text: str) -> Iterator[Span]:
    """The runs of a text that are written in another character set."""
    if not text.isascii():
        for match in _RUN.finditer(text):
            yield Span(*match.span(), "unknown", "text in another character set", 0.7)
