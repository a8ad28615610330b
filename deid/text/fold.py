"""Folding: the form in which texts are compared, with the way back to the original characters.

Folding takes away what hides a name from a comparison but not from a reader: case, accents (NFKD), letters of other
scripts that look Latin, full-width forms, zero-width and bidirectional marks, control characters.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

# Letters that NFKD leaves alone.
_LETTERS = str.maketrans({
    "ø": "o", "ł": "l", "đ": "d", "ð": "d", "æ": "ae", "œ": "oe", "ı": "i", "þ": "th", "ħ": "h", "ŧ": "t", "ŋ": "n",
    "ƀ": "b", "ⱥ": "a", "ȼ": "c", "ɇ": "e", "ɨ": "i", "ɉ": "j", "ƚ": "l", "ꝑ": "p", "ɍ": "r", "ʉ": "u", "ɏ": "y",
    "ƶ": "z",
    "ƒ": "f", "ɑ": "a", "ɡ": "g", "ӏ": "l", "’": "'", "‘": "'", "ʼ": "'", "´": "'", "`": "'", "′": "'",
    "‐": "-", "‑": "-", "‒": "-", "–": "-", "—": "-", "−": "-", "⁄": "/", "∕": "/",
})  # fmt: skip
# Cyrillic and Greek letters by the Latin letter that their capital looks like; small capitals, Armenian and Cherokee
# letters by the one they look like; the letters that flags are made of.
_LOOKALIKES = str.maketrans(
    "авекмнорстухіјѕԁԛԝһӏαβεζηικμνορτυχᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘʀꜱᴛᴜᴠᴡʏᴢօսհոյզցᎪᏴᏟᎠᎬᏀᎻᎥᎫᏦᏞᎷᏢᎡᏚᎢᏙᎳᏃ"
    + "".join(map(chr, range(0x1F1E6, 0x1F200))),
    "abekmhopctyxijsdqwhlabezhikmnoptyxabcdefghijklmnoprstuvwyzouhnjqgabcdeghijklmprstvwzabcdefghijklmnopqrstuvwxyz",
)
_MARKS = ("Mn", "Me", "Cf", "Cs", "Co", "Cn")
_BLANKS = ("Cc", "Zs", "Zl", "Zp")


@lru_cache(maxsize=65536)
def _fold_character(character: str) -> str:
    if character in "\n\r":
        return "\n"
    folded = []
    for part in unicodedata.normalize("NFKD", character).casefold().translate(_LETTERS):
        category = unicodedata.category(part)
        if category in _BLANKS:
            folded.append(" ")
        elif category == "Nd":
            folded.append(str(unicodedata.digit(part)))
        elif category not in _MARKS:
            folded.append(part)
    return "".join(folded).translate(_LOOKALIKES)


_ASCII = str.maketrans({code: "\n" if chr(code) in "\n\r" else " " for code in (*range(32), 127)} | {"`": "'"})
_SQUEEZE = str.maketrans(dict.fromkeys(chr(code) for code in range(128) if not chr(code).isalnum()))


def fold_word(word: str) -> str:
    """The folded form of a single word; punctuation stays."""
    if word.isascii():
        return word.lower().translate(_ASCII)
    return "".join(map(_fold_character, word))


class Folded:
    """A text and its folded form. Positions in `text` are turned into places in the original by `place`."""

    def __init__(self, source: str) -> None:
        self.source = source
        self._origin: Sequence[int]
        if source.isascii():
            self.text = source.lower().translate(_ASCII)
            self._origin = range(len(source))
        else:
            parts = [_fold_character(character) for character in source]
            self.text = "".join(parts)
            self._origin = [index for index, part in enumerate(parts) for _ in part]

    def place(self, start: int, end: int) -> tuple[int, int]:
        """The range of original characters of the folded range [start, end), with the marks that follow it."""
        origin = self._origin
        last = origin[end - 1] + 1
        after = origin[end] if end < len(origin) else len(self.source)
        return origin[start], max(last, after)

    def written(self, start: int, end: int) -> str:
        """The original of the folded range [start, end), see `place`."""
        first, last = self.place(start, end)
        return self.source[first:last]

    def back(self, start: int, end: int) -> tuple[int, int]:
        """The folded range of the original range [start, end)."""
        return bisect_left(self._origin, start), bisect_left(self._origin, end)

    @cached_property
    def squeezed(self) -> str:
        """Letters and digits of the folded text only."""
        if self.text.isascii():
            return self.text.translate(_SQUEEZE)
        return "".join(filter(str.isalnum, self.text))

    @cached_property
    def positions(self) -> list[int]:
        """For each character of `squeezed`, its position in the folded text."""
        return [index for index, character in enumerate(self.text) if character.isalnum()]


@lru_cache(maxsize=64)
def fold_text(source: str) -> Folded:
    """The folded text; the same object for those who ask soon again."""
    return Folded(source)


# What optical character recognition takes for one another, reduced to one letter of each group.
_CONFUSED = str.maketrans("01|!58i", "olllsbl")
_DIGIT_RUN = re.compile(r"[0-9oilsbzg|!]{2,64}")
_DIGITS = str.maketrans("oilsbzg|!", "011582611")


def blur(squeezed: str) -> str:
    """A squeezed text with characters that OCR confuses made equal, of the same length (0/O, 1/I/l, 5/S, 8/B)."""
    return squeezed.translate(_CONFUSED)


def as_digits(text: str) -> str:
    """A folded text in which letters that stand for digits among digits are made digits, of the same length."""
    return _DIGIT_RUN.sub(_repair, text)


def _repair(match: re.Match[str]) -> str:
    run = match.group()
    digits = sum(map(str.isdigit, run))
    return run.translate(_DIGITS) if 0 < digits < len(run) <= 2 * digits + 1 else run
