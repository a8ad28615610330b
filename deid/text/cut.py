"""Cutting spans out of a text so that what stays reads on: no dangling `for`, no empty brackets, no double blanks."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from deid.text.words.vocabulary import words_of_section

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from deid.text.spans import Span

_INTRODUCING = "|".join(sorted(map(re.escape, words_of_section("words cut with what they introduce"))))
_CONNECTING = re.compile(
    rf"(?:(?<=[\s_,;:/(-])|^)(?:{_INTRODUCING}|f\u00fcr|attn(?=[.:]))[.:]?[ \t_]{{1,3}}\Z", re.IGNORECASE
)
_LINE = re.compile(r"[^\r\n]+")
_BRACKETS = {"(": ")", "[": "]", "{": "}", '"': '"', "'": "'", "<": ">"}
_BLANK = " \t"
_JOINTS = "_-,;/|"
_LOOK_BACK = 16


def cut(text: str, spans: Sequence[Span]) -> list[tuple[int, int]]:
    """The ranges to take out of `text` for disjoint ordered spans, connecting words and separators with them.

    Line breaks are never taken.
    """
    ranges: list[tuple[int, int]] = []
    for start, end in _joined(text, (part for span in spans for part in _lines_of(text, span))):
        start, end = _with_surroundings(text, start, end, ranges[-1][1] if ranges else 0)  # noqa: PLW2901
        if ranges and start <= ranges[-1][1]:
            ranges[-1] = (ranges[-1][0], max(end, ranges[-1][1]))
        else:
            ranges.append((start, end))
    return ranges


def _joined(text: str, parts: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """The parts, those with only blanks and separators between them made one."""
    joined: list[tuple[int, int]] = []
    for start, end in parts:
        if joined and not text[joined[-1][1] : start].strip(_JOINTS + _BLANK):
            joined[-1] = joined[-1][0], end
        else:
            joined.append((start, end))
    return joined


def _lines_of(text: str, span: Span) -> Iterator[tuple[int, int]]:
    """The parts of a span without the line breaks in it."""
    for part in _LINE.finditer(text, span.start, span.end):
        yield part.span()


def _with_surroundings(text: str, start: int, end: int, floor: int) -> tuple[int, int]:
    for _ in range(4):
        before = (start, end)
        start = _connecting_start(text, start, floor)
        if start > floor and end < len(text) and _BRACKETS.get(text[start - 1]) == text[end]:
            start, end = start - 1, end + 1
        if (start, end) == before:
            break
    return _without_gap(text, start, end, floor)


def _connecting_start(text: str, start: int, floor: int) -> int:
    low = max(floor, start - _LOOK_BACK)
    match = _CONNECTING.search(text[low:start])
    if match is None or (match.start() == 0 and low > floor):
        return start
    return low + match.start()


def _without_gap(text: str, start: int, end: int, floor: int) -> tuple[int, int]:
    """Take the blanks and separators that would be doubled or left over at the end of a line."""
    left, right = start, end
    while left > floor and text[left - 1] in _BLANK:
        left -= 1
    while right < len(text) and text[right] in _BLANK:
        right += 1
    at_start, at_end = _line_starts(text, left), _line_ends(text, right)
    if at_end and not at_start:
        while left > floor and text[left - 1] in _JOINTS + _BLANK:
            left -= 1
        return left, right
    if at_start:
        while right < len(text) and text[right] in _JOINTS + _BLANK:
            right += 1
        return left, right
    return _without_inner_gap(text, (left, right), start, end, floor)


def _without_inner_gap(text: str, outer: tuple[int, int], start: int, end: int, floor: int) -> tuple[int, int]:
    """One blank or separator stays between what stands before and after; `outer` is the range with its blanks."""
    left, right = outer
    if text[right] in ".,;:)!?":
        return left, right
    blank_before, blank_after = left < start, right > end
    joint_before, joint_after = left > floor and text[left - 1] in _JOINTS, text[right] in _JOINTS
    if blank_before and blank_after:
        return left, right - 1
    if blank_before:
        return (start, right + 1) if joint_after else (start, end)
    if joint_before and (blank_after or text[left - 1] == text[right]):
        return left - 1, right if not blank_after else end
    return start, end


def _line_starts(text: str, position: int) -> bool:
    return position == 0 or text[position - 1] in "\r\n"


def _line_ends(text: str, position: int) -> bool:
    return position == len(text) or text[position] in "\r\n"
