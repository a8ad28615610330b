"""Places by what stands before them: after a name (`seen by A Bee in Exeter`), after `transferred from`."""

from __future__ import annotations

from itertools import takewhile
from typing import TYPE_CHECKING

from deid.text.lazily import compile_lazily
from deid.text.names.placing import ends_part, is_before_date
from deid.text.names.runs import MOST_WORDS, name_run, touches
from deid.text.names.signatures import TIME_OR_DATE
from deid.text.words.vocabulary import is_hardly_a_name, load_vocabulary, words_of_section

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from deid.text.names.runs import Found
    from deid.text.words.tokens import Token

PLACE_CUES = words_of_section("words before places")
_BEGINNINGS = words_of_section("words that begin names of places")
AGENT_VERBS = words_of_section("what someone does")


_MOVING = words_of_section("what one does from or in a town")
_SITES = frozenset({"mobile", "office", "scanner", "site", "campus", "branch", "trailer", "van", "outreach"})
_BORN_IN = compile_lazily(
    r"(?<![^\W_])(?:nat[oa](?: il)?|born(?: on)?|geboren(?: am)?|geb\.?|nee?(?: le)?|"
    r"nacid[oa](?: el)?|nascid[oa](?: em)?)"
    rf"[ :.]{{1,3}}{TIME_OR_DATE} (?:a|in|en|te|em|zu) ([^\W\d_]{{3,20}})(?=\s*$|[.,;)])"
)
"""`nato il 12.03.1941 a Massa`, whatever else the town means."""
_SHORTEST, _MOST_OF_SITE = 3, 3


def find_places_beside(text: str, tokens: list[Token], names: Sequence[Found]) -> Iterator[Found]:
    """Places after a name (`seen by A Bee in Exeter`) or after what announces one (`transferred from Exeter`)."""
    ends = {end for _, end, kind, _, _ in names if kind == "name"}
    for index, token in enumerate(tokens[:-1]):
        if token.text not in PLACE_CUES or not index:
            continue
        previous = tokens[index - 1]
        announced = previous.text in AGENT_VERBS or previous.end in ends
        count = _place_run(text, tokens, index + 1, announced=announced)
        if not count and previous.text in _MOVING and _is_town_where_one_lives(text, tokens, index + 1):
            count = 1
        if count:
            last = tokens[index + count]
            yield tokens[index + 1].start, last.end, "place", "place after a cue word", 0.7
    yield from _before_sites(text, tokens)
    for match in _BORN_IN.finditer(text):
        if not is_hardly_a_name(match[1]) or load_vocabulary().may_be_name(match[1]):
            yield *match.span(1), "place", "place after a date of birth", 0.65


def _is_town_where_one_lives(text: str, tokens: list[Token], index: int) -> bool:
    """Whether a town follows whatever else its name means, and nothing goes on: `trasferito da Carpi`."""
    token, end = tokens[index], tokens[index].end
    alone = ends_part(text, end) or is_before_date(text, end)
    return alone and token.capital and len(token.text) >= _SHORTEST and load_vocabulary().is_town((token.text,))


def _before_sites(text: str, tokens: list[Token]) -> Iterator[Found]:
    """Words that nothing vouches for, from the beginning of a text to `mobile` or `scanner`: `Schiphol mobile`."""
    run = list(takewhile(lambda token: token.strange, tokens[:_MOST_OF_SITE]))
    if run and len(run) < len(tokens) and tokens[len(run)].text in _SITES and touches(text, tokens, len(run) - 1):
        yield run[0].start, run[-1].end, "place", "place before what is there", 0.6


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
    if announced and first.text in _BEGINNINGS and touches(text, tokens, index) and tokens[index + 1].strange:
        return 2
    count, unvouched = name_run(text, tokens, index)
    if not announced or unvouched:
        return count if announced else 0
    run = takewhile(_may_be_place, tokens[index : index + MOST_WORDS])
    return len(list(run)) if touches(text, tokens, index - 1) else 0


def _may_be_place(token: Token) -> bool:
    """Whether a word that is vouched for may stand in the name of a place: it is nothing that radiology says."""
    return token.capital and token.text.isalpha() and token.text not in load_vocabulary().words
