"""The text engine: one door to all evidence, for header texts and for lines of pixels."""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import lru_cache, partial
from operator import attrgetter
from typing import TYPE_CHECKING

from deid.identity.known_values import ValueKind
from deid.profile import TextPolicy
from deid.text.backwards import find_backwards, find_known_backwards
from deid.text.cut import cut
from deid.text.fold import Folded, fold_text
from deid.text.known.exact import KnownValues, compile_known, find_exact
from deid.text.known.initials import find_initials
from deid.text.known.names_that_are_words import find_on_lines
from deid.text.known.tolerant import find_tolerant
from deid.text.labels import label_end
from deid.text.lazily import compile_all
from deid.text.lines import judge
from deid.text.listed import Listed, without
from deid.text.memory import Memory
from deid.text.miscoded import find_miscoded
from deid.text.names.beside import find_beside
from deid.text.names.cues import find_cues
from deid.text.names.towns import NAME_OF_TOWN
from deid.text.names.typed import find_typed_names, is_full_name, may_hold_full_name
from deid.text.ner.doubted import asks_for_mark, may_be_weak_initials, may_be_weak_name
from deid.text.patterns.find import find_patterns
from deid.text.spans import Scrubbed, Span, Verdict, covered, disjoint, verdict_of
from deid.text.words.phrases import load_phrases
from deid.text.words.tokens import words_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from deid.identity.known_values import KnownValue
    from deid.text.ner.analyzer import Analyzer

_ROUNDS = 8
_LONGEST_LINE = 2_000
_INITIAL_AS_ZERO = re.compile(r"(?<=[A-Za-z] )0(?=\. [A-Z])")
"""`Hals 0. Ahl`, as OCR reads it."""
_END_OF_SENTENCE = re.compile(r"[a-z]{4}[.;] +")


class TextEngine:
    """Says what in a text identifies someone.

    Cheap to make: the vocabulary is read at the first text, Presidio and spaCy at the first text that needs them.
    """

    def __init__(self, policy: TextPolicy | None = None) -> None:
        """Prepare.

        Args:
            policy: The `text:` section of the profile; without, the defaults.
        """
        self._policy = policy or TextPolicy()
        self._listed = Listed(self._policy)
        self._analyzer: Analyzer | None = None
        self._cleaned: Memory[Scrubbed] = Memory()
        self._evident: Memory[Scrubbed] = Memory()
        self._typed: Memory[Scrubbed] = Memory()
        self._verdicts: Memory[Verdict] = Memory()
        self._last: tuple[Sequence[KnownValue], KnownValues] | None = None

    def warm_up(self) -> None:
        """Load now what judging a text takes: the NER model, and what else is loaded when it is first asked.

        Raises:
            EnvironmentFault: when the NER model that the profile names is not installed.
        """
        self._model()
        load_phrases()
        compile_all()

    def find_known(self, text: str, known: Sequence[KnownValue], *, strict: bool = False) -> tuple[Span, ...]:
        """Spans of `text` that are a known value (`deid.text.known.strength`) or stand on the profile's `remove` list.

        Args:
            text: any text.
            known: the subject's known values; pass the same tuple each time, it is made ready once.
            strict: no misreadings. What a strict search finds must not be in a released header, and is always cut by
                `scrub` and `clean`.
        """
        return tuple(self._certain(Folded(text), self._compiled(known), strict=strict))

    def scrub(self, text: str, known: Sequence[KnownValue]) -> Scrubbed:
        """Cut known values and the `remove` list out of a kept text; one that holds none comes back as it is."""
        compiled = self._compiled(known)
        spans = self._certain(Folded(text), compiled, strict=True)
        return self._cut_until_clean(text, spans, compiled) if spans else Scrubbed(text, ())

    def scrub_code(self, text: str, known: Sequence[KnownValue]) -> Scrubbed:
        """As `scrub`, and cut the initials of known institutions: local codes and their schemes begin with them."""
        compiled, folded = self._compiled(known), Folded(text)
        initials = find_initials(folded, [value for value in known if value.kind is ValueKind.INSTITUTION])
        spans = disjoint([*self._certain(folded, compiled, strict=True), *initials])
        return self._cut_until_clean(text, spans, compiled) if spans else Scrubbed(text, ())

    def scrub_evident(self, text: str, known: Sequence[KnownValue]) -> Scrubbed:
        """Cut known values and what forms and cues name, and leave what only a model would name."""
        return self._evident.recall(text, self._compiled(known), partial(self._clean, guess=False))

    def scrub_typed(self, text: str, known: Sequence[KnownValue]) -> Scrubbed:
        """As `scrub_evident`, and names: for what staff type in, where products are named (`deid.text.names.typed`).

        Raises:
            EnvironmentFault: when the NER model is not installed.
        """
        return self._typed.recall(text, self._compiled(known), self._clean_typed)

    def clean(self, text: str, known: Sequence[KnownValue]) -> Scrubbed:
        """Cut known values and everything else that identifies out of a header text (action C).

        Raises:
            EnvironmentFault: when the NER model is not installed.
        """
        return self._cleaned.recall(text, self._compiled(known), self._clean)

    def judge_line(self, text: str, known: Sequence[KnownValue]) -> Verdict:
        """What must be hidden in a line of text read from pixels: what evidence names and what nothing vouches for.

        Raises:
            EnvironmentFault: when the NER model is not installed.
        """
        as_letters = _INITIAL_AS_ZERO.sub("O", text)
        return self._verdicts.recall(as_letters, self._compiled(known), self._judge)

    def _clean(self, text: str, known: KnownValues, *, guess: bool = True) -> Scrubbed:
        certain = self._certain(Folded(text), known, strict=False)
        united = disjoint([*certain, *self._likely(text, certain, guess=guess)])
        return self._cut_until_clean(text, united, known) if united else Scrubbed(text, ())

    def _clean_typed(self, text: str, known: KnownValues) -> Scrubbed:
        certain = self._certain(Folded(text), known, strict=False)
        evident = disjoint([*certain, *self._likely(text, certain, guess=False)])
        folded = fold_text(text)
        names = [*without(find_typed_names(folded), self._listed.kept(folded), text)]
        if may_hold_full_name(folded):
            likely = disjoint([*certain, *self._likely(text, certain)])
            names += [span for span in likely if is_full_name(text[span.start : span.end])]
        united = disjoint([*evident, *names])
        return self._cut_until_clean(text, united, known) if united else Scrubbed(text, ())

    def _likely(self, text: str, certain: Sequence[Span], *, guess: bool = True) -> Iterator[Span]:
        """What `_evidence` says about each line of a header text."""
        for start, line in _lines(text):
            if any(map(str.isalnum, line)):
                kept = self._listed.kept(Folded(line))
                inside = [_moved(span, -start) for span in _within(certain, start, start + len(line))]
                yield from (_moved(span, start) for span in self._evidence(line, inside, kept, guess=guess))

    def _judge(self, text: str, known: KnownValues) -> Verdict:
        evidence = self._certain(Folded(text), known, strict=False)
        spans: list[Span] = []
        for start, line in _lines(text):
            if not any(map(str.isalnum, line)):
                continue
            folded = Folded(line)
            inside = [_moved(span, -start) for span in _within(evidence, start, start + len(line))]
            kept = without(self._listed.kept(folded), inside, line)
            if sum(map(str.isalnum, line)) > 1:
                inside += self._evidence(line, inside, kept, line=True)
                least = self._policy.pixel_threshold
                likely = (span for span in find_on_lines(folded, known) if span.kind == "known" or span.score >= least)
                inside += without(likely, kept, line)
            evident = disjoint(inside)
            spans += [
                _moved(span, start)
                for span in judge(folded, evident, kept)
                if span.score >= self._policy.pixel_threshold or covered(evident, span.start, span.end)
            ]
        folded = fold_text(text)
        return verdict_of(spans, label_end(folded, words_of(folded)))

    def _certain(self, folded: Folded, known: KnownValues, *, strict: bool) -> list[Span]:
        """Known values and the `remove` list: nothing speaks against them."""
        find = find_exact if strict else find_tolerant
        found = find(folded, known)
        removed = self._listed.removed(folded)
        backwards = find_known_backwards(folded.source, partial(find, known=known))
        return disjoint([*found, *removed, *backwards])

    def _compiled(self, known: Sequence[KnownValue]) -> KnownValues:
        if self._last is not None and self._last[0] is known:
            return self._last[1]
        compiled = compile_known(tuple(known))
        if isinstance(known, tuple):
            self._last = (known, compiled)
        return compiled

    def _evidence(
        self, text: str, known: Sequence[Span], kept: Sequence[Span], *, line: bool = False, guess: bool = True
    ) -> list[Span]:
        """What forms, cues, name lists and NER say; of vouched-for words, and unless one may `guess`, the first two."""
        found = _plain_evidence(text, line)
        if found is None:
            found = self._model().find(text, line=line) if guess else _forms_and_cues(fold_text(text), line=line)
        if not guess:
            # Of lists only: Otsu is a town, and a threshold.
            found = tuple(span for span in found if span.reason != NAME_OF_TOWN)
        least = self._policy.pixel_threshold if line else self._policy.header_threshold
        sure = [span for span in (*found, *find_miscoded(text), *find_backwards(text)) if span.score >= least]
        beside = (span for span in find_beside(fold_text(text), [*sure, *known]) if span.score >= least)
        return without((*sure, *beside), kept, text)

    def _model(self) -> Analyzer:
        if self._analyzer is None:
            from deid.text.ner.analyzer import Analyzer

            self._analyzer = Analyzer(self._policy.nlp)
        return self._analyzer

    def _cut_until_clean(self, text: str, spans: Sequence[Span], known: KnownValues) -> Scrubbed:
        """Cut, and look again for what is certain and the cut brought together, until there is nothing.

        If that does not end after some rounds (a text made to defeat it), nothing is kept.
        """
        kept = list(range(len(text)))
        current = text
        found = list(spans)
        for _ in range(_ROUNDS):
            ranges = cut(current, found)
            kept = _without(kept, ranges)
            current = "".join(text[index] for index in kept)
            again = self._certain(Folded(current), known, strict=True)
            if not again:
                return Scrubbed(current, _origin_spans(text, kept, spans))
            found = again
        return Scrubbed("", (Span(0, len(text), "known", "known values that can't be taken apart", 1.0),))


@lru_cache(maxsize=16384)
def _plain_evidence(text: str, line: bool) -> tuple[Span, ...] | None:
    """What forms and cues say about a text of vouched-for words that are no names; None for another text."""
    folded = fold_text(text)
    tokens = words_of(folded)
    if not all(token.vouched and not may_be_weak_name(token) and not asks_for_mark(token) for token in tokens):
        return None
    if len(tokens) > 1 and any(may_be_weak_initials(folded, token) for token in tokens):
        return None
    return _forms_and_cues(folded, line=line)


def _forms_and_cues(folded: Folded, *, line: bool) -> tuple[Span, ...]:
    return (*find_patterns(folded, line=line), *find_cues(folded, line=line))


def _lines(text: str) -> Iterator[tuple[int, str]]:
    """The lines of a text with their offsets; very long ones in pieces, cut at a blank where there is one."""
    start = 0
    while start < len(text):
        end = min(len(text), start + _LONGEST_LINE)
        breaks = [at for mark in "\r\n" if (at := text.find(mark, start, end)) >= 0]
        if breaks:
            end = min(breaks) + 1
        elif end < len(text):
            end = _good_end(text, start + _LONGEST_LINE // 2, end)
        yield start, text[start:end]
        start = end


def _good_end(text: str, earliest: int, latest: int) -> int:
    """Where a very long line is cut in two: after a sentence, else at a blank, else anywhere."""
    sentences = [match.end() for match in _END_OF_SENTENCE.finditer(text, earliest, latest)]
    if sentences:
        return sentences[-1]
    return text.rfind(" ", earliest, latest) + 1 or latest


def _moved(span: Span, by: int) -> Span:
    return Span(span.start + by, span.end + by, span.kind, span.reason, span.score)


def _without(kept: list[int], ranges: Sequence[tuple[int, int]]) -> list[int]:
    left: list[int] = []
    position = 0
    for start, end in ranges:
        left += kept[position:start]
        position = end
    return left + kept[position:]


def _within(spans: Sequence[Span], start: int, end: int) -> Iterator[Span]:
    """The parts of disjoint, ordered spans inside [start, end)."""
    index = bisect_right(spans, start, key=attrgetter("end"))
    while index < len(spans) and spans[index].start < end:
        span = spans[index]
        yield Span(max(span.start, start), min(span.end, end), span.kind, span.reason, span.score)
        index += 1


def _origin_spans(text: str, kept: list[int], spans: Sequence[Span]) -> tuple[Span, ...]:
    """The first spans, and one for each later cut that none of them covers."""
    later = []
    end = 0
    for start in (*kept, len(text)):
        if start > end and not covered(spans, end, start):
            later.append(Span(end, start, "known", "known value brought together by a cut", 1.0))
        end = start + 1
    return tuple(disjoint([*spans, *later]))
