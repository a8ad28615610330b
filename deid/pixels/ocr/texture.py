"""Readings of what is no text: grids, ticks, traces and edges are read as strokes that repeat."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

_STROKES = frozenset("一丨丿丶二三十|/\\-—–_=~+×….·:;'\"`,^<>()[]{}")
_STRAIGHT = _STROKES | frozenset("1ILT")
_ANGULAR = _STRAIGHT | frozenset("AEFHJKMNPRVWXYZ")
_EDGES = frozenset("1CEÉFHIKLPRTVY")
"""What the edges of anatomy are read as, in ever new order: no loop, no letter of two stems but the H."""
_SHORTEST_EDGE, _SURE_OF_EDGE, _SURE_OF_FEW_EDGES = 9, 0.7, 0.85
_SHORTEST, _SHORTEST_ROW, _SHORTEST_ZIGZAG, _SHORTEST_TRACE, _SHORTEST_GRID = 3, 6, 8, 12, 16
_ZIGZAG_KINDS, _TRACE_KINDS, _GRID_KINDS = 2, 3, 4
"""Print has a new letter for every second or third at least; a trace is read as a few over and over."""
_SURE_OF_ROW, _SURE_OF_STROKES, _SURE_OF_TRACE = 0.95, 0.9, 0.75
_LOOPS, _LOOPS_IN_A_ROW = frozenset("35689BS"), 4
_BEATS = 4
_IDEOGRAPHS = ("\u4e00", "\u9fff")


def are_strokes(text: str) -> bool:
    """Whether nothing but strokes was read: the ticks of a ruler, the crosses of a caliper."""
    return all(letter in _STROKES for letter in text if not letter.isspace())


def is_ideographs(text: str) -> bool:
    """Whether ideographs were read and nothing else."""
    return bool(text) and all(_IDEOGRAPHS[0] <= letter <= _IDEOGRAPHS[1] for letter in text)


def is_texture(text: str, score: float) -> bool:
    """Whether a reading is of no letters at all, or of straight strokes or a few letters over and over and unsure."""
    letters = [letter for letter in text.upper() if not letter.isspace()]
    if are_strokes(text):
        return bool(letters)
    kinds, length = set(letters), len(letters)
    if len(kinds) == 1 and is_ideographs(letters[0]):
        return True  # corners and crossings; a name has two
    if kinds <= _STRAIGHT:
        row = len(kinds) == 1 and length >= _SHORTEST_ROW and score < _SURE_OF_ROW
        return row or (length >= _SHORTEST and score < _SURE_OF_STROKES)
    if _are_edges(letters, score):
        return True
    is_grid = kinds <= _ANGULAR and length >= _SHORTEST_GRID and len(kinds) * _GRID_KINDS <= length
    if score >= (_SURE_OF_STROKES if is_grid else _SURE_OF_TRACE):
        return False
    zigzag = kinds <= _ANGULAR and length >= _SHORTEST_ZIGZAG and len(kinds) * _ZIGZAG_KINDS <= length
    repeats = length >= _SHORTEST_TRACE and len(kinds) * _TRACE_KINDS <= length
    return zigzag or repeats or _are_loops(letters) or _are_beats(letters)


def _are_edges(letters: Sequence[str], score: float) -> bool:
    """Whether a long line was read as nothing but edges: `VKTFKVKKI`; surer ones of a few kinds, `KKKCKLCLLLL`."""
    kinds, length = set(letters), len(letters)
    if length < _SHORTEST_EDGE or not kinds <= _EDGES:
        return False
    return score < (_SURE_OF_FEW_EDGES if len(kinds) * _TRACE_KINDS <= length else _SURE_OF_EDGE)


def _are_beats(letters: Sequence[str]) -> bool:
    """Whether one letter stands four times in a row, as in no word: the beats of an ECG, `Nhhhhh`."""
    row = "".join(letters)
    return any(letter * _BEATS in row for letter in set(letters) if letter.isalpha() and letter not in _STRAIGHT)


def _are_loops(letters: Sequence[str]) -> bool:
    """Whether loops stand one behind the other, as of ribs, wires and stents: `88888888`, `566668`.

    A row of zeros may be how a number begins.
    """
    kinds, row = set(letters), "".join(letters)
    if len(row) < _SHORTEST_ROW:
        return False
    return len(kinds) == 1 or (kinds <= _LOOPS and any(kind * _LOOPS_IN_A_ROW in row for kind in kinds))
