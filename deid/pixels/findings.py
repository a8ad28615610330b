"""The verdict on the lines of one frame: which stay, and which part of the others is hidden."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from deid.pixels.rows import Row, rows_of

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
_WELL_READ = 0.9
_SURE_OF_A_FEW = 0.8
_A_FEW = 2
_LIKE_TEXT = 0.65
_LONG = 2.5
NOISE = "no text: texture that was taken for a letter"
UNREADABLE = "text that can't be read"
VOUCHED = "nothing in it identifies anyone"


@dataclass(frozen=True, slots=True)
class Judged:
    """One line of one frame with its verdict; `hidden` are the boxes that go black."""

    box: Box
    hidden: tuple[Box, ...]
    score: float
    reasons: tuple[str, ...]
    text: str = field(repr=False)


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
    for row in rows_of(readable):
        judged.extend(_judge_row(row, known, engine))
    return judged


def _is_readable(line: TextLine) -> bool:
    """Whether the reading can be relied on; one or two letters are easily seen in texture."""
    length = len(line.text.strip())
    return bool(length) and line.score >= (_SURE_OF_A_FEW if length <= _A_FEW else _SURE)


def _judge_unreadable(line: TextLine) -> Judged:
    """Hide what has the shape of a line of text; leave what is but a speck."""
    like_text = line.detection_score >= _LIKE_TEXT and line.length >= _LONG * line.height
    if like_text:
        whole = line.part(0, len(line.edges) - 1, margin=_MARGIN)
        return Judged(line.box, (whole,), line.score, (UNREADABLE,), line.text)
    return Judged(line.box, (), line.score, (NOISE,), line.text)


def _judge_row(row: Row, known: Sequence[KnownValue], engine: TextEngine) -> Iterator[Judged]:
    verdict = engine.judge_line(row.text, known)
    for line, start in zip(row.lines, row.starts, strict=True):
        spans = [span for span in verdict.spans if span.start < start + len(line.text) and span.end > start]
        if spans:
            reasons = tuple(dict.fromkeys(span.reason for span in spans))
            yield Judged(line.box, tuple(_hidden(line, spans, start)), line.score, reasons, line.text)
        else:
            yield Judged(line.box, (), line.score, (VOUCHED,), line.text)


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
