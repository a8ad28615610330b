"""Finding known values in misread text: what OCR confuses, drops or adds (rapidfuzz)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from rapidfuzz import fuzz, process
from rapidfuzz.distance import Levenshtein

from deid.text.fold import Folded, as_digits, blur
from deid.text.known.days import find_days, find_short_days
from deid.text.known.exact import KnownValues, find_exact, has_edges
from deid.text.known.initials import find_initials
from deid.text.known.names_that_are_words import find_names_that_are_words
from deid.text.known.strength import Edge, Needle
from deid.text.patterns.ages import find_ages
from deid.text.spans import Span, covered, disjoint
from deid.text.words.tokens import Standing, standing_of
from deid.text.words.vocabulary import load_vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from deid.identity.known_values import KnownValue, ValueKind

_WORD = re.compile(r"[^\W_]+")
_NUMBER = re.compile(r"(?:[0-9][-/ ]?){6,64}")
_SHORTEST, _SHORTEST_WINDOW, _LONGEST_WORD = 5, 9, 40
_CHUNK, _OVERLAP = 2000, 200
_SAME_WINDOW, _COVERED = 88.0, 0.8
_LOOKALIKE_PAIR = re.compile("rn|vv")


@dataclass(frozen=True, slots=True)
class _Look:
    """A strong needle as it looks: with characters that OCR confuses made equal, then with `rn` made `m`, too."""

    needle: Needle
    blurred: str
    merged: str


@lru_cache(maxsize=64)
def _looks_of(known: KnownValues) -> tuple[_Look, ...]:
    blurred = ((needle, blur(needle.text)) for needle in known.strong if len(needle.text) >= _SHORTEST)
    return tuple(_Look(needle, text, _merged(text)) for needle, text in blurred)


def find_tolerant(folded: Folded, known: KnownValues) -> list[Span]:
    """Spans that are a known value or its misreading, disjoint and in order; no vouched-for word is a misreading."""
    exact = find_exact(folded, known)
    looks = _looks_of(known)
    similar = (
        *_blurred(folded, looks, known.values),
        *_similar_words(folded, looks, known.values),
        *_similar_windows(folded, looks, known.values),
    )
    spans = [*exact, *(span for span in similar if not _only_glued(folded.source, span, exact))]
    if known.days:
        digits = as_digits(folded.text)
        if digits != folded.text:
            spans += find_days(folded, digits, known.days)
        spans += find_short_days(folded, known.days)
    ages = (Span(*folded.place(start, end), "known", "known age", 0.8) for start, end in find_ages(folded, known.ages))
    spans += ages
    spans += find_initials(folded, known.values)
    spans += find_names_that_are_words(folded, known)
    return disjoint(spans)


def _only_glued(text: str, similar: Span, exact: Sequence[Span]) -> bool:
    """Whether a word only resembles a value because the value is in it, as it is: `HEADQUIXWORTHY`."""
    return text[similar.start : similar.end].isalpha() and covered(exact, similar.start, similar.end)


def _span(folded: Folded, start: int, end: int, kind: ValueKind, score: float) -> Span:
    return Span(*folded.place(start, end), "known", f"known {kind.value}, as misread", score)


def _blurred(folded: Folded, looks: Sequence[_Look], values: Sequence[KnownValue]) -> Iterator[Span]:
    """Needles that are there when confusable characters count as equal."""
    squeezed = blur(folded.squeezed)
    for look in looks:
        at = squeezed.find(look.blurred)
        while at >= 0:
            needle, length = look.needle, len(look.blurred)
            start, end = folded.positions[at], folded.positions[at + length - 1] + 1
            inside = length >= _SHORTEST_WINDOW and needle.edge is not Edge.TOKEN
            edge = Edge.ANY if inside else Edge.TOKEN
            if (
                has_edges(folded, start, end, edge)
                and end - start <= 2 * length
                and not _is_vouched(folded, start, end)
            ):
                yield _span(folded, start, end, values[needle.owner].kind, 0.95)
            at = squeezed.find(look.blurred, at + length)


def _is_vouched(folded: Folded, start: int, end: int) -> bool:
    """Whether a range holds clinical words only (a number is not one of them)."""
    words = _WORD.findall(folded.text, start, end)
    return all(load_vocabulary().is_clinical(word) for word in words)


def _similar_words(folded: Folded, looks: Sequence[_Look], values: Sequence[KnownValue]) -> Iterator[Span]:
    """Words and numbers within one or two edits of a needle of one part."""
    single = [look for look in looks if len(look.needle.parts) == 1]
    if not single:
        return
    places: dict[str, list[tuple[int, int]]] = {}
    for match in _words_and_numbers(folded.text):
        if not load_vocabulary().is_clinical(match.group()):
            places.setdefault(_comparable(match.group()), []).append(match.span())
    words = [word for word in places if _SHORTEST <= len(word) <= _LONGEST_WORD]
    if not words:
        return
    for merge in (False, True):
        wanted = [look.merged if merge else look.blurred for look in single]
        offered = [_merged(word) if merge else word for word in words]
        distances = process.cdist(wanted, offered, scorer=Levenshtein.distance, score_cutoff=2)
        seen = set()
        for row, column in zip(*(distances <= 2).nonzero(), strict=True):  # noqa: PLR2004 - as the cut-off
            needle = single[row].needle
            if column not in seen and distances[row, column] <= _allowed_edits(needle.text):
                seen.add(column)
                for start, end in places[words[column]]:
                    if not _is_vouched(folded, start, end):
                        yield _span(folded, start, end, values[needle.owner].kind, 0.85)


def _words_and_numbers(text: str) -> Iterator[re.Match[str]]:
    yield from _WORD.finditer(text)
    yield from _NUMBER.finditer(as_digits(text))


def _comparable(word: str) -> str:
    return blur("".join(filter(str.isalnum, word)))


def _merged(text: str) -> str:
    """A text with pairs of letters that look like one made that letter."""
    return text.replace("rn", "m").replace("vv", "w")


def _allowed_edits(text: str) -> int:
    """Edits that a misreading may have: fewer for numbers, as other numbers are near."""
    if any(map(str.isdigit, text)):
        return 0 if len(text) < 7 else 1 if len(text) < 10 else 2  # noqa: PLR2004
    return 1 if len(text) < 9 else 2  # noqa: PLR2004


def _similar_windows(folded: Folded, looks: Sequence[_Look], values: Sequence[KnownValue]) -> Iterator[Span]:
    """Stretches of the text that are nearly a long needle, with any separators."""
    squeezed, positions = _merged_with_positions(blur(folded.squeezed), folded.positions)
    for look in looks:
        needle, wanted = look.needle, look.merged
        if len(needle.text) < _SHORTEST_WINDOW or len(squeezed) < _COVERED * len(wanted):
            continue
        for offset in range(0, max(1, len(squeezed) - _OVERLAP), _CHUNK):
            chunk = squeezed[offset : offset + _CHUNK + _OVERLAP]
            hit = fuzz.partial_ratio_alignment(wanted, chunk, score_cutoff=_SAME_WINDOW)
            if hit is None or hit.dest_end - hit.dest_start < _COVERED * len(wanted):
                continue
            first, last = positions[offset + hit.dest_start], positions[offset + hit.dest_end - 1]
            start, end = _without_foreign(folded.text, *_whole_words(folded.text, first, last + 1), wanted)
            if not _is_vouched(folded, start, end):
                yield _span(folded, start, end, values[needle.owner].kind, hit.score / 100)


def _merged_with_positions(text: str, positions: list[int]) -> tuple[str, list[int]]:
    if "rn" not in text and "vv" not in text:
        return text, positions
    kept: list[int] = []
    end = 0
    for match in _LOOKALIKE_PAIR.finditer(text):
        kept += positions[end : match.start() + 1]
        end = match.end()
    return _merged(text), kept + positions[end:]


def _whole_words(text: str, start: int, end: int) -> tuple[int, int]:
    """The words that a range covers by more than half."""
    words = [match.span() for match in _WORD.finditer(text, max(0, start - _LONGEST_WORD), end + _LONGEST_WORD)]
    covered = [(a, b) for a, b in words if 2 * (min(b, end) - max(a, start)) > b - a]
    return (covered[0][0], covered[-1][1]) if covered else (start, end)


def _without_foreign(text: str, start: int, end: int, wanted: str) -> tuple[int, int]:
    """The range without words at its ends that are vouched for and no part of what is wanted: `AX T2 Washington`."""
    words = list(_WORD.finditer(text, start, end))
    while words and _is_foreign(words[0].group(), wanted):
        words.pop(0)
    while words and _is_foreign(words[-1].group(), wanted):
        words.pop()
    return (words[0].start(), words[-1].end()) if words else (start, start)


def _is_foreign(word: str, wanted: str) -> bool:
    return standing_of(word) is not Standing.UNKNOWN and _merged(blur(word)) not in wanted
