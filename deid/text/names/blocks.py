"""Names before a degree (`MD`), and blocks of a surname, a given name and a date."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from deid.text.names.runs import MOST_WORDS
from deid.text.words.tokens import Standing, Token
from deid.text.words.vocabulary import load_vocabulary, words_of_section

if TYPE_CHECKING:
    from collections.abc import Iterator

    from deid.text.names.runs import Found

_DEGREES = words_of_section("degrees")
_DOTTED_DEGREE = re.compile(
    r"(?<![^\W_])([^\W\d_]{2,24}(?:[ .-]{1,2}[^\W\d_]{1,24}){0,2}),? "
    r"(?:m\.d\.|d\.o\.|ph\.d\.|m\.b\.|r\.t\.|r\.n\.|dr\.med\.)"
)
_BLOCK_JOINT = re.compile(r"[ ,_^-]{1,2}")
_BLOCK = re.compile(
    r"(?:[ ,_^]{1,2}[a-z]\.?)?[ ,_^-]{1,3}(?:(?:19|20)[0-9]{2}|[0-3]?[0-9][-/. ](?:[0-9]|[a-z]{3})|dob|geb|born|\*)"
)
_SHORTEST_SURNAME = 3
_NAMELIKE = (Standing.UNKNOWN, Standing.LETTER)


def find_name_blocks(text: str, tokens: list[Token]) -> Iterator[Found]:
    """Surnames that are words, too, before a given name and a date: `Hill_Emma_06.07.2023`, `Bright Ike DOB 1.2.52`."""
    given = load_vocabulary().given
    for index, token in enumerate(tokens[:-1]):
        following = tokens[index + 1]
        if following.text not in given or following.vouched or not (token.capital and following.capital):
            continue
        if not token.may_be_name or len(token.text) < _SHORTEST_SURNAME:
            continue
        before = text[: token.start].rstrip(" ")
        enclosed = before[-1:] in ("(", "[") and text[following.end : following.end + 1] in (")", "]", ",")
        led = (
            "," in text[token.end : following.start]
            and index > 0
            and tokens[index - 1].text in ("pt", "patient", "name")
        )
        block = (_BLOCK.match(text, following.end) is not None and not before.strip(" _([{")) or enclosed or led
        if _BLOCK_JOINT.fullmatch(text, token.end, following.start) and block:
            yield token.start, following.end, "name", "name beside a given name", 0.7


def find_degreed(text: str, tokens: list[Token]) -> Iterator[Found]:
    """Names before `MD` and the like, with the degree."""
    for match in _DOTTED_DEGREE.finditer(text):
        if any(token.name or not token.vouched for token in tokens if match.start(1) <= token.start < match.end(1)):
            yield match.start(), match.end(), "name", "name before a degree", 0.8
    for index, token in enumerate(tokens):
        if token.text not in _DEGREES or not index or tokens[index - 1].vouched:
            continue
        first = index - 1
        while first and index - first < MOST_WORDS and tokens[first - 1].standing in _NAMELIKE:
            first -= 1
        if "\n" not in text[tokens[first].start : token.start]:
            yield tokens[first].start, token.end, "name", "name before a degree", 0.8
