"""Dates on lines of pixels of which small print lost or changed a digit or a letter: `JAN 01, 207`, `20 EB 2020`.

A calendar day can't be read from them, but they tell most of it. Everything is of folded text.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from rapidfuzz.distance import Levenshtein

from deid.text.lazily import compile_lazily
from deid.text.patterns.dates import MONTH_NAMES

if TYPE_CHECKING:
    from collections.abc import Iterator

_MONTH = rf"(?:{'|'.join(sorted(MONTH_NAMES, key=len, reverse=True))})"
_DAY = "(?:[0-2]?[0-9]|3[01])"
_YEAR = "(?:19|20)[0-9]{2}"
_GAP = r"[ \t]?[-/., ]?[ \t]?"
_BROKEN = tuple(
    compile_lazily(form)
    for form in (
        # A year of three digits.
        rf"(?<![a-z]){_MONTH}[ .]{{0,2}}{_DAY}, ?[0-9]{{3}}(?![0-9:.])",
        rf"(?<![a-z0-9.]){_DAY}[-/ ]?{_MONTH}[-/ .]{{0,2}}[0-9]{{3}}(?![0-9:.])",
        r"(?<![\w./-])[0-3][0-9]([-/])[0-3][0-9]\1(?:[0-9]{1,2}|[0129][0-9]{2})(?![\w/-])(?!\.[0-9])",
        r"(?<![\w./-])[0-3][0-9]\.[0-3][0-9]\.[0-9]{3}(?![\w./-])",
        # A day or month of one digit behind the year, where two were.
        rf"(?<![\w./-]){_YEAR}([-/])[0-9]{{1,2}}\1[0-9](?![\w/-])(?!\.[0-9])",
    )
)
_DAY_FIRST = compile_lazily(rf"(?<![a-z0-9.]){_DAY}{_GAP}(?P<month>[a-z][a-z0-9]{{1,9}}){_GAP}{_YEAR}(?![0-9])")
_DAY_GLUED = compile_lazily(rf"(?<![a-z0-9.])[0-3oil][osilbz](?P<month>[a-z][a-z0-9]{{2,9}}){_GAP}{_YEAR}(?![0-9])")
"""`1SOec 2004`: the day's second digit misread, and the month."""
_MONTH_FIRST = compile_lazily(rf"(?<![a-z0-9])(?P<month>[a-z][a-z0-9]{{1,9}})[ .]{{0,2}}{_DAY}, ?{_YEAR}(?![0-9])")
_SHORTEST_OF_TWO = 6
_NUMBER_HINT = re.compile(r"[0-9]")


def find_broken_dates(text: str) -> Iterator[tuple[int, int]]:
    """Ranges of a folded line, as misread or with its digits repaired; they can overlap."""
    if not _NUMBER_HINT.search(text):
        return
    for form in _BROKEN:
        yield from (match.span() for match in form.finditer(text))
    for form in (_DAY_FIRST, _DAY_GLUED, _MONTH_FIRST):
        yield from (match.span() for match in form.finditer(text) if _is_nearly_month(match["month"]))


@lru_cache(maxsize=4096)
def _is_nearly_month(word: str) -> bool:
    """Whether one letter of a month (two of a long name) is lost, added or another."""
    least = 2 if len(word) >= _SHORTEST_OF_TWO else 1
    return any(Levenshtein.distance(word, month, score_cutoff=least) <= least for month in MONTH_NAMES)
