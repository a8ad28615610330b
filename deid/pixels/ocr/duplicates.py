"""The same text is found in several views, polarities and tiles: keeps the best reading of each."""

from __future__ import annotations

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
    """Whether a doubtful reading runs across lines that were read more surely: what it shows are their letters."""
    if line.score >= _DOUBTFUL:
        return False
    crossed = [
        other
        for other in lines
        if other.score >= max(_SURE, line.score) and _lies(other) != _lies(line) and common(line.box, other.box)
    ]
    covered = sum(common(line.box, other.box) for other in crossed)
    return len(crossed) >= _SEVERAL and covered >= _MOSTLY * area(line.box)


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
