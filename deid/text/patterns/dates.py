"""Dates as people, scanners and reports write them: found in folded text and read into calendar days.

A date can be ambiguous (09/11/2013) or lack its century or day: a hit lists every day it may mean.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from deid.text.fold import fold_word
from deid.text.lazily import compile_lazily
from deid.text.patterns.day_words import YEAR_IN_WORDS, day_expression, day_words

if TYPE_CHECKING:
    from collections.abc import Iterator

_MONTHS = (
    "jan january januar janner janvier janv enero ene gennaio gen januari janeiro",
    "feb february februar feber fevrier fevr febrero febbraio februari fevereiro fev",
    "mar march marz maerz mrz mars marzo maart mrt marco",
    "apr april avril avr abril abr aprile",
    "may mai mayo maggio mag mei maio",
    "jun june juni juin junio giugno giu junho",
    "jul july juli juillet juil julio luglio lug julho",
    "aug august aout agosto ago augustus",
    "sep sept september septembre septiembre settembre set setembro",
    "oct october oktober okt octobre octubre ottobre ott outubro out",
    "nov november novembre noviembre novembro",
    "dec december dezember dez decembre diciembre dic dicembre dezembro",
)
_MONTH_OF = {name: number for number, names in enumerate(_MONTHS, 1) for name in names.split()}
# Words of other meaning that need more than one number beside them to be a month.
_DOUBTFUL = frozenset("mar may mai mag gen set out oct sep dec mars dic ago abr mei nov".split())  # noqa: SIM905
_VERBS = frozenset({"may", "mar", "set", "out"})
"""Words that stand after `first` or `second` in other meanings."""
_MONTH = "(?P<month>" + "|".join(sorted(_MONTH_OF, key=len, reverse=True)) + ")"
_LAST_DAY = 31
_LEAP_YEAR = 2024
_ROMAN = dict(zip("i ii iii iv v vi vii viii ix x xi xii".split(), range(1, 13), strict=True))  # noqa: SIM905
_WORD_MONTH = rf"(?<![a-z]){_MONTH}(?![a-z])"
_WORD_DAY = rf"(?<![a-z]){day_expression()}(?![a-z])"
_WORD_YEAR = rf"(?:,? ?(?:(?:of|de|del|do|the year|in) )?(?P<yearword>{YEAR_IN_WORDS})(?![a-z]))"
_GAP = r"[ \t]{0,2}[-/.,_^]{0,2}[ \t]{0,2}(?:d[eo]l? |of )?"
_DAY = r"(?P<day>[0-3]?[0-9])(?:st|nd|rd|th|er|o)?"
_SHORT, _WHOLE = "[0-3]?[0-9]", "[0-3][0-9]"
_YEAR = r"(?P<year>(?:1[89]|20)[0-9]{2})"
_ANY_YEAR = r"(?P<year>(?:1[89]|20)[0-9]{2}|'?[0-9]{2})"
_SEPARATOR = r"[ \t]{0,2}[-/._: ^][ \t]{0,2}"
_FREE = r"(?<![0-9])(?<![0-9]\.)"
_COMMA = r"(?:[ \t]{0,2},[ \t]{0,2}|[ \t]{1,2}')"
_END = r"(?![0-9])(?!\.[0-9])"
_LAST = rf"{_END}(?![-/])"
YEAR_SIGN, MONTH_SIGN, DAY_SIGN = (f"(?:{'|'.join(map(fold_word, signs))})" for signs in ("年년", "月월", "日号일"))
"""Year, month and day in Chinese, Japanese and Korean."""
_TIME_OF_DAY = r"(?:t?(?:[01][0-9]|2[0-3])[0-5][0-9](?:[0-5][0-9](?:\.?[0-9]{1,6})?)?)?"

# A day without its year, after a word that announces one: a number `3/5` can be much else.
_ANNOUNCED_DAY = (
    r"(?<![a-z0-9])(?:on|am|vom|le|du|el|il|op|em|dated|dd\.?|d\.|since|seit|depuis|desde) (?P<partial>)"
    r"(?P<first>[0-3]?[0-9])(?P<s1>[/.])(?P<second>[0-3]?[0-9])\.?(?![\w/%.])(?! ?[a-z]{2,20}s(?![a-z]))"
)
_SPELT_DAY = rf"{_WORD_DAY}[ -](?:of |de |di |d')?{_WORD_MONTH}"
_MONTH_FORMS = tuple(
    compile_lazily(form)
    for form in (
        rf"{_FREE}{_DAY}{_GAP}(?<![a-z]){_MONTH}(?![a-z]){_GAP}{_ANY_YEAR}(?![0-9])",
        rf"{_WORD_MONTH}{_GAP}{_DAY}{_GAP}{_YEAR}(?![0-9])",
        rf"{_WORD_MONTH}[ \t.]{{1,3}}{_DAY}{_COMMA}{_ANY_YEAR}(?![0-9:.])",
        rf"{_FREE}{_YEAR}{_GAP}{_MONTH}(?![a-z]){_GAP}{_DAY}(?![0-9])",
        rf"(?<![a-z0-9]){_MONTH}(?![a-z]){_GAP}(?P<partial>){_YEAR}(?![0-9])",
        rf"{_FREE}(?<![a-z])(?P<partial>){_DAY}[ \t.-]{{0,3}}{_MONTH}(?![a-z0-9])",
        rf"(?<![a-z0-9])(?P<partial>){_MONTH}[ \t.-]{{1,3}}{_DAY}(?![a-z0-9/])(?![.:][0-9])",
        rf"{_SPELT_DAY}(?:,?[ -](?:of |de |del |do )?{_YEAR}(?![0-9])|{_WORD_YEAR})?",
        rf"{_WORD_MONTH}[ -](?:the )?{_WORD_DAY}(?:,?[ -](?:of )?{_YEAR}(?![0-9])|{_WORD_YEAR})?",
    )
)
"""Dates with the name of a month."""
_NUMBER_FORMS = tuple(
    compile_lazily(form)
    for form in (
        rf"{_FREE}{_YEAR}(?P<s1>{_SEPARATOR})(?P<month>[01]?[0-9])(?P<s2>{_SEPARATOR})(?P<day>[0-3]?[0-9]){_END}",
        rf"{_FREE}(?P<first>[0-3]?[0-9])(?P<s1>{_SEPARATOR})(?P<second>[0-3]?[0-9])(?P<s2>{_SEPARATOR}){_YEAR}{_END}",
        rf"{_FREE}(?P<first>{_SHORT})(?P<s1>[-/.])(?P<second>{_SHORT})(?P<s2>(?P=s1))(?P<year>[0-9]{{2}}){_LAST}",
        rf"{_FREE}(?P<first>{_WHOLE})(?P<s1>[-/.]) ?(?P<second>{_WHOLE})(?P<s2>(?P=s1)) ?(?P<year>[0-9]{{2}}){_LAST}",
        rf"{_FREE}{_YEAR}(?P<month>0[1-9]|1[0-2])(?P<day>0[1-9]|[12][0-9]|3[01]){_TIME_OF_DAY}(?![0-9])",
        rf"{_FREE}{_YEAR} ?{YEAR_SIGN} ?(?P<month>[01]?[0-9]) ?{MONTH_SIGN} ?(?P<day>[0-3]?[0-9]) ?{DAY_SIGN}",
        rf"{_FREE}(?P<first>[0-3][0-9])(?P<second>[0-3][0-9])(?P<joined>){_YEAR}(?![0-9])",
        rf"{_FREE}(?<![a-z/])(?P<partial>)(?P<month>0?[1-9]|1[0-2])/{_YEAR}{_END}(?!/)",
        r"(?<![\w.:/-])(?P<partial>)(?P<iso>(?:19|20)[0-9]{2}-?w[0-5][0-9](?:-?[1-7])?)(?![\w-])",
        rf"(?<![\w.:/-])(?P<partial>){_YEAR}-(?P<month>0[1-9]|1[0-2])(?![\w-])(?!\.[0-9])",
        rf"(?<![\w.:/-])(?P<partial>)(?P<month>0[1-9]|1[0-2])-{_YEAR}(?![\w-])(?!\.[0-9])",
        rf"{_FREE}{_DAY}(?P<s1>[-/.]) ?(?P<month>[ivx]{{1,4}})(?P=s1) ?{_ANY_YEAR}(?![0-9a-z])",
        _ANNOUNCED_DAY,
    )
)
"""Dates in numbers only."""
MONTH_NAMES = frozenset(_MONTH_OF)
"""All names and abbreviations of months, folded."""
SHORT_MONTHS = tuple(names.split()[0] for names in _MONTHS)
"""Each month in its three English letters."""
_MISREAD_MONTH = re.compile(
    r"(?<![a-z])(?:(?<=[-/. ])|(?<![0-9]))(?:[a-z]{2}[0-9]|[a-z][0-9][a-z]|[0-9][a-z]{2})(?![a-z])"
)
_MONTH_HINT = re.compile(_MONTH)
_NUMBER_HINT = re.compile(r"[0-9]{4}|[0-9][-/. ]{1,3}(?:[0-9]|[ivx]{1,4}[-/.])")


@dataclass(frozen=True, slots=True)
class DateHit:
    """A date in folded text: its range, the calendar days it may mean, and whether it can hardly be anything else."""

    start: int
    end: int
    days: frozenset[date]
    certain: bool
    month_day: tuple[int, int] | None = None
    """Month and day of a date without its year."""


def find_dates(text: str) -> list[DateHit]:
    """Every date in folded text. Hits can overlap; the time of a DICOM DT belongs to its date."""
    forms = (*(_MONTH_FORMS if _MONTH_HINT.search(text) else ()), *(_NUMBER_FORMS if _NUMBER_HINT.search(text) else ()))
    return [hit for form in forms for match in form.finditer(text) if (hit := _read(match)) is not None]


def as_months(text: str) -> str:
    """A folded text in which months of three letters, one or two of them read as digits, are made right: `0ct`."""
    return _MISREAD_MONTH.sub(lambda match: _month_like(match.group()) or match.group(), text)


def _month_like(word: str) -> str | None:
    return next(
        (month for month in SHORT_MONTHS if all(a == b or a.isdigit() for a, b in zip(word, month, strict=True))), None
    )


def month_stems(month: int) -> frozenset[str]:
    """The first three letters of all names of a month: a text without any of them does not name it."""
    return frozenset(name[:3] for name in _MONTHS[month - 1].split())


def parse_day(value: str) -> date | None:
    """The calendar day of a DICOM DA or DT value (`YYYYMMDD…`, the old `YYYY.MM.DD`), or None."""
    digits = value.strip().replace(".", "").replace("-", "")[:8]
    if len(digits) != 8 or not digits.isascii() or not digits.isdigit():  # noqa: PLR2004 - YYYYMMDD
        return None
    return next(_days([int(digits[:4])], [(int(digits[4:6]), int(digits[6:]))]), None)


def is_day(year: int, month: int, day: int) -> bool:
    """Whether there is such a day, in either century if its year has but two digits."""
    return next(_days([year, 1900 + year, 2000 + year], [(month, day)]), None) is not None


def _read(match: re.Match[str]) -> DateHit | None:
    groups = match.groupdict()
    month = groups.get("month")
    if "dayword" in groups:
        return _read_words(match, groups)
    if "partial" in groups:
        return _read_partial(match, groups)
    years = _years(groups["year"] or "")
    if "first" in groups:
        first, second = int(groups["first"] or 0), int(groups["second"] or 0)
        pairs = [(first, second), (second, first)]
    else:
        number = _MONTH_OF.get(month or "") or _ROMAN.get(month or "") or int(month or 0)
        pairs = [(number, int(groups["day"] or 0))]
    days = frozenset(_days(years, pairs))
    blank = all(not (groups.get(gap) or "").strip() for gap in ("s1", "s2")) and ("s1" in groups or "joined" in groups)
    return DateHit(match.start(), match.end(), days, not blank) if days else None


def _read_words(match: re.Match[str], groups: dict[str, str | None]) -> DateHit | None:
    """A date whose day is spelt out; `may first` and the like are one only with a year."""
    month, day = groups["month"] or "", day_words()[(groups["dayword"] or "").replace("-", " ")]
    pair = (_MONTH_OF[month], day)
    if groups["year"]:
        days = frozenset(_days(_years(groups["year"]), [pair]))
        return DateHit(match.start(), match.end(), days, certain=True) if days else None
    if not groups["yearword"] and month in _VERBS:
        return None
    return DateHit(match.start(), match.end(), frozenset(), certain=True, month_day=pair)


def _read_partial(match: re.Match[str], groups: dict[str, str | None]) -> DateHit | None:
    if "first" in groups:
        first, second = int(groups["first"] or 0), int(groups["second"] or 0)
        real = any(_days([_LEAP_YEAR], [(first, second), (second, first)]))
        return DateHit(match.start("first"), match.end(), frozenset(), certain=True) if real else None
    day, pair = groups.get("day"), None
    if day is not None:
        if not 0 < int(day) <= _LAST_DAY:
            return None
        pair = _MONTH_OF[groups["month"] or ""], int(day)
    doubtful = day is not None and groups["month"] in _DOUBTFUL and match.start("month") < match.start("day")
    return DateHit(match.start(), match.end(), frozenset(), certain=not doubtful, month_day=pair)


def _years(text: str) -> list[int]:
    digits = text.lstrip("'")
    return [int(digits)] if len(digits) > 2 else [1900 + int(digits), 2000 + int(digits)]  # noqa: PLR2004


def _days(years: list[int], pairs: list[tuple[int, int]]) -> Iterator[date]:
    for year in years:
        for month, day in pairs:
            try:
                yield date(year, month, day)
            except ValueError:
                continue
