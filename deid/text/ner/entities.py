"""What a model's entities are worth: which words of them identify, once clinical words have spoken."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from deid.text.fold import Folded, fold_text
from deid.text.names.runs import BEGINS_WORD
from deid.text.names.signatures import STAND_ALONE
from deid.text.ner.doubted import (
    AMPERES,
    FEWEST_INITIALS,
    NEVER_NAMES,
    SHORT_NAME,
    is_marked_enough,
    may_be_marked,
    may_be_weak_initials,
    may_be_weak_name,
)
from deid.text.spans import Span
from deid.text.words.tokens import Standing, Token, words_of
from deid.text.words.vocabulary import is_hardly_a_name, words_of_section

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from presidio_analyzer.nlp_engine import NlpArtifacts

OWN_LABELS = {
    "NAME": ("name", "person's name (NER)"),
    "PLACE": ("place", "place (NER)"),
    "INSTITUTION": ("place", "institution (NER)"),
}
STOCK_LABELS = {
    "PERSON": ("name", "person's name (NER)"),
    "PER": ("name", "person's name (NER)"),
    "GPE": ("place", "place (NER)"),
    "LOC": ("place", "place (NER)"),
    "FAC": ("place", "place (NER)"),
    "ORG": ("place", "organisation (NER)"),
    "NORP": ("place", "origin (NER)"),
}
_AMPERAGE = 2
_SURE, _STOCK_SCORE = 0.9, 0.6
_MARKED = 0.5
"""What a mark is worth at least where the model is less sure than it is right: in header text, beside other words, on
what no list vouches for, or only a list of everyday words. On lines nothing needs to mark what no list vouches for."""
_SIDES = frozenset("lr")
_BESIDE = re.compile(r"[ .,'_^-]{1,3}")
_WEAK_REASON = "name that is a word, by what stands around it (NER)"
_OF_INSTITUTIONS = words_of_section("words in names of institutions") | words_of_section("institutions")
_UNITS = words_of_section("units behind numbers")
_OF_COMMON = 0.45
_OF_RARE, _HARDLY, _OF_INITIALS = {False: 0.55, True: 0.45}, {False: 0.7, True: 0.6}, {False: 0.8, True: 0.6}
"""How sure the model must be of a clinical word that is a common name; and, in header text and on lines, of one that is
a rare name or hardly a name, and of initials."""


def weak_spans(text: str, artifacts: NlpArtifacts, *, line: bool) -> list[Span]:
    """Names that are clinical words, too, where our own model is sure of them by what stands around."""
    sure = [word for entity in artifacts.entities if entity.label_ == "NAME" for word in getattr(entity, "words", ())]
    if not sure:
        return []
    folded = fold_text(text)
    tokens = words_of(folded)
    doubtful = {folded.place(token.start, token.end): token for token in tokens if may_be_weak_name(token)}
    usual = STAND_ALONE if line else frozenset[str]()
    longest = FEWEST_INITIALS if line else SHORT_NAME  # three letters on displays are organs and vessels
    initials = (
        token
        for token in tokens
        if len(tokens) > 1
        and len(token.text) <= longest
        and token.text not in usual
        and may_be_weak_initials(folded, token)
    )
    doubtful |= {folded.place(token.start, token.end): token for token in initials}
    return [
        Span(start, end, "name", _WEAK_REASON, max(score, _MARKED))
        for start, end, score in sure
        if (start, end) in doubtful and score >= _least(doubtful[start, end], line=line)
    ]


def _least(token: Token, *, line: bool) -> float:
    """How sure the model must be of a word that it marks."""
    if not may_be_weak_name(token):
        return _OF_INITIALS[line]
    if is_hardly_a_name(token.text):
        return _HARDLY[line]
    return _OF_COMMON if token.name else _OF_RARE[line]


def own_spans(text: str, artifacts: NlpArtifacts, *, line: bool) -> list[Span]:
    """The entities of our own model that hold a word which is a name or which nothing vouches for.

    Clinical words at their ends are left out, but for institutions and places of which the model is sure: the `General`
    of a hospital and the `Los` of a town belong to them.
    """
    if not artifacts.entities:
        return []
    folded = fold_text(text)
    tokens = words_of(folded)
    spans = []
    for entity, score in zip(artifacts.entities, artifacts.scores, strict=True):
        kind, reason = OWN_LABELS[entity.label_]
        inside = list(_tokens_in(folded, tokens, entity.start_char, entity.end_char))
        if kind == "name" or score < _SURE:
            inside = _trimmed(inside, _is_unmarked)
        elif inside and inside[0].text == AMPERES and inside[0].standing is Standing.CLINICAL and not inside[0].name:
            inside = _trimmed(inside[:1], _is_unmarked) + inside[1:]
        if kind == "place":
            inside = _without_what_follows(inside)
        if kind == "name" and _is_unit(folded, tokens, inside):
            continue
        if any(_may_identify(token) and _may_belong(token, kind) for token in inside):
            least = _MARKED if not line and len(tokens) > 1 and any(map(is_marked_enough, inside)) else score
            inside = _with_initials(folded, tokens, inside) if kind == "name" else inside
            spans.append(Span(*folded.place(inside[0].start, inside[-1].end), kind, reason, max(score, least)))
    return spans


def _is_unit(folded: Folded, tokens: list[Token], inside: list[Token]) -> bool:
    """Whether all there is of a name is a unit in small letters behind a number: `2000 cps`."""
    if len(inside) != 1 or inside[0].text not in _UNITS or not folded.written(inside[0].start, inside[0].end).islower():
        return False
    before = tokens.index(inside[0]) - 1
    return before >= 0 and tokens[before].text.isdigit()


def _may_identify(token: Token) -> bool:
    """Whether nothing of weight vouches for a word, or it is a common name as well."""
    if not token.vouched or may_be_marked(token):
        return True
    return token.name and token.capital and token.text not in NEVER_NAMES


def _may_belong(token: Token, kind: str) -> bool:
    """No name of a person has digits in it; a pulse sequence has: `tfl3d1_16ns`."""
    return kind != "name" or not any(map(str.isdigit, token.text))


def _with_initials(folded: Folded, tokens: list[Token], inside: list[Token]) -> list[Token]:
    """The words of a name, and a letter beside them that can't be a side: `MURRAY A`, not `MURRAY L`.

    A Latin letter is no initial of a name in another script.
    """
    if not inside[0].text.isascii():
        return inside
    first, last = tokens.index(inside[0]), tokens.index(inside[-1])
    if (
        first
        and _is_initial(tokens[first - 1])
        and _BESIDE.fullmatch(folded.text, tokens[first - 1].end, inside[0].start)
    ):
        first -= 1
    if (
        last + 1 < len(tokens)
        and _is_initial(tokens[last + 1])
        and not BEGINS_WORD.match(folded.text, tokens[last + 1].end)
        and _BESIDE.fullmatch(folded.text, inside[-1].end, tokens[last + 1].start)
    ):
        last += 1
    return tokens[first : last + 1]


def _is_initial(token: Token) -> bool:
    return token.standing is Standing.LETTER and token.capital and token.text not in _SIDES


def stock_spans(text: str, artifacts: NlpArtifacts) -> list[Span]:
    """The people, places and organisations of another model, as far as no clinical word vouches against them."""
    found = [entity for entity in artifacts.entities if entity.label_ in STOCK_LABELS]
    if not found:
        return []
    folded = fold_text(text)
    tokens = words_of(folded)
    spans = [_unless_clinical(folded, tokens, e.start_char, e.end_char, e.label_) for e in found]
    return [span for span in spans if span is not None]


def _unless_clinical(folded: Folded, tokens: list[Token], start: int, end: int, label: str) -> Span | None:
    inside = _trimmed(list(_tokens_in(folded, tokens, start, end)), _is_mere_word)
    unknown = [token for token in inside if not token.vouched and not any(map(str.isdigit, token.text))]
    cased = not folded.source.islower()
    named = label in ("PERSON", "PER", "GPE")
    enough = any(token.may_be_name and cased for token in unknown) or (named and len(unknown) > 1)
    if not unknown or not enough or any(t.standing is Standing.CLINICAL and not t.name for t in inside):
        return None
    kind, reason = STOCK_LABELS[label]
    return Span(*folded.place(inside[0].start, inside[-1].end), kind, reason, _STOCK_SCORE)


def as_prose(text: str) -> str:
    """The text, vouched-for words in small letters and others capitalised, of the same length: prose to a model."""
    folded = fold_text(text)
    characters = list(text)
    for token in words_of(folded):
        start, end = folded.place(token.start, token.end)
        word = text[start:end].lower() if token.vouched else text[start:end].capitalize()
        if len(word) == end - start:
            characters[start:end] = word
    return "".join(characters)


def _tokens_in(folded: Folded, tokens: list[Token], start: int, end: int) -> Iterator[Token]:
    for token in tokens:
        first, last = folded.place(token.start, token.end)
        if first < end and last > start:
            yield token


def _trimmed(inside: list[Token], is_mere: Callable[[Token], bool]) -> list[Token]:
    while inside and is_mere(inside[0]):
        inside.pop(0)
    while inside and is_mere(inside[-1]):
        inside.pop()
    return inside


def _without_what_follows(inside: list[Token]) -> list[Token]:
    """The words of an institution or place without radiology's own behind them: `Kempten MRT Knie`, `Thun 500 MA`."""
    last = len(inside)
    if last > _AMPERAGE and inside[-1].text == AMPERES and inside[-1].placed:
        last -= _AMPERAGE
    while last > 1 and is_hardly_a_name(inside[last - 1].text) and inside[last - 1].text not in _OF_INSTITUTIONS:
        last -= 1
    return inside[:last]


def _is_mere_word(token: Token) -> bool:
    return token.vouched and not (token.name and len(token.text) >= SHORT_NAME)


def _is_unmarked(token: Token) -> bool:
    """Whether a word at the end of an entity of our own is none of its words."""
    return _is_mere_word(token) and not may_be_marked(token)
