"""Shifting dates by whole days (PS3.15 E.3.6, modified longitudinal information): intervals stay, the days do not.

Only a full, valid date can be shifted: `YYYYMMDD`, the `YYYY.MM.DD` of ACR-NEMA (PS3.5 6.2), a date-time with any
fraction and time zone, and ranges of these. A date-time cut to the year or the month (PS3.5 6.2 allows both) has no day
to count from; what is invalid has none either. For them the answer is None, and the caller takes the value away: an
original is never handed back. Times of day are not touched, so that a shifted date-time keeps its clock and zone.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Final

SECONDS_A_DAY: Final = 86_400
CLOCK_ORIGINS: Final = frozenset(
    map(
        date.fromisoformat,
        (
            "0001-01-01",
            "1601-01-01",
            "1800-01-01",
            "1858-11-17",
            "1899-12-30",
            "1899-12-31",
            "1900-01-01",
            "1901-01-01",
            "1904-01-01",
            "1969-12-31",
            "1970-01-01",
            "1980-01-01",
            "9999-12-31",
        ),
    )
)
"""Days that say only that nobody set the clock or filled in the date: where the calendars of computers begin and end.

Everybody knows them: moved, they would give the offset away, and with it all dates of the patient.
"""
_PADDING: Final = " \0"
_DATE: Final = re.compile(r"([0-9]{4})(\.?)([0-9]{2})\2([0-9]{2})")
_DATE_TIME: Final = re.compile(
    r"([0-9]{4})()([0-9]{2})([0-9]{2})"
    r"(?:(?:[01][0-9]|2[0-3])(?:[0-5][0-9](?:(?:[0-5][0-9]|60)(?:\.[0-9]{1,6})?)?)?)?"
    r"(?:[+-](?:0[0-9]|1[0-4])[0-5][0-9])?"
)
_ANY_DAY: Final = re.compile(r"(?<![0-9.])([0-9]{4})(\.?)([0-9]{2})\2([0-9]{2})")
_FIRST_PLAUSIBLE_YEAR: Final = 1900
_LAST_PLAUSIBLE_YEAR: Final = 2099


def shift_date(text: str, vr: str, days: int) -> str | None:
    """The date, date-time or range of them in `text`, `days` later; None when it is none.

    Args:
        text: One value; padding around it is dropped, its form stays.
        vr: `DA` or `DT`; for any other VR, such as the LO of a private attribute, the text may be either.
        days: Whole days, negative for the past; not 0, which would give the original back.

    Raises:
        ValueError: `days` is 0.
    """
    if days == 0:
        raise ValueError("a shift by 0 days keeps the original")
    value = text.strip(_PADDING)
    forms = {"DA": (_DATE,), "DT": (_DATE_TIME,)}.get(vr, (_DATE, _DATE_TIME))
    # A single value first: in 20100101-0500 the minus is that of a time zone.
    for form in forms:
        single = _shifted(value, form, days)
        if single is not None:
            return single
    return next((shifted for form in forms if (shifted := _shifted_range(value, form, days)) is not None), None)


def holds_clock_origin(text: str) -> bool:
    """Whether a date, date-time or range holds one of `CLOCK_ORIGINS`."""
    return any(_day(match) in CLOCK_ORIGINS for match in _ANY_DAY.finditer(text))


def is_plausible_date(number: str) -> bool:
    """Whether a number of 8 digits, such as a Series Number of 20181228, is a day of these two centuries."""
    match = _DATE.fullmatch(number.strip(_PADDING))
    if match is None or not _FIRST_PLAUSIBLE_YEAR <= int(match[1]) <= _LAST_PLAUSIBLE_YEAR:
        return False
    return _day(match) is not None


def _shifted_range(value: str, form: re.Pattern[str], days: int) -> str | None:
    """A range `a-b`, `a-` or `-b` (PS3.4 C.2.2.2.5), each end shifted."""
    for dash in (place for place, character in enumerate(value) if character == "-"):
        ends = [
            _shifted(end, form, days) if end else ""
            for end in (value[:dash].rstrip(" "), value[dash + 1 :].lstrip(" "))
        ]
        if None not in ends and any(ends):
            return "-".join(end or "" for end in ends)
    return None


def _shifted(value: str, form: re.Pattern[str], days: int) -> str | None:
    match = form.fullmatch(value)
    day = _day(match) if match is not None else None
    if match is None or day is None:
        return None
    try:
        new = day + timedelta(days=days)
    except OverflowError:
        return None
    separator = match[2]
    return f"{new.year:04d}{separator}{new.month:02d}{separator}{new.day:02d}{value[match.end(4) :]}"


def _day(match: re.Match[str]) -> date | None:
    try:
        return date(int(match[1]), int(match[3]), int(match[4]))
    except ValueError:
        return None
