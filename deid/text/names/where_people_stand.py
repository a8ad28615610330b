"""Names that are words, too, where only a person can stand: `prelim Early 10:42`, `/Head/KB`, `Stone & Sons`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deid.text.lazily import compile_lazily
from deid.text.names.signatures import TIME_OR_DATE, may_sign
from deid.text.words.tokens import Standing
from deid.text.words.vocabulary import load_vocabulary, read_terms, words_of_section

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from deid.text.fold import Folded
    from deid.text.words.tokens import Token

_WORD = r"([^\W\d_]{3,24})"
_START = r"(?<![^\W_])"
_WHEN = rf"(?= ?@? ?{TIME_OR_DATE})"
_READ = compile_lazily(
    rf"{_START}(?:prelim(?:inary)?|wet ?read|over ?read|dictated|transcribed|signed|reviewed|addendum|vetted)"
    rf"(?: ?[:=])?(?: {TIME_OR_DATE})?(?: by)? {_WORD}(?= ?/|{_WHEN}|,? transcribed| ?@)"
)
"""`prelim Early 10:42`, `Dictated: 12.03.2021 Long Transcribed: KB`."""
_CONSENTED = compile_lazily(
    rf"{_START}(?:signed|consent(?:ed)?|firmad[oa]|firmat[oa]|signe) {TIME_OR_DATE}, {_WORD}(?=[.,;])"
)
"""`Consent signed 12.03.2021, Minor.`"""
_CALLED = compile_lazily(rf"{_START}(?:called|phoned|faxed|paged|given|reported|handed over) to {_WORD}{_WHEN}")
"""`critical called to Head 18:33`."""
_AGENT = compile_lazily(rf"{_START}(?:by|per) {_WORD}(?:(?=: )|{_WHEN}|(?=, closed))")
"""`access by Frame 10:42`, `per Cheek: repeat`."""
_ADDED = compile_lazily(
    rf"(?:(?<=, )|(?<=,)|{_START}(?:added|repeated|changed|cancelled|modified|delayed|ordered|requested) )"
    rf"per {_WORD}(?= ?[.;]?$)"
)
"""`KNEE 3 VIEWS, per Root`, `portable chest added per Root`."""
_MET = compile_lazily(
    rf"{_START}(?:surgery|operation|appt|appointment|visit|consult|f/u|follow-?up|procedure) with {_WORD}"
    rf"(?= on {TIME_OR_DATE}|{_WHEN})"
)
"""`surgery with Root on 16.04.2021`."""
_READER = compile_lazily(rf"{_START}reader [1-4] ?: ?{_WORD}(?= ?[.,;]| ?$)")
_SAME = compile_lazily(
    rf"{_START}(?:merged with|same as|also known as|a\.?k\.?a\.?|formerly|name changed to|corrected to|maiden name)"
    rf" {_WORD}(?= ?[.,;)]| ?$)"
)
_FIRM = compile_lazily(
    rf"{_START}{_WORD} ?(?:&|and|und|et|y|e|en) (?:sons?|sohne?|fils|figli|hijos|filhos|zonen|zn|bros|cie)(?![^\W_])"
)
"""`Head & Sons`."""
_BABY = compile_lazily(rf"{_START}b/[bg] {_WORD}")
_BETWEEN_SLASHES = compile_lazily(rf"/ ?{_WORD} ?/ ?([a-z]{{2,3}})\Z")
"""`CT CHEST/Head/KB`: the physician, then the typist or technologist."""
_EXPRESSIONS = (_READ, _CONSENTED, _CALLED, _AGENT, _ADDED, _MET, _READER, _SAME, _FIRM, _BABY)
_PLACES = words_of_section("where one is called to")
_GLUED = compile_lazily(r"(?:\A|(?<=[ _^/]))([^\W\d_]{3,20}?)([^\W\d_]{0,3})[0-9]{4,8}(?=\Z|[ _^/])")
"""`Stone4711223`, `StoneEFG4711`: a name and the number of its patient."""
_LONG = 4
_REASON = "name by the words around it"
_Found = tuple[int, int, str, str, float]


def find_where_people_stand(folded: Folded, tokens: Sequence[Token]) -> Iterator[_Found]:
    """Ranges of folded text: a word that some list calls a name, written with a capital."""
    by_start = {token.start: token for token in tokens}
    for expression in _EXPRESSIONS:
        for match in expression.finditer(folded.text):
            token = by_start.get(match.start(1))
            if token is not None and token.end == match.end(1) and _may_be_person(token):
                yield *match.span(1), "name", _REASON, 0.7
    for match in _GLUED.finditer(folded.text):
        token = by_start.get(match.start())
        if token is not None and token.end == match.end() and not token.vouched and _begins_with_name(token.text):
            yield *match.span(), "identifier", "name and number", 0.7
    put = _BETWEEN_SLASHES.search(folded.text)
    if put is not None and load_vocabulary().may_be_name(put[1]) and may_sign(folded, put.span(2)):
        yield put.start(1), put.end(2), "name", "name with initials", 0.6


def _may_be_person(token: Token) -> bool:
    if not token.capital or token.text in _PLACES or token.text in read_terms().general:
        return False
    return token.may_be_name and not (token.standing is Standing.GENERAL and not token.name)


def _begins_with_name(word: str) -> bool:
    """Whether the letters of a word, or all but the last three, are a name and no word of radiology."""
    letters = word.rstrip("0123456789")
    names = (letters, letters[:-3], letters[:-1])
    return any(len(name) >= _LONG and load_vocabulary().may_be_name(name) for name in names)
