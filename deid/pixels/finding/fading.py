"""Faint lines that go on where the detector lost them: what goes black is read again with more at its ends.

`ESMÉE T. HO` of HOOPMAN: the ink beyond is too faint to be told from what lies below, but a reader sees letters.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from rapidfuzz.distance import Levenshtein

from deid.pixels.ocr.crops import contrast_in
from deid.pixels.ocr.line import enclosing_box, letters_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from deid.identity.known_values import KnownValue
    from deid.pixels.ocr import Ocr, TextLine
    from deid.pixels.picture.print_runs import Picture
    from deid.plan import Box
    from deid.text import TextEngine

_FAINT = 36.0
"""Grey levels by which print and what lies below vary: the ink of stronger print is found without reading."""
_READ, _READ_ON = 0.8, 0.8
"""The scores of a line that is looked at, and of a longer reading."""
_LETTERS = 3
_ROOM = 3.0
"""In line heights, at one end at a time: an initial, a blank and more."""
_MORE, _OTHERS = 2, 2
"""Letters that go on at first: texture is seldom read as two; and how many may be read as others than before."""
_STEPS = 6


class Fading:
    """Reads faint lines of one instance to their ends; each once."""

    def __init__(self, ocr: Ocr, engine: TextEngine, known: Sequence[KnownValue]) -> None:
        self._ocr, self._engine, self._known = ocr, engine, known
        self._read: dict[TextLine, TextLine] = {}

    def whole(self, lines: Sequence[TextLine], views: Sequence[Picture]) -> tuple[TextLine, ...]:
        """The lines, those longer that are faint, identify and go on.

        Args:
            lines: Those of a frame.
            views: The frame, each uint8 rows × columns × 3.
        """
        return tuple(self._whole(line, [one.box for one in lines if one is not line], views) for line in lines)

    def _whole(self, line: TextLine, others: Sequence[Box], views: Sequence[Picture]) -> TextLine:
        if line.score < _READ or len(letters_of(line.text)) < _LETTERS:
            return line
        if max(contrast_in(view, line.corners) for view in views) > _FAINT:
            return line
        if not self._engine.judge_line(line.text, self._known).identifying:
            return line
        if line not in self._read:
            at_end = self._longer(line, others, views, first=0.0, last=_ROOM)
            self._read[line] = self._longer(at_end, others, views, first=_ROOM, last=0.0)
        return self._read[line]

    def _longer(
        self, line: TextLine, others: Sequence[Box], views: Sequence[Picture], *, first: float, last: float
    ) -> TextLine:
        for step in range(_STEPS):
            room = enclosing_box(line.with_room(first, last, 0.0))
            if any(room.overlap(other) > line.box.overlap(other) for other in others):
                return line
            longer = self._ocr.read_with_room(line, views, first, last, 0.0)
            more = len(letters_of(longer.text)) - len(letters_of(line.text))
            if (
                longer.score < _READ_ON
                or more < (1 if step else _MORE)
                or _changes(line.text, longer.text) > more + _OTHERS
            ):
                return line
            line = replace(longer, detection_score=line.detection_score)
        return line


def _changes(text: str, longer: str) -> int:
    return Levenshtein.distance(letters_of(text), letters_of(longer))
