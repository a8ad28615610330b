"""What identifies by its place: the value after a label, the name after a title or `for`, the words at `Hospital`."""

from __future__ import annotations

import re
from bisect import bisect_left
from itertools import takewhile
from operator import attrgetter
from typing import TYPE_CHECKING

from deid.text.institutions import find_institutions, find_places
from deid.text.spans import Span, disjoint
from deid.text.tokens import Standing, Token, standing_of, tokenise, vouch_for_phrases
from deid.text.vocabulary import load_vocabulary, read_sections

if TYPE_CHECKING:
    from collections.abc import Iterator

    from deid.text.fold import Folded

_TABLE = read_sections("cues.txt")
_START = r"(?<![^\W_])"
_LABELS = tuple(
    (kind, reason, re.compile(rf"{_START}(?:{'|'.join(_TABLE[section])})[ \t]{{0,2}}[:=#][ \t]{{0,4}}"))
    for kind, reason, section in (
        ("name", "value after a name label", "name labels"),
        ("identifier", "value after an ID label", "id labels"),
        ("cue", "value after an identifying label", "other labels"),
    )
)


def _words(section: str) -> frozenset[str]:
    return frozenset(word for line in _TABLE[section] for word in line.split())


_BLANK = re.compile(r"[ \t,;]")
_DECIMAL = re.compile(r"[-+]?[0-9]{0,6}\.[0-9]{1,6}(?![0-9a-z.])")
_ANY_LABEL = re.compile(
    r"(?:^|[ \t,;|/])[ \t]{0,2}[a-z][a-z'#.]{0,20}(?: [a-z'#.]{1,20}){0,2}[ \t]{0,2}[:=](?!\d)|\n|[ \t]{3,}|[;|]"
)
_BARE = tuple(
    (kind, reason, re.compile(_START + r"(?<!-)" + form))
    for kind, reason, form in (
        (
            "identifier",
            "value after an ID label",
            r"(?:mrn|pid|pat(?:ient)? id|id|acc|accession|ssn|dob)[ \t#.-]{1,3}([a-z0-9/-]{0,12}[0-9][a-z0-9/-]{2,24})",
        ),
        (
            "age",
            "value after an age label",
            r"(?:age|alter|edad|eta)[ \t]{1,2}(0{0,2}[0-9]{1,3} ?(?:y|yrs?|years?|m|w|d)?)(?![a-z0-9.])",
        ),
        (
            "cue",
            "value after an identifying label",
            r"(?:sex|gender|geschlecht|sexe)[ \t]{1,2}(male|female|[mfow])(?![a-z0-9])",
        ),
    )
)
_TITLES = _words("titles")
_DOUBLE_TITLES = _words("titles that are abbreviations of other things too")
_DEGREES = _words("degrees")
_SIDES = frozenset({"l", "r"})
_DOCTORS = frozenset({"dr", "doctor", "prof", "professor"})
_STRONG_CUES = _words("cue words before names")
_CUES = _words("doubtful cue words before names")
_PARTICLES = _words("particles")
_BETWEEN_NAMES = re.compile(r"[ .,'_-]{1,3}")
_MOST_WORDS, _MOST_BEFORE = 4, 7
_NAMELIKE = (Standing.UNKNOWN, Standing.LETTER)
_Found = tuple[int, int, str, str, float]


def find_cues(folded: Folded, *, line: bool) -> list[Span]:
    """Spans of the original text that a label, title, preposition or institution word points at."""
    tokens = vouch_for_phrases(tokenise(folded))
    spans = [*_labelled(folded, tokens, line=line), *_bare(folded), *find_places(folded)]
    found = (
        *_titled(folded.text, tokens),
        *_degreed(folded.text, tokens),
        *find_institutions(folded.text, tokens),
        *_carets(folded.text),
    )
    spans += [Span(*folded.place(start, end), kind, reason, score) for start, end, kind, reason, score in found]
    return disjoint(spans)


def _labelled(folded: Folded, tokens: list[Token], *, line: bool) -> Iterator[Span]:
    for kind, reason, label in _LABELS:
        for match in label.finditer(folded.text):
            start = match.end()
            stop = _ANY_LABEL.search(folded.text, start)
            end = stop.start() if stop else len(folded.text)
            if not line:
                end = _end_in_prose(folded.text, tokens, kind, start, end)
            end = start + len(folded.text[start:end].rstrip())
            if _is_value(kind, folded.text[start:end]):
                yield Span(*folded.place(start, end), kind, reason, 0.9)


def _end_in_prose(text: str, tokens: list[Token], kind: str, start: int, end: int) -> int:
    """Where a labelled value ends in running text; `start` if it is no value: `Patient: supine`."""
    if kind == "identifier":
        return next((match.start() for match in _BLANK.finditer(text, start, end)), end)
    first = bisect_left(tokens, start, key=attrgetter("start"))
    value = list(takewhile(lambda token: token.start < end, tokens[first : first + _MOST_BEFORE]))
    if all(token.vouched and not token.name for token in value):
        return start
    return _end_of_name(tokens, start, end) if kind == "name" else end


def _is_value(kind: str, value: str) -> bool:
    """Whether what follows a label can be its value: an ID is no measurement."""
    if kind == "identifier" and _DECIMAL.match(value):
        return False
    return any(map(str.isalnum, value))


def _end_of_name(tokens: list[Token], start: int, end: int) -> int:
    """In running text a name ends before the first clinical word; its first word may be one itself."""
    first = bisect_left(tokens, start, key=attrgetter("start"))
    last = None
    for token in tokens[first : first + _MOST_WORDS + 1]:
        if token.start >= end:
            break
        if last is not None and token.standing in (Standing.CLINICAL, Standing.NUMBER) and not token.name:
            break
        last = token
    return last.end if last else end


def _bare(folded: Folded) -> Iterator[Span]:
    for kind, reason, expression in _BARE:
        for match in expression.finditer(folded.text):
            yield Span(*folded.place(*match.span(1)), kind, reason, 0.85)


def name_run(text: str, tokens: list[Token], index: int) -> tuple[int, int]:
    """How many tokens from `index` on can be a name, and how many of them nothing vouches for."""
    count = unvouched = 0
    for token in tokens[index : index + _MOST_WORDS]:
        if count and not _BETWEEN_NAMES.fullmatch(text, tokens[index + count - 1].end, token.start):
            break
        if token.standing is Standing.UNKNOWN and token.capital and not any(map(str.isdigit, token.text)):
            unvouched += 1
        elif not _may_stand_in_name(token, first=not count):
            break
        count += 1
    while count and (tokens[index + count - 1].text in _PARTICLES or _is_side(tokens, index + count - 1)):
        count -= 1
    return count, unvouched


def _is_side(tokens: list[Token], index: int) -> bool:
    """Whether a letter is the side of the clinical word after it: `R KNEE`."""
    return tokens[index].text in _SIDES and index + 1 < len(tokens) and tokens[index + 1].standing is Standing.CLINICAL


def _may_stand_in_name(token: Token, *, first: bool) -> bool:
    if token.text in _PARTICLES:
        return True
    return token.capital and (token.standing is Standing.LETTER or (token.name and not first))


def _titled(text: str, tokens: list[Token]) -> Iterator[_Found]:
    """Names after a title or a preposition, with the title."""
    for index, token in enumerate(tokens):
        if token.text not in _TITLES | _STRONG_CUES | _CUES:
            continue
        count, unvouched = name_run(text, tokens, index + 1)
        run = tokens[index + 1 : index + 1 + count]
        if not run and token.text in _DOCTORS and _is_name_of_doctor(text, tokens, index):
            yield token.start, tokens[index + 1].end, "name", "name after a title", 0.85
        if not run or not unvouched or not _BETWEEN_NAMES.fullmatch(text, token.end, run[0].start):
            continue
        named = any(t.may_be_name for t in run)
        if token.text in _TITLES:
            if text.startswith(".", token.end) or token.text not in _DOUBLE_TITLES or named:
                yield token.start, run[-1].end, "name", "name after a title", 0.85
        elif token.text in _STRONG_CUES or unvouched > 1 or named:
            yield run[0].start, run[-1].end, "name", "name after a cue word", 0.75


def _is_name_of_doctor(text: str, tokens: list[Token], index: int) -> bool:
    """Whether `Dr.`, with its point, stands before a name that is a word, too: `Dr. Long`."""
    if index + 1 == len(tokens) or not text.startswith(".", tokens[index].end):
        return False
    following = tokens[index + 1]
    beside = _BETWEEN_NAMES.fullmatch(text, tokens[index].end, following.start) is not None
    return beside and following.capital and following.may_be_name


def _degreed(text: str, tokens: list[Token]) -> Iterator[_Found]:
    """Names before `MD` and the like, with the degree."""
    for index, token in enumerate(tokens):
        if token.text not in _DEGREES or not index or tokens[index - 1].vouched:
            continue
        first = index - 1
        while first and index - first < _MOST_WORDS and tokens[first - 1].standing in _NAMELIKE:
            first -= 1
        if "\n" not in text[tokens[first].start : token.start]:
            yield tokens[first].start, token.end, "name", "name before a degree", 0.8


def _begins_clinically(text: str) -> bool:
    """Whether the first component is clinical and no name: protocols are called `Abdomen^01_AbdRoutine`."""
    words = re.findall(r"[^\W\d_]{2,}", text.split("^", maxsplit=1)[0])
    vocabulary = load_vocabulary()
    return bool(words) and all(
        standing_of(word) is Standing.CLINICAL and not vocabulary.is_name(word) for word in words
    )


_CARET = re.compile(r"(?<![^\s\\=])[^\s^=\\]{1,64}(?: [^\s^=\\:]{1,64})?\^[^\s^=\\]{0,64}(?:\^[^\s^=\\]{0,64}){0,3}")


def _carets(text: str) -> Iterator[_Found]:
    """Names as DICOM writes them, `A^B^C`; parameters such as `10^3` are none."""
    for match in _CARET.finditer(text):
        words = re.findall(r"[^\W\d_]{2,}", match.group())
        if any(standing_of(word) is Standing.UNKNOWN for word in words) and not _begins_clinically(match.group()):
            yield match.start(), match.end(), "name", "name in DICOM form", 0.85
