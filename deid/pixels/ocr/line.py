"""One line of text as it stands in a frame, and where its characters are."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import TYPE_CHECKING

from deid.plan import Box

if TYPE_CHECKING:
    from deid.pixels.ocr.small_print import Answers

Point = tuple[float, float]
Quad = tuple[Point, Point, Point, Point]


@dataclass(frozen=True, slots=True)
class TextLine:
    """A line of text: what was read, and the four corners it stands in.

    `corners` go round from the line's first character: along the top to its end, and back along the bottom, in pixels
    of the frame, whatever way the text is turned. `edges` has one entry more than `text`: character i takes the part
    from edges[i] to edges[i + 1] of the line's length (0 to 1).
    """

    corners: Quad
    detection_score: float
    score: float
    """The recogniser's confidence, 0 to 1; 0 when it read nothing."""
    text: str = field(repr=False)
    edges: tuple[float, ...] = field(repr=False)
    parted: TextLine | None = field(default=None, repr=False)
    """The same with blanks that were not read but may stand there, as the picture has gaps."""
    opinion: Answers | None = field(default=None, repr=False, compare=False)
    """What the reader of small print sees there."""
    letters: Answers | None = field(default=None, repr=False, compare=False)
    """What the recogniser sees there, of which `text` is the likeliest."""

    @property
    def height(self) -> float:
        """The height of the line across the direction of reading, in pixels."""
        first, _, _, below = self.corners
        return math.dist(first, below)

    @property
    def length(self) -> float:
        """The length of the line in the direction of reading, in pixels."""
        return math.dist(self.corners[0], self.corners[1])

    @property
    def box(self) -> Box:
        """The upright box around the whole line."""
        return enclosing_box(self.corners)

    def with_room(self, first: float, last: float, across: float) -> Quad:
        """The line's corners farther out, in line heights: at its beginning, at its end, and above and below."""
        height = self.height / max(self.length, 1.0)
        return _stretch(self.corners, -first * height, 1 + last * height, across)

    def letters_at(self, start: int, end: int) -> Quad:
        """The corners of characters `start` to `end` (exclusive)."""
        return _stretch(self.corners, self.edges[start], self.edges[end], 0.0)

    def without(self, blank: int) -> TextLine:
        """The line without a blank: the letters beside it meet in its middle."""
        text = self.text[:blank] + self.text[blank + 1 :]
        return replace(self, text=text, edges=(*self.edges[:blank], self._middle(blank), *self.edges[blank + 2 :]))

    def part(self, start: int, end: int, *, margin: float, beyond: int = 0) -> Box:
        """The upright box around characters `start` to `end` (exclusive), wider by `margin` line heights on all sides.

        Towards the line's own ends the box reaches to the end, as characters at the ends are often cut short. Towards
        a blank or a colon inside the line it reaches to the middle of that: what is beyond is another word. At the
        line's end it takes `beyond` characters more, that were not read.
        """
        along = margin * self.height / max(self.length, 1.0)
        from_, to = self.edges[start] - along, self.edges[end] + along
        if start and not self.text[start - 1].isalnum():
            from_ = max(from_, self._middle(start - 1))
        if end < len(self.text) and not self.text[end].isalnum():
            to = min(to, self._middle(end))
        if end == len(self.text):
            to += beyond / max(len(self.text), 1)
        return enclosing_box(_stretch(self.corners, from_, to, margin))

    def _middle(self, index: int) -> float:
        return (self.edges[index] + self.edges[index + 1]) / 2


@lru_cache(maxsize=4096)
def enclosing_box(corners: Quad) -> Box:
    """The smallest upright box of whole pixels around four corners. Lines are compared by it, each with each."""
    xs, ys = [x for x, _ in corners], [y for _, y in corners]
    return Box(math.floor(min(xs)), math.floor(min(ys)), math.ceil(max(xs)), math.ceil(max(ys)))


def _stretch(corners: Quad, start: float, end: float, margin: float) -> Quad:
    """Cut the quadrilateral to [start, end] of its length and grow it by `margin` of its height, up and down."""
    first, last, last_below, first_below = corners

    def at(along: float, down: float) -> Point:
        top = _between(first, last, along)
        bottom = _between(first_below, last_below, along)
        return _between(top, bottom, down)

    return at(start, -margin), at(end, -margin), at(end, 1 + margin), at(start, 1 + margin)


def _between(a: Point, b: Point, share: float) -> Point:
    return a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share


def blanks_between_letters(text: str) -> list[int]:
    """Where in a text a blank stands between two letters."""
    inner = range(1, len(text) - 1)
    return [at for at in inner if text[at] == " " and text[at - 1].isalpha() and text[at + 1].isalpha()]


def letters_of(text: str) -> str:
    """The letters and digits of a text."""
    return "".join(filter(str.isalnum, text))
