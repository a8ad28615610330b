"""Cells of a sheet: what stands above, below and beside a line, and what the name of a field tells of it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

from deid.text.fold import fold_text
from deid.text.names.cues import find_cues
from deid.text.spans import Span, disjoint
from deid.text.words.vocabulary import words_of_section

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from deid.pixels.judging.rows import Row
    from deid.plan import Box

_EVIDENCE = frozenset({"known", "listed", "date", "identifier", "contact", "cue", "age", "address"})
_WIDEST_STEP = 2.5
"""In line heights, from one line of a column to the next."""
_FEWEST_HEADS, _FEWEST_DIGITS = 3, 4
IN_COLUMN = "below the name of a field for people or their numbers"
_WORD = re.compile(r"[^\W\d_]{2,}")
_NUMBER = re.compile(r"[-+<>±~]{0,2} ?[0-9]{1,4}(?:[.,][0-9]{1,3})?(?![0-9./:,-])")
_VALUE_IN = re.compile(r" [-+<>±~]{0,2} ?[0-9]{1,4}(?:[.,][0-9]{1,3})? ?(?:%|[^\W\d_])")
_LONG_NUMBER = re.compile(r"[A-Za-z]{0,4}[-./]?[0-9][0-9./-]*[A-Za-z]?")
_LABELLED = "value after"
_VALUE = "Oqxtrelund"
"""What stands for a value: nobody's name."""


@dataclass(frozen=True, slots=True, eq=False)
class Cell:
    """A line of a frame, with what identifies in it; its spans are in its row's text."""

    row: int
    start: int
    box: Box
    text: str = field(repr=False)
    spans: tuple[Span, ...]

    @property
    def has_words(self) -> bool:
        """Whether it holds a word of two letters or more."""
        return _WORD.search(self.text) is not None

    @property
    def is_vouched(self) -> bool:
        """Whether it holds words, and nothing of it identifies."""
        return self.has_words and not self.spans

    @property
    def is_evident(self) -> bool:
        """Whether there is more than a guess that it identifies."""
        return any(span.kind in _EVIDENCE for span in self.spans)

    def shares(self, span: Span) -> bool:
        """Whether a span reaches beyond the cell."""
        return span.start < self.start or span.end > self.start + len(self.text)

    def covers(self, span: Span, place: tuple[int, int]) -> bool:
        """Whether a span overlaps a place in the cell's text."""
        return span.start - self.start < place[1] and place[0] < span.end - self.start


def cells_of(rows: Sequence[Row], spans: Sequence[Sequence[Span]]) -> list[Cell]:
    """The lines of all rows, each with the spans that overlap it."""
    return [
        Cell(
            index, start, line.box, line.text,
            tuple(span for span in found if span.start < start + len(line.text) and span.end > start),
        )
        for index, (row, found) in enumerate(zip(rows, spans, strict=True))
        for line, start in zip(row.lines, row.starts, strict=True)
    ]  # fmt: skip


def level_with(cell: Cell, cells: Iterable[Cell]) -> list[Cell]:
    """The cells on the same level, left to right, however far; the cell, too."""
    return sorted((one for one in cells if _are_level(cell.box, one.box)), key=lambda one: one.box.x0)


def run_of(cell: Cell, cells: Sequence[Cell]) -> list[Cell]:
    """The cells that begin as far left, from the first to the last that follow one another closely; the cell, too."""
    height = cell.box.y1 - cell.box.y0
    column = sorted((one for one in cells if abs(one.box.x0 - cell.box.x0) <= height / 2), key=lambda one: one.box.y0)
    runs: list[list[Cell]] = []
    for one in column:
        if runs and one.box.y0 - runs[-1][-1].box.y0 <= _WIDEST_STEP * height:
            runs[-1].append(one)
        else:
            runs.append([one])
    return next(run for run in runs if cell in run)


def names_people(cell: Cell, cells: Sequence[Cell]) -> bool:
    """Whether what stands left of a cell, or above it in its column, is the name of a field for people."""
    before = [one for one in level_with(cell, cells) if one.box.x0 < cell.box.x0]
    if before and is_field_of_person(before[-1].text):
        return True
    above = [one for one in run_of(cell, cells) if one.box.y0 < cell.box.y0]
    return any(is_field_of_person(one.text) for one in above)


def values_in_columns(rows: Sequence[Row], spans: Sequence[Sequence[Span]]) -> list[list[Span]]:
    """What identifies in each row, with what stands in a table below the name of a field for people or numbers.

    There a number of four digits or more is nobody's measurement; and where most of a column is hidden, all of it is:
    a name among others may be a word.
    """
    cells = cells_of(rows, spans)
    added: list[list[Span]] = [list(found) for found in spans]
    for head in cells:
        if len(level_with(head, cells)) < _FEWEST_HEADS or not _heads_identifying_column(head.text):
            continue
        below = [one for one in run_of(head, cells) if one.box.y0 > head.box.y0]
        mostly = 2 * sum(bool(one.spans) for one in below) > len(below) > 1
        for one in below:
            if not one.spans and (mostly or _is_long_number(one.text)):
                added[one.row].append(Span(one.start, one.start + len(one.text), "identifier", IN_COLUMN, 0.8))
    return [disjoint(found) for found in added]


def _is_long_number(text: str) -> bool:
    return sum(map(str.isdigit, text)) >= _FEWEST_DIGITS and _LONG_NUMBER.fullmatch(text.strip()) is not None


def _heads_identifying_column(text: str) -> bool:
    return text.strip(" .:").lower() in words_of_section("heads of columns of numbers") or is_field_of_person(text)


def has_value(cell: Cell, cells: Sequence[Cell]) -> bool:
    """Whether a number stands next to the right of a cell, in it, or right below it."""
    right = [one for one in level_with(cell, cells) if one.box.x0 > cell.box.x0]
    if (right and is_number(right[0].text)) or _VALUE_IN.search(cell.text):
        return True
    height = cell.box.y1 - cell.box.y0
    return any(
        is_number(one.text)
        and min(cell.box.x1, one.box.x1) > max(cell.box.x0, one.box.x0)
        and height / 2 < one.box.y0 - cell.box.y0 <= _WIDEST_STEP * height
        for one in cells
    )


def is_number(text: str) -> bool:
    """Whether a text begins with a measured value."""
    return _NUMBER.match(text.strip()) is not None


@lru_cache(maxsize=4096)
def is_field_of_person(text: str) -> bool:
    """Whether a text is the name of a field whose value identifies: `Operator`, `Patient ID`."""
    label = text.strip(" .:")
    if not label or ":" in label or any(map(str.isdigit, label)):
        return False
    folded = fold_text(f"{label}: {_VALUE}")
    return any(span.end > len(label) + 1 and span.reason.startswith(_LABELLED) for span in find_cues(folded, line=True))


def _are_level(a: Box, b: Box) -> bool:
    return min(a.y1, b.y1) - max(a.y0, b.y0) >= min(a.y1 - a.y0, b.y1 - b.y0) / 2
