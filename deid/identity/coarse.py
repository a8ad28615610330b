"""Values made coarser, so that they single out fewer people: ages, dates and postcodes (45 CFR 164.514(b)(2))."""

from __future__ import annotations

import re
from datetime import date
from typing import Final

HIGHEST_AGE: Final = 89
CAPPED_AGE: Final = "090Y"
_PADDING: Final = " \0"
_AGE: Final = re.compile(r"([0-9]{1,3})([DWMY])")
_UNITS_A_YEAR: Final = {"D": 365.25, "W": 365.25 / 7, "M": 12, "Y": 1}
_DATE: Final = re.compile(r"([0-9]{4})(?:(\.?)([0-9]{2})(?:\2([0-9]{2}))?)?")
_TIME: Final = re.compile(r"(?:[0-9]{2}){0,3}(?:\.[0-9]{1,6})?(?:[+-][0-9]{4})?")
_POSTCODE: Final = re.compile(r"(?<![0-9A-Za-z])([0-9]{3})[0-9]{2}(?:-[0-9]{4})?(?![0-9A-Za-z])")
# Areas of at most 20,000 people by the 2000 census, as the US Department of Health and Human Services lists them in its
# guidance on de-identification.
_SMALL_AREAS: Final = frozenset(
    "036 059 063 102 203 556 692 790 821 823 830 831 878 879 884 890 893".split()  # noqa: SIM905 - read as a list
)
NO_AREA: Final = "000"


def capped_age(text: str) -> str | None:
    """An age (AS, PS3.5 6.2) with all above 89 years made `090Y`; None when it is no age."""
    value = text.strip(_PADDING).upper()
    match = _AGE.fullmatch(value)
    if match is None:
        return None
    years = int(match[1]) / _UNITS_A_YEAR[match[2]]
    return CAPPED_AGE if years >= HIGHEST_AGE + 1 else text.strip(_PADDING)


def first_of_year(text: str) -> str | None:
    """1 January of the year of a DA or DT value, `YYYY0101`; None when it is no date."""
    value = text.strip(_PADDING)
    match = _DATE.match(value)
    if match is None or _TIME.fullmatch(value[match.end() :]) is None:
        return None
    year = int(match[1])
    try:
        date(year, int(match[3] or 1), int(match[4] or 1))
    except ValueError:
        return None
    return f"{year:04d}0101"


def postcode_area(text: str) -> str | None:
    """The first 3 digits of the last postcode of 5 digits in a text, `000` for areas of few people; or None."""
    codes = [match[1] for match in _POSTCODE.finditer(text)]
    if not codes:
        return None
    return NO_AREA if codes[-1] in _SMALL_AREAS else codes[-1]
