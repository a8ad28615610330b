"""Where words end, seen in the picture: the recogniser drops blanks, and knows the place of a letter but roughly.

The blanks that were read are moved to the gap beside them, so that what hides a word ends in the middle of a real gap,
never in the middle of a letter. Where a gap without ink is wide for one between letters, a blank may have been dropped:
that is a second reading of the line, for narrow letters have wide gaps, too. A blank between letters at which the gap
is no wider than others between letters is none: `Mar tin`.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from deid.pixels.ocr.crops import clearest, crop
from deid.pixels.ocr.line import blanks_between_letters
from deid.pixels.ocr.recogniser import CROP_HEIGHT
from deid.pixels.ocr.sides import ENDS_OF_AXES, has_side
from deid.pixels.picture.levels import brightest
from deid.pixels.picture.print_runs import ink_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from deid.pixels.ocr.line import TextLine

Gap = tuple[int, int]

_READ = 0.6
_INNER = slice(CROP_HEIGHT // 8, CROP_HEIGHT - CROP_HEIGHT // 8)
"""Rows of a crop in which no other line shows."""
_WIDE, _WIDER_THAN_USUAL = 0.3, 2.0
"""A blank between letters: in heights of the capitals, and against the usual gap between the line's letters."""
_WIDE_ALONE = 0.6
"""In heights of the capitals: between two letters, each at the end of an axis, no other gap can tell what is usual."""
_WIDE_AT_NUMBER = 0.17
"""The same beside a digit: `W400 L40`; there is no name that would be parted."""
_NARROW = 0.25
"""In heights of the capitals: no blank's gap is narrower."""
_LOWEST = 12


def spaced(line: TextLine, views: Sequence[NDArray[np.uint8]]) -> TextLine:
    """A line with its blanks where the picture shows them, and with those that may have been dropped as `parted`.

    Args:
        line: As it was read.
        views: The frame, each uint8 rows × columns × 3.
    """
    if line.score < _READ or len(line.text) <= 1:
        return line
    view = clearest(views, line.corners)
    gaps, high = _gaps(crop(view, line.corners))
    # Letters that touch have a gap of none.
    widths = sorted([end - start for start, end in gaps] + [0] * (len(line.text) - 1 - len(gaps)))
    # The usual gap of a few letters is not that of the widest.
    unusual = _WIDER_THAN_USUAL * float(np.median(widths[:-1] or widths)) + 1
    if len(widths) == 1 and ENDS_OF_AXES.issuperset(line.text):
        unusual = _WIDE_ALONE * high
    least, most = max(unusual, _WIDE_AT_NUMBER * high), min(unusual, _NARROW * high)
    width = crop_width(line)
    places = [(start / width, end / width) for start, end in gaps]
    joined = _joined(line, places, most / width)
    wide = [place for place in places if place[1] - place[0] >= least / width]
    return _with_blanks(joined, wide, _WIDE * high / width)


def crop_width(line: TextLine) -> int:
    """The columns of a line's crop."""
    return max(round(line.length * CROP_HEIGHT / max(line.height, 1.0)), 1)


def _gaps(picture: NDArray[np.uint8]) -> tuple[list[Gap], int]:
    """Columns without ink between such with, and how high the ink is."""
    strip = brightest(picture)
    ink = ink_of(strip, (slice(0, CROP_HEIGHT), slice(0, strip.shape[1])), CROP_HEIGHT)
    if ink is None:
        return [], 0
    places = np.flatnonzero(ink[_INNER].any(axis=0))
    rows = np.flatnonzero(ink[_INNER].mean(axis=1) > 0.03)  # noqa: PLR2004 - specks
    if not places.size or not rows.size:
        return [], 0
    breaks = np.flatnonzero(np.diff(places) > 1)
    high = max(int(rows[-1] - rows[0]) + 1, _LOWEST)
    return [(int(places[index]) + 1, int(places[index + 1])) for index in breaks], high


def _joined(line: TextLine, gaps: Sequence[tuple[float, float]], most: float) -> TextLine:
    """The line without the blanks between letters at which the picture shows but a gap between letters."""
    if has_side(line.text):
        return line
    joined = line
    for at in reversed(blanks_between_letters(line.text)):
        own = [end - start for start, end in gaps if _meet(line.edges, at, start, end)]
        if own and max(own) <= most:
            joined = joined.without(at)
    return joined


def _with_blanks(line: TextLine, gaps: Sequence[tuple[float, float]], wide: float) -> TextLine:
    """The line with its blanks moved, and a blank more for each gap at a border between two letters or digits."""
    edges, more = list(line.edges), []
    for start, end in gaps:
        text, middle = line.text, (start + end) / 2
        blank = next((at for at in range(1, len(text) - 1) if text[at] == " " and _meet(edges, at, start, end)), None)
        at = min(range(1, len(text)), key=lambda index: abs(line.edges[index] - middle))
        if blank is not None and edges[blank - 1] < start and end < edges[blank + 2]:
            edges[blank], edges[blank + 1] = start, end
        elif (
            blank is None
            and edges[at - 1] < start
            and end < edges[at + 1]
            and _may_part(text[at - 1 : at + 1], is_wide=end - start >= wide)
        ):
            more.append((at, start, end))
    own = replace(line, edges=tuple(edges))
    if not more:
        return own
    text = line.text
    for at, start, end in reversed(more):
        text = f"{text[:at]} {text[at:]}"
        edges[at : at + 1] = [start, end]
    return replace(own, parted=replace(own, text=text, edges=tuple(edges)))


def _meet(edges: Sequence[float], at: int, start: float, end: float) -> bool:
    """Whether a character stands in, or at, a gap."""
    return edges[at] <= end and edges[at + 1] >= start


def _may_part(pair: str, *, is_wide: bool) -> bool:
    """Whether a blank may have been dropped between two characters: in a number there is none."""
    if not pair.isalnum() or pair.isdigit():
        return False
    return is_wide or not pair.isalpha()
