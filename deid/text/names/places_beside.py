"""Places by what stands before them: after a name (`seen by A Bee in Exeter`), after `transferred from`."""

from __future__ import annotations

from itertools import takewhile
from typing import TYPE_CHECKING

from deid.text.names.runs import MOST_WORDS, name_run, touches
from deid.text.words.vocabulary import load_vocabulary, words_of_section

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from deid.text.names.runs import Found
    from deid.text.words.tokens import Token

PLACE_CUES = words_of_section("words before places")
AGENT_VERBS = words_of_section("what someone does")


def find_places_beside(text: str, tokens: list[Token], names: Sequence[Found]) -> Iterator[Found]:
    """Places after a name (`seen by A Bee in Exeter`) or after what announces one (`transferred from Exeter`)."""
    ends = {end for _, end, kind, _, _ in names if kind == "name"}
    for index, token in enumerate(tokens[:-1]):
        if token.text not in PLACE_CUES or not index:
            continue
        previous = tokens[index - 1]
        announced = previous.text in AGENT_VERBS or previous.end in ends
        count = _place_run(text, tokens, index + 1, announced=announced)
        if count:
            last = tokens[index + count]
            yield tokens[index + 1].start, last.end, "place", "place after a cue word", 0.7


def _place_run(text: str, tokens: list[Token], index: int, *, announced: bool) -> int:
    """How many tokens from `index` on name a place: a listed town, or, where one is announced, anything."""
    first = tokens[index]
    if not first.capital or not touches(text, tokens, index - 1):
        return 0
    words = [token.text for token in tokens[index : index + MOST_WORDS + 1]]
    listed = (len(town) for town in load_vocabulary().towns.get(first.text, ()) if tuple(words[: len(town)]) == town)
    town = next(listed, 0)
    if town > 1 or (town and (announced or not first.vouched)):
        return town
    count, unvouched = name_run(text, tokens, index)
    if not announced or unvouched:
        return count if announced else 0
    run = takewhile(_may_be_place, tokens[index : index + MOST_WORDS])
    return len(list(run)) if touches(text, tokens, index - 1) else 0


def _may_be_place(token: Token) -> bool:
    """Whether a word that is vouched for may stand in the name of a place: it is nothing that radiology says."""
    return token.capital and token.text.isalpha() and token.text not in load_vocabulary().words
