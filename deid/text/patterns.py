"""What identifies by its form: dates and times beside them, numbers of people and orders, contacts, addresses, ages."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from deid.text.dates import find_dates
from deid.text.fold import Folded, as_digits
from deid.text.spans import Span, disjoint
from deid.text.tokens import Standing, standing_of

if TYPE_CHECKING:
    from collections.abc import Iterator

_TIME = re.compile(
    r"(?<![0-9.:])[0-2]?[0-9][:.h][0-5][0-9](?:[:.][0-5][0-9](?:[.,][0-9]{1,6})?)?(?: ?[ap]\.?m\b\.?)?(?: ?(?:utc|gmt|est|edt|cst|pst|cet))?(?![0-9:])"
)
_BESIDE = re.compile(r"[ \t,;@/|(-]{0,4}(?:at |um |a |t)?[ \t]{0,2}")
_OWN_UIDS = "1.2.840.10008."


@dataclass(frozen=True, slots=True)
class _Form:
    kind: str
    reason: str
    score: float
    expression: re.Pattern[str]
    repaired: bool = False
    """Looked for in the text with misread digits repaired, too."""


_FORMS = (
    _Form("contact", "e-mail address", 1.0, re.compile(r"(?<![\w.%+-])[\w.%+-]{1,64} ?@ ?[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,5}")),
    _Form("contact", "web address", 0.9, re.compile(r"(?:https?://|ftp://|www\.)[^\s<>\"]{1,2000}")),
    _Form("contact", "network address", 0.6, re.compile(r"(?<![0-9.])[1-9][0-9]{1,2}(?:\.[0-9]{1,3}){3}(?![0-9.])")),
    _Form("contact", "telephone number", 0.9, re.compile(
        r"(?<![0-9.])(?:\+?1[-. ]?)?\(?[2-9][0-9]{2}\)?[-. ]{1,2}[0-9]{3}[-. ][0-9]{4}(?: ?(?:x|ext\.?) ?[0-9]{1,6})?(?![0-9])"), True),
    _Form("contact", "telephone number", 0.85, re.compile(r"(?<![0-9])(?:\+|00)[1-9][0-9]{0,2}[ ()./-]{0,3}(?:[0-9]{1,4}[ ()./-]{0,3}){2,5}[0-9]{2,4}")),
    _Form("contact", "telephone number", 0.85, re.compile(r"(?<![a-z])(?:tel|phone|fax|telephone|telefon|telefax|tlf|telefono)[.: #]{1,4}[0-9+(][0-9 ()./-]{4,20}[0-9]")),
    _Form("identifier", "social security number", 0.9, re.compile(r"(?<![0-9-])[0-9]{3}-[0-9]{2}-[0-9]{4}(?![0-9-])"), True),
    _Form("identifier", "national number", 0.85, re.compile(r"(?<![0-9])[0-9]{3} [0-9]{3} [0-9]{4}(?![0-9])")),
    _Form("identifier", "unique identifier", 0.9, re.compile(r"(?<![0-9.])[0-2](?:\.[0-9]{1,39}){5,30}")),
    _Form("identifier", "long number", 0.8, re.compile(r"(?<![0-9.,])[0-9]{7,64}(?![0-9])(?!\.[0-9])"), True),
    _Form("identifier", "long number", 0.75, re.compile(r"(?<![0-9.])[0-9]{2,6}(?:-[0-9]{2,6}){1,4}(?![0-9.-])")),
    _Form("identifier", "number with letters", 0.8, re.compile(r"(?<![a-z0-9.])(?=[a-z0-9]{0,12}[0-9]{5})(?=[0-9]{0,12}[a-z])[a-z0-9]{7,24}(?![a-z0-9])")),
    _Form("address", "street address", 0.85, re.compile(
        r"(?<![\w.])[0-9]{1,5}[a-z]?,? (?:[nsew]\.? )?(?:[a-z][a-z.'-]{0,20} ){1,3}"
        r"(?:street|st|avenue|ave|road|rd|boulevard|blvd|lane|drive|court|parkway|pkwy|highway|hwy|square|terrace|crescent|close)(?![a-z])\.?")),
    _Form("address", "street address", 0.85, re.compile(
        r"(?<![a-z])[a-z][a-z.-]{1,24}(?:strasse|str\.|gasse|allee|platz|weg|straat|laan)[ ,]{1,2}[0-9]{1,4}(?: ?[a-h])?(?![a-z0-9])")),
    _Form("address", "street address", 0.8, re.compile(r"(?<![a-z])(?:rue|avenue|calle|via|viale|piazza|rua|avenida|plaza) (?:d[aeiou]l? )?[a-z'-]{2,20}(?: [a-z'-]{2,20})?,? [0-9]{1,4}(?![0-9])")),
    _Form("address", "town with its postcode", 0.85, re.compile(
        r"(?<![a-z])[a-z][a-z.'-]{1,20}(?: [a-z.'-]{2,20})?,? {0,2}(?:a[klrz]|c[aot]|d[ce]|fl|ga|hi|i[adln]|k[sy]|la|m[adeinost]|n[cdehjmvy]|o[hkr]|pa|ri|s[cd]|t[nx]|ut|v[ati]|w[aivy])[ ,.]{1,2}[0-9]{5}(?:-[0-9]{4})?(?![0-9])")),
    _Form("address", "town with its postcode", 0.8, re.compile(r"(?<![a-z0-9])(?:d|a|ch|f|b|nl|i|e|p)-[0-9]{4,5} [a-z][a-z-]{2,24}")),
    _Form("address", "postal box", 0.85, re.compile(r"(?<![a-z])p\.? ?o\.? box [0-9]{1,6}")),
    _Form("age", "age over 89", 0.85, re.compile(r"(?<![0-9.])(?:9[0-9]|1[0-2][0-9])[- ]{0,2}(?:y/?o|yrs?[- ]{0,2}old|years?[- ]{0,2}old|ans|jahre alt|anos)(?![a-z])")),
    _Form("age", "age over 89", 0.85, re.compile(r"(?<![a-z0-9])(?:09[0-9]|1[0-2][0-9])y(?![a-z0-9])")),
)  # fmt: skip
_LINE_FORMS = (
    _Form("age", "age", 0.7, re.compile(r"(?<![0-9.])(?:[0-9]{1,3}[- ]{0,2}(?:y/?o|yrs?[- ]{0,2}old|years?[- ]{0,2}old|yrs?)|0[0-9]{2}[dwmy]|[0-9]{1,2}y)(?![a-z0-9])")),
    _Form("age", "sex and age", 0.7, re.compile(r"(?<![a-z0-9.])(?:[mf][ /,-]{0,2}[0-9]{2,3}y?|[0-9]{2,3}y?[ /,-]{0,2}[mf])(?![a-z0-9/])")),
    _Form("identifier", "long number", 0.7, re.compile(r"(?<![0-9.,])[0-9]{6}(?![0-9])(?!\.[0-9])")),
)  # fmt: skip


def find_patterns(folded: Folded, *, line: bool) -> list[Span]:
    """Spans of the original text with an identifying form. `line`: a line of pixels, where less is needed."""
    repaired = as_digits(folded.text)
    spans = list(_dates(folded, repaired))
    for form in (*_FORMS, *_LINE_FORMS) if line else _FORMS:
        text = repaired if form.repaired else folded.text
        for match in form.expression.finditer(text):
            if _plausible(form, match):
                spans.append(Span(*folded.place(*match.span()), form.kind, form.reason, form.score))
    return disjoint(spans)


def _dates(folded: Folded, repaired: str) -> Iterator[Span]:
    hits = [hit for text in dict.fromkeys((folded.text, repaired)) for hit in find_dates(text) if hit.certain]
    if not hits:
        return
    times = [match.span() for match in _TIME.finditer(repaired)]
    for hit in hits:
        yield Span(*folded.place(hit.start, hit.end), "date", "date", 0.95)
        for start, end in times:
            beside = (hit.end, start) if start >= hit.end else (end, hit.start)
            if beside[0] <= beside[1] <= beside[0] + 8 and _BESIDE.fullmatch(repaired, *beside):
                yield Span(*folded.place(min(hit.start, start), max(hit.end, end)), "date", "date and time", 0.95)


def _plausible(form: _Form, match: re.Match[str]) -> bool:
    found = match.group()
    if form.reason == "unique identifier":
        return not found.startswith(_OWN_UIDS)
    if form.reason == "network address":
        return all(int(part) < 256 for part in found.split("."))  # noqa: PLR2004 - an octet
    if form.kind == "address":
        return any(standing_of(word) is Standing.UNKNOWN for word in re.findall(r"[a-z'-]{3,}", found))
    if form.reason == "long number" and "-" in found:
        digits = sum(map(str.isdigit, found))
        return digits > 6  # noqa: PLR2004 - fewer are ranges and series numbers
    return not (form.reason == "sex and age" and not any(c in found for c in "mf"))
