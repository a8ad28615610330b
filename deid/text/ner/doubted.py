"""Words that a list vouches for and that may be names all the same, so that the model is asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deid.text.names.runs import HEADLINES
from deid.text.names.signatures import NONE_AT_END
from deid.text.words.tokens import Standing, Token
from deid.text.words.vocabulary import load_vocabulary, may_be_weak, read_terms, words_of_section

if TYPE_CHECKING:
    from deid.text.fold import Folded

AMPERES = "ma"
"""A unit that is a state, too: after a number it begins no place (`500 MA Coelho`), and ends none."""
SHORT_NAME, SHORTEST_UNKNOWN = 3, 4
FEWEST_INITIALS = 2
NEVER_NAMES = frozenset[str]().union(
    *map(
        words_of_section,
        (
            "words for the patient",
            "what only people do",
            "words that number things",
            "words that are hardly names",
        ),
    )
)


def may_be_weak_name(token: Token) -> bool:
    """Whether a word that is vouched for is written as a name and is one, too: `SHARP`, `Hill`."""
    return (
        token.vouched
        and not token.placed
        and token.capital
        and len(token.text) >= SHORT_NAME
        and token.text.isalpha()
        and token.text not in NEVER_NAMES | HEADLINES
        and may_be_weak(token.text)
    )


def may_be_marked(token: Token) -> bool:
    """Whether the model's mark is enough for a word that is vouched for: any but radiology's own (`Mulas`, `Dusk`).

    Those that are names, too, must be surer (`may_be_weak_name`).
    Words in other scripts than Latin are vouched for by whole phrases, which the model knows nothing of.
    """
    return (
        token.standing in (Standing.CLINICAL, Standing.GENERAL)
        and not token.placed
        and token.capital
        and len(token.text) >= SHORT_NAME
        and token.text.isascii()
        and token.text.isalpha()
        and token.text not in NEVER_NAMES
        and token.text not in read_terms().core
        and not may_be_weak(token.text)
    )


def asks_for_mark(token: Token) -> bool:
    """Whether a text is shown to the model for the sake of this word: not for each `hospital` and `historical`."""
    known = load_vocabulary()
    common = token.text in known.words or (token.text in known.general and not token.may_be_name)
    return not common and may_be_marked(token)


def is_marked_enough(token: Token) -> bool:
    """Whether more of such words are names, among those that the model marks, than it thinks."""
    unknown = not token.vouched and token.text.isalpha() and len(token.text) >= SHORTEST_UNKNOWN
    return unknown or may_be_marked(token)


def may_be_weak_initials(folded: Folded, token: Token) -> bool:
    """Whether an abbreviation can be someone's initials, too: `CT CHEST PV`; no modality, projection, side or unit."""
    written = folded.written(token.start, token.end)
    short = FEWEST_INITIALS <= len(token.text) <= SHORT_NAME and token.text.isalpha()
    usual = token.text in NONE_AT_END or token.text in NEVER_NAMES or token.text == AMPERES
    return short and token.vouched and not token.placed and written.isupper() and not usual
