"""Lines that nothing vouches for, read again with more around them: `epth 15 cm`, `LUNC`.

The detector cuts letters at the ends of a line, and what is read of the rest is as sure as any. What is read with more
around it counts where it is sure, names nobody, and is no less likely to the reader of small print, who guesses no
words. It says the same and more, or nearly the same where what was read before is no common name. What it says more
counts as well where it is read again beside its next letters alone, which are no word that could be guessed: to the
reader of small print, ink on the bright edge of anatomy is too faint beside that of the rest.
"""

from __future__ import annotations

import re
from string import ascii_lowercase
from typing import TYPE_CHECKING

from rapidfuzz.distance import Levenshtein

from deid.pixels.judging.second_opinion import guesses_in, with_text
from deid.pixels.ocr.line import letters_of
from deid.text.words.alike import words_alike
from deid.text.words.vocabulary import load_vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from deid.identity.known_values import KnownValue
    from deid.pixels.ocr import Ocr, TextLine
    from deid.pixels.picture.print_runs import Picture
    from deid.text import Span, TextEngine

_SURE, _LESS_SURE = 0.95, 0.05
"""The score of a reading that counts, and how much surer what was read before may have been."""
_WORD = re.compile(r"[^\W\d_]+")
_READ, _DOUBTFUL = 0.6, 0.9
"""The score of what may be print, and below which it was in doubt anyway."""
_AS_LIKELY, _IF_CUT, _IF_CUT_LONG = 1.0, 0.01, 0.001
"""How likely it must be to the reader of small print, against what was read before: of cut letters little may show."""
_LONG = 8
"""Letters of a line: it is no name with one more letter."""
_SHORTEST, _MAY_BE_INITIALS, _MOST_MORE = 3, 3, 2
"""Letters: of a line; of one that may be initials; and how many more than were read before."""
_BESIDE = 2
"""Letters beside those that were cut, with which they are read again."""


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
        if line.score < _READ or len(letters_of(line.text)) < _SHORTEST:
            return line
        if line not in self._read:
            self._read[line] = self._read_again(line, views) if self._may_be_clinical(line) else line
        return self._read[line]

    def _read_again(self, line: TextLine, views: Sequence[Picture]) -> TextLine:
        wider = self._ocr.read_around(line, views)
        return with_text(line, wider.text, wider.score) if self._counts(wider, line, views) else line

    def _may_be_clinical(self, line: TextLine) -> bool:
        """Whether it is worth the time: all that nothing vouches for is nearly clinical, or was read badly."""
        guesses = guesses_in(line, self._known, self._engine)
        if not guesses or line.score < _DOUBTFUL:
            return bool(guesses)
        words = [match.group() for match in _WORD.finditer(line.text) if any(_meets(match, span) for span in guesses)]
        unknown = [word for word in words if not _is_clinical(word)]
        if all(map(_is_nearly_clinical, unknown)):
            return True
        return len(unknown) < len(words) and all(map(_may_be_cut, unknown))

    def _counts(self, wider: TextLine, line: TextLine, views: Sequence[Picture]) -> bool:
        if wider.opinion is None or wider.score < max(_SURE, line.score - _LESS_SURE):
            return False
        least = _least_odds(wider.text, line)
        if least is None or self._engine.judge_line(wider.text, self._known).identifying:
            return False
        own, other = wider.opinion.probabilities([line.text, wider.text])
        is_likely = other >= least * own and len(letters_of(line.text)) > _MAY_BE_INITIALS
        return is_likely or self._is_read_apart(wider, line, views)

    def _is_read_apart(self, wider: TextLine, line: TextLine, views: Sequence[Picture]) -> bool:
        """Whether what a wider reading says more, at one end, is read with the next letters alone as well."""
        more = len(wider.text) - len(line.text)
        if more <= 0:
            return False
        if wider.text.endswith(line.text):
            start, end = 0, more + _BESIDE
        elif wider.text.startswith(line.text):
            start, end = len(line.text) - _BESIDE, len(wider.text)
        else:
            return False
        apart = self._ocr.read_letters(wider, views, start, end)
        return apart.text == wider.text[start:end] and apart.score >= _SURE


def _least_odds(text: str, line: TextLine) -> float | None:
    """How likely a text must be against the one that was read; None where it can't stand in its place."""
    own, other = letters_of(line.text), letters_of(text)
    if len(other) < len(own) or text == line.text:
        return None
    if own in other:
        if len(other) > len(own) + _MOST_MORE:
            return None
        return _AS_LIKELY if _is_name(line.text) else _IF_CUT_LONG if len(own) >= _LONG else _IF_CUT
    if line.score < _DOUBTFUL:
        return _AS_LIKELY
    return _AS_LIKELY if _are_alike(own, other) and not _is_name(line.text) else None


def _is_nearly_clinical(word: str) -> bool:
    others = {other.lower() for other in words_alike(word)}
    own = word.lower()
    return any(own in other or (_are_alike(own, other) and not _is_name(own)) for other in others)


def _is_clinical(word: str) -> bool:
    return word.lower() in load_vocabulary().words and not _is_name(word)


def _may_be_cut(word: str) -> bool:
    """Whether a word is a clinical one, or a name as well, without its first or last letter: `ROSS` of `CROSS`."""
    words, own = load_vocabulary().words, word.lower()
    return any(letter + own in words or own + letter in words for letter in ascii_lowercase)


def _are_alike(own: str, other: str) -> bool:
    """Whether a text is another with one letter wrong, or without it."""
    return len(own) <= len(other) and Levenshtein.distance(own, other, score_cutoff=1) <= 1


def _meets(match: re.Match[str], span: Span) -> bool:
    return span.start < match.end() and span.end > match.start()


def _is_name(text: str) -> bool:
    """Whether a word of a text is a common name."""
    return any(map(load_vocabulary().is_name, text.lower().split()))
