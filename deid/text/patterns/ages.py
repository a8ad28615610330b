"""Ages as people write them, in seven languages: known ones, and those over 89 that identify by themselves (HIPAA)."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from deid.identity.known_values import ValueKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import date

    from deid.identity.known_values import KnownValue
    from deid.text.fold import Folded

_OLD = r"(?:[- ]{0,2}(?:old|of age|alt|oud|d'age|de edad|di eta|de idade))?"
_LONG_YEARS = r"(?:y/?\.?o\.?|years?|yrs?|jahren?|jahrig(?:e[mnrs]?)?|j\.|ans|anos|anni|jaar|jarige?)"
_UNITS = {
    "Y": rf"(?:{_LONG_YEARS}|y|a|j)",
    "M": "(?:months?|mos?|mths?|monaten?|mois|meses|mesi|maanden|m)",
    "W": "(?:weeks?|wks?|wochen?|semaines?|semanas|settimane|weken|w)",
    "D": "(?:days?|tagen?|jours?|dias|giorni|dagen|d)",
}
_LABEL = r"(?<![a-z])(?:aged?|alter|edad|eta|idade|leeftijd|age du patient)[ :=]{0,3}"
_TENS = r"(?:ninety|one hundred(?: and)?|neunzig|quatre[- ]vingt[- ]dix|noventa|novanta|negentig)"
_ONES = r"(?:[ -](?:one|two|three|four|five|six|seven|eight|nine))?"
_YEARS = r"(?:0?[0-9]{2}|1[0-2][0-9])"
_OVER_89 = r"(?:9[0-9]|1[01][0-9])"
OVER_89 = (
    re.compile(rf"(?<![0-9.])(?:9[0-9]|1[0-2][0-9])(?:[- ]{{0,2}}{_LONG_YEARS}|y){_OLD}(?![a-z])"),
    re.compile(r"(?<![a-z])aged? (?:9[0-9]|1[0-2][0-9])(?![0-9]|\.[0-9])"),
    re.compile(rf"(?<![a-z]){_TENS}{_ONES}[ -]{_LONG_YEARS}{_OLD}(?![a-z])"),
    re.compile(r"(?<![a-z0-9])(?:09[0-9]|1[0-2][0-9])y(?![a-z0-9])"),
    re.compile(
        rf"(?<![0-9a-z.,/-]){_OVER_89}[- /]{{0,2}}(?:(?:fe)?male|(?:wo)?man|lady|gentleman|"
        r"[fm](?= (?:with|w/|c/o|pt|s/p|fell|here|has|presents)(?![a-z])))(?![a-z])"
    ),
    re.compile(rf"(?:\A|(?<=[.;] )){_OVER_89} ?[fm](?=,? [a-z]{{2}}|\Z)"),
    re.compile(rf"(?<![a-z])(?:pt|pat|patiente?|pa[cz]iente|patientin) \({_OVER_89}\)"),
    re.compile(rf"(?<![a-z])(?:pt|patient|he|she|who) is {_OVER_89}(?![0-9.%/-])(?! ?(?:mm|cm|kg|lbs?|%))"),
)
_FLUORINE = r"f-18(?![0-9y])|f ?18[ -]?(?:fdg|psma|naf|dopa|fes|fet|flt|choline|florbet|fluc|piflu)"
"""The nuclide; technetium's is told by what stands before it, `Tc-99m`, and a position by its decimals, `F45.6`."""
_LASTS = "".join(
    rf"(?<!{before})" for before in ("vor ", "since ", "seit ", "sinds ", "hace ", "depuis ", ">", "<", "> ", "< ")
)
"""No age: `vor 2 Jahren`, `> 5 yr`."""
ANY_AGE = re.compile(
    rf"(?<![0-9.]){_LASTS}(?:[0-9]{{1,3}}[- ]{{0,2}}{_LONG_YEARS}{_OLD}|0[0-9]{{2}}[dwmy]|[0-9]{{1,2}}y)(?![a-z0-9])"
    r"(?! (?:ago|back|earlier|prior|geleden|fa|atras)(?![a-z]))"
)
SEX_AND_AGE = re.compile(
    rf"(?<![a-z0-9.])(?<!tc[ -])(?<![0-9]h )(?!{_FLUORINE})"
    rf"(?:[mf][ /,-]{{0,2}}{_YEARS}y?|{_YEARS}y?[ /,-]{{0,2}}(?:[mf]|w(?! ?[:=]? ?[0-9])))"
    r"(?![a-z0-9/~])(?! ?[:=])(?!\.[0-9])"
)
_OLDEST = 130


def ages_of(values: Iterable[KnownValue], days: Mapping[date, ValueKind]) -> frozenset[tuple[int, str]]:
    """The ages that a header states, and in years those that follow from its date of birth and its other dates."""
    ages = set()
    for value in values:
        stated = re.fullmatch(r"([0-9]{1,3})([DWMY])", value.text.strip()) if value.kind is ValueKind.AGE else None
        if stated is not None:
            ages.add((int(stated[1]), stated[2]))
    births = [day for day, kind in days.items() if kind is ValueKind.BIRTH_DATE]
    others = [day for day, kind in days.items() if kind is not ValueKind.BIRTH_DATE]
    for birth in births:
        for day in others:
            years = day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))
            if 0 < years <= _OLDEST:
                ages.add((years, "Y"))
    return frozenset(ages)


def find_ages(folded: Folded, ages: Iterable[tuple[int, str]]) -> Iterator[tuple[int, int]]:
    """Folded ranges of the ages with their unit or sex, or after a label."""
    for number, unit in ages:
        for form in _age_forms(number, unit):
            yield from (match.span(match.lastindex or 0) for match in form.finditer(folded.text))


@lru_cache(maxsize=1024)
def _age_forms(number: int, unit: str) -> tuple[re.Pattern[str], ...]:
    with_unit = rf"(?<![0-9.])0{{0,2}}{number}[- ]{{0,2}}{_UNITS[unit]}{_OLD}(?![a-z0-9])"
    with_label = rf"{_LABEL}(0{{0,2}}{number})(?![0-9.])"
    with_sex = rf"(?<![a-z0-9.])(?:[mfw][ /,-]{{0,2}}0?{number}|0?{number}[ /,-]{{0,2}}[mfw])(?![a-z0-9/.])"
    forms = (with_unit, with_label, with_sex) if unit == "Y" else (with_unit, with_label)
    return tuple(map(re.compile, forms))
