"""What belongs to a place that was found: the rest of an institution's name, the number of a house before a street."""

from __future__ import annotations

import re
from bisect import bisect_left
from operator import attrgetter
from typing import TYPE_CHECKING

from deid.text.spans import Span
from deid.text.words.vocabulary import words_of_section

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from deid.text.fold import Folded
    from deid.text.words.tokens import Token

_INSTITUTIONS = words_of_section("institutions")
_BEGINNINGS = words_of_section("words that begin names of places")
_LINKS = words_of_section("particles") | {
    "on",
    "upon",
    "of",
    "sur",
    "am",
    "an",
    "du",
    "des",
    "do",
    "da",
    "dos",
    "in",
    "'t",
}
_OF_INSTITUTIONS = words_of_section("words in names of institutions")
_OF = frozenset({"de", "du", "des", "d", "di", "da", "do", "del", "della", "van", "of"})
_BEGIN_TOWNS = ("bad", "neu", "alt", "ober", "unter", "gross", "groß", "klein")
_BEFORE_TOWN = _OF | frozenset(_BEGIN_TOWNS)
_HOUSE = r"([0-9]{2,5}[abc]?|[1-9]),? \Z"
_HOUSE_LED = re.compile(rf"(?<![^\W_])(?:on|at|to|near|address|chez) {_HOUSE}", re.IGNORECASE)
_HOUSE_BEFORE_PLACE = re.compile(rf"(?:\A|[,;(] ?|(?<![^\W_])(?:on|at|to|near|address|chez) ){_HOUSE}", re.IGNORECASE)
_BEGINNING = re.compile(rf"(?<![^\W_])((?i:{'|'.join(_BEGIN_TOWNS)}))[ -]\Z")
_BETWEEN = re.compile(r"[ .'-]{1,2}")
_LOOK_BACK, _MOST, _LONGEST_INITIALS = 24, 4, 3


def find_around_places(folded: Folded, tokens: Sequence[Token], span: Span) -> Iterator[Span]:
    """More of the original text, beside one place that was found in it."""
    text = folded.source
    if span.kind in ("place", "name"):
        before = _BEGINNING.search(text, max(0, span.start - _LOOK_BACK), span.start)
        if before is not None:
            yield Span(*before.span(1), "place", "beginning of a place", 0.65)
    if "institution" in span.reason:
        yield from _rest_of_institution(folded, tokens, span)
    elif span.kind == "place":
        yield from _head_before(folded, tokens, span)
    form = _HOUSE_LED if span.kind not in ("place", "address") else _HOUSE_BEFORE_PLACE
    house = form.search(text[max(0, span.start - _LOOK_BACK) : span.start])
    if house is not None and text[span.start].isupper() and span.end - span.start > _LONGEST_INITIALS:
        offset = max(0, span.start - _LOOK_BACK)
        yield Span(offset + house.start(1), offset + house.end(1), "address", "number of a house", 0.65)


def _rest_of_institution(folded: Folded, tokens: Sequence[Token], span: Span) -> Iterator[Span]:
    """The words before and behind that stand in names of institutions: `Hôpital de`, `Stockton on`, `Ter`, `New`."""
    start, end = folded.back(span.start, span.end)
    inside = bisect_left(tokens, start, key=attrgetter("start"))
    behind = bisect_left(tokens, end, key=attrgetter("start"))
    first = inside
    while (
        first and inside - first < _MOST and _touch(folded.text, tokens, first - 1) and _goes_before(tokens[first - 1])
    ):
        first -= 1
    while first < inside and tokens[first].text in _LINKS - _BEGINNINGS:
        first += 1
    if first < inside:
        yield Span(*folded.place(tokens[first].start, tokens[inside - 1].end), "place", "rest of an institution", 0.65)
    last = behind
    while (
        last < len(tokens) and last - behind < _MOST and _touch(folded.text, tokens, last - 1) and tokens[last].strange
    ):
        last += 1
    if last > behind:
        yield Span(*folded.place(tokens[behind].start, tokens[last - 1].end), "place", "rest of an institution", 0.65)


def _head_before(folded: Folded, tokens: Sequence[Token], span: Span) -> Iterator[Span]:
    """The words of an institution that a town follows after `de`, or `Bad`: `Centre Hospitalier de Trois-Rivières`."""
    inside = bisect_left(tokens, folded.back(span.start, span.end)[0], key=attrgetter("start"))
    if not inside or inside >= len(tokens):
        return
    if tokens[inside - 1].text not in _BEFORE_TOWN and tokens[inside].text not in _BEGIN_TOWNS:
        return
    first = inside
    while first and inside - first < _MOST and _touch(folded.text, tokens, first - 1):
        if tokens[first - 1].text not in _INSTITUTIONS | _OF_INSTITUTIONS | _BEFORE_TOWN:
            break
        first -= 1
    while first < inside and tokens[first].text in _BEFORE_TOWN:
        first += 1
    if any(token.text in _INSTITUTIONS for token in tokens[first:inside]):
        yield Span(*folded.place(tokens[first].start, tokens[inside - 1].end), "place", "rest of an institution", 0.65)


def _goes_before(token: Token) -> bool:
    return token.text in _INSTITUTIONS | _BEGINNINGS | _LINKS or token.strange


def _touch(text: str, tokens: Sequence[Token], index: int) -> bool:
    """Whether a word stands right before the next."""
    return (
        0 <= index < len(tokens) - 1
        and _BETWEEN.fullmatch(text, tokens[index].end, tokens[index + 1].start) is not None
    )
