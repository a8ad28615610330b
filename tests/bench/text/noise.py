"""What optical character recognition does to a line: confused characters, lost blanks and letters."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.bench.text.fill import Part

if TYPE_CHECKING:
    from random import Random

_CONFUSED = {
    "0": "O", "O": "0", "o": "0", "1": "Il", "I": "1l", "l": "1I", "i": "1l", "5": "S", "S": "5", "s": "5", "8": "B",
    "B": "8", "m": "rn", "Z": "2", "2": "Z", "G": "6", "6": "G", "e": "c", "c": "e", "u": "v", "E": "F", "D": "O",
}  # fmt: skip
_SHARE_CHARACTER, _SHARE_BLANK, _SHARE_LOST = 0.06, 0.12, 0.01


def misread(parts: tuple[Part, ...], random: Random) -> tuple[Part, ...]:
    """The pieces as an engine might read them; about one character in twelve is wrong, most look alike."""
    return tuple(Part(part.slot, "".join(_read(c, random) for c in part.text)) for part in parts)


def _read(character: str, random: Random) -> str:
    chance = random.random()
    if character == " ":
        return "" if chance < _SHARE_BLANK else " "
    if chance < _SHARE_LOST:
        return ""
    if chance < _SHARE_LOST + _SHARE_CHARACTER and character in _CONFUSED:
        options = _CONFUSED[character]
        return options if options == "rn" else random.choice(options)
    return character
