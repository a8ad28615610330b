"""What identifies by its form: dates and times beside them, numbers of people and orders, contacts, addresses, ages."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from deid.text.dates import find_dates
from deid.text.fold import Folded, as_digits
from deid.text.forms import FORMS, LINE_FORMS, TIME, Form
from deid.text.spans import Span, disjoint
from deid.text.tokens import Standing, standing_of

if TYPE_CHECKING:
    from collections.abc import Iterator

_BESIDE = re.compile(r"[ \t,;@/|(-]{0,4}(?:at |um |a |t)?[ \t]{0,2}")
_WIDEST_BESIDE = 8
_STANDARD_UIDS = "1.2.840.10008."
_FEWEST_HYPHENATED = 7


def find_patterns(folded: Folded, *, line: bool) -> list[Span]:
    """Spans of the original text with an identifying form. `line`: a line of pixels, where less is needed."""
    repaired = as_digits(folded.text) if line else folded.text
    spans = list(_dates(folded, repaired))
    for form in (*FORMS, *LINE_FORMS) if line else FORMS:
        text = repaired if form.repaired else folded.text
        ranges = (match.span() for match in form.expression.finditer(text) if _is_plausible(form, match.group()))
        spans.extend(Span(*folded.place(*found), form.kind, form.reason, form.score) for found in ranges)
    return disjoint(spans)


def _dates(folded: Folded, repaired: str) -> Iterator[Span]:
    texts = dict.fromkeys((folded.text, repaired))
    hits = [hit for text in texts for hit in find_dates(text) if hit.certain]
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
        reason = "date" if (start, end) == (hit.start, hit.end) else "date and time"
        yield Span(*folded.place(start, end), "date", reason, 0.95)


def _is_beside(text: str, start: int, end: int) -> bool:
    return _BESIDE.fullmatch(text, start, end) is not None


def _is_plausible(form: Form, found: str) -> bool:
    if form.reason == "unique identifier":
        return not found.startswith(_STANDARD_UIDS)
    if form.reason == "network address":
        return all(int(part) < 256 and str(int(part)) == part for part in found.split("."))  # noqa: PLR2004 - an octet
    if form.kind == "address":
        return any(standing_of(word) is Standing.UNKNOWN for word in re.findall(r"[a-z'-]{3,}", found))
    if form.reason == "hyphenated number":
        return sum(map(str.isdigit, found)) >= _FEWEST_HYPHENATED
    return True
