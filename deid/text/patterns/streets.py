"""Street addresses of Europe and America by the words that make them: `12 rue Foch`, `Kerkstraat 12`, `4 Elm Ct`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from deid.text.words.tokens import Standing
from deid.text.words.vocabulary import load_vocabulary, read_terms, words_of_section

if TYPE_CHECKING:
    from collections.abc import Iterator

    from deid.text.words.tokens import Token

_BEFORE = words_of_section("street words before the name")
_DOUBTFUL_BEFORE = words_of_section("street words before the name that have other meanings")
_AFTER = words_of_section("street words after the name")
_DOUBTFUL_AFTER = words_of_section("street words that have other meanings")
_ANY_BEFORE, _ANY_AFTER = _BEFORE | _DOUBTFUL_BEFORE, _AFTER | _DOUBTFUL_AFTER
_PARTICLES = words_of_section("particles") | {"of", "the", "et", "des", "degli", "delle", "dei", "d", "l"}
_SUFFIX = re.compile(
    r"[^\W\d_]{2,30}(?:strasse|str|gasse|gassli|allee|platz|weg|ring|damm|ufer|steig|steg|pfad|brucke|hof|berg|markt|"
    r"straat|laan|plein|gracht|kade|dreef|singel|lei|dijk|baan|wal|boord|pad|vej|gade|gatan|vagen|gata|veien|vegen|katu|tie|utca)"
)
_GERMAN_PREPOSITIONS = frozenset({"am", "im", "an", "auf", "zum", "zur", "unter", "beim", "hinter", "vor", "aan", "op"})
_HOUSE, _AMERICAN_HOUSE = re.compile(r"[0-9]{1,4}[a-h]?"), re.compile(r"[0-9]{1,5}[a-h]?")
_ORDINAL = re.compile(r"[0-9]{1,3}(?:st|nd|rd|th)")
_DIRECTIONS = frozenset({"n", "s", "e", "w", "ne", "nw", "se", "sw", "north", "south", "east", "west"})
_POSTCODE = re.compile(r"[0-9]{4,5}|[a-z]{1,2}-[0-9]{4,5}")
_NEAR = re.compile(r"[ .,'’/-]{1,3}")
_BESIDE = re.compile(r"[ .'’-]{1,2}")
_SPANISH = re.compile(r"/ ?[^\W\d_]{3}")
"""Behind the `C` of `C/ Mayor 5`."""
_MOST_WORDS, _MOST_IN_TOWN, _TWO_DIGITS, _LONG_NAME = 6, 4, 2, 5
_WORDS = r"[^\W\d_][^\d,;:_^=/]"
_WHOLE = re.compile(
    rf"\W{{0,2}}(?:[0-9]{{1,5}},? {_WORDS}{{2,60}}|{_WORDS}{{2,80}},? [0-9]{{1,5}}), {_WORDS}{{2,40}}\W{{0,2}}"
)
_AGES = frozenset({"yo", "y/o", "yr", "yrs", "year", "years", "old", "man", "woman", "male", "female"})
_ENDS = re.compile(r"[ .]*(?:\Z|[,;\n]|[0-9]{4,5}(?![0-9]))")
_Found = tuple[int, int, str, str, float]


def find_streets(text: str, tokens: list[Token]) -> Iterator[_Found]:
    """Folded ranges of street addresses, each with the town that follows it."""
    reached, begins = -1, True
    for index, token in enumerate(tokens):
        if index <= reached:
            continue
        street = _street_at(text, tokens, index, token)
        if street is not None:
            first, last = street
            begins = begins and not first
            reached = _with_town(text, tokens, last)
            yield tokens[first].start, tokens[reached].end, "address", "street address", 0.85
    ends = not any(read_terms().owns(token.text) for token in tokens[reached + 1 :])
    if (reached < 0 or (begins and ends)) and _is_whole_address(text, tokens):
        yield tokens[0].start, tokens[-1].end, "address", "street address", 0.75


def _is_whole_address(text: str, tokens: list[Token]) -> bool:
    """Whether a text is a number, words that are not clinical, a comma and a town: `El Pedernal 555, Carmona`."""
    if _WHOLE.fullmatch(text) is None:
        return False
    words = [token for token in tokens if token.standing is not Standing.NUMBER]
    if any(token.text in _AGES for token in words):
        return False
    if len(words) > _MOST_WORDS + _MOST_IN_TOWN or sum(token.vouched for token in words) > len(words) // 2 + 1:
        return False  # a sentence with a number
    clinical = [token for token in words if token.standing is Standing.CLINICAL and not token.name]
    return any(token.standing is Standing.UNKNOWN for token in words) and len(clinical) <= (len(words) - 1) // 2


def _street_at(text: str, tokens: list[Token], index: int, token: Token) -> tuple[int, int] | None:
    if token.text == "c" and _SPANISH.match(text, token.end):
        return _named_after_its_word(text, tokens, index, _NEAR)
    if token.text in _ANY_BEFORE:
        after = _named_after_its_word(text, tokens, index) or _numbered(text, tokens, index)
        if after or token.text not in _ANY_AFTER:
            return after
    if token.standing is Standing.UNKNOWN and _SUFFIX.fullmatch(token.text):
        return _with_house(text, tokens, _name_start(text, tokens, index), index)
    if token.text in _ANY_AFTER:
        named = _named_before_its_word(text, tokens, index) or _numbered(text, tokens, index)
        return named or _german(text, tokens, index)
    if token.text in _GERMAN_PREPOSITIONS:
        return _behind_preposition(text, tokens, index)
    return None


def _named_after_its_word(
    text: str, tokens: list[Token], index: int, joint: re.Pattern[str] = _BESIDE
) -> tuple[int, int] | None:
    """`12, rue de la Paix`, `C/ Mayor 5`: with a house number on either side, and a word that is not clinical.

    `joint`: what may stand right behind the street word.
    """
    last, named = index, False
    for position in range(index + 1, min(index + 1 + _MOST_WORDS, len(tokens))):
        token = tokens[position]
        between = joint if position == index + 1 else _BESIDE
        if not _touches(text, tokens, position - 1, between) or token.standing is Standing.NUMBER:
            break
        if token.standing is Standing.CLINICAL and not token.name and named:
            break
        named = named or (token.text not in _PARTICLES and _may_name_street(token, tokens[index], tokens[position - 1]))
        last = position
    while last > index and tokens[last].text in _PARTICLES:
        last -= 1
    return _with_house(text, tokens, index, last) if named else None


def _may_name_street(token: Token, street: Token, before: Token) -> bool:
    if street.text in _DOUBTFUL_BEFORE and before is not street and before.text in _PARTICLES:
        return not read_terms().owns(token.text) or token.name  # `place de la Republique`
    if street.text in _DOUBTFUL_BEFORE:
        return token.standing is Standing.UNKNOWN or (token.name and len(token.text) >= _LONG_NAME)
    return token.name or token.standing is not Standing.CLINICAL


def _named_before_its_word(text: str, tokens: list[Token], index: int) -> tuple[int, int] | None:
    """`1200 W. Elm Ave`: a house number, one to four words, the street word."""
    first = index
    while first and index - first < _MOST_IN_TOWN and _touches(text, tokens, first - 1, _BESIDE):
        if tokens[first - 1].standing is Standing.NUMBER:
            break
        first -= 1
    words = tokens[first:index]
    if (
        not words
        or not first
        or not _AMERICAN_HOUSE.fullmatch(tokens[first - 1].text)
        or not _touches(text, tokens, first - 1, _NEAR)
    ):
        return None
    unknown = any(token.standing is Standing.UNKNOWN or token.name for token in words)
    if (not unknown or tokens[index].text in _DOUBTFUL_AFTER) and not _is_sure(text, tokens, first, index):
        return None
    return first - 1, index


def _numbered(text: str, tokens: list[Token], index: int) -> tuple[int, int] | None:
    """`9602 42nd Avenue North`, `120 W 5th St`: a house number, perhaps a direction, an ordinal and the street word."""
    if not index or not _ORDINAL.fullmatch(tokens[index - 1].text) or not _touches(text, tokens, index - 1, _BESIDE):
        return None
    first = index - 2
    if first >= 0 and tokens[first].text in _DIRECTIONS and _touches(text, tokens, first, _BESIDE):
        first -= 1
    house = first >= 0 and _AMERICAN_HOUSE.fullmatch(tokens[first].text)
    if not house or not _touches(text, tokens, first, _BESIDE):
        return None
    behind = (
        index + 1 < len(tokens) and tokens[index + 1].text in _DIRECTIONS and _touches(text, tokens, index, _BESIDE)
    )
    return first, index + behind


def _german(text: str, tokens: list[Token], index: int) -> tuple[int, int] | None:
    """`Dietrichinger Weg 1062`: the name before the street word, the house number after it."""
    first = _name_start(text, tokens, index)
    return _with_house(text, tokens, first, index) if first < index and tokens[index].text in _AFTER else None


def _is_sure(text: str, tokens: list[Token], first: int, index: int) -> bool:
    """Whether words before a doubtful street word are no clinical ones, and the address ends there."""
    # `120 Graystone Boulevard`: nothing but a street is called a boulevard.
    barred = read_terms().core if tokens[index].text in _AFTER else load_vocabulary().words
    clinical = any(t.text in barred and not t.name for t in tokens[first:index])
    return (
        not clinical and len(tokens[first - 1].text) >= _TWO_DIGITS and _ENDS.match(text, tokens[index].end) is not None
    )


def _behind_preposition(text: str, tokens: list[Token], index: int) -> tuple[int, int] | None:
    """`Am Markt 3`, `An der Alster 5`: what is no clinical word, and a house number."""
    last = index + 1
    while last < len(tokens) and tokens[last].text in _PARTICLES and _touches(text, tokens, last - 1, _BESIDE):
        last += 1
    if last >= len(tokens) or tokens[last].standing is not Standing.UNKNOWN or not tokens[last].capital:
        return None
    if not _touches(text, tokens, last - 1, _BESIDE):
        return None
    house = _with_house(text, tokens, index, last)
    return house if house and house[0] == index else None


def _name_start(text: str, tokens: list[Token], index: int) -> int:
    """Where the name of a street begins that ends in its own word: `Karel Coggestraat`, `Dietrichinger Weg`."""
    first = index
    while first and index - first < _MOST_IN_TOWN and _touches(text, tokens, first - 1, _BESIDE):
        if tokens[first - 1].standing is not Standing.UNKNOWN or not tokens[first - 1].capital:
            break
        first -= 1
    return first


def _with_house(text: str, tokens: list[Token], first: int, last: int) -> tuple[int, int] | None:
    """The words with the house number after or before them; None without one."""
    if last + 1 < len(tokens) and _is_house(tokens[last + 1]) and _touches(text, tokens, last, _NEAR):
        return first, last + 1
    if first and _is_house(tokens[first - 1]) and _touches(text, tokens, first - 1, _NEAR):
        return first - 1, last
    return None


def _with_town(text: str, tokens: list[Token], last: int) -> int:
    """The last token of the town that follows a street after a comma, with its postcode."""
    position = last + 1
    if position >= len(tokens) or not re.fullmatch(
        r"[ .]{0,2}[,;\n][ \n]{0,2}|[ ]", text[tokens[last].end : tokens[position].start]
    ):
        return last
    end = last
    if _POSTCODE.fullmatch(tokens[position].text):
        end, position = position, position + 1
    elif text[tokens[last].end : tokens[position].start] == " ":
        return last
    for index in range(position, min(position + _MOST_IN_TOWN, len(tokens))):
        token = tokens[index]
        if index > position and not _touches(text, tokens, index - 1, _BESIDE):
            break
        if token.standing is not Standing.UNKNOWN and not _may_stand_in_town(token):
            break
        end = index
    return end


def _may_stand_in_town(token: Token) -> bool:
    """Whether a word that is vouched for is a particle, a common name, or a town that radiology does not own."""
    town = load_vocabulary().is_town((token.text,)) and token.capital and not read_terms().owns(token.text)
    return town or token.name or token.text in _PARTICLES


def _is_house(token: Token) -> bool:
    return _HOUSE.fullmatch(token.text) is not None


def _touches(text: str, tokens: list[Token], index: int, between: re.Pattern[str]) -> bool:
    """Whether token `index` stands right before the next one."""
    return (
        index >= 0
        and index + 1 < len(tokens)
        and between.fullmatch(text, tokens[index].end, tokens[index + 1].start) is not None
    )
