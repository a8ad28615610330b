"""Where blanks stand, by a second opinion: in print of equal widths an I has gaps like a blank's beside it.

`RI GHT TI` is no side with a mark, `J an 28` no date, `W400L40` no setting.
"""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

from deid.pixels.ocr.line import blanks_between_letters
from deid.pixels.ocr.sides import has_side

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from deid.pixels.ocr.line import TextLine

_LIKELIER, _LIKELIER_WITHOUT = 3.0, 10.0
"""By what factor a text must be likelier to take the place of the one that was read: a blank that was read is there."""
_MOST = 6
"""Changes of one line."""
_LETTER_AT_DIGIT = re.compile(r"(?<=[A-Za-z])(?=[0-9])|(?<=[0-9])(?=[A-Za-z])")
_IN_DATE = re.compile(
    r"(?:(?<=[A-Za-z] [0-9])|(?<=[A-Za-z] [0-9]{2}))(?=(?:19|20)[0-9]{2})|(?<=[0-9])(?=[0-9]{2}:[0-9]{2}:[0-9]{2})"
)
"""Before a year, and between a date and a time: `Mar 25201617:19:24`."""
_ROOM = 0.3
"""How much of a letter's width a blank takes from both its neighbours, where none was read."""


def respaced(line: TextLine) -> TextLine:
    """A line with the blanks that its second opinion sees, of those that were read or may have been dropped.

    Args:
        line: With a second opinion, and with blanks that may have been dropped as `parted`.
    """
    if line.opinion is None:
        return line
    for _ in range(_MOST):
        others = [
            *((other, _LIKELIER_WITHOUT) for other in _fewer(line)),
            *((other, _LIKELIER) for other in _more(line)),
        ]
        own, *odds = line.opinion.probabilities([line.text, *(other.text for other, _ in others)])
        better = [(odd, other) for odd, (other, factor) in zip(odds, others, strict=True) if odd > factor * own]
        if not better:
            break
        line = max(better, key=lambda pair: pair[0])[1]
    return _without_unseen(line)


def _without_unseen(line: TextLine) -> TextLine:
    """The line without the blanks that the picture has gaps for, where none is seen: the I of `LIVER` stands apart."""
    if line.parted is None or line.opinion is None:
        return line
    own, parted = line.opinion.probabilities([line.text, line.parted.text])
    return replace(line, parted=None) if own > _LIKELIER_WITHOUT * parted else line


def _fewer(line: TextLine) -> Iterator[TextLine]:
    """The line without one of its blanks between letters; a side and a mark stay apart, for `L AT` is no view."""
    if has_side(line.text):
        return
    yield from (replace(line.without(at), parted=None) for at in blanks_between_letters(line.text))


def _more(line: TextLine) -> Iterator[TextLine]:
    """The line with the blanks that the picture has gaps for, and with such as often stand there.

    Whether `LIVER` is a side with a mark is told by whether it is a word, not by how far its I stands apart.
    """
    if line.parted is not None and not has_side(line.parted.text):
        yield replace(line.parted, opinion=line.opinion, parted=None)
    borders = sorted(match.start() for often in (_LETTER_AT_DIGIT, _IN_DATE) for match in often.finditer(line.text))
    if len(borders) > 1:
        yield _with_blanks(line, borders)
    for border in borders:
        yield _with_blanks(line, [border])


def _with_blanks(line: TextLine, borders: Sequence[int]) -> TextLine:
    cuts = [0, *borders, len(line.text)]
    edges = list(line.edges)
    for border in reversed(borders):
        before, at, after = edges[border - 1 : border + 2]
        edges[border : border + 1] = [at - _ROOM * (at - before), at + _ROOM * (after - at)]
    text = " ".join(line.text[start:end] for start, end in pairwise(cuts))
    return replace(line, text=text, edges=tuple(edges), parted=None)
