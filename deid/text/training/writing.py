"""How names and strings are written: orders and separators, capitals, accents, and what recognition misreads."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from deid.text.ner.tagger import NOTHING

if TYPE_CHECKING:
    from random import Random

Piece = tuple[str, str]
_ORDERS = (
    (14, "{last}, {first}"), (10, "{last},{first}"), (12, "{last} {first}"), (22, "{first} {last}"),
    (8, "{last}^{first}"), (5, "{last}^{first}^{m}"), (2, "{last}^{first}^^{title}"), (6, "{first} {m}. {last}"),
    (4, "{first} {m} {last}"), (4, "{last}, {first} {m}"), (3, "{last} {first} {m}"), (5, "{i}. {last}"),
    (4, "{i} {last}"), (4, "{last} {i}"), (3, "{last}, {i}."), (2, "{last}_{first}"), (1, "{last}-{first}"),
    (1, "{last}/{first}"), (1, "{first}.{last}"), (2, "{i}.{m}. {last}"), (1, "{last} {first} Jr"),
    (1, "{first} {last} MD"), (1, "{first} {last}, M.D."),
)  # fmt: skip
_LOOKALIKES = {
    "O": "0",
    "o": "0",
    "I": "1",
    "l": "1",
    "S": "5",
    "B": "8",
    "i": "l",
    "e": "c",
    "a": "o",
    "m": "rn",
    "n": "r",
    "E": "F",
}
_SHARE_NOISY, _SHARE_MISREAD, _SHARE_DROPPED = 0.06, 0.06, 0.08
_SHARE_PLAIN, _SHARE_SPACED = 0.5, 0.05
_SHARE_CASED = 0.6
"""Names are seldom written in small letters, other strings more often."""
_STYLES = ("as it is", "capitals", "small", "names in capitals", "title")
_STYLE_WEIGHTS = (38, 42, 5, 8, 7)


class Writer:
    """Writes names and strings in one of the ways that occur."""

    def __init__(self, random: Random) -> None:
        self._random = random
        self._orders = [form for _, form in _ORDERS]
        self._weights = [weight for weight, _ in _ORDERS]

    def person(self, given: str, surname: str) -> str:
        """A name in one of the usual orders."""
        middle, title = self._random.choice("ABCDEFGHJKLMNPRSTW"), self._random.choice(("DR", "MD", "PROF"))
        form = self._random.choices(self._orders, self._weights)[0]
        return form.format(first=given, last=surname, i=given[0], m=middle, title=title)

    def write(self, pieces: list[Piece]) -> list[Piece]:
        """A string as a screen or a person writes it: its case, accents, blanks and misread letters."""
        plain = self._random.random() < _SHARE_PLAIN
        style = self._random.choices(_STYLES, _STYLE_WEIGHTS)[0]
        noisy = self._random.random() < _SHARE_NOISY
        if style == "small" and any(label != NOTHING for _, label in pieces) and self._random.random() < _SHARE_CASED:
            style = "as it is"
        blank = "  " if self._random.random() < _SHARE_SPACED else " "
        return [
            (self._styled(text, label, style, plain=plain, noisy=noisy).replace(" ", blank), label)
            for text, label in pieces
        ]

    def _styled(self, text: str, label: str, style: str, *, plain: bool, noisy: bool) -> str:
        if plain:
            text = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
        match style:
            case "capitals":
                text = text.upper()
            case "small":
                text = text.lower()
            case "names in capitals" if label != NOTHING:
                text = text.upper()
            case "title" if label == NOTHING:
                text = text.title()
        return self._misread(text) if noisy else text

    def _misread(self, text: str) -> str:
        """Some letters as recognition takes them, some blanks lost."""
        read = []
        for character in text:
            if character == " " and self._random.random() < _SHARE_DROPPED:
                continue
            misread = self._random.random() < _SHARE_MISREAD
            read.append(_LOOKALIKES.get(character, character) if misread else character)
        return "".join(read)
