"""Names of towns, unless they are one word and that one of radiology: Mobile, Reading."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from deid.text.spans import Span
from deid.text.words.vocabulary import load_vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterator

    from deid.text.fold import Folded
    from deid.text.words.tokens import Token

_BETWEEN = re.compile(r"[ .'_-]{1,3}")
_MOST_WORDS, _SHORTEST = 5, 4
NAME_OF_TOWN = "name of a town"


def find_towns(folded: Folded, tokens: list[Token]) -> Iterator[Span]:
    """Names of towns that begin with a capital, in the original text."""
    index = 0
    while index < len(tokens):
        count = _town_at(folded, tokens, index)
        if count:
            place = folded.place(tokens[index].start, tokens[index + count - 1].end)
            yield Span(*place, "place", NAME_OF_TOWN, 0.6)
        index += max(1, count)


def _town_at(folded: Folded, tokens: list[Token], index: int) -> int:
    """How many words from `index` on are the name of a town; 0 for none."""
    first = tokens[index]
    if not first.capital or folded.source.islower():
        return 0
    hyphened = _hyphened(folded.text, tokens, index)
    if hyphened > 1 and load_vocabulary().is_town((folded.text[first.start : tokens[index + hyphened - 1].end],)):
        return hyphened
    if not load_vocabulary().begins_town(first.text):
        return 0
    run = [first]
    for token in tokens[index + 1 : index + _MOST_WORDS]:
        if not _BETWEEN.fullmatch(folded.text, run[-1].end, token.start):
            break
        run.append(token)
    return next((count for count in range(len(run), 0, -1) if _is_town(folded.text, run[:count])), 0)


def _hyphened(text: str, tokens: list[Token], index: int) -> int:
    """How many words from `index` on are joined by hyphens, and no more behind them: `Trois-Rivieres`."""
    last = index
    while last + 1 < len(tokens) and text[tokens[last].end : tokens[last + 1].start] == "-":
        last += 1
    before = text[tokens[index].start - 1 : tokens[index].start]
    return 1 if before == "-" else last - index + 1


def _is_town(text: str, run: list[Token]) -> bool:
    """Whether a run is the name of a town; one word must be one that nothing vouches for and that stands for itself."""
    words = tuple(token.text for token in run)
    if all(token.placed for token in run):
        return False  # in a clinical phrase: `Los Angeles grade C`
    if sum(map(len, words)) < _SHORTEST or not load_vocabulary().is_town(words):
        return False
    if all(token.vouched for token in run) and any(len(t.text) >= _SHORTEST and not t.capital for t in run):
        return False  # words like others: `New line`
    first = run[0]
    beside = {text[max(0, first.start - 1) : first.start], text[first.end : first.end + 1]}
    return len(run) > 1 or not (first.vouched or beside & {"-", "/"})
