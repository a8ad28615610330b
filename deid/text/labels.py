"""Labels as small or faint print gives them: `Mame:`, `Paticnt D:`, `Agc:`. What follows one is a value all the same.

A label that is read right is found by `deid.text.cues`; this is only for lines of pixels, and only where what stands
before the colon is no clinical word.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rapidfuzz import fuzz, process

from deid.text.spans import Span
from deid.text.vocabulary import read_sections

if TYPE_CHECKING:
    from collections.abc import Sequence

    from deid.text.fold import Folded
    from deid.text.tokens import Token

_LABELS = tuple("".join(line.split()) for line in read_sections("cues.txt")["plain labels"])
_BEFORE_COLON = re.compile(r"([^:=;\n]{2,28})[:;=]")
_NOT_LETTERS = re.compile(r"[^a-z0-9]")
_ALIKE = 62.0
_WHOLE_LINE_ALIKE = 80.0
_LONG = 8
REASON = "value after a label, as misread"


def misread_label(folded: Folded, tokens: Sequence[Token]) -> tuple[int, Span | None]:
    """How far (in folded text) a misread label at the start of a line reaches, and the value after it.

    Returns:
        (0, None) where the line has no such label, or one of clinical words; the span is in the original text.
    """
    match = _BEFORE_COLON.match(folded.text)
    label = match[1] if match else folded.text
    squeezed = _NOT_LETTERS.sub("", label)
    inside = [token for token in tokens if token.start < len(label)]
    if not inside or all(token.vouched for token in inside):
        return 0, None
    if match is None:
        alike = len(squeezed) >= _LONG and _best(squeezed) >= _WHOLE_LINE_ALIKE
        return (len(label), None) if alike else (0, None)
    if _best(squeezed) < _ALIKE or not any(map(str.isalnum, folded.text[match.end() :])):
        return 0, None
    start, end = folded.place(match.end(), len(folded.text))
    return match.end(), Span(start, end, "cue", REASON, 0.8)


def _best(squeezed: str) -> float:
    found = process.extractOne(squeezed, _LABELS, scorer=fuzz.ratio)
    return found[1] if found else 0.0
