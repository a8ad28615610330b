"""Lines that nothing vouches for, read again with more around them: `epth 15 cm`, `LUNC`.

The detector cuts letters at the ends of a line, and what is read of the rest is as sure as any. What is read with more
around it counts where it is sure, names nobody, and is no less likely to the reader of small print, who guesses no
words. It says the same and more, or nearly the same where what was read before is no common name.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rapidfuzz.distance import Levenshtein

from deid.pixels.judging.second_opinion import is_guessed, with_text
from deid.text.words.vocabulary import load_vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from deid.identity.known_values import KnownValue
    from deid.pixels.ocr import Ocr, TextLine
    from deid.pixels.picture.print_runs import Picture
    from deid.text import TextEngine

_SURE, _LESS_SURE = 0.95, 0.05
"""The score of a reading that counts, and how much surer what was read before may have been."""
_READ, _DOUBTFUL = 0.6, 0.9
"""The score of what may be print, and below which it was in doubt anyway."""
_AS_LIKELY, _IF_CUT = 1.0, 0.01
"""How likely it must be to the reader of small print, against what was read before: of cut letters little may show."""
_SHORTEST, _MOST_MORE, _A_LETTER_IN = 4, 2, 4
"""Letters: of a line, for fewer may be initials; more than were read before; and of how many one may be another."""


class Rereader:
    """Reads lines of one instance again; each once."""

    def __init__(self, ocr: Ocr, engine: TextEngine, known: Sequence[KnownValue]) -> None:
        self._ocr, self._engine, self._known = ocr, engine, known
        self._read: dict[TextLine, TextLine] = {}

    def settled(self, lines: Iterable[TextLine], views: Sequence[Picture]) -> tuple[TextLine, ...]:
        """The lines, with what stands there in place of what was misread as nothing clinical.

        Args:
            lines: Those of a frame.
            views: The frame, each uint8 rows × columns × 3.
        """
        return tuple(self._settled(line, views) for line in lines)

    def _settled(self, line: TextLine, views: Sequence[Picture]) -> TextLine:
        if line.score < _READ or len(_letters(line.text)) < _SHORTEST:
            return line
        if not is_guessed(line, self._known, self._engine):
            return line
        if line not in self._read:
            wider = self._ocr.read_around(line, views)
            self._read[line] = with_text(line, wider.text, wider.score) if self._counts(wider, line) else line
        return self._read[line]

    def _counts(self, wider: TextLine, line: TextLine) -> bool:
        if wider.opinion is None or wider.score < max(_SURE, line.score - _LESS_SURE):
            return False
        least = _least_odds(wider.text, line)
        if least is None or self._engine.judge_line(wider.text, self._known).identifying:
            return False
        own, other = wider.opinion.probabilities([line.text, wider.text])
        return other >= least * own


def _least_odds(text: str, line: TextLine) -> float | None:
    """How likely a text must be against the one that was read; None where it can't stand in its place."""
    own, other = _letters(line.text), _letters(text)
    if len(other) < len(own) or text == line.text:
        return None
    if own in other:
        cut = len(other) <= len(own) + _MOST_MORE
        return (_AS_LIKELY if _is_name(line.text) else _IF_CUT) if cut else None
    if line.score < _DOUBTFUL:
        return _AS_LIKELY
    is_alike = Levenshtein.distance(own, other) <= len(own) // _A_LETTER_IN
    return _AS_LIKELY if is_alike and not _is_name(line.text) else None


def _is_name(text: str) -> bool:
    """Whether a word of a text is a common name."""
    return any(map(load_vocabulary().is_name, text.lower().split()))


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text))
