"""Clinical words that are to be expected by what stands with them.

So are a setting before its number, half of a compound, and a part of the body behind its side. Print of few pixels has
the same V and Y, or E and B: `FOY 240mm`, `SBMI-ERECT`. So the letters tell little, and what stands beside them more:
before a length stands no name.
"""

from __future__ import annotations

import math
import re

from deid.pixels.ocr.sides import SIDES
from deid.text.words.vocabulary import is_hardly_a_name, load_vocabulary

_SETTING = re.compile(
    r"(?P<name>[A-Za-z]{3,6})(?: [A-Z])?[ :]{1,2}"
    r"(?:-?[0-9]{1,3}(?:\.[0-9]{1,2})?|[a-z][0-9]{1,4}|[A-Z][0-9]{2}[a-z])"  # also `b1000`, and a kernel: `B30f`
    r"(?: ?(?!kg|lbs?|y)(?P<unit>[A-Za-z%]{1,3}))?"  # a weight and an age are a person's
)
_UNITS = frozenset({"mm", "cm", "kv", "kvp", "ma", "mas", "ms", "sec", "hz", "khz", "mhz", "db", "%"})
"""Of numbers before which no name stands."""
_ODD = re.compile(r"[a-z][A-Z][a-z] ")
"""Written as no name is, but as a unit: `kYp 85`."""
_COMPOUND = re.compile(r"([A-Za-z]{3,})-([A-Za-z]{4,})")
_SIDED = re.compile(r"(?P<side>[A-Z]{1,5})[ .](?P<part>[A-Za-z]{5,})")
_AS_SETTING, _IF_ODD, _WITH_UNIT, _AS_COMPOUND, _AS_SIDED = 0.001, 0.00001, 1e-8, 0.01, 0.5
"""How likely such a word must be against what was read, and against the likeliest text of all. With a unit, the letters
must but look alike."""


def least_odds(text: str, read: str) -> float:
    """How likely a text must be to be taken for one with an expected word; infinity where it has none.

    Args:
        text: With a clinical word.
        read: What was read, without it.
    """
    return min(_of_setting(text, read), _of_compound(text, read), _of_sided(text, read))


def _of_setting(text: str, read: str) -> float:
    """The same for a setting with its number; none of which a common name was read, but with a unit."""
    setting, word = _SETTING.fullmatch(text), read.partition(" ")[0].rstrip(":").lower()
    if setting is None or not is_hardly_a_name(setting["name"].lower()):
        return math.inf
    if (setting["unit"] or "").lower() in _UNITS and len(word) == len(setting["name"]):
        return _WITH_UNIT
    if load_vocabulary().is_name(word):
        return math.inf
    return _IF_ODD if _ODD.match(read) else _AS_SETTING


def _of_compound(text: str, read: str) -> float:
    """The same for two of radiology's words joined, of which one was read."""
    words, own = _COMPOUND.fullmatch(text), _COMPOUND.fullmatch(read)
    if words is None or own is None or not set(words.groups()) & set(own.groups()):
        return math.inf
    return _AS_COMPOUND if all(is_hardly_a_name(word.lower()) for word in words.groups()) else math.inf


def _of_sided(text: str, read: str) -> float:
    """The same for a longer word of radiology's behind a side, where no common name was read: `LEFT KIINEY`."""
    words, own = _SIDED.fullmatch(text), _SIDED.fullmatch(read)
    if words is None or own is None or words["side"] not in SIDES or own["side"] != words["side"]:
        return math.inf
    is_name = load_vocabulary().is_name(own["part"].lower())
    return _AS_SIDED if is_hardly_a_name(words["part"].lower()) and not is_name else math.inf
