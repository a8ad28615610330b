"""What a model's entities are worth: which words of them identify, once clinical words have spoken."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from deid.text.fold import Folded, fold_text
from deid.text.names.runs import HEADLINES
from deid.text.names.signatures import NONE_AT_END, STAND_ALONE
from deid.text.spans import Span
from deid.text.words.tokens import Standing, Token, words_of
from deid.text.words.vocabulary import is_hardly_a_name, may_be_weak, words_of_section

if TYPE_CHECKING:
    from collections.abc import Iterator

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
_AMPERES = "ma"
"""A unit that is a state, too: after a number it begins no place (`500 MA Coelho`), and ends none."""
_AMPERAGE = 2
_SURE, _STOCK_SCORE = 0.9, 0.6
_SIDES = frozenset("lr")
_BESIDE = re.compile(r"[ .,'_^-]{1,3}")
_SHORT_NAME = 3
_WEAK_REASON = "name that is a word, by what stands around it (NER)"
_OF_INSTITUTIONS = words_of_section("words in names of institutions") | words_of_section("institutions")
_NEVER_NAMES = frozenset[str]().union(
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
_FEWEST_INITIALS = 2
_SURE_OF_WEAK, _SURER = {False: 0.55, True: 0.45}, {False: 0.8, True: 0.6}
"""How sure the model must be of a name that is a clinical word, in header text and on lines; and of one that hardly is
a name, or of initials."""


def may_be_weak_name(token: Token) -> bool:
    """Whether a word that is vouched for is written as a name and is one, too: `SHARP`, `Hill`."""
    return (
        token.vouched
        and not token.placed
        and token.capital
        and len(token.text) >= _SHORT_NAME
        and token.text.isalpha()
        and token.text not in _NEVER_NAMES | HEADLINES
        and may_be_weak(token.text)
    )


def weak_spans(text: str, artifacts: NlpArtifacts, *, line: bool) -> list[Span]:
    """Names that are clinical words, too, where our own model is sure of them by what stands around."""
    sure = [
        word
        for entity in artifacts.entities
        if entity.label_ == "NAME"
        for word in getattr(entity, "words", ())
        if word[2] >= _SURE_OF_WEAK[line]
    ]
    if not sure:
        return []
    folded = fold_text(text)
    tokens = words_of(folded)
    doubtful = {folded.place(token.start, token.end): token for token in tokens if may_be_weak_name(token)}
    usual = STAND_ALONE if line else frozenset[str]()
    longest = _FEWEST_INITIALS if line else _SHORT_NAME  # three letters on displays are organs and vessels
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
        Span(start, end, "name", _WEAK_REASON, score)
        for start, end, score in sure
        if (start, end) in doubtful and score >= _least(doubtful[start, end], line=line)
    ]


def _least(token: Token, *, line: bool) -> float:
    """How sure the model must be of a word."""
    weak = may_be_weak_name(token) and not is_hardly_a_name(token.text)
    return (_SURE_OF_WEAK if weak else _SURER)[line]


def may_be_weak_initials(folded: Folded, token: Token) -> bool:
    """Whether an abbreviation can be someone's initials, too: `CT CHEST PV`; no modality, projection, side or unit."""
    written = folded.source[slice(*folded.place(token.start, token.end))]
    short = _FEWEST_INITIALS <= len(token.text) <= _SHORT_NAME and token.text.isalpha()
    usual = token.text in NONE_AT_END or token.text in _NEVER_NAMES or token.text == _AMPERES
    return short and token.vouched and written.isupper() and not usual


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
            inside = _trimmed(inside)
        elif inside and inside[0].text == _AMPERES and inside[0].standing is Standing.CLINICAL and not inside[0].name:
            inside = _trimmed(inside[:1]) + inside[1:]
        if kind == "place":
            inside = _without_what_follows(inside)
        if kind == "name" and score < _SURE_OF_WEAK[line] and all(token.vouched for token in inside):
            continue
        if any(_may_identify(token) and _may_belong(token, kind) for token in inside):
            inside = _with_initials(folded, tokens, inside) if kind == "name" else inside
            spans.append(Span(*folded.place(inside[0].start, inside[-1].end), kind, reason, score))
    return spans


def _may_identify(token: Token) -> bool:
    """Whether nothing vouches for a word, or it is a common name as well."""
    return not token.vouched or (token.name and token.capital and token.text not in _NEVER_NAMES)


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
        and not folded.text.startswith("=", tokens[last + 1].end)
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
    inside = _trimmed(list(_tokens_in(folded, tokens, start, end)))
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


def _trimmed(inside: list[Token]) -> list[Token]:
    while inside and _is_mere_word(inside[0]):
        inside.pop(0)
    while inside and _is_mere_word(inside[-1]):
        inside.pop()
    return inside


def _without_what_follows(inside: list[Token]) -> list[Token]:
    """The words of an institution or place without radiology's own behind them: `Kempten MRT Knie`, `Thun 500 MA`."""
    last = len(inside)
    if last > _AMPERAGE and inside[-1].text == _AMPERES and inside[-1].placed:
        last -= _AMPERAGE
    while last > 1 and is_hardly_a_name(inside[last - 1].text) and inside[last - 1].text not in _OF_INSTITUTIONS:
        last -= 1
    return inside[:last]


def _is_mere_word(token: Token) -> bool:
    return token.vouched and not (token.name and len(token.text) >= _SHORT_NAME)
