"""A single name in a header text: a word that nothing vouches for beside known ones, or where names are put."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from deid.text.names.placing import begins_part, ends_part, is_after_date, is_before_date
from deid.text.spans import SPELLING, Span
from deid.text.words.shape import is_spelled_as_name
from deid.text.words.tokens import Standing, Token, words_of
from deid.text.words.vocabulary import foreign_words, load_vocabulary, words_of_section

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from deid.text.fold import Folded

_PARTICLES = words_of_section("particles")
_REASON, _SCORE = f"single name beside clinical words {SPELLING}", 0.55
_SHORTEST, _SEVERAL = 4, 3
_LEAST, _LEAST_ALONE, _LEAST_KNOWN = 0.0, 1.0, 2.75
"""How much likelier a name than a word, in nats, a word must be by its spelling: where names are put; beside known
words only; in a text most of whose words are known."""
_BRACKETS = {"(": ")", "[": "]", '"': '"', "<": ">"}
_INNER_CAPITAL = re.compile(r"(?:Mc|Mac|De|Di|Du|La|Le|Van|Von|O'|D')?[^\W\d_][^A-Z]*")


def find_lone_names(folded: Folded) -> Iterator[Span]:
    """Capitalised words that nothing vouches for and that are, or are spelled like, names, with particles before them.

    In a text without capitals most of them are ordinary words: there only listed ones beside known words only. So
    are many in other languages than English, of which the lists hold fewer words: there only in brackets, or if all
    else is known, or if a list holds them and capitals tell anything. Away from where names are put a word that no list
    holds must be spelled the more like one, the less of the rest is known.
    """
    tokens = words_of(folded)
    if not any(_is_strange(folded, token) for token in tokens):
        return
    foreign = any(token.text in foreign_words() for token in tokens)
    alone, small = _is_all_else_vouched(tokens), folded.source.islower()
    if small and not alone:
        return
    known = _is_mostly_vouched(tokens)
    familiar = alone if foreign else known
    telling = alone or not foreign or not folded.source.isupper()
    for index, token in enumerate(tokens):
        if not _is_strange(folded, token):
            continue
        put = _stands_where_names_do(folded.text, tokens, index)
        listed = load_vocabulary().may_be_name(token.text)
        spelled = listed or (not small and _is_spelled_as_name(folded, token))
        likely = (listed and telling) or alone or not foreign or _is_enclosed(folded.text, tokens, index)
        least = _LEAST_ALONE if alone else _LEAST_KNOWN
        plain = (alone or known) and not small and _is_spelled_as_name(folded, token, least)
        if (put and spelled and likely) or (listed and familiar) or plain:
            first = _first_particle(folded.text, tokens, index)
            yield Span(*folded.place(tokens[first].start, token.end), "name", _REASON, _SCORE)


def _is_mostly_vouched(tokens: Sequence[Token]) -> bool:
    """Whether most words of a text are known: it is in a language that the lists know, so a strange word stands out."""
    words = [token for token in tokens if token.text.isalpha() and len(token.text) > 1]
    return 2 * sum(token.vouched for token in words) > len(words)


def _is_all_else_vouched(tokens: Sequence[Token]) -> bool:
    """Whether all words but one are known, particles aside, and there are several."""
    strange = [token for token in tokens if not token.vouched and token.text not in _PARTICLES]
    return len(strange) == 1 and len(tokens) >= _SEVERAL


def _is_strange(folded: Folded, token: Token) -> bool:
    if token.standing is not Standing.UNKNOWN or not token.capital:
        return False
    if len(token.text) < _SHORTEST or not token.text.replace("'", "").replace("-", "").isalpha():
        return False
    written = folded.written(token.start, token.end)
    return written.isupper() or written.islower() or _INNER_CAPITAL.fullmatch(written) is not None


def _is_spelled_as_name(folded: Folded, token: Token, least: float = _LEAST) -> bool:
    """Whether a word that no list holds is spelled as names are; parts of the names of protocols are not asked."""
    joined = "_" in (folded.text[max(0, token.start - 1) : token.start], folded.text[token.end : token.end + 1])
    return is_spelled_as_name(token.text, least) and (not joined or token.end == len(folded.text))


def _stands_where_names_do(text: str, tokens: Sequence[Token], index: int) -> bool:
    """Whether a word, with the particles before it, begins or ends a part of a text, or has a date beside it."""
    start, end = tokens[_first_particle(text, tokens, index)].start, tokens[index].end
    return begins_part(text, start) or ends_part(text, end) or is_after_date(text, start) or is_before_date(text, end)


def _is_enclosed(text: str, tokens: Sequence[Token], index: int) -> bool:
    """Whether a word, with the particles before it, stands alone in brackets."""
    start = tokens[_first_particle(text, tokens, index)].start
    return (
        text[start - 1 : start] in _BRACKETS and text[tokens[index].end : tokens[index].end + 1] in _BRACKETS.values()
    )


def _first_particle(text: str, tokens: Sequence[Token], index: int) -> int:
    """The first of the particles before a word: `ten Barckell`, `De Agnoi`."""
    while index and tokens[index - 1].text in _PARTICLES and text[tokens[index - 1].end : tokens[index].start] in " '":
        index -= 1
    return index
