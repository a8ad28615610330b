"""Tables: abbreviations at the heads of rows and columns, and numbers side by side, tell of nobody.

There `DP` and `MU` are no one's initials. A technologist's mark stands alone, by a side or a time, or above a ruler;
that numbers stand in columns beside it, below its neighbours and level with them, is a table's alone. Only what is a
word of radiology, too, is believed. And `26 27 25 24` is no one's number if each part stands far from the next, and
there are too many for a date or a telephone number, or more of such rows.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING

from deid.text.words.vocabulary import read_terms, words_of_section

if TYPE_CHECKING:
    from collections.abc import Sequence

    from deid.pixels.judging.rows import Row
    from deid.plan import Box

_NUMBER = re.compile(
    r"[-+<>±~]{0,2} ?[0-9]{1,4}(?:[.,][0-9]{1,3})?(?: ?[^\W\d_]{1,5}(?:[./][^\W\d_]{1,3}){0,2}-?[0-9²³]?| ?%)?"
)
"""A measured value with its unit: no date, time or number of more digits."""
_FEWEST = 3
"""Heads with numbers, side by side or below each other, that make a table."""
_HEAD = re.compile(r"([^\W\d_]{1,5})([0-9]?)(?: ?[\[(][^\W\d_]{1,5}(?:/[^\W\d_]{1,3})?[0-9²³]?[\])])?[.:]?")
"""Letters, or one with a digit, and the unit of what stands below."""
_CELL = re.compile(r"[-+]?[0-9]{1,3}|[1-9][0-9]?[05]00")
_FEWEST_IN_GRID, _FEWEST_ON_AXIS, _FEWEST_IN_ROW = 4, 5, 7
"""Numbers in a row that stands below others of the kind, on an axis, and in one that stands alone."""
_WIDE = 1.5
"""In half line heights: more than stands between the groups of one number."""
_WIDEST_STEP = 2.5
"""In line heights, from one row to the next."""


def heads_of_tables(rows: Sequence[Row]) -> list[Row]:
    """The rows of a frame that are such abbreviations: one, or the heads of columns that stand close together."""
    short = [row for row in rows if all(_is_abbreviation(line.text) for line in row.lines)]
    cells = [line for row in rows for line in row.lines] if short else []
    numbers = [cell.box for cell in cells if _NUMBER.fullmatch(cell.text.strip())]
    if len(numbers) < _FEWEST:
        return []
    words = [cell.box for cell in cells if any(map(str.isalpha, cell.text))]
    return [
        row
        for row in short
        if (len(row.lines) == 1 and _is_stub(_box(row), words, numbers))
        or all(_is_head(line.box, words, numbers) for line in row.lines)
    ]


def rows_of_numbers(rows: Sequence[Row]) -> list[Row]:
    """The rows that are measured values far from each other: a visual field, the numbers of teeth."""
    found = [row for row in rows if len(row.lines) >= _FEWEST_IN_GRID and _are_apart(row)]
    return [
        row
        for row in found
        if len(row.lines) >= _FEWEST_IN_ROW
        or _is_axis(row)
        or any(_is_row_beside(row, other) for other in found if other is not row)
    ]


def _are_apart(row: Row) -> bool:
    """Whether a row holds nothing but numbers, most of two digits or three: those in boxes of a form have one."""
    texts = [line.text.strip() for line in row.lines]
    if not all(map(_CELL.fullmatch, texts)) or 2 * sum(len(text) > 1 for text in texts) < len(texts):
        return False
    return all(right.box.x0 - left.box.x1 >= _WIDE * _half(left.box) for left, right in pairwise(row.lines))


def _is_axis(row: Row) -> bool:
    """Whether the numbers of a row go up, or down, from one to the next, each more than half as far as the last."""
    numbers = [int(line.text) for line in row.lines]
    steps = [right - left for left, right in pairwise(numbers)]
    even = all(0 < 2 * abs(first) <= 5 * abs(second) and first * second > 0 for first, second in pairwise(steps))
    return len(numbers) >= _FEWEST_ON_AXIS and even


def _is_row_beside(row: Row, other: Row) -> bool:
    """Whether another row stands right above or below, and some of its numbers above those of the row."""
    step = abs(_box(row).y0 - _box(other).y0)
    if not 0 < step <= _WIDEST_STEP * 2 * _half(_box(row)):
        return False
    middles = [(line.box.x0 + line.box.x1) / 2 for line in other.lines]
    shared = sum(any(line.box.x0 <= middle <= line.box.x1 for middle in middles) for line in row.lines)
    return shared >= _FEWEST_IN_GRID


def _is_abbreviation(text: str) -> bool:
    """Whether a text is a short word of radiology, with its unit at most: `MU`, `Max [Gy]`, `X2 [cm]`."""
    match = _HEAD.fullmatch(text.strip())
    return (
        match is not None
        and (len(match[1]) == 1) == bool(match[2])
        and (len(match[1]) == 1 or match[1].lower() in _abbreviations())
    )


@lru_cache(maxsize=1)
def _abbreviations() -> frozenset[str]:
    alone = words_of_section("two or three letters that stand alone on displays")
    return read_terms().core | alone | words_of_section("letters that a value follows")


def _box(row: Row) -> Box:
    return row.lines[0].box


def _is_stub(box: Box, words: Sequence[Box], numbers: Sequence[Box]) -> bool:
    """Whether words above or below begin as far left, and have numbers level with them that stand below its own."""
    own = [number for number in numbers if number.x0 > box.x1 and _are_level(box, number)]
    column = sorted((other for other in words if abs(other.x0 - box.x0) <= _half(box)), key=lambda other: other.y0)
    return any(
        len(_run(box, [other for other in column if any(_are_level(other, one) for one in _below(number, numbers))]))
        >= _FEWEST
        for number in own
    )


def _is_head(box: Box, words: Sequence[Box], numbers: Sequence[Box]) -> bool:
    """Whether numbers stand right below a word and below its neighbours: no ruler's, which has one column."""
    level = [other for other in words if _are_level(box, other)]
    heads = [other for other in level if any(_is_right_below(other, number) for number in numbers)]
    return box in heads and len(heads) >= _FEWEST


def _run(box: Box, column: Sequence[Box]) -> list[Box]:
    """Those of a column, from the top, that follow one another closely and hold the box; none where it is not in it."""
    runs: list[list[Box]] = []
    for other in column:
        if runs and other.y0 - runs[-1][-1].y0 <= _WIDEST_STEP * (other.y1 - other.y0):
            runs[-1].append(other)
        else:
            runs.append([other])
    return next((run for run in runs if box in run), [])


def _below(number: Box, numbers: Sequence[Box]) -> list[Box]:
    """The numbers of a column: they begin or end where the one does."""
    return [one for one in numbers if min(abs(one.x0 - number.x0), abs(one.x1 - number.x1)) <= 2 * _half(number)]


def _is_right_below(head: Box, number: Box) -> bool:
    step = number.y0 - head.y0
    beside = min(head.x1, number.x1) - max(head.x0, number.x0)
    return beside > 0 and _half(head) < step <= _WIDEST_STEP * (head.y1 - head.y0)


def _are_level(a: Box, b: Box) -> bool:
    return min(a.y1, b.y1) - max(a.y0, b.y0) >= _half(a if a.y1 - a.y0 < b.y1 - b.y0 else b)


def _half(box: Box) -> float:
    return (box.y1 - box.y0) / 2
