"""The verdict on the lines of one frame: which stay, and which part of the others is hidden."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from deid.pixels.judging.columns import values_in_columns
from deid.pixels.judging.incomplete import missing
from deid.pixels.judging.margins import cut_at
from deid.pixels.judging.marks import is_unread_mark, marks_in, says_how, side_boxes, with_mark
from deid.pixels.judging.part_values import parts_of_known
from deid.pixels.judging.rows import Row, is_next, rows_of, wrapped
from deid.pixels.judging.second_opinion import settled
from deid.pixels.judging.sheets import without_labels
from deid.pixels.judging.tables import heads_of_tables, rows_of_numbers
from deid.pixels.judging.values import behind_field, whole_run
from deid.pixels.ocr.sides import has_side
from deid.pixels.ocr.texture import is_texture
from deid.profile.lookup.pixel_policy import DEFAULT_CONFIDENCE, DEFAULT_MARGIN
from deid.text.spans import disjoint

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from deid.identity.known_values import KnownValue
    from deid.pixels.ocr.line import TextLine
    from deid.plan import Box
    from deid.text import Span, TextEngine, Verdict

_A_NUMBER = 3
_A_WORD = 5
"""Letters of a word that is no side and a mark read as one."""
_MOST_OF_LINE = 0.8
_WORDS = 6
_WELL_READ = 0.9
_READ_AS_WORD = 0.85
_SURE_OF_A_FEW = 0.8
_A_FEW = 2
_LIKE_TEXT = 0.65
_LONG = 2.5
_LOWEST = 4.5
"""Pixels, with what is around it: the letters in it would be three pixels high, and nobody could read them."""
HIGHEST = 64.0
"""Pixels: print that nobody could misread is rarely higher."""
ALL_TEXT = "text: the profile hides all of it"
NOISE = "no text: texture that was taken for a letter"
UNREADABLE = "text that can't be read"
IN_BLOCK = "badly read, beside an identifying line"
LABEL = "name of a field"
VOUCHED = "nothing in it identifies anyone"


@dataclass(frozen=True, slots=True)
class Judging:
    """How lines are judged."""

    margin: float = DEFAULT_MARGIN
    """In line heights, on all sides of what is hidden: boxes of words are narrow."""
    confidence: float = DEFAULT_CONFIDENCE
    """The lowest score of a reading that can be relied on."""
    all_text: bool = False
    """Hide whatever was read."""
    marks: bool = False
    """Lone capitals are technologists' marks: the image is a radiograph."""


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
    ink: tuple[Box, ...] = ()
    """The print in each of the boxes that go black, where it was measured."""


def judge_lines(
    lines: Iterable[TextLine], known: Sequence[KnownValue], engine: TextEngine, judging: Judging | None = None
) -> list[Judged]:
    """Judge the lines of a frame, each with what stands beside it.

    Args:
        lines: What the reader found, also what it could not read.
        known: The subject's known values.
        engine: Says which characters identify.
        judging: How; without, as by default.
    """
    how = judging or Judging()
    readable, unread, judged = [], [], []
    for line in lines:
        if is_texture(line.text, line.score) or (line.height < _LOWEST and line.score < _WELL_READ):
            judged.append(Judged(line.box, (), line.score, (NOISE,), line.text, _whole(line, how)))
        elif _is_readable(line, how):
            readable.append(settled(_parted(line, engine), known, engine))
        else:
            unread.append(line)
    rows = rows_of(readable)
    sides = side_boxes(rows)
    judged += [_judge_unreadable(line, sides, how) for line in unread]
    verdicts = [engine.judge_line(row.text, known) for row in rows]
    in_tables = [*heads_of_tables(rows), *rows_of_numbers(rows)]
    told = [row in in_tables or says_how(row.text, radiograph=how.marks) for row in rows]
    evidence = [
        (row, with_mark(_spans_of(row, verdict, known, sure=sure), None if row in in_tables else mark))
        for row, verdict, sure, mark in zip(rows, verdicts, told, marks_in(rows, radiograph=how.marks), strict=True)
    ]
    in_columns = values_in_columns(rows, [found for _, found in evidence])
    without = without_labels(rows, in_columns, [verdict.label for verdict in verdicts])
    evidence = list(zip(rows, without, strict=True))
    for together in wrapped(evidence):
        _judge_wrapped(together, engine.find_known(" ".join(row.text for row, _ in together), known, strict=True))
    for (row, spans), verdict in zip(evidence, verdicts, strict=True):
        judged.extend(_judge_row(row, disjoint(spans), verdict.label, how))
    if how.all_text:
        return [_all_hidden(line) for line in judged]
    return [_beside(_with_block(line, judged), judged) for line in judged]


def _spans_of(row: Row, verdict: Verdict, known: Sequence[KnownValue], *, sure: bool) -> list[Span]:
    """What identifies in a row by itself; `sure`: only what is no guess, as where it stands vouches for its words."""
    spans = _sure(verdict.spans) if sure else verdict.spans
    return [*spans, *parts_of_known(row.text, known)]


def _sure(spans: Iterable[Span]) -> list[Span]:
    """What the header or the profile names, not what forms, lists and models guess."""
    return [span for span in spans if span.kind in {"known", "listed"}]


def _parted(line: TextLine, engine: TextEngine) -> TextLine:
    """The line with the blanks that may have been dropped, where all of it is vouched for with them only: `RTLOBE`.

    So, too, where it is a side with a mark beside it, unless it is a word: `LIVER` is no `L` with a mark.
    """
    if line.parted is None:
        return line
    text = line.parted.text
    verdict = engine.judge_line(line.text, ())
    is_vouched = not verdict.identifying
    if is_vouched and line.text.isalpha() and len(line.text) >= _A_WORD:
        return line
    if any(span.kind == "date" for span in verdict.spans):
        return line  # a blank makes no date of `0ct 23 2005` something else
    clean = not is_vouched and not engine.judge_line(text, ()).identifying
    return line.parted if clean or has_side(text) else line


def _judge_wrapped(together: Sequence[tuple[Row, list[Span]]], found: Sequence[Span]) -> None:
    """Add to each row what a known value takes of it when it goes on in another; no `L` below `DOE^LUCY`."""
    start = 0
    words = " ".join(row.text for row, _ in together).casefold()
    for row, spans in together:
        end = start + len(row.text)
        for span in found:
            is_wrapped = span.start < end and span.end > start and (span.start < start or span.end > end)
            if is_wrapped and not _is_initial_of(row.text.casefold(), words[span.start : span.end]):
                spans.append(replace(span, start=max(span.start - start, 0), end=min(span.end, end) - start))
        start = end + 1


def _is_initial_of(text: str, name: str) -> bool:
    """Whether a row is one letter, and the name that it would belong to has a whole word that it is the initial of."""
    return len(text) == 1 and re.search(rf"(?<!\w){re.escape(text)}\w", name) is not None


def _with_block(line: Judged, judged: Sequence[Judged]) -> Judged:
    """Hide a badly read line that stands right above or below an identifying one: it is of the same block."""
    if (
        line.hidden
        or line.score >= _least_beside_block(line.text)
        or line.reasons in ((NOISE,), (LABEL,))
        or _is_words(line.text)
    ):
        return line
    if any(other.hidden and UNREADABLE not in other.reasons and is_next(line.box, other.box) for other in judged):
        return replace(line, hidden=(line.whole,), reasons=(IN_BLOCK,))
    return line


def _least_beside_block(text: str) -> float:
    """The score from which a line that was judged to stay is believed: sooner where it begins with a word."""
    is_word = text[:2].isalpha() and sum(map(str.isdigit, text)) < _A_NUMBER
    return _READ_AS_WORD if is_word else _WELL_READ


def _beside(line: Judged, judged: Sequence[Judged]) -> Judged:
    """The line with its margins cut where others begin: on the same row only such as are read well."""
    if not line.hidden:
        return line
    others = [other for other in judged if other is not line and other.reasons != (NOISE,)]
    sure = [other.box for other in others if other.score >= _WELL_READ or other.reasons == (LABEL,)]
    stay = [other.box for other in others if not other.hidden]
    boxes = _cut(line, sure, stay)
    return line if boxes == line.hidden else replace(line, hidden=boxes)


def _cut(line: Judged, sure: Sequence[Box], stay: Sequence[Box]) -> tuple[Box, ...]:
    box = line.box
    if box.x1 - box.x0 >= box.y1 - box.y0 or len(line.text) == 1:
        return cut_at(cut_at(line.hidden, box, sure), box, stay, sideways=False)
    # A line that stands is as one that lies, with rows and columns exchanged.
    hidden = cut_at(tuple(one.across for one in line.hidden), box.across, [other.across for other in sure])
    hidden = cut_at(hidden, box.across, [other.across for other in stay], sideways=False)
    return tuple(one.across for one in hidden)


def _all_hidden(line: Judged) -> Judged:
    """The verdict on a line where all text is to be hidden."""
    if line.reasons == (NOISE,):
        return line
    return replace(line, hidden=(line.whole,), reasons=line.reasons if line.hidden else (ALL_TEXT,))


def _is_readable(line: TextLine, how: Judging) -> bool:
    """Whether the reading can be relied on; one or two letters are easily seen in texture."""
    length = len(line.text.strip())
    least = _WELL_READ if line.height > HIGHEST else _SURE_OF_A_FEW if length <= _A_FEW else 0.0
    return bool(length) and line.score >= max(how.confidence, least)


def is_like_text(line: TextLine) -> bool:
    """Whether a line has the shape of one of text, whatever can be read of it."""
    shape = line.length >= _LONG * line.height and line.height <= HIGHEST
    return shape and line.detection_score >= _LIKE_TEXT


def _judge_unreadable(line: TextLine, sides: Sequence[Box], how: Judging) -> Judged:
    """Hide what has the shape of a line of text, or stands as a mark beside a side; leave specks and anatomy."""
    if is_like_text(line) or is_unread_mark(line, sides):
        return Judged(line.box, (_whole(line, how),), line.score, (UNREADABLE,), line.text, _whole(line, how))
    return Judged(line.box, (), line.score, (NOISE,), line.text, _whole(line, how))


def _is_words(text: str) -> bool:
    return sum(map(str.isalpha, text)) >= _WORDS and not any(map(str.isdigit, text))


def _judge_row(row: Row, row_spans: Sequence[Span], row_label: int, how: Judging) -> Iterator[Judged]:
    """The verdicts on the lines of a row; a label in front of it that was hardly read has one of its own."""
    for line, start in zip(row.lines, row.starts, strict=True):
        label = min(max(row_label - start, 0), len(line.text))
        spans = sorted(span for span in row_spans if span.start < start + len(line.text) and span.end > start)
        if spans:
            reasons = tuple(dict.fromkeys(span.reason for span in spans))
            hidden = tuple(_hidden(line, spans, start, label, how))
            yield Judged(line.box, hidden, line.score, reasons, line.text, _whole(line, how))
            if label and line.score < _WELL_READ:
                yield _judge_label(line, label, how)
        else:
            reason = LABEL if 0 < len(line.text) <= label else VOUCHED
            yield Judged(line.box, (), line.score, (reason,), line.text, _whole(line, how))


def _judge_label(line: TextLine, end: int, how: Judging) -> Judged:
    return Judged(
        line.part(0, end, margin=0),
        (),
        line.score,
        (LABEL,),
        line.text[:end],
        line.part(0, end, margin=how.margin),
    )


def _whole(line: TextLine, how: Judging) -> Box:
    return line.part(0, len(line.edges) - 1, margin=how.margin)


def _hidden(line: TextLine, spans: Sequence[Span], start: int, label: int, how: Judging) -> Iterator[Box]:
    """The boxes over the identifying characters; over the whole line when those are most of it."""
    length = len(line.text)
    if line.score < _WELL_READ:
        # Places of misread characters are as doubtful as the characters: hide to the end, as values stand there.
        first = next((index for index in range(label, length) if line.text[index].isdigit()), length)
        before = line.text[label : max(spans[0].start - start, 0)]
        begin = spans[0].start
        if sum(map(str.isdigit, before)) >= _A_NUMBER:
            begin = start + first  # a number that nothing names, before a value: a date or an ID, misread
        spans = [replace(spans[0], start=begin, end=start + length)]
    parts = [
        whole_run(line.text, behind_field(line.text, span.start - start, label), min(span.end - start, length), label)
        for span in spans
    ]
    if sum(end - first for first, end in parts) >= _MOST_OF_LINE * length:
        parts = [(0, length)]
    beyond = missing(line.text)
    for first, end in parts:
        yield line.part(first, end, margin=how.margin, beyond=beyond)
