"""What the training lines say: a third clinical and names, a third settings with values, a third nothing at all.

The reader is to read what stands there. One that knew words would read a technologist's initials as a label, so in all
thirds are letters and digits that make no word, and the net sees but a letter or two to each side.
"""

from __future__ import annotations

import string
import unicodedata
from typing import TYPE_CHECKING

from deid.pixels.ocr.small_print import ALPHABET
from deid.text.training.sources import load_sources
from deid.text.training.strings import StringMaker

if TYPE_CHECKING:
    from random import Random

LONGEST = 22
_UPPER, _LOWER, _DIGITS = string.ascii_uppercase, string.ascii_lowercase, string.digits
_RARE = "!#%&'()*+,-./:;<=>?@[]^_"
_ALL = _UPPER + _LOWER + _DIGITS + _RARE
_KINDS = (_UPPER, _UPPER, _LOWER, _DIGITS, _UPPER + _DIGITS, _UPPER + _LOWER, _ALL)
_UNITS = ("", "", "", "mm", "cm", "%", "Hz", "kHz", "s", "ms", "kV", "mA", "dB", "cm/s", "bpm", "MHz", "deg")


class Texts:
    """Makes texts; the same random state gives the same ones."""

    def __init__(self, random: Random, *, held_out: bool) -> None:
        """Take names and clinical words from one side of the split that the NER model has."""
        self._random = random
        self._maker = StringMaker(load_sources(held_out=held_out), random, held_out=held_out)
        self._makers = (self._written, self._setting, self._anything)

    def begin(self, step: int) -> None:
        """Begin anew: what is made from here on depends on the step only."""
        self._random.seed(step)

    def make(self, longest: int = LONGEST) -> str:
        """The next text, of letters of the alphabet, without blanks at its ends."""
        while True:
            text = plain(self._random.choice(self._makers)())[:longest].strip()
            if text:
                return text

    def _written(self) -> str:
        """A part of what may stand in a header: names, dates, IDs, clinical words."""
        words = self._maker.make().text.split()
        first = self._random.randrange(max(len(words), 1))
        text = " ".join(words[first : first + self._random.randint(1, 4)])[:LONGEST]
        return text.upper() if maybe(self._random, 0.6) else text

    def _setting(self) -> str:
        random = self._random
        name = self._some(random.choice((_UPPER, _UPPER, _UPPER + _LOWER, _LOWER)), 1, 5)
        name = name.capitalize() if maybe(random, 0.3) else name
        value = self._some(_DIGITS, 1, 4)
        if maybe(random, 0.4):
            value += random.choice((".", ".", "/", ":", "-", " x ", "/")) + self._some(_DIGITS, 1, 4)
        value = random.choice(("", "", "", "-", "+")) + value
        return (
            name
            + random.choice((" ", " ", ": ", ":", "=", ""))
            + value
            + random.choice(("", " "))
            + random.choice(_UNITS)
        )

    def _anything(self) -> str:
        random = self._random
        kinds = random.choice(_KINDS)
        return " ".join(self._some(kinds, 1, 8) for _ in range(random.choice((1, 1, 1, 2, 3))))[:LONGEST]

    def _some(self, kinds: str, least: int, most: int) -> str:
        return "".join(self._random.choices(kinds, k=self._random.randint(least, most)))


def maybe(random: Random, share: float) -> bool:
    """Yes, so often."""
    return random.random() < share


def plain(text: str) -> str:
    """A text in the letters of the alphabet: without accents, and without what is not in it."""
    bare = unicodedata.normalize("NFKD", text)
    return " ".join("".join(letter for letter in bare if letter in ALPHABET).split())[:LONGEST].strip()
