"""Judging a line of pixels: what evidence names, and what nothing vouches for, is identifying."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import replace
from itertools import pairwise
from operator import attrgetter
from typing import TYPE_CHECKING

from deid.text.labels import misread_label
from deid.text.names.beside import WORD_BESIDE
from deid.text.names.station_names import with_rest_of_code
from deid.text.rest_of_line import find_rest
from deid.text.spans import Span, covered, disjoint
from deid.text.words.compounds import is_compound_of_words
from deid.text.words.distorted import is_joined, is_nearly_clinical
from deid.text.words.medical_forms import is_medical_form
from deid.text.words.prose import is_led
from deid.text.words.tokens import Standing, Token, standing_of, words_of
from deid.text.words.vocabulary import load_vocabulary, read_terms

if TYPE_CHECKING:
    from collections.abc import Sequence

    from deid.text.fold import Folded

_NAMING = frozenset({"name", "known", "place"})
_OF_PEOPLE = frozenset({"name", "known"})
_JOINING = frozenset(
    {"and", "of", "the", "de", "la", "van", "von", "der", "den", "di", "del", "da", "y", "e", "et", "und", "st"}
)
_BESIDE = re.compile(r"[ \t.,^_/-]{0,3}")
_BEFORE_ARTICLE = re.compile(r"(?<![^\W_])(?:in|op|van|aan|uit|over) ['\u2019]?\Z", re.IGNORECASE)
_ARTICLE = re.compile(r"['\u2019]?t(?![^\W_])", re.IGNORECASE)
"""`in 't Veld` is one name."""
_FREE_WORD = re.compile(r"[^\W_]+")
_LONG_WORD, _SHORT_NAME = 4, 3
_SHORTEST_PARTED = 5
_WORDS_OF_NAME = 3
_FEWEST_OF_PROSE, _SHARE_OF_PROSE = 6, 0.7


def judge(folded: Folded, evidence: Sequence[Span], kept: Sequence[Span] = ()) -> list[Span]:
    """What identifies in a line, or is vouched for by nothing; disjoint and in order.

    Args:
        folded: The line.
        evidence: The spans for which there is evidence (known values, forms, cues, names).
        kept: The spans that the profile vouches for.
    """
    tokens = words_of(folded)
    label_end, value = misread_label(folded, tokens)
    places = [folded.place(token.start, token.end) for token in tokens]
    parted = _parted_words(folded, tokens)
    pieces = [place for token, place in zip(tokens, places, strict=True) if token in parted]
    nameless = [places[index] for index, token in enumerate(tokens) if token in parted and not token.name]
    evidence = _without_guesses(evidence, pieces, nameless)
    if value is None and all(span.is_inferred for span in evidence) and _is_parameter(tokens, guessed=bool(evidence)):
        parted |= {token for token in tokens if not token.vouched}
        evidence = _on_words(evidence, [place for token, place in zip(tokens, places, strict=True) if token.vouched])
    elif value is None:
        misread = _misread_before_number(tokens, places, evidence)
        parted |= misread
        pieces += [place for token, place in zip(tokens, places, strict=True) if token in misread]
        evidence = _without_guesses(evidence, pieces, nameless)
    parted |= _words_of_prose(tokens)
    tokens = [
        token.as_clinical() if token.end <= label_end or token in parted or (kept and covered(kept, *place)) else token
        for token, place in zip(tokens, places, strict=True)
    ]
    after = folded.place(0, label_end)[1] if label_end else 0
    if label_end:
        evidence = [_without_label(span, after) for span in evidence if span.kind == "known" or span.end > after]
    spans = disjoint([*evidence, value] if value else evidence)
    clinical = any(token.standing is Standing.CLINICAL for token in tokens)
    spans = disjoint(
        [
            *spans,
            *(
                _unvouched(token, start, end, clinical=clinical)
                for token, (start, end) in zip(tokens, places, strict=True)
                if not token.vouched and not covered(spans, start, end)
            ),
        ]
    )
    beside = _with_neighbours(folded, spans, tokens, places)
    spans = [span for span in beside if span.kind == "known" or span.end > after]
    spans = disjoint([*spans, *find_rest(folded, tokens, spans, label_end, pieces)])
    return _joined(folded, disjoint(with_rest_of_code(folded.source, spans)))


def _without_guesses(
    evidence: Sequence[Span], pieces: Sequence[tuple[int, int]], nameless: Sequence[tuple[int, int]]
) -> list[Span]:
    """The evidence without what a model named, or stands beside such, where it is a piece of a word.

    `nameless`: the pieces that are no common names; a guess on two of them is none either: `RI GHT`, not `STAN DING`.
    """
    return [
        span
        for span in evidence
        if not (span.is_inferred or span.reason == WORD_BESIDE)
        or ((span.start, span.end) not in pieces and not _are_ends(span, nameless))
    ]


def _on_words(evidence: Sequence[Span], words: Sequence[tuple[int, int]]) -> list[Span]:
    """The spans that are words which something vouches for, and that are taken for names all the same."""
    return [span for span in evidence if (span.start, span.end) in words]


def _are_ends(span: Span, pieces: Sequence[tuple[int, int]]) -> bool:
    """Whether a span goes from the first of two neighbouring pieces to the end of the second."""
    return any(first[0] == span.start and second[1] == span.end for first, second in pairwise(pieces))


def _is_parameter(tokens: Sequence[Token], *, guessed: bool) -> bool:
    """Whether clinical words have a letter misread beside as many others or a number: `Deoth 15 cm`, `LYHPH NODE`.

    `guessed`: a model takes something for a name; then it must be on no list of names.
    """
    misread = [token for token in tokens if not token.vouched]
    rest = [token for token in tokens if token.vouched]
    clinical = sum(token.standing is Standing.CLINICAL for token in rest)
    has_code = any(map(_is_code, rest))
    return (
        1 <= len(misread) <= max(clinical, any(any(map(str.isdigit, token.text)) for token in rest))
        and not (guessed and any(token.may_be_name and not (has_code and is_joined(token.text)) for token in misread))
        and (len(misread) > 1 or all(token.standing in (Standing.NUMBER, Standing.CLINICAL) for token in rest))
        and all(is_nearly_clinical(token.text) or (has_code and is_joined(token.text)) for token in misread)
    )


def _is_code(token: Token) -> bool:
    """Whether a word is letters and digits, as a kernel's name is: before a number may stand a rare name."""
    return any(map(str.isdigit, token.text)) and any(map(str.isalpha, token.text))


def _misread_before_number(
    tokens: Sequence[Token], places: Sequence[tuple[int, int]], evidence: Sequence[Span]
) -> set[Token]:
    """A misread clinical word before one number that goes: `Paticnt 1055543400`."""
    if len(tokens) != 2 or tokens[0].vouched or tokens[0].may_be_name:  # noqa: PLR2004 - word and number
        return set()
    is_number = tokens[1].text.isdigit() and covered(evidence, *places[1])
    return {tokens[0]} if is_number and is_nearly_clinical(tokens[0].text) else set()


def _parted_words(folded: Folded, tokens: Sequence[Token]) -> set[Token]:
    """Pieces of a word that a blank was read into: `PO RTABLE`, `SUPI NE`."""
    return {
        piece
        for pair in pairwise(tokens)
        if folded.text[pair[0].end : pair[1].start] == " "
        and not all(token.vouched for token in pair)
        and not any(_is_whole_name(token) for token in pair)
        and _is_word(pair[0].text + pair[1].text)
        for piece in pair
    }


def _is_whole_name(token: Token) -> bool:
    """Whether a longer word is a name by itself that only its neighbour makes a compound: `EDGEWATER HOSPITAL`."""
    return len(token.text) >= _SHORTEST_PARTED and not token.vouched and load_vocabulary().may_be_proper(token.text)


def _words_of_prose(tokens: Sequence[Token]) -> set[Token]:
    """Words in small letters that no list of names holds, between known ones of a sentence: `pervie e poi retratto`."""
    words = [token for token in tokens if token.text.isalpha()]
    if len(words) < _FEWEST_OF_PROSE or sum(token.vouched for token in words) < _SHARE_OF_PROSE * len(words):
        return set()
    unsure = {token for pair in pairwise(tokens) if not (pair[0].vouched or pair[1].vouched) for token in pair}
    unsure |= {token for index, token in enumerate(tokens) if is_led(tokens, index)}
    return {
        token
        for token in words
        if not (token.vouched or token.capital or token in unsure or load_vocabulary().may_be_proper(token.text))
        and len(token.text) >= _LONG_WORD
    }


def _is_word(word: str) -> bool:
    """Whether a word of some length is on a list, and no common name; two words can be formed like one (`ovatici`)."""
    return (
        len(word) >= _SHORTEST_PARTED
        and word.isalpha()
        and (word in load_vocabulary().words or not (is_medical_form(word) or is_compound_of_words(word)))
        and standing_of(word) in (Standing.CLINICAL, Standing.GENERAL)
        and not load_vocabulary().is_name(word)
    )


def _without_label(span: Span, end: int) -> Span:
    """What a span takes after a label; a known value that stands in it whole goes all the same."""
    return replace(span, start=end) if span.start < end < span.end else span


def _unvouched(token: Token, start: int, end: int, *, clinical: bool) -> Span:
    if token.name:
        return Span(start, end, "name", "common name", 0.7)
    if any(map(str.isdigit, token.text)):
        return Span(start, end, "unknown", "unknown code or number", 0.5)
    reason = "unknown word beside clinical ones" if clinical else "unknown word beside nothing clinical"
    return Span(start, end, "unknown", reason, 0.4)


def _with_neighbours(
    folded: Folded, spans: list[Span], tokens: list[Token], places: list[tuple[int, int]]
) -> list[Span]:
    """Names widened over the names and initials beside them, though those alone would be vouched for."""
    text = folded.source
    clinical = any(token.standing is Standing.CLINICAL for token in tokens)
    only_words = len(tokens) <= _WORDS_OF_NAME and not any(map(str.isdigit, text))
    added: list[Span] = []
    for order in (range(len(tokens)), range(len(tokens) - 1, -1, -1)):
        reach: Span | None = None
        for index in order:
            token, (start, end) = tokens[index], places[index]
            here = _overlapping(spans, start, end)
            if here is not None:
                reach = here if _can_reach(here) else None
            elif (
                reach is not None
                and _is_beside(text, reach, start, end)
                and (
                    _is_part_of_name(token, reach, clinical)
                    or (only_words and (_may_be_surname(token) or _is_given(text, reach, start, end)))
                    or (only_words and index == 0 and _is_initial(text, reach))
                    or _is_around_comma(text, token, reach, start, end, spans)
                    or _is_middle_name(text, token, index, places, spans)
                )
            ):
                reach = Span(start, end, "name", "name or initial beside a name", 0.6)
                added.append(reach)
            else:
                reach = None
    return [_with_article(text, span) for span in disjoint([*spans, *added])]


def _with_article(text: str, span: Span) -> Span:
    before = _BEFORE_ARTICLE.search(text, 0, span.start) if span.kind in _NAMING else None
    return replace(span, start=before.start()) if before and _ARTICLE.match(text, span.start) else span


def _overlapping(spans: list[Span], start: int, end: int) -> Span | None:
    before = bisect_left(spans, end, key=attrgetter("start"))
    return spans[before - 1] if before and spans[before - 1].end > start else None


def _can_reach(span: Span) -> bool:
    return span.kind in _NAMING or (span.kind == "unknown" and span.end - span.start >= _LONG_WORD)


def _is_part_of_name(token: Token, span: Span, clinical: bool) -> bool:
    """An initial beside anything that can be a name; a common name only beside what is one, as most are words, too.

    `clinical`: among clinical words a letter beside what is merely unknown is `W` (with) or `S` (slice).
    """
    if token.standing is Standing.LETTER:
        return (span.kind in _NAMING or not clinical) and span.end - span.start > _SHORT_NAME
    return (
        len(token.text) >= _SHORT_NAME and token.name and token.standing is Standing.CLINICAL and span.kind in _NAMING
    )


def _may_be_surname(token: Token) -> bool:
    """Whether a word beside an unknown one, alone on a line, may be of its name: `RING ABBRAM`, not `CHEST ABBRAM`."""
    return (
        len(token.text) >= _SHORT_NAME
        and token.text not in read_terms().general
        and (token.name or (token.may_be_name and token.text not in read_terms().core))
    )


def _is_initial(text: str, span: Span) -> bool:
    """Whether a part of a name begins with an initial, and so goes on in front: `Hals O. Ahl`."""
    return text[span.start].isalpha() and text[span.start + 1 : span.start + 2] == "."


def _is_given(text: str, surname: Span, start: int, end: int) -> bool:
    """Whether a word ends a line behind a name and a comma: `DE ALMEYDA, ANTERO`."""
    behind = surname.kind in _NAMING and start >= surname.end and end == len(text.rstrip())
    return behind and "," in text[surname.end : start] and end - start >= _SHORT_NAME


def _is_middle_name(text: str, token: Token, index: int, places: Sequence[tuple[int, int]], spans: list[Span]) -> bool:
    """Whether a short word that is a rare name stands between parts of one, or before two that are all the line.

    `NGUYEN, THI BICH NGOC`, `MIN JUN HO`: alone `THI` and `MIN` are words of displays.
    """
    if len(token.text) != _SHORT_NAME or not (token.capital and token.may_be_name and token.text.isalpha()):
        return False
    names = [_overlapping(spans, *place) for place in places]
    whole = all(name is not None and name.kind in _OF_PEOPLE for name in names[1:])
    if index == 0:
        return whole and len(names) == _WORDS_OF_NAME
    before, after = names[index - 1], names[index + 1] if index + 1 < len(names) else None
    if before is None or after is None or not {before.kind, after.kind} <= _OF_PEOPLE:
        return False
    return _is_beside(text, before, *places[index]) and _is_beside(text, after, *places[index])


def _is_around_comma(text: str, token: Token, name: Span, start: int, end: int, spans: Sequence[Span]) -> bool:
    """Whether a comma alone parts a word from a name, and nothing else is there: `ZHENG,TINGTING 50Y`, `Li, Ming`."""
    if name.kind not in _NAMING or not token.capital or token.text in read_terms().core or not token.text.isalpha():
        return False
    if end <= name.start:
        return not text[:start].strip() and text[end : name.start].strip() == ","
    following = _FREE_WORD.search(text, end)
    is_last = following is None or covered(spans, *following.span())
    return is_last and text[name.end : start].strip() == ","


def _is_beside(text: str, span: Span, start: int, end: int) -> bool:
    between = text[span.end : start] if start >= span.end else text[end : span.start]
    return _BESIDE.fullmatch(between) is not None


def _joined(folded: Folded, spans: list[Span]) -> list[Span]:
    """Spans united over blanks, punctuation and joining words between them: one box to hide."""
    united: list[Span] = []
    for span in spans:
        last = united[-1] if united else None
        if last is not None and last.reason == span.reason and _is_joint(folded.source[last.end : span.start]):
            united[-1] = Span(last.start, span.end, last.kind, last.reason, max(last.score, span.score))
        else:
            united.append(span)
    return united


def _is_joint(between: str) -> bool:
    words = "".join(c if c.isalnum() else " " for c in between.lower()).split()
    return len(between) <= 12 and all(word in _JOINING for word in words)  # noqa: PLR2004 - one or two short words
