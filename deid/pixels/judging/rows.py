"""Lines that the detector split belong together: a label and, a little to its right, the value it is for.

So do lines that stand: what goes on below one that reads downwards, and above one that reads upwards.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, TypeVar

from deid.pixels.ocr.line import letters_of
from deid.pixels.ocr.sides import ENDS_OF_AXES
from deid.plan import Box

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from deid.pixels.ocr.line import TextLine

Spans = TypeVar("Spans")
Way = Literal["along", "down", "up"]
"""Which way a line reads."""

_WIDEST_GAP = 4.0
"""In line heights: farther to the right stands something else."""
_WIDEST_GAP_AFTER_VALUE = 2.0
"""Behind a label with its value stands something else sooner."""
_LABEL_WITH_VALUE = re.compile("[:#=] *[^ :#=]")
_WINDOW = re.compile(r"[WC][: ]{0,2}-?[0-9]{1,5}[ /,]{1,3}[LWC][: ]{0,2}-?[0-9]{1,5}")
_WIDEST_GAP_IF_LARGER = _WIDEST_GAP_BEFORE_WINDOW = 1.0
"""So it does beside print of another size; and the W of a window is no initial of a name that stands before it."""
_WIDEST_GAP_BESIDE_SIDE, _WORD = 2.0, 5
"""A side marker is no initial of a longer word that stands apart: `L` in the corner, and a name. Nor is `H`."""
_LARGER = 1.75
_WIDEST_SPACE = 0.8
_SAME_ROW = 0.5
_LEVEL = 2.0
"""A line has a way when it is this much longer than high, or has but a letter or two."""
_SHORT = 2


@dataclass(frozen=True, slots=True)
class Row:
    """Lines side by side, left to right, and the text they make."""

    lines: tuple[TextLine, ...]
    text: str = field(repr=False)
    starts: tuple[int, ...]
    """Where each line's text begins in the row's."""

    @classmethod
    def of(cls, lines: tuple[TextLine, ...]) -> Row:
        """Join the lines with a blank between."""
        starts, position = [], 0
        for line in lines:
            starts.append(position)
            position += len(line.text) + 1
        return cls(lines, " ".join(line.text for line in lines), tuple(starts))


def rows_of(lines: Iterable[TextLine]) -> list[Row]:
    """Put lines that stand side by side, or go on one another, together; slanted ones stay alone."""
    rows: list[list[TextLine]] = []
    for line in sorted(lines, key=_order):
        row = next((row for row in rows if _continues(row[-1], line)), None)
        if row is None:
            rows.append([line])
        else:
            row.append(line)
    rows.sort(key=lambda row: (row[0].box.x0, row[0].box.y0, row[0].text))
    return [Row.of(tuple(row)) for row in rows]


def _order(line: TextLine) -> tuple[int, int, str]:
    box = _laid(line.box, _way(line) or "along")
    return box.x0, box.y0, line.text


def wrapped(rows: Sequence[tuple[Row, Spans]]) -> Iterator[tuple[tuple[Row, Spans], ...]]:
    """Rows of which each stands right below the one before, as a long value is wrapped: two or three of them."""
    pairs = [(upper, lower) for upper in rows for lower in rows if _is_below(upper[0], lower[0])]
    yield from pairs
    for upper, middle in pairs:
        yield from ((upper, middle, lower) for other, lower in pairs if other is middle)


def _is_below(upper: Row, lower: Row) -> bool:
    last, first = upper.lines[-1].box, lower.lines[0].box
    return first.y0 > last.y0 and is_next(last, first)


def is_next(a: Box, b: Box) -> bool:
    """Whether two lines stand one right above the other: little space between, and over one another."""
    height = min(a.y1 - a.y0, b.y1 - b.y0)
    space = max(a.y0, b.y0) - min(a.y1, b.y1)
    beside = min(a.x1, b.x1) - max(a.x0, b.x0)
    return -height / 2 <= space <= _WIDEST_SPACE * height and beside > 0


def _continues(left: TextLine, right: TextLine) -> bool:
    way = _way(left)
    if way is None or way != _way(right):
        return False
    a, b = _laid(left.box, way), _laid(right.box, way)
    height = min(a.y1 - a.y0, b.y1 - b.y0)
    overlap = min(a.y1, b.y1) - max(a.y0, b.y0)
    gap = b.x0 - a.x1
    widest = _WIDEST_GAP_AFTER_VALUE if _LABEL_WITH_VALUE.search(left.text) else _WIDEST_GAP
    if _is_side_with_word(left.text, right.text) or _is_side_with_word(right.text, left.text):
        widest = min(widest, _WIDEST_GAP_BESIDE_SIDE)
    if _WINDOW.fullmatch(right.text.strip()):
        widest = _WIDEST_GAP_BEFORE_WINDOW
    if max(left.height, right.height) > _LARGER * min(left.height, right.height):
        widest = _WIDEST_GAP_IF_LARGER
    return overlap >= _SAME_ROW * height and -height <= gap <= widest * height


def _is_side_with_word(side: str, word: str) -> bool:
    """Whether a text is a side, or what is at the end of an axis, and another too long for a mark beside it."""
    return side in ENDS_OF_AXES and len(letters_of(word)) > _WORD


def _way(line: TextLine) -> Way | None:
    """Which way a line reads; None for what is slanted, upside down or of no clear shape."""
    (x0, y0), (x1, y1), *_ = line.corners
    way: Way | None = None
    if x0 <= x1 and abs(y0 - y1) < line.height:
        way = "along"
    elif abs(x0 - x1) < line.height:
        way = "down" if y0 < y1 else "up"
    if way is None:
        return None
    box = _laid(line.box, way)
    return way if box.x1 - box.x0 >= _LEVEL * (box.y1 - box.y0) or len(line.text) <= _SHORT else None


def _laid(box: Box, way: Way) -> Box:
    """The box of a line in a picture that is turned so that the line reads along."""
    if way == "down":
        return Box(box.y0, -box.x1, box.y1, -box.x0)
    return Box(-box.y1, box.x0, -box.y0, box.x1) if way == "up" else box
