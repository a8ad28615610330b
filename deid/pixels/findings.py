"""The verdict on the lines of one frame: which stay, and which part of the others is hidden."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from deid.pixels.rows import Row, is_next, rows_of, wrapped

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from deid.identity.known_values import KnownValue
    from deid.pixels.ocr.line import TextLine
    from deid.plan import Box
    from deid.text import Span, TextEngine

_MARGIN = 0.35
"""In line heights, on all sides of what is hidden: boxes of words are narrow."""
_MOST_OF_LINE = 0.8
_SURE = 0.5
_WORDS = 6
_WELL_READ = 0.9
_SURE_OF_A_FEW = 0.8
_A_FEW = 2
_LIKE_TEXT = 0.65
_LONG = 2.5
_HIGHEST = 64.0
"""Pixels: print that nobody could misread is rarely higher."""
NOISE = "no text: texture that was taken for a letter"
UNREADABLE = "text that can't be read"
IN_BLOCK = "badly read, beside an identifying line"
VOUCHED = "nothing in it identifies anyone"


@dataclass(frozen=True, slots=True)
class Judged:
    """One line of one frame with its verdict; `hidden` are the boxes that go black."""

    box: Box
    hidden: tuple[Box, ...]
    score: float
    reasons: tuple[str, ...]
    text: str = field(repr=False)
    whole: Box
    """The box that hides all of it."""


def judge_lines(lines: Iterable[TextLine], known: Sequence[KnownValue], engine: TextEngine) -> list[Judged]:
    """Judge the lines of a frame, each with what stands beside it.

    Args:
        lines: What the reader found, also what it could not read.
        known: The subject's known values.
        engine: Says which characters identify.
    """
    readable, judged = [], []
    for line in lines:
        if _is_readable(line):
            readable.append(line)
        else:
            judged.append(_judge_unreadable(line))
    rows = rows_of(readable)
    evidence = [(row, [*engine.judge_line(row.text, known).spans]) for row in rows]
    for (upper, above), (lower, below) in wrapped(evidence):
        found = engine.find_known(f"{upper.text} {lower.text}", known, strict=True)
        _judge_wrapped(len(upper.text), above, below, found)
    for row, spans in evidence:
        judged.extend(_judge_row(row, spans))
    return [_with_block(line, judged) for line in judged]


def _judge_wrapped(end: int, above: list[Span], below: list[Span], found: Sequence[Span]) -> None:
    """Add what a known value takes of two rows when it begins in one, which ends at `end`, and goes on in the next."""
    for span in found:
        if span.start < end < span.end:
            above.append(replace(span, end=end))
            below.append(replace(span, start=0, end=span.end - end - 1))


def _with_block(line: Judged, judged: Sequence[Judged]) -> Judged:
    """Hide a badly read line that stands right above or below an identifying one: it is of the same block."""
    if line.hidden or line.score >= _WELL_READ or line.reasons == (NOISE,) or _is_words(line.text):
        return line
    if any(other.hidden and UNREADABLE not in other.reasons and is_next(line.box, other.box) for other in judged):
        return replace(line, hidden=(line.whole,), reasons=(IN_BLOCK,))
    return line


def _is_readable(line: TextLine) -> bool:
    """Whether the reading can be relied on; one or two letters are easily seen in texture."""
    length = len(line.text.strip())
    return bool(length) and line.score >= (_SURE_OF_A_FEW if length <= _A_FEW else _SURE)


def _judge_unreadable(line: TextLine) -> Judged:
    """Hide what has the shape of a line of text; leave what is but a speck, or as large as anatomy."""
    shape = line.length >= _LONG * line.height and line.height <= _HIGHEST
    if shape and line.detection_score >= _LIKE_TEXT:
        return Judged(line.box, (_whole(line),), line.score, (UNREADABLE,), line.text, _whole(line))
    return Judged(line.box, (), line.score, (NOISE,), line.text, _whole(line))


def _is_words(text: str) -> bool:
    return sum(map(str.isalpha, text)) >= _WORDS and not any(map(str.isdigit, text))


def _judge_row(row: Row, row_spans: Sequence[Span]) -> Iterator[Judged]:
    for line, start in zip(row.lines, row.starts, strict=True):
        spans = sorted(span for span in row_spans if span.start < start + len(line.text) and span.end > start)
        if spans:
            reasons = tuple(dict.fromkeys(span.reason for span in spans))
            yield Judged(line.box, tuple(_hidden(line, spans, start)), line.score, reasons, line.text, _whole(line))
        else:
            yield Judged(line.box, (), line.score, (VOUCHED,), line.text, _whole(line))


def _whole(line: TextLine) -> Box:
    return line.part(0, len(line.edges) - 1, margin=_MARGIN)


def _hidden(line: TextLine, spans: Sequence[Span], start: int) -> Iterator[Box]:
    """The boxes over the identifying characters; over the whole line when those are most of it."""
    length = len(line.text)
    if line.score < _WELL_READ:
        # Places of misread characters are as doubtful as the characters: hide to the end, as values stand there.
        spans = [replace(spans[0], end=start + length)]
    parts = [(max(span.start - start, 0), min(span.end - start, length)) for span in spans]
    if sum(end - first for first, end in parts) >= _MOST_OF_LINE * length:
        parts = [(0, length)]
    for first, end in parts:
        yield line.part(first, end, margin=_MARGIN)
