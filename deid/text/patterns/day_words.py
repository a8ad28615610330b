"""Dates spelt out in words: `the fifth of March`, `fünfter März 2018`, `cinco de marzo`."""

from __future__ import annotations

from functools import lru_cache

from deid.text.fold import fold_word
from deid.text.words.vocabulary import read_sections

_TENS, _ONES = "(?:twen|thir|for|fif|six|seven|eigh|nine)ty", "(?:one|two|three|four|five|six|seven|eight|nine)"
YEAR_IN_WORDS = (
    rf"(?:(?:nineteen|twenty)[ -](?:oh[ -])?(?:ten|eleven|twelve|[a-z]{{3,5}}teen|(?:{_TENS}[ -]?)?{_ONES}?)"
    r"|two thousand(?:(?: and)? [a-z]{3,9}(?:[ -][a-z]{3,5})?)?)"
)
"""A year as it is said in English; where it stands at all, after a day in words, nothing else can."""


@lru_cache(maxsize=1)
def day_words() -> dict[str, int]:
    """The words for the days of a month, folded, with blanks for what joins them."""
    table = (line.split() for line in read_sections("day_words.txt")["days"])
    return {fold_word(word).replace("_", " "): int(number) for number, *words in table for word in words}


def day_expression() -> str:
    """An alternation of all of them, the longest first."""
    words = sorted(day_words(), key=lambda word: (-len(word), word))
    return "(?P<dayword>" + "|".join(word.replace(" ", "[ -]") for word in words) + ")"
