"""Sheets of a device, full of names of fields: a word that is unknown there, but likelier a word than a name, stays.

A monitor, a worksheet or a laboratory has many words that no list of radiology holds. On a frame most of whose lines
name nobody, a word that some language has, or that is made as words of medicine are, and that no list calls a name,
is the name of a field; what stands with a name in one line goes as before, and so does what stands behind or below
the name of a field for people, `Operator`. What is a common word and a rare name as well (`Onda`) stays only where it
is written as no name is, `Onda lenta`; an abbreviation (`MVe`) only where it has a value, and what is above and below
it, or on its row, is vouched for.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from enum import Enum
from typing import TYPE_CHECKING

from deid.pixels.judging.columns import Cell, cells_of, has_value, is_number, level_with, names_people, run_of
from deid.text.fold import fold_text
from deid.text.rest_of_line import REST
from deid.text.words.prose import is_led
from deid.text.words.sheet_words import is_common_word, is_listed_name, is_seldom_a_name, is_word_of_sheets
from deid.text.words.tokens import Standing, Token, words_of
from deid.text.words.vocabulary import words_of_section

if TYPE_CHECKING:
    from deid.pixels.judging.rows import Row
    from deid.text import Span

Found = Sequence[Sequence["Span"]]
_FEWEST_LINES, _SHARE_OF_LINES = 12, 0.5
"""Lines of words that name nobody, of a sheet; and of all its lines of words, with those that are words of sheets."""
_GUESSES = frozenset({"name", "place", "unknown"})
_CUED = ("name after", "value after", "name beside a given")
"""How the reasons of findings begin that are more than guesses."""
_FEWEST_BESIDE, _SHARE_BESIDE = 4, 0.7
"""Cells of a column, or a row, that must be vouched for around an abbreviation; and of all but such."""
_MOST_WORDS = 6
_ABBREVIATION = re.compile(
    r"[A-Z]{3,6}|(?=.{2,7}\Z)[A-Za-z]*[a-z0-9][A-Z][A-Za-z0-9]*|[A-Z]{2,3}[a-z]{1,5}|[A-Z]{1,4}[0-9]"
)
"""Capitals, or letters of both kinds as no name has them: `EtCO2`, `MVe`."""


class _Grade(Enum):
    """What an unknown word of a sheet may be."""

    WORD = "word"
    ABBREVIATION = "abbreviation"
    NAME = "name"


def without_labels(rows: Sequence[Row], spans: Found, labels: Sequence[int]) -> list[list[Span]]:
    """What identifies in each row, without what are words of a sheet; as it is on what is no sheet.

    Args:
        rows: The rows of a frame.
        spans: What was found to identify in each.
        labels: Where the name of an identifying field ends at the beginning of each; 0 without.
    """
    parted = [list(_parted(row, found)) for row, found in zip(rows, spans, strict=True)]
    cells = cells_of(rows, parted)
    lines = [cell for cell in cells if cell.has_words]
    if sum(not cell.spans for cell in lines) < _FEWEST_LINES:
        return [list(found) for found in spans]
    for abbreviated in (False, True):
        stay = {
            id(span)
            for cell in lines
            if cell.spans and not labels[cell.row] and _keeps(cell, cells, abbreviated=abbreviated)
            for span in cell.spans
        }
        parted = [_without_rest([span for span in found if id(span) not in stay]) for found in parted]
        cells = cells_of(rows, parted)
        lines = [cell for cell in cells if cell.has_words]
        if sum(not cell.spans for cell in lines) < _SHARE_OF_LINES * len(lines):
            return [list(found) for found in spans]
    return parted


def _parted(row: Row, spans: Sequence[Span]) -> list[Span]:
    """The spans, what is merely unknown parted where lines end."""
    found: list[Span] = []
    for span in spans:
        pieces = [
            replace(span, start=max(span.start, start), end=min(span.end, start + len(line.text)))
            for line, start in zip(row.lines, row.starts, strict=True)
            if span.start < start + len(line.text) and span.end > start
        ]
        found += pieces if span.kind == "unknown" else [span]
    return found


def _without_rest(spans: Sequence[Span]) -> list[Span]:
    """The spans; none where all are the rest of a line of which nothing else identifies."""
    return [] if all(span.reason == REST for span in spans) else list(spans)


def _keeps(cell: Cell, cells: Sequence[Cell], *, abbreviated: bool) -> bool:
    """Whether all that identifies in a cell by itself are words of the sheet, or such and abbreviations."""
    grades = _grades(cell, cells)
    if _Grade.NAME in grades or (grades != {_Grade.WORD} and not abbreviated) or names_people(cell, cells):
        return False
    if _Grade.ABBREVIATION in grades and not has_value(cell, cells):
        return False
    return grades == {_Grade.WORD} or _is_among_labels(cell, cells)


def _grades(cell: Cell, cells: Sequence[Cell]) -> set[_Grade]:
    """What the words are that identify in a cell; a name where there is evidence for that."""
    if any(span.kind not in _GUESSES or span.reason.startswith(_CUED) or cell.shares(span) for span in cell.spans):
        return {_Grade.NAME}
    folded = fold_text(cell.text)
    tokens = words_of(folded)
    places = [folded.place(token.start, token.end) for token in tokens]
    return {
        _grade(tokens, index, folded.source[slice(*place)], cell, cells)
        for index, place in enumerate(places)
        if any(cell.covers(span, place) for span in cell.spans)
    } or {_Grade.NAME}


def _is_among_labels(cell: Cell, cells: Sequence[Cell]) -> bool:
    """Whether a cell's column, or its row, has enough that is vouched for, and few names, and no evidence of a person.

    Other abbreviations speak neither for it nor against it.
    """
    for near in (run_of(cell, cells), level_with(cell, cells)):
        others = [one for one in near if one is not cell and one.has_words]
        vouched = sum(one.is_vouched for one in others)
        names = sum(bool(one.spans) and _Grade.NAME in _grades(one, cells) for one in others)
        if vouched >= max(_FEWEST_BESIDE, _SHARE_BESIDE * (vouched + names)) and not any(
            one.is_evident for one in others
        ):
            return True
    return False


def _grade(tokens: Sequence[Token], index: int, written: str, cell: Cell, cells: Sequence[Cell]) -> _Grade:
    token = tokens[index]
    if is_led(tokens, index):
        return _Grade.NAME
    if (
        token.standing in (Standing.NUMBER, Standing.LETTER)
        or token.placed
        or _is_unit(tokens, index, cell, cells)
        or _is_word(tokens, index)
    ):
        return _Grade.WORD
    is_abbreviation = _ABBREVIATION.fullmatch(written) and not token.vouched and not is_listed_name(token.text)
    return _Grade.ABBREVIATION if is_abbreviation else _Grade.NAME


def _is_word(tokens: Sequence[Token], index: int) -> bool:
    """Whether a word is none that the model alone names, and no name; or written as none is."""
    token = tokens[index]
    is_common = is_common_word(token.text)
    if (is_common and not token.may_be_name) if token.vouched else is_word_of_sheets(token.text):
        return True
    if not token.capital and is_common:
        return True
    return is_seldom_a_name(token.text) and _goes_on_small(tokens, index)


def _is_unit(tokens: Sequence[Token], index: int, cell: Cell, cells: Sequence[Cell]) -> bool:
    """Whether a word is a unit behind a number, or alone in the cell behind one: `24 mbar`."""
    if tokens[index].text not in words_of_section("units behind numbers"):
        return False
    before = [one for one in tokens[:index] if one.text not in words_of_section("units behind numbers")]
    if before:
        return before[-1].standing is Standing.NUMBER
    left = [one for one in level_with(cell, cells) if one.box.x0 < cell.box.x0]
    return bool(left) and is_number(left[-1].text)


def _goes_on_small(tokens: Sequence[Token], index: int) -> bool:
    """Whether a word is the first of a few of which the next has no capital: `Onda lenta`."""
    following = tokens[index + 1] if index + 1 < len(tokens) else None
    if index or following is None or len(tokens) > _MOST_WORDS:
        return False
    is_word = following.vouched or is_word_of_sheets(following.text)
    return following.text.isalpha() and not following.capital and is_word
