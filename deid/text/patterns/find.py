"""What identifies by its form: dates and times beside them, numbers of people and orders, contacts, addresses, ages."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from deid.text.fold import Folded, as_digits
from deid.text.patterns.broken_dates import find_broken_dates
from deid.text.patterns.calendars import find_in_calendars
from deid.text.patterns.dates import SHORT_MONTHS, as_months, find_dates, is_day, parse_day
from deid.text.patterns.forms import FORMS, LINE_FORMS, TIME, Form
from deid.text.spans import Span, disjoint
from deid.text.words.tokens import Standing, standing_of
from deid.text.words.vocabulary import load_vocabulary

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

_BESIDE = re.compile(r"[ \t,;@/|(-]{0,4}(?:at |um |a |as |alle |ore |om |a las |gegen |t)?[ \t]{0,2}")
_WIDEST_BESIDE = 8
_WEEKDAY = re.compile(
    r"(?<![^\W_])(?:mon|tue|tues|wed|thu|thur|thurs|fri|(?<!fat[ -])sat|sun|"
    r"(?:mon|tues|wednes|thurs|fri|satur|sun)day|(?:mon|diens|donners|frei|sams|sonn)tag|"
    r"mittwoch|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|lunes|martes|miercoles|jueves|viernes|sabado|domingo|lunedi|martedi|"
    r"mercoledi|giovedi|venerdi|domenica|maandag|dinsdag|woensdag|donderdag|vrijdag|zaterdag|zondag|segunda|terca|quarta|quinta|sexta)"
    r"(?:-feira)?[.,]{0,2} (?:the |den |dem |le |el )?\Z"
)
_GLUED_LABEL = re.compile(
    rf"(?<![a-z])(?:date|dob|birth|born|exam|study|geb|le|du|on)(?=(?:{'|'.join(SHORT_MONTHS)})[a-z]{{0,6}}[. ]?[0-9])"
)
_SEX_AFTER = re.compile(r"[ ,/]{1,2}(?:[mf]|male|female)(?= ?[;,|)]| ?\Z)")
"""Behind a date of birth."""
_STANDARD_UIDS = "1.2.840.10008."
_FEWEST_IN_PAIRS, _FEWEST_IN_GROUPS, _LONG_GROUP, _FEWEST_OF_TELEPHONE = 6, 7, 5, 9
_VERSION_WORDS = "build|bld|release|rel|rev|version|versione|versie|versao|ver|software|sw|firmware|fw|latest|patch"
_VERSION_NUMBER = r"[vr]?[0-9]{1,3}(?:\.[0-9]{1,4}){0,4}[a-z]{0,2}"
_VERSION = re.compile(
    r"(?:(?<![a-z0-9.])(?:[vr][0-9]{1,3}(?:\.[0-9]{1,4}){1,4}|[0-9]{1,3}(?:\.[0-9]{1,4}){2,4})[a-z]{0,3}[_(-]"
    rf"|(?<![a-z])(?:{_VERSION_WORDS})(?:[ _.:-]{{1,2}}|:? ?{_VERSION_NUMBER} ?[_(-]))\Z"
)
_DATE_OF_BUILD = re.compile(r"(?<![0-9])(?:19|20)[0-9]{2}(-?)[0-9]{2}\1[0-9]{2}(?![0-9])")
_LOOK_BACK = 32
_WORD = re.compile(r"[^\W_]+")
_HYPHEN_AS_EQUALS = re.compile(r"(?<=[0-9])=(?=[0-9])")
"""A hyphen that a trace or a rule crosses."""
_DIGIT = re.compile(r"[0-9]")
_ADDRESS = "network address"
_MOST_DIGITS = max(form.fewest for form in (*FORMS, *LINE_FORMS))


def find_patterns(folded: Folded, *, line: bool) -> list[Span]:
    """Spans of the original text with an identifying form. `line`: a line of pixels, where less is needed."""
    repaired = _HYPHEN_AS_EQUALS.sub("-", as_digits(folded.text)) if line else folded.text
    written = _as_written(folded.text, repaired) if line else (folded.text,)
    spans = [*_dates(folded, repaired, written, line=line), *find_in_calendars(folded)]
    if line:
        broken = {found for text in written for found in find_broken_dates(text)}
        spans.extend(Span(*folded.place(*found), "date", "date, as misread", 0.7) for found in broken)
    builds = [] if line else list(_builds(folded.text))
    for form in _forms(min(_MOST_DIGITS, len(_DIGIT.findall(repaired))), line=line):
        texts = dict.fromkeys((folded.text, repaired)) if form.repaired else (folded.text,)
        ranges = (
            match.span()
            for text in texts
            for match in form.expression.finditer(text)
            if _is_plausible(form, match.group())
            and not (form.reason == _ADDRESS and _follows_version(folded.text, match.start()))
        )
        if form.repaired and form.kind != "date" and repaired != folded.text:
            ranges = (found for found in ranges if not _is_word_as_digits(folded.text, repaired, *found))
        if builds:
            ranges = (found for found in ranges if found not in builds)
        spans.extend(Span(*folded.place(*found), form.kind, form.reason, form.score) for found in ranges)
    return disjoint(spans)


@lru_cache(maxsize=2 * (_MOST_DIGITS + 1))
def _forms(digits: int, *, line: bool) -> tuple[Form, ...]:
    """The forms that a text with so many digits can have."""
    return tuple(form for form in ((*FORMS, *LINE_FORMS) if line else FORMS) if form.fewest <= digits)


def _dates(folded: Folded, repaired: str, written: Iterable[str], *, line: bool) -> Iterator[Span]:
    hits = [hit for text in written for hit in find_dates(text) if hit.certain or _weekday_before(text, hit.start)]
    if not hits:
        return
    by_start = {match.start(): match.end() for match in TIME.finditer(repaired)}
    by_end = {end: start for start, end in by_start.items()}
    for hit in hits:
        start, end = hit.start, hit.end
        for gap in range(_WIDEST_BESIDE + 1):
            if (
                end == hit.end
                and (stop := by_start.get(hit.end + gap))
                and _is_beside(repaired, hit.end, hit.end + gap)
            ):
                end = stop
            first = by_end.get(hit.start - gap)
            if start == hit.start and first is not None and _is_beside(repaired, hit.start - gap, hit.start):
                start = first
        if not line and _follows_version(folded.text, start):
            continue
        sex = _SEX_AFTER.match(folded.text, end)
        end = sex.end() if sex else end
        weekday = _weekday_before(folded.text, start)
        start -= len(weekday.group()) if weekday else 0
        reason = "date" if (start, end) == (hit.start, hit.end) else "date and time"
        yield Span(*folded.place(start, end), "date", reason, 0.95)


def _as_written(text: str, repaired: str) -> tuple[str, ...]:
    """A line as it was read, and as it may have been written."""
    return tuple(dict.fromkeys((text, repaired, as_months(repaired), _without_glued_label(text))))


def _without_glued_label(text: str) -> str:
    """A text, of the same length, without the labels that a blank is missing behind: `DATEJAN 01, 2007`."""
    return _GLUED_LABEL.sub(lambda match: " " * len(match.group()), text)


def _weekday_before(text: str, start: int) -> re.Match[str] | None:
    return _WEEKDAY.search(text[max(0, start - _LOOK_BACK) : start])


def _is_word_as_digits(text: str, repaired: str, start: int, end: int) -> bool:
    """Whether digits are there only because letters of a vouched-for word were read as some: `40s6i5mm`."""
    if text[start:end] == repaired[start:end]:
        return False
    first, last = start, end
    while first and text[first - 1].isalnum() and start - first < _LOOK_BACK:
        first -= 1
    while last < len(text) and text[last].isalnum() and last - end < _LOOK_BACK:
        last += 1
    return all(
        _is_word_with_digits(text[slice(*word.span())], repaired[slice(*word.span())])
        for word in _WORD.finditer(text, first, last)
        if text[slice(*word.span())] != repaired[slice(*word.span())]
    )


def _is_word_with_digits(word: str, repaired: str) -> bool:
    """Whether a word is vouched for as it stands: `s1`, `40s6i5mm`, not the `0o9` of a telephone number."""
    return standing_of(word) is not Standing.UNKNOWN and (word[0].isalpha() or not repaired.isdigit())


def _builds(text: str) -> Iterator[tuple[int, int]]:
    """Dates of software builds, `V2.63_20140523`; if one is of the patient it is a known value anyway."""
    for match in _DATE_OF_BUILD.finditer(text):
        if _follows_version(text, match.start()) and parse_day(match.group()):
            yield match.span()


def _follows_version(text: str, start: int) -> bool:
    """Whether a version stands before a date, `V2.63_20140523`, and no date itself: `02.25.2025-2025-02-25`."""
    version = _VERSION.search(text[max(0, start - _LOOK_BACK) : start])
    return version is not None and not find_dates(version.group())


def _is_beside(text: str, start: int, end: int) -> bool:
    return _BESIDE.fullmatch(text, start, end) is not None


def _is_plausible(form: Form, found: str) -> bool:
    check = _CHECKS.get(form.reason)
    return check is None or check(found)


def _is_someones_uid(found: str) -> bool:
    return not found.startswith(_STANDARD_UIDS)


def _is_network_address(found: str) -> bool:
    return all(int(part) < 256 and str(int(part)) == part for part in found.split("."))  # noqa: PLR2004 - an octet


def _names_a_place(found: str) -> bool:
    words = re.findall(r"[a-z'-]{3,}", found)
    return any(standing_of(word) is Standing.UNKNOWN or load_vocabulary().is_name(word) for word in words)


def _has_unknown_letters(found: str) -> bool:
    letters = found.rstrip("0123456789")
    return standing_of(letters) is Standing.UNKNOWN and standing_of(found) is Standing.UNKNOWN


def _is_host(found: str) -> bool:
    labels = re.split(r"[./]", found)[:-1]
    return any(len(label) > 2 and standing_of(label) is Standing.UNKNOWN for label in labels)  # noqa: PLR2004


def _has_digits_of_number(found: str) -> bool:
    """Enough digits, and not just a list of round measures such as `60-80-100` or `512 512 256`."""
    groups = re.findall(r"[0-9]+", found)
    pairs = len(groups) > 2 and all(len(group) == 2 for group in groups)  # noqa: PLR2004
    if sum(map(len, groups)) < (_FEWEST_IN_PAIRS if pairs else _FEWEST_IN_GROUPS):
        return False
    if pairs and sorted(set(groups)) not in (groups, groups[::-1]):
        return True  # `85-85-96`, `80-25-60`: measures are listed in their order
    return not all(
        len(group) < _LONG_GROUP and group[0] != "0" and (int(group) % 5 == 0 or int(group) % 16 == 0)
        for group in groups
    )


def _has_digits_of_telephone(found: str) -> bool:
    return sum(map(str.isdigit, found)) >= _FEWEST_OF_TELEPHONE or not found.startswith(("0", "(0"))


def _is_short_day(found: str) -> bool:
    """Whether six digits are a day, with its year first or last."""
    a, b, c = (int(found[at : at + 2]) for at in (0, 2, 4))
    return any(is_day(*day) for day in ((c, b, a), (c, a, b), (a, b, c)))


_CHECKS: dict[str, Callable[[str], bool]] = {
    "unique identifier": _is_someones_uid,
    "day in six digits": _is_short_day,
    _ADDRESS: _is_network_address,
    "town with its postcode": _names_a_place,
    "host name": _is_host,
    "letters with a number": _has_unknown_letters,
    "hyphenated number": _has_digits_of_number,
    "groups of digits": _has_digits_of_number,
    "telephone number": _has_digits_of_telephone,
    "telephone number in threes": _has_digits_of_number,
}
