"""What is left of a line of pixels when the rest identifies, or when it is somebody's initials and nothing else."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from deid.text.names.signatures import NO_INITIALS, NONE_AT_END, STAND_ALONE
from deid.text.spans import Span, covered
from deid.text.words.tokens import Standing, Token
from deid.text.words.vocabulary import read_terms, words_of_section

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from deid.text.fold import Folded

_BESIDE_SIDE = words_of_section("two or three letters that stand beside a side")
_MARKS = words_of_section("what stands on radiographs with a side")
_SIDES = frozenset({"l", "r", "lt", "rt", "left", "right", "li", "re"})
_JOINED_TO_SIDE = re.compile(
    r" ?(?:(?:r|l|rt|lt|right|left|bilat|re|li) ?[-/|] ?([a-z]{2,3})"
    r"|([a-z]{2,3}) ?[-/|] ?(?:r|l|rt|lt|right|left|bilat))"
    r"(?: [0-2]?[0-9]:[0-5][0-9](?::[0-5][0-9])?)? ?"
)
_BESIDE_TIME = NO_INITIALS | words_of_section("two letters that a clock follows")
_SEX = frozenset("mfwo")
_TIME = re.compile(r"(?<![0-9:])[0-2]?[0-9]:[0-5][0-9](?::[0-5][0-9])?(?![0-9:])")
_NUMBER = re.compile(r"[0-9]{2,6}(?:-[0-9]{2,4})?")
_PERSONAL = frozenset({"name", "known", "place", "date", "age", "identifier", "cue", "address", "contact"})
_SEXED = frozenset({"name", "known", "date", "age", "identifier"})
_NAMED = frozenset({"name", "known"})
_LABELS = words_of_section("labels without a colon")
_STAFF, _NOT_OF_STAFF = frozenset({"sonogr", "sonographer", "technologist"}), frozenset({"id", "no", "nr"})
"""Behind these, any letters are someone's initials but what goes on with the label: `Sonographer ER`."""
_LABELS_BEHIND = words_of_section("labels behind a name")
_SHORTEST, _LONGEST, _LONG_WORD, _MOST_WORDS = 2, 3, 4, 3
_INITIALS, REST = "initials of a person", "rest of a line that identifies"


def find_rest(
    folded: Folded,
    tokens: Sequence[Token],
    spans: Sequence[Span],
    label_end: int,
    pieces: Sequence[tuple[int, int]],
) -> Iterator[Span]:
    """More of the original text to hide.

    Args:
        folded: The line.
        tokens: Its words.
        spans: What is hidden so far, disjoint and in order.
        label_end: Where, in folded text, the name of a field at its start ends.
        pieces: Where, in the original text, pieces of words stand that a blank was read into: no initials.
    """
    places = [folded.place(token.start, token.end) for token in tokens]
    left = [
        (token, place)
        for token, place in zip(tokens, places, strict=True)
        if token.end > label_end and not covered(spans, *place)
    ]
    kinds = {span.kind for span in spans}
    letters = [
        (token, place) for token, place in left if place not in pieces and _may_be_initials(folded, token, place)
    ]
    times = [match.span() for match in _TIME.finditer(folded.text)]
    others = [
        token
        for token, _ in left
        if token.text not in _SIDES | _MARKS and not any(start <= token.start < end for start, end in times)
    ]
    if letters and len(letters) == len(others) and len(letters) < _MOST_WORDS and not label_end:
        marked = len(others) < len(left) and not times
        yield from (
            Span(*place, "name", _INITIALS, 0.5)
            for token, place in letters
            if _signs(token, spans, timed=bool(times), marked=marked)
        )
    elif left and kinds & _PERSONAL | _unknown_words(spans) and not label_end:
        rest = [place for token, place in left if _says_nothing(folded, token, kinds)]
        if len(rest) == len(left):
            yield from (Span(*place, "unknown", REST, 0.5) for place in rest)
    yield from _labelled(folded, tokens)
    yield from _joined_to_side(folded)
    dates = [span for span in spans if "date" in span.reason]
    untimed = [
        (token, place)
        for token, place in zip(tokens, places, strict=True)
        if not any(a <= token.start < b for a, b in times) and not covered(dates, *place)
    ]
    yield from _beside_side(folded, untimed, timed=bool(times))


def _may_be_initials(folded: Folded, token: Token, place: tuple[int, int]) -> bool:
    written = folded.source[slice(*place)]
    short = _SHORTEST <= len(token.text) <= _LONGEST and token.text not in _SIDES | _MARKS and not token.placed
    return short and token.text.isalpha() and written.isupper() and written.isascii()


def _beside_side(folded: Folded, marks: Sequence[tuple[Token, tuple[int, int]]], *, timed: bool) -> Iterator[Span]:
    """Initials on a marker with its side and part of the body: `KB RIGHT HIP`, `KB HIP LEFT`, `R ANKLE KB 10:42`.

    `marks`: the words but dates and times, each with its place in the original text. Beside a time (`timed`) two
    letters say less often what the side is of.
    """
    if not _SHORTEST <= len(marks) <= _MOST_WORDS:
        return
    ends = [(0, 1), (0, 2), (len(marks) - 1, 0)] if len(marks) > _SHORTEST else []
    for index, other in ends:
        token, place = marks[index]
        usual = token.text in NONE_AT_END if timed and _is_pair(token) else _stands_beside_side(token)
        usual = usual or (other > 1 and token.text in NONE_AT_END | STAND_ALONE)
        if marks[other][0].text in _SIDES and not usual and _may_be_initials(folded, token, place):
            yield Span(*place, "name", _INITIALS, 0.5)


def _joined_to_side(folded: Folded) -> Iterator[Span]:
    """Two letters, or three that mean nothing, that a sign joins to a side, and nothing else: `R-GS`, `BILAT / LVM`."""
    match = _JOINED_TO_SIDE.fullmatch(folded.text)
    if match is None:
        return
    span = match.span(match.lastindex or 1)
    letters, written = folded.text[slice(*span)], folded.written(*span)
    usual = letters in _BESIDE_SIDE or (len(letters) > _SHORTEST and letters in read_terms().words)
    if not usual and written.isupper() and letters not in _SIDES | _MARKS:
        yield Span(*folded.place(*span), "name", _INITIALS, 0.5)


def _is_pair(token: Token) -> bool:
    return len(token.text) == _SHORTEST


def _stands_beside_side(token: Token) -> bool:
    """Whether letters say something of what a side is of: a view, a direction, a vessel."""
    return token.text in _BESIDE_SIDE or (len(token.text) > _SHORTEST and token.text in read_terms().words)


def _signs(token: Token, spans: Sequence[Span], *, timed: bool, marked: bool) -> bool:
    """Whether letters that stand alone, or beside a side, a date or a name only, can be initials."""
    if len(token.text) > _SHORTEST and token.text in read_terms().words:
        return False
    if timed and _is_pair(token) and token.text not in _BESIDE_TIME:
        return True
    if timed or any("date" in span.reason or "time" in span.reason for span in spans):
        return token.text not in NONE_AT_END
    if any(span.kind in _NAMED for span in spans):
        return token.text not in NO_INITIALS | STAND_ALONE
    if spans:
        return False
    return not _stands_beside_side(token) if marked else token.text not in STAND_ALONE


def _unknown_words(spans: Sequence[Span]) -> set[str]:
    """`unknown`, if a span is a longer unknown word."""
    return {span.kind for span in spans if span.kind == "unknown" and span.end - span.start > _LONG_WORD}


def _says_nothing(folded: Folded, token: Token, kinds: set[str]) -> bool:
    """Whether a word beside what identifies is a bare number, a sex, or may be a name and is no word of radiology."""
    if token.standing is Standing.LETTER:
        return token.text in _SEX and bool(kinds & _SEXED)
    if token.standing is Standing.NUMBER:
        touches = folded.text[max(0, token.start - 1) : token.start] + folded.text[token.end : token.end + 1]
        return _NUMBER.fullmatch(token.text) is not None and (len(token.text) > _SHORTEST or not touches.strip())
    named = token.capital and token.may_be_name and token.text.isalpha() and len(token.text) >= _LONGEST
    return named and not read_terms().owns(token.text)


def _labelled(folded: Folded, tokens: Sequence[Token]) -> Iterator[Span]:
    """The words after `Physician` or `Baby`, and before `Baby Girl`, where nothing else stands on the line."""
    tokens = _without_numbers(tokens)
    if not 1 < len(tokens) <= _MOST_WORDS + 1 or not all(token.capital and token.text.isalpha() for token in tokens):
        return
    named: Sequence[Token] = ()
    if tokens[0].text in _LABELS:
        named = tokens[1:]
    if tokens[-1].text in _LABELS_BEHIND:
        named = [token for token in tokens if token.text not in _LABELS | _LABELS_BEHIND]
    usual = _NOT_OF_STAFF if tokens[0].text in _STAFF else STAND_ALONE | NONE_AT_END
    if named and not any(token.standing is Standing.GENERAL or token.text in usual for token in named):
        yield Span(*folded.place(named[0].start, named[-1].end), "name", "value after a name label", 0.7)


def _without_numbers(tokens: Sequence[Token]) -> Sequence[Token]:
    """The words of a line without the date, time or side that end it: `OPERATOR BRAIN 10:42:18`, `SURGEON WIRE LT`."""
    last = len(tokens)
    while last and (not tokens[last - 1].text.isalpha() or tokens[last - 1].text in _SIDES):
        last -= 1
    return tokens[:last]
