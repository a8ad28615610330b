"""Judging a line of pixels: what evidence names, and what nothing vouches for, is identifying."""

from __future__ import annotations

from bisect import bisect_left
from operator import attrgetter
from typing import TYPE_CHECKING

from deid.text.spans import Span, Verdict, covered, disjoint, verdict_of
from deid.text.tokens import Standing, Token, tokenise, vouch_for_phrases

if TYPE_CHECKING:
    from collections.abc import Sequence

    from deid.text.fold import Folded

_NAMING = frozenset({"name", "unknown", "known", "place"})
_JOINING = frozenset(
    {"and", "of", "the", "de", "la", "van", "von", "der", "den", "di", "del", "da", "y", "e", "et", "und", "st"}
)
_WIDEST_GAP = 4


def judge(folded: Folded, evidence: Sequence[Span]) -> Verdict:
    """The verdict on a line, given the spans for which there is evidence (known values, forms, cues, names)."""
    tokens = vouch_for_phrases(tokenise(folded))
    places = [folded.place(token.start, token.end) for token in tokens]
    spans = disjoint(evidence)
    clinical = any(token.standing is Standing.CLINICAL for token in tokens)
    spans = disjoint(
        [
            *spans,
            *(
                _unvouched(token, start, end, clinical=clinical)
                for token, (start, end) in zip(tokens, places, strict=True)
                if not token.vouched and not covered(spans, start, end)
            ),
        ]
    )
    return verdict_of(_joined(folded, _with_neighbours(spans, tokens, places)))


def _unvouched(token: Token, start: int, end: int, *, clinical: bool) -> Span:
    if token.name:
        return Span(start, end, "name", "common name", 0.7)
    if any(map(str.isdigit, token.text)):
        return Span(start, end, "unknown", "unknown code or number", 0.5)
    reason = "unknown word beside clinical ones" if clinical else "unknown word beside nothing clinical"
    return Span(start, end, "unknown", reason, 0.4)


def _with_neighbours(spans: list[Span], tokens: list[Token], places: list[tuple[int, int]]) -> list[Span]:
    """Names widened over the names and initials beside them, though those alone would be vouched for."""
    added: list[Span] = []
    for order in (range(len(tokens)), range(len(tokens) - 1, -1, -1)):
        reach: Span | None = None
        for index in order:
            token, (start, end) = tokens[index], places[index]
            here = _overlapping(spans, start, end)
            if here is not None:
                reach = here if here.kind in _NAMING else None
            elif reach is not None and _near(reach, start, end) and (token.standing is Standing.LETTER or token.name):
                reach = Span(start, end, "name", "name or initial beside a name", 0.6)
                added.append(reach)
            else:
                reach = None
    return disjoint([*spans, *added])


def _overlapping(spans: list[Span], start: int, end: int) -> Span | None:
    before = bisect_left(spans, end, key=attrgetter("start"))
    return spans[before - 1] if before and spans[before - 1].end > start else None


def _near(span: Span, start: int, end: int) -> bool:
    return 0 <= start - span.end < _WIDEST_GAP or 0 <= span.start - end < _WIDEST_GAP


def _joined(folded: Folded, spans: list[Span]) -> list[Span]:
    """Spans united over blanks, punctuation and joining words between them: one box to hide."""
    united: list[Span] = []
    for span in spans:
        last = united[-1] if united else None
        if last is not None and last.reason == span.reason and _is_joint(folded.source[last.end : span.start]):
            united[-1] = Span(last.start, span.end, last.kind, last.reason, max(last.score, span.score))
        else:
            united.append(span)
    return united


def _is_joint(between: str) -> bool:
    words = "".join(c if c.isalnum() else " " for c in between.lower()).split()
    return len(between) <= 12 and all(word in _JOINING for word in words)  # noqa: PLR2004 - one or two short words
