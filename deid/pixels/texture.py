"""Readings of what is no text: grids, ticks, traces and edges are read as strokes that repeat."""

from __future__ import annotations

_STROKES = frozenset("一丨丿丶二三|/\\-—–_=~.·:;'\"`,^<>()[]{}")
_STRAIGHT = _STROKES | frozenset("1ILT")
_SHORTEST, _SHORTEST_TRACE = 3, 12
_TRACE_KINDS = 3
"""Print has a new letter for every third at least, `MISSISSIPPI` aside; a trace is read as a few over and over."""
_SURE_OF_STROKES, _SURE_OF_TRACE = 0.9, 0.75


def is_texture(text: str, score: float) -> bool:
    """Whether a reading is of no letters at all, or of straight strokes or a few letters over and over and unsure."""
    letters = [letter for letter in text.upper() if not letter.isspace()]
    if not letters or all(letter in _STROKES for letter in letters):
        return bool(letters)
    if len(letters) >= _SHORTEST and score < _SURE_OF_STROKES and all(letter in _STRAIGHT for letter in letters):
        return True
    return (
        len(letters) >= _SHORTEST_TRACE and len(set(letters)) * _TRACE_KINDS <= len(letters) and score < _SURE_OF_TRACE
    )
