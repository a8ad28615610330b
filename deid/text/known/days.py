"""Finding known days in a text, however they are written."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from deid.identity.known_values import ValueKind
from deid.text.patterns.dates import find_dates
from deid.text.spans import Span

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from deid.text.fold import Folded

_SHORT_DAY = re.compile(
    r"(?<![\w.,:/-])(?:[0-9]{6}|[0-9]{2}([ ./-])[0-9]{2}\1[0-9]{2}|[0-9]{2}/[0-9]{2}|[0-9]{2}\.[0-9]{2}\.)"
    r"(?![\w:/-])(?!\.[0-9])"
)


_SIX_DIGITS = re.compile(r"(?<![0-9])(?<![0-9][.,:/-])[0-9]{6}(?![0-9])(?![.,:/-][0-9])")
_SIX = ("%d%m%y", "%m%d%y", "%y%m%d")
_RUN = re.compile(r"(?<![0-9])(?<![0-9]\.)[0-9]{9,}")
"""Digits that go on behind a day, as in numbers made from the time and a counter: `20220430001`."""


def find_days(folded: Folded, text: str, days: Mapping[date, ValueKind]) -> list[Span]:
    """Dates in `text` (the folded text or a variant of the same length) that can be one of `days`."""
    spans = [
        _span(folded, *match.span(), kind)
        for match in _RUN.finditer(text)
        for day, kind in days.items()
        if match.group().startswith(f"{day:%Y%m%d}")
    ]
    for hit in find_dates(text):
        kinds = sorted(days[day] for day in days if day in hit.days or (day.month, day.day) == hit.month_day)
        if kinds:
            spans.append(_span(folded, hit.start, hit.end, kinds[0]))
    return spans


def find_short_days(folded: Folded, days: Mapping[date, ValueKind]) -> list[Span]:
    """Days as they are written where room is short: `130947`, `470913`, `47.09.13`, `13.09.`, `13/09`."""
    spans = []
    for match in _SHORT_DAY.finditer(folded.text):
        digits = "".join(filter(str.isdigit, match.group()))
        kinds = sorted(days[day] for day in days if digits in _short_forms(day))
        if kinds:
            spans.append(_span(folded, *match.span(), kinds[0]))
    return spans


def find_short_births(folded: Folded, days: Mapping[date, ValueKind]) -> list[Span]:
    """Days of birth in six digits, where the text has letters, too: `130947` by itself is a time of day as well."""
    births = {f"{day:{form}}" for day, kind in days.items() if kind is ValueKind.BIRTH_DATE for form in _SIX}
    if not births or not any(map(str.isalpha, folded.text)):
        return []
    found = (match.span() for match in _SIX_DIGITS.finditer(folded.text) if match.group() in births)
    return [_span(folded, *place, ValueKind.BIRTH_DATE) for place in found]


@lru_cache(maxsize=4096)
def _short_forms(day: date) -> frozenset[str]:
    return frozenset(day.strftime(form) for form in (*_SIX, "%d%m", "%m%d"))


def _span(folded: Folded, start: int, end: int, kind: ValueKind) -> Span:
    return Span(*folded.place(start, end), "known", f"known {kind.value}", 1.0)
