"""Traces: thin curves drawn over a picture, such as an ECG. What lies on them is read again without them.

The detector takes a trace, or some of its beats, for a line of text, and print that a trace crosses for a part of it.
So the trace is taken out of the picture, and what is left is looked at again. What was read well with the trace stays
as it was read, unless as much is read in less space without; what was not counts only if it is found without, too.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from typing import TYPE_CHECKING

import numpy as np

from deid.pixels.judging.findings import HIGHEST
from deid.pixels.ocr import without_duplicates
from deid.pixels.ocr.duplicates import shared
from deid.pixels.ocr.stacks import stacks_of
from deid.pixels.ocr.texture import is_texture
from deid.pixels.picture.novelty import Novelty
from deid.pixels.picture.traces import is_only_trace, trace_in, without
from deid.plan import Box

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from deid.pixels.ocr import Ocr, TextLine
    from deid.pixels.picture.print_runs import Picture
    from deid.pixels.picture.traces import Mask

_AROUND = 24
"""Pixels above and below what is looked at again."""
_READ = 0.9
_READABLE, _A_FEW = 0.5, 2
"""The score from which a line was read somehow, if it has more letters than a few."""
_LIES_IN, _SAYS_AS_MUCH, _SHORTER = 0.6, 0.8, 0.85
"""What part of a reading without a trace lies in one with it, and of its letters and its length, to replace it."""


@dataclass(frozen=True, slots=True)
class Apart:
    """A frame without its traces."""

    lines: tuple[TextLine, ...]
    views: Sequence[Picture]
    gone: tuple[Box, ...] = ()
    """Where the lines stood that are not among these."""


class TraceReader:
    """Reads what lies on traces. Remembers what it saw last: in a cine a trace moves, and what is below it stays."""

    def __init__(self, ocr: Ocr) -> None:
        """Take a reader; nothing is seen yet."""
        self._ocr = ocr
        self._last: tuple[Box, list[Picture], tuple[TextLine, ...]] | None = None

    def apart(self, lines: tuple[TextLine, ...], views: Sequence[Picture]) -> Apart:
        """The lines of a frame, those on traces as they are read without them, and the frame without.

        Args:
            lines: As they were read.
            views: The frame, each uint8 rows × columns × 3.
        """
        trace = _traces_beside([line.box for line in lines], views)
        on = [line for line in lines if trace is not None and _touches(line.box, trace)]
        if trace is None or not on:
            return Apart(lines, views)
        rows, columns = trace.shape
        at = np.flatnonzero(trace.any(axis=1)).tolist()
        around = reduce(Box.around, (line.box for line in on), Box(0, at[0], columns, at[-1] + 1))
        area = Box(0, around.y0 - _AROUND, columns, around.y1 + _AROUND).clipped(columns, rows)
        clean = [without(view, trace) for view in views]
        again = [line for line in self._read(area, clean) if _is_on(line, trace, on)]
        kept = [line for line in lines if line not in on or _stays(line, again, trace, views)]
        gone = tuple(line.box for line in on if line not in kept)
        once = without_duplicates([*kept, *again])
        return Apart((*once, *_shadowed(again, once)), clean, gone)

    def _read(self, area: Box, clean: list[Picture]) -> tuple[TextLine, ...]:
        shown = [view[area.y0 : area.y1] for view in clean]
        if self._last is not None:
            place, seen, lines = self._last
            # Of a frame that is darker than the one before, one view may show all that it took two to see.
            alike = place == area and len(shown) == len(seen)
            if alike and not any(Novelty.of(*pair).new.any() for pair in zip(shown, seen, strict=True)):
                return lines
        (boxes,) = self._ocr.find_in([(stacks_of(clean), [area])])
        lines = self._ocr.read_at(clean, boxes)
        self._last = area, shown, lines
        return lines


def _traces_beside(boxes: Sequence[Box], views: Sequence[Picture]) -> Mask | None:
    """The traces in any view, as far as they are in the rows of some boxes or near them."""
    rows, columns = views[0].shape[:2]
    near = np.zeros(rows, np.bool_)
    for box in boxes:
        near[max(box.y0 - _AROUND, 0) : max(box.y1 + _AROUND, 0)] = True
    found = np.zeros((rows, columns), np.bool_)
    edges = np.flatnonzero(np.diff(np.concatenate([[False], near, [False]])))
    for top, stop in edges.reshape(-1, 2).tolist():
        for view in views:
            trace = trace_in(view[top:stop])
            if trace is not None:
                found[top:stop] |= trace
    return found if found.any() else None


def _touches(box: Box, trace: Mask) -> bool:
    inside = box.clipped(trace.shape[1], trace.shape[0])
    return not inside.empty and bool(trace[inside.y0 : inside.y1, inside.x0 : inside.x1].any())


def _is_on(line: TextLine, trace: Mask, on: Sequence[TextLine]) -> bool:
    """Whether a line that is read without the trace is print where one with it was, or was read and lies on the trace.

    What is left of a trace may be taken for print that can't be read.
    """
    is_read = line.score >= _READ or (line.score >= _READABLE and len(line.text) > _A_FEW)
    if is_read and _touches(line.box, trace):
        return True
    return any(shared(line.box, other.box) >= _LIES_IN for other in on)


def _stays(line: TextLine, again: Sequence[TextLine], trace: Mask, views: Sequence[Picture]) -> bool:
    """Whether a line that was read with a trace stays: it was read, and no more of it is read without."""
    if line.score < _READABLE or is_texture(line.text, line.score):
        return False
    if line.score < _READ and (line.height > HIGHEST or is_only_trace(line.box, trace, views)):
        return False
    least = min(_READ, line.score)
    inside = [other for other in again if other.score >= least and shared(line.box, other.box) >= _LIES_IN]
    if inside and line.score >= max(_READ, *(other.score for other in inside)) and _letters(inside) < _letters([line]):
        return True  # the edge of a skull was taken for a trace, and out went a letter
    is_shorter = sum(other.length for other in inside) < _SHORTER * line.length
    return not is_shorter or _letters(inside) < _SAYS_AS_MUCH * max(_letters([line]), 1)


def _shadowed(again: Sequence[TextLine], once: Sequence[TextLine]) -> Iterator[TextLine]:
    """What is read well without the trace, and was left out for a longer reading with it that is doubtful."""
    doubtful = [line for line in once if line.score < _READ and line not in again]
    for line in again:
        if line.score >= _READ and line not in once and any(shared(line.box, one.box) >= _LIES_IN for one in doubtful):
            yield line


def _letters(lines: Sequence[TextLine]) -> int:
    return sum(letter.isalnum() for line in lines for letter in line.text)
