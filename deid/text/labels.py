"""Labels as small or faint print gives them: `Mame:`, `Paticnt D:`, `008:`. What follows one is a value all the same.

A label that is read right is found by `deid.text.names.cues`; a misread one only on lines of pixels, and only where
what stands before the colon is no clinical word. The label itself never identifies.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rapidfuzz import fuzz, process

from deid.text.spans import Span
from deid.text.words.vocabulary import read_sections

if TYPE_CHECKING:
    from collections.abc import Sequence

    from deid.text.fold import Folded
    from deid.text.words.tokens import Token

_WRITTEN = tuple(read_sections("cues.txt")["plain labels"])
_FIRST_WORDS = {"".join(line.split()): line.split()[0] for line in _WRITTEN}
_LABELS = tuple(_FIRST_WORDS)
_BEFORE_COLON = re.compile(r"([^:=;\n]{2,28})[:;=]")
_NOT_LETTERS = re.compile(r"[^a-z0-9]")
_AS_LETTERS = tuple(str.maketrans("0123456789δ", f"{zero}izbasgtbga") for zero in "od")
"""The letters that are read as digits, or as other letters: `0` for `O` or `D`, `3` for `B`, `Δ` for `A`."""
_ALIKE = 62.0
_BEGINS_ALIKE = 76.0
_SHORTEST_AS_DIGITS = 3
_NUMBER = re.compile(r"[0-9]{4}")
_SURELY_ALIKE, _SHORTEST_GLUED = 92.0, 4
_ALIKE_BEFORE_DOT = 88.0
_WHOLE_LINE_ALIKE = 80.0
_REST_ALIKE = 50.0
_MOST_LONGER = 1.5
_LONG = 8
_LONG_LABELS = tuple(sorted((label for label in _LABELS if len(label) >= _LONG), key=len, reverse=True))
REASON = "value after a label, as misread"


def misread_label(folded: Folded, tokens: Sequence[Token]) -> tuple[int, Span | None]:
    """How far (in folded text) a misread label at the start of a line reaches, and the value after it.

    Returns:
        (0, None) where the line has no such label, or one of clinical words; the span is in the original text.
    """
    match = _BEFORE_COLON.match(folded.text)
    if match is None or _best(_squeezed(match[1])) < _ALIKE:
        return _without_colon(folded, tokens)
    inside = [token for token in tokens if token.start < match.end(1)]
    written = match[1].strip()
    if " " in written and written not in _WRITTEN and _squeezed(written) in _FIRST_WORDS:
        return match.end(), _value(folded, match.end())  # `Opera tor: ML`
    if not inside or (all(token.vouched for token in inside) and not _is_word_as_number(match[1])):
        return 0, None
    if any((token.name and not token.vouched) or _NUMBER.search(token.text) for token in inside):
        return 0, None  # `MORGAN; CARY` is no misread `MRN`, and behind `Patient ID 47112 W:` stands no label's value
    return match.end(), _value(folded, match.end())


def label_end(folded: Folded, tokens: Sequence[Token]) -> int:
    """Where in the original text a label at the start of a line ends, with its colon; 0 where there is none."""
    end, _ = misread_label(folded, tokens)
    match = _BEFORE_COLON.match(folded.text)
    if not end and match is not None and _best(_squeezed(match[1])) >= _WHOLE_LINE_ALIKE:
        end = match.end()
    return folded.place(0, end)[1] if end else 0


def _without_colon(folded: Folded, tokens: Sequence[Token]) -> tuple[int, Span | None]:
    """A long label that is the whole line, or that a value follows at once: `Paticnt 10 4711`, `Study Date2037`."""
    places = [index for index, letter in enumerate(folded.text) if letter == "δ" or not _NOT_LETTERS.fullmatch(letter)]
    squeezed = _squeezed(folded.text)
    glued = _name_glued_to_label(folded, tokens, squeezed, places)
    if glued is not None:
        return folded.back(glued.start, glued.end)[0], glued
    whole = len(squeezed) >= _LONG and _best(squeezed) >= _WHOLE_LINE_ALIKE and not _vouched(tokens, len(folded.text))
    if whole and not _has_value_beside(tokens, squeezed) and not _ends_with_value(folded, tokens, squeezed):
        return len(folded.text), None
    for label in _LONG_LABELS:
        if len(squeezed) <= len(label) or fuzz.ratio(squeezed[: len(label)], label) < _BEGINS_ALIKE:
            continue
        end = places[len(label) - 1] + 1
        if _ends_in_dot(folded.text, end, squeezed, label):
            return end + 1, _value(folded, end + 1)
        if not _is_end_of_label(folded.text, tokens, end) or not _is_rest_alike(tokens, end, label):
            continue
        if any(map(str.isdigit, folded.text[end:])) and not _vouched(tokens, end):
            return end, _value(folded, end)
    return 0, None


def _ends_in_dot(text: str, end: int, squeezed: str, label: str) -> bool:
    """Whether the colon behind a misread label was read as another dot: `InstitutiorName,Smith`."""
    read = squeezed[: len(label)]
    return text[end : end + 1] in {",", "."} and read != label and fuzz.ratio(read, label) >= _ALIKE_BEFORE_DOT


def _name_glued_to_label(folded: Folded, tokens: Sequence[Token], squeezed: str, places: Sequence[int]) -> Span | None:
    """The letters behind a label that are glued to it: `TechnologistMiller`."""
    if len(tokens) != 1 or tokens[0].vouched or not folded.text.strip(" .").isalpha():
        return None
    for label in _LONG_LABELS:
        rest = len(squeezed) - len(label)
        if rest >= _SHORTEST_GLUED and fuzz.ratio(squeezed[: len(label)], label) >= _SURELY_ALIKE:
            return Span(*folded.place(places[len(label)], places[-1] + 1), "cue", REASON, 0.8)
    return None


def _is_end_of_label(text: str, tokens: Sequence[Token], end: int) -> bool:
    """Whether a word ends at a place, or goes on in digits: not within `PATIENT MO|SS 4711`."""
    inside = next((token for token in tokens if token.start < end < token.end), None)
    return inside is None or (text[inside.start : end].isalpha() and text[end].isdigit())


def _is_rest_alike(tokens: Sequence[Token], end: int, label: str) -> bool:
    """Whether what stands behind the first word of a label, if that was read right, is like the rest of it."""
    first = _FIRST_WORDS[label]
    if tokens[0].text != first:
        return not any(token.name and not token.vouched for token in tokens if token.start < end)
    rest = "".join(token.text for token in tokens[1:] if token.start < end)
    return fuzz.ratio(_squeezed(rest), label.removeprefix(first)) >= _REST_ALIKE


def _has_value_beside(tokens: Sequence[Token], squeezed: str) -> bool:
    """Whether the words that are vouched for are the label by themselves: `KOÇ HOSPITAL`."""
    found = process.extractOne(squeezed, _LABELS, scorer=fuzz.ratio)
    return found is not None and "".join(token.text for token in tokens if token.vouched) == found[0]


def _ends_with_value(folded: Folded, tokens: Sequence[Token], squeezed: str) -> bool:
    """Whether a line is more like its label without the last word: `Operator KMB`, `Technologisl AJ`."""
    found = process.extractOne(squeezed, _LABELS, scorer=fuzz.ratio)
    if found is None or len(tokens) < 2:  # noqa: PLR2004 - a label and a value
        return False
    return fuzz.ratio(_squeezed(folded.text[: tokens[-1].start]), found[0]) > found[1]


def _vouched(tokens: Sequence[Token], end: int) -> bool:
    inside = [token for token in tokens if token.start < end]
    return all(token.vouched for token in inside)


def _value(folded: Folded, start: int) -> Span | None:
    """All that follows a label."""
    if not any(map(str.isalnum, folded.text[start:])):
        return None
    return Span(*folded.place(start, len(folded.text)), "cue", REASON, 0.8)


def _is_word_as_number(label: str) -> bool:
    """Whether a label was read as digits, `008` for `DOB`: no more and no less than those."""
    return label.isdigit() and len(label) == _SHORTEST_AS_DIGITS


def _squeezed(label: str) -> str:
    """The letters of a label, as they were most likely written."""
    return max((_NOT_LETTERS.sub("", label.translate(letters)) for letters in _AS_LETTERS), key=_best)


def _best(squeezed: str) -> float:
    labels = [label for label in _LABELS if len(squeezed) <= _MOST_LONGER * len(label)]
    found = process.extractOne(squeezed, labels, scorer=fuzz.ratio)
    return found[1] if found else 0.0
