"""Subjects of studies, by number and initials: `subj 1023-014 L.O.`, `essai patient S9642`; initials with dots."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deid.text.lazily import compile_lazily
from deid.text.names.signatures import NO_INITIALS, TIME_OR_DATE, are_written_as_initials
from deid.text.words.tokens import Standing, standing_of
from deid.text.words.vocabulary import read_sections, words_of_section

if TYPE_CHECKING:
    from collections.abc import Iterator

    from deid.text.fold import Folded

_TABLE = read_sections("cues.txt")
_CALLED = "|".join(_TABLE["subjects of studies"])
_NUMBERED = r"(?: ?(?:id|no|nr|n°|num(?:ber|ero|mer)?|code|#)\.?)?[ :#.=-]{1,3}"
_LETTERS = r"[a-z](?:\. ?|-)?[a-z](?:(?:\. ?|-)?[a-z])?\.?"
_NUMBER = compile_lazily(
    rf"(?<![^\W_])(?:{_CALLED}){_NUMBERED}"
    r"((?=[a-z0-9/-]{0,12}[0-9][a-z0-9/-]{0,8}[0-9])[a-z]{0,4}[0-9]{0,6}(?:[-/]?[a-z0-9]{1,6}){0,4})(?![\w/-])(?!\.[0-9])"
    rf"(?:[ ,;/(]{{1,3}}({_LETTERS})(?= ?[.,;)]|\s*$| {TIME_OR_DATE}))?"
)
_INITIALLED = compile_lazily(
    rf"(?<![^\W_])(?:{_CALLED}|init(?:ial)?s?\.?|iniciales|iniciais|iniziali|initialen|initiales)"
    rf"[ :=]{{1,3}}({_LETTERS})"
    r"(?= ?[,;)]|\s*$)"
)
_VISITED = compile_lazily(
    r"_((?=[a-z0-9-]{0,8}[0-9][a-z0-9-]{0,4}[0-9])[a-z]?[0-9]{2,5}(?:[a-z-][0-9]{1,4}){0,3})_v(?:isit)?_?[0-9]{1,2}(?![^\W_])"
)
"""`Single shot_837-027-0_V2`: what stands before the visit."""
_BORN = compile_lazily(rf"(?<![^\W_])([a-z](?:\. ?|-)[a-z]\.?)(?=,? ?(?:\*|dob:? |born |geb\.? )?{TIME_OR_DATE})")
"""`L.O. 12.03.1941`."""
_DOTTED = compile_lazily(r"(?:\A|(?<=[^\W_] )|(?<=[),;] ))([a-z]\. ?[a-z]\.)(?=\s*$)|\A([a-z]\. ?[a-z]\.)(?= [^\W_])")
"""`CT thorax L.O.`, at an end of a text."""
_NONE = words_of_section("visits of studies") | NO_INITIALS
_ABBREVIATED = words_of_section("abbreviations with dots")
_PAIR, _SHORTEST = 2, 4
_REASON = "initials of a person"
_Found = tuple[int, int, str, str, float]


def find_subjects(folded: Folded) -> Iterator[_Found]:
    """Ranges of folded text."""
    for match in _NUMBER.finditer(folded.text):
        yield *match.span(1), "identifier", "number of a subject", 0.75
        if match[2] and _may_be(folded, match.span(2), _NONE):
            yield *match.span(2), "name", _REASON, 0.65
    for match in _VISITED.finditer(folded.text):
        if len(match[1]) > _SHORTEST and not match[1].startswith("b"):
            yield *match.span(1), "identifier", "number of a subject", 0.65
    for expression, others in ((_INITIALLED, _NONE), (_BORN, _ABBREVIATED), (_DOTTED, _ABBREVIATED)):
        for match in expression.finditer(folded.text):
            span = match.span(match.lastindex or 1)
            bare = expression is _INITIALLED and folded.text[slice(*span)].isalpha()
            if _may_be(folded, span, others) and not (bare and span[1] - span[0] > _PAIR and _is_word(folded, span)):
                yield *span, "name", _REASON, 0.65


def _may_be(folded: Folded, span: tuple[int, int], others: frozenset[str]) -> bool:
    """Whether letters are written as initials and are none of others."""
    letters = "".join(filter(str.isalpha, folded.text[slice(*span)]))
    return letters not in others and are_written_as_initials(folded, span)


def _is_word(folded: Folded, span: tuple[int, int]) -> bool:
    return standing_of(folded.text[slice(*span)]) is not Standing.UNKNOWN
