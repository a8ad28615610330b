"""The answers of the text engine: spans, cut texts and verdicts. None of them quotes the text in its `repr`."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, field
from operator import attrgetter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

NER, SPELLING = "(NER)", "(spelling)"
"""How the reasons of a model's findings end."""


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A half-open range of characters of the text asked about, and why it identifies.

    `kind` groups the evidence (`known`, `date`, `identifier`, `contact`, `name`, `place`, `cue`, `age`, `unknown`);
    `reason` is one clause for the audit that quotes nothing; `score` is a confidence from 0 to 1.
    """

    start: int
    end: int
    kind: str
    reason: str
    score: float

    @property
    def is_inferred(self) -> bool:
        """Whether only a model says so, or the spelling of a word: evidence goes before inference."""
        return self.reason.endswith((NER, SPELLING))


@dataclass(frozen=True, slots=True)
class Scrubbed:
    """A text without its identifying spans. `spans` index the original text, which `text` is if there are none."""

    text: str = field(repr=False)
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a line identifies someone, the spans of it to hide, and the reasons in order of place.

    `label` is where the name of a field at the start of the line ends (`DOB:`); 0 where there is none.
    """

    identifying: bool
    spans: tuple[Span, ...]
    reasons: tuple[str, ...]
    label: int = 0


def verdict_of(spans: Sequence[Span], label: int = 0) -> Verdict:
    """The verdict that follows from the (disjoint) spans of a line."""
    return Verdict(bool(spans), tuple(spans), tuple(dict.fromkeys(span.reason for span in spans)), label)


def disjoint(spans: Iterable[Span]) -> list[Span]:
    """Spans in order of place with overlaps united: the strongest evidence in each lends its kind and reason."""
    united: list[Span] = []
    for span in sorted(spans, key=lambda s: (s.start, -s.end)):
        if united and span.start < united[-1].end:
            last = united[-1]
            best = max(last, span, key=lambda s: (not s.is_inferred, s.score))
            end, score = max(last.end, span.end), max(last.score, span.score)
            united[-1] = Span(last.start, end, best.kind, best.reason, score)
        else:
            united.append(span)
    return united


def covered(spans: Sequence[Span], start: int, end: int) -> bool:
    """Whether any of the disjoint, ordered spans overlaps the range [start, end)."""
    before = bisect_left(spans, end, key=attrgetter("start"))
    return before > 0 and spans[before - 1].end > start
