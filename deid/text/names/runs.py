"""Runs of words that can be a person's name: how far one goes from a word on, and how much of it only a name can be."""

from __future__ import annotations

import re

from deid.text.words.tokens import Standing, Token
from deid.text.words.vocabulary import load_vocabulary, words_of_section

PARTICLES = words_of_section("particles")
HEADLINES = frozenset({"brain", "head", "neck", "post"})
"""Surnames that far more often begin a description."""
BETWEEN_NAMES = re.compile(r"[ .,'_-]{1,3}")
BEGINS_WORD = re.compile(r"=|-[^\W\d_]{3}")
"""After a letter that is no initial: `T=5`, `C-collar`."""
MOST_WORDS = 4
_SIDES = frozenset({"l", "r"})
Found = tuple[int, int, str, str, float]
"""A range of folded text with the kind, the reason and the score of a span."""


def name_run(text: str, tokens: list[Token], index: int) -> tuple[int, int]:
    """How many tokens from `index` on can be a name, and how many of them nothing vouches for."""
    count = unvouched = 0
    for token in tokens[index : index + MOST_WORDS]:
        if count and not BETWEEN_NAMES.fullmatch(text, tokens[index + count - 1].end, token.start):
            break
        if count > (token.text not in HEADLINES) and _begins_clinical_text(tokens, index + count):
            break
        if token.standing is Standing.UNKNOWN and token.capital and not any(map(str.isdigit, token.text)):
            unvouched += 1
        elif not (_may_stand_in_name(token, first=not count) or (not count and _is_given_first(text, tokens, index))):
            break
        count += 1
    while count and (
        tokens[index + count - 1].text in PARTICLES
        or _is_side(tokens, index + count - 1)
        or _begins_word(text, tokens[index + count - 1])
    ):
        count -= 1
    return count, unvouched


def _is_given_first(text: str, tokens: list[Token], index: int) -> bool:
    """Whether a given name that is a word, too, stands before a surname: `Esta Perrone`, `Will Kozak`."""
    token, following = tokens[index], tokens[index + 1 : index + 2]
    return (
        token.capital
        and token.standing is Standing.GENERAL
        and token.text in load_vocabulary().given
        and bool(following)
        and text[token.end : following[0].start] == " "
        and following[0].capital
        and following[0].standing is Standing.UNKNOWN
        and following[0].may_be_name
    )


def _begins_clinical_text(tokens: list[Token], index: int) -> bool:
    """Whether a clinical word that may be a name stands before another: `Maria Garcia BRAIN W/O`, `POST GAD`."""
    after = tokens[index + 1 : index + 2]
    return tokens[index].standing is Standing.CLINICAL and bool(after) and after[0].vouched and not after[0].may_be_name


def _is_side(tokens: list[Token], index: int) -> bool:
    """Whether a letter is the side of the clinical word after it: `R KNEE`."""
    return tokens[index].text in _SIDES and index + 1 < len(tokens) and tokens[index + 1].standing is Standing.CLINICAL


def _begins_word(text: str, token: Token) -> bool:
    return token.standing is Standing.LETTER and BEGINS_WORD.match(text, token.end) is not None


def _may_stand_in_name(token: Token, *, first: bool) -> bool:
    if token.text in PARTICLES:
        return True
    return token.capital and (token.standing is Standing.LETTER or (token.name and not first))


def touches(text: str, tokens: list[Token], index: int) -> bool:
    """Whether nothing but a blank or a sign of names stands between the words at an index and the next."""
    return (
        index + 1 < len(tokens)
        and BETWEEN_NAMES.fullmatch(text, tokens[index].end, tokens[index + 1].start) is not None
    )
