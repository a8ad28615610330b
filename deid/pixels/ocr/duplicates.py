"""The same text is found in several views, polarities and tiles: keeps the best reading of each."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from deid.pixels.ocr.line import TextLine
    from deid.plan import Box

SAME = 0.6
"""Two boxes that share this much of the smaller one show the same text."""
_SAME_IF_A_PIECE = 0.4
"""So do such as share this much, of which one says how the other ends."""
_AS_SURE = 0.9
_MUCH_SURER, _ABOUT_AS_LARGE = 0.3, 1.3
_NEARLY_AS_LONG = 0.9
_DOUBTFUL, _SURE = 0.9, 0.85
_MOSTLY, _SEVERAL = 0.6, 2


def without_duplicates(lines: Sequence[TextLine]) -> tuple[TextLine, ...]:
    """Each line once, top to bottom: of two at one place the longer text, of about equal lengths the surer.

    None that is but the letters of others, read across.
    """
    kept: list[TextLine] = []
    for line in sorted(lines, key=_surest_first):
        rivals = [other for other in kept if shared(line.box, other.box) > _least(line, other)]
        if any(len(other.text) >= _NEARLY_AS_LONG * len(line.text) or _is_surer(other, line) for other in rivals):
            continue
        kept = [other for other in kept if other not in rivals]
        kept.append(line)
    kept = [line for line in kept if not _is_made_of_others(line, kept)]
    return tuple(sorted(kept, key=lambda line: (line.box.y0, line.box.x0, line.text)))


def _is_made_of_others(line: TextLine, lines: Sequence[TextLine]) -> bool:
    """Whether a reading runs across lines that were read well: what it shows are their letters.

    They must be surer than it, unless it has one letter for each of them, and that is the letter that stands there.
    """
    crossed = [
        other for other in lines if other.score >= _SURE and _lies(other) != _lies(line) and common(line.box, other.box)
    ]
    if line.score >= _DOUBTFUL:
        return len(crossed) >= _SEVERAL and _is_one_letter_of_each(line, crossed)
    crossed = [other for other in crossed if other.score >= line.score]
    covered = sum(common(line.box, other.box) for other in crossed)
    return len(crossed) >= _SEVERAL and covered >= _MOSTLY * area(line.box)


def _is_one_letter_of_each(line: TextLine, crossed: Sequence[TextLine]) -> bool:
    letters = line.text.replace(" ", "").casefold()
    if len(letters) != len(crossed):
        return False
    in_order = sorted(crossed, key=lambda other: (other.box.y0, other.box.x0))
    near = [_letters_at(other, line.box).casefold() for other in in_order]
    return any(
        all(letter in beside for letter, beside in zip(order, near, strict=True)) for order in (letters, letters[::-1])
    )


def _letters_at(line: TextLine, box: Box) -> str:
    """The letter of a line that stands where a box crosses it, and those beside it."""
    (x0, y0), (x1, y1), *_ = line.corners
    x, y = (box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2
    along = ((x - x0) * (x1 - x0) + (y - y0) * (y1 - y0)) / max(line.length, 1.0) ** 2
    at = bisect_right(line.edges, along) - 1
    return line.text[max(at - 1, 0) : at + 2]


def _lies(line: TextLine) -> bool:
    return line.box.x1 - line.box.x0 >= line.box.y1 - line.box.y0


def _least(first: TextLine, second: TextLine) -> float:
    """How much two boxes share that show the same: less where one reads as the end of another that is as sure."""
    short, long = sorted((first, second), key=lambda line: len(line.text))
    is_piece = len(short.text) > 1 and long.text.replace(" ", "").endswith(short.text)
    return _SAME_IF_A_PIECE if is_piece and long.score >= _AS_SURE * short.score else SAME


def _is_surer(line: TextLine, other: TextLine) -> bool:
    """Whether a line is so much surer than another, in a box about as large, that what that says more is no print."""
    return line.score >= other.score + _MUCH_SURER and area(other.box) <= _ABOUT_AS_LARGE * area(line.box)


def _surest_first(line: TextLine) -> tuple[float, int, Box, str]:
    return -line.score, -len(line.text), line.box, line.text


def area(box: Box) -> int:
    """The number of pixels in a box."""
    return 0 if box.empty else (box.x1 - box.x0) * (box.y1 - box.y0)


def common(a: Box, b: Box) -> int:
    """The number of pixels that two boxes share."""
    wide, high = min(a.x1, b.x1) - max(a.x0, b.x0), min(a.y1, b.y1) - max(a.y0, b.y0)
    return wide * high if wide > 0 and high > 0 else 0


def shared(a: Box, b: Box) -> float:
    """What part of the smaller box lies in the other, 0 to 1."""
    return common(a, b) / max(min(area(a), area(b)), 1)
