"""Known names that are words, too (Young, Shell, Ward), or too short to be told alone."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from deid.identity.known_values import ValueKind
from deid.text.fold import fold_word
from deid.text.known.strength import NAMES, is_rather_name, is_vouched
from deid.text.names.cues import NAME_LABEL_BEFORE
from deid.text.names.word_names import DONE_TO_PEOPLE, PEOPLE_DO, ROLES
from deid.text.patterns.ages import ANY_AGE, SEX_AND_AGE
from deid.text.patterns.dates import find_dates
from deid.text.spans import Span, covered
from deid.text.words.tokens import Standing, Token, protected_phrases, tokenise, words_of
from deid.text.words.vocabulary import load_vocabulary, read_terms, words_of_section

if TYPE_CHECKING:
    from collections.abc import Iterator

    from deid.text.fold import Folded
    from deid.text.known.exact import KnownValues

_WORD = re.compile(r"[^\W_]+")
_JOINT = re.compile(r" ?[ ,_/-] ?")
_LISTED = re.compile(r"[^\W\d_]+ ?[,^] ?[^\W\d_]")
_PATIENT, _TITLES = (
    words_of_section("words for the patient"),
    words_of_section("titles that can hardly be anything else"),
)
_FOR, _BY = (
    frozenset({"for", "fur", "pour", "para", "per", "voor", "to"}),
    frozenset({"by", "see", "from", "on", "von"}),
)
_QUOTES = (('"', '"'), ("'", "'"), ("<", ">"), ("[", "]"))
_SIGNED = re.compile(r" ?/ ?[a-z]{2,3}\Z")
_DEGREE = re.compile(rf",? (?:{'|'.join(words_of_section('degrees'))})(?![^\W_])")
_NEE_BEFORE, _NEE_AFTER = re.compile(r"(?<![^\W_])nee \Z"), re.compile(r" ?[(,]? ?nee ")
_BABY_BEFORE, _BABY_AFTER = (
    re.compile(r"(?<![^\W_])baby(?: (?:boy|girl))? \Z"),
    re.compile(r",? ?baby (?:boy|girl)(?![^\W_])"),
)
_TO_AGE, _AGE_LABEL = re.compile(r", ?| "), re.compile(r",? ?aged?[ :]{1,2}[0-9]")
_TIMED = re.compile(r" [0-2]?[0-9]:[0-5][0-9]")
_LOOK_BACK, _LONGEST_END, _LONGEST_LABEL = 16, 48, 40
_OF_PATIENT = frozenset({ValueKind.PATIENT_NAME})
_SHORTEST, _LONG, _MOST_WORDS = 3, 4, 4


def find_names_that_are_words(folded: Folded, known: KnownValues) -> Iterator[Span]:
    """Capitalised words that are part of a known name, if no clinical phrase holds them: `CT WB YOUNG`.

    Words without meaning of their own (`will`, `long`) only where capitals stand out from small letters around; the
    patient's surname also if it is radiology's own word, where it ends a text and has one capital (`Chest Ward`). And
    anyone's surname, whatever it means, where only a person can stand: `operator Ward`, `WARD, MD`, `WARD, AGE 94`.
    """
    wanted, surnames, every = _words_in_names(known), _surnames_of_patient(known), _surnames(known)
    patients = _surnames(known, _OF_PATIENT)
    present = set(_WORD.findall(folded.text)) & (wanted.keys() | every)
    if not present:
        return
    tokens = tokenise(folded)
    phrases = protected_phrases(tokens)
    for index, token in enumerate(tokens):
        if token.text not in present or not token.capital or covered(phrases, token.start, token.end):
            continue
        if (
            (token.text in wanted and _stands_as_name(folded, token))
            or (token.text in surnames and (_is_last(folded, tokens, index) or _is_addressed(folded, tokens, index)))
            or (token.text in patients and _is_described(folded.text, token))
            or (token.text in every and _is_called(folded.text, tokens, index))
        ):
            kind = wanted.get(token.text, ValueKind.PATIENT_NAME if token.text in patients else ValueKind.PERSON_NAME)
            yield Span(*folded.place(token.start, token.end), "known", f"known {kind.value}", 0.8)


def find_on_lines(folded: Folded, known: KnownValues) -> Iterator[Span]:
    """What is hidden on a line of pixels only, where a word too many costs little.

    The patient's surname at either end of the line, whatever it means (`COLON` of Mr. Colon), anyone's right before a
    time of day (`INJ READING 10:42:18`), and lines of words that may all be names and are none of radiology's own:
    `GLASS KEY`, `CHILD^SON`.
    """
    tokens = words_of(folded)
    surnames = _surnames_of_patient(known)
    for token in (*tokens[:1], *tokens[1:][-1:]):
        parts = token.text.split("-")
        known_part = any(part in surnames and len(part) >= _SHORTEST for part in parts)
        if known_part and len(tokens) + len(parts) > 2:  # noqa: PLR2004 - one word alone can be a label
            yield Span(*folded.place(token.start, token.end), "known", "known patient name", 0.8)
    timed = (token for token in tokens if token.text in _surnames(known) and _TIMED.match(folded.text, token.end))
    yield from (Span(*folded.place(token.start, token.end), "known", "known person name", 0.8) for token in timed)
    words = [token for token in tokens if token.standing is not Standing.LETTER]
    if 1 < len(words) <= _MOST_WORDS and all(map(_may_be_name_on_line, words)):
        general = load_vocabulary().general
        if _LISTED.match(folded.text) or all(word.name and word.text not in general for word in words):
            yield Span(*folded.place(words[0].start, words[-1].end), "name", "words that may all be names", 0.5)


def _may_be_name_on_line(token: Token) -> bool:
    return token.capital and token.text.isalpha() and token.may_be_name and token.text not in read_terms().core


@lru_cache(maxsize=64)
def _words_in_names(known: KnownValues) -> dict[str, ValueKind]:
    """The components of known names that are words, too, but rather names (`young`, `shell`), or short (`lee`)."""
    words = (
        (word, value.kind)
        for value in known.values
        if value.kind in NAMES
        for word in _WORD.findall(fold_word(value.text))
    )
    return {word: kind for word, kind in words if is_rather_name(word) and (len(word) < _LONG or is_vouched(word))}


@lru_cache(maxsize=64)
def _surnames_of_patient(known: KnownValues) -> frozenset[str]:
    """The patient's surnames of one word that are names elsewhere, too."""
    families = _surnames(known, _OF_PATIENT)
    return frozenset(family for family in families if load_vocabulary().may_be_name(family))


@lru_cache(maxsize=64)
def _surnames(known: KnownValues, kinds: frozenset[ValueKind] = NAMES) -> frozenset[str]:
    """The surnames of one word, whatever else they mean."""
    names = (value.text for value in known.values if value.kind in kinds)
    families = (fold_word(text.split("=", maxsplit=1)[0].split("^", maxsplit=1)[0].strip()) for text in names)
    return frozenset(families)


def _stands_as_name(folded: Folded, token: Token) -> bool:
    mixed = not folded.source.isupper()
    return token.standing is not Standing.GENERAL or (mixed and token.start > 0 and _is_title(folded, token))


def _is_last(folded: Folded, tokens: list[Token], index: int) -> bool:
    """Whether a word ends a text, behind another, and is written as a name."""
    if not index or not _is_title(folded, tokens[index]) or not _ends(folded, tokens[index]):
        return False
    return _JOINT.fullmatch(folded.text, tokens[index - 1].end, tokens[index].start) is not None


def _is_addressed(folded: Folded, tokens: list[Token], index: int) -> bool:
    """Whether a word can only be a person's: the whole text, in quotes, after `patient` or `for` with nothing more.

    `WRIST` of Mr. Wrist, `for WRIST by Dr. Vale`, `WRIST unable to lie flat`, `"WRIST"`, `WRIST / KMB`.
    """
    token, text = tokens[index], folded.text
    before = tokens[index - 1].text if index else ""
    after = tokens[index + 1].text if index + 1 < len(tokens) else ""
    whole = len(tokens) == 1 and token.text not in read_terms().general
    if whole or after in PEOPLE_DO or before in _TITLES:
        return True
    ends = _ends(folded, token) or text[token.end : token.end + 2].lstrip()[:1] in ",;)"
    if before in _FOR | _PATIENT and (ends or after in _BY):
        return True
    quoted = text[token.start - 1 : token.start], text[token.end : token.end + 1]
    return quoted in _QUOTES or _SIGNED.match(text, token.end) is not None


def _is_called(text: str, tokens: list[Token], index: int) -> bool:
    """Whether a word stands in someone's part: `operator WRIST`, `WRIST, MD`, `WRIST aware`, `Hand (née WRIST)`."""
    token = tokens[index]
    before = tokens[index - 1].text if index and text[tokens[index - 1].end : token.start].strip(" :") == "" else ""
    after = (
        tokens[index + 1].text if index + 1 < len(tokens) and text[token.end : tokens[index + 1].start] == " " else ""
    )
    start = max(0, token.start - _LONGEST_LABEL)
    return (
        before in ROLES | _TITLES
        or NAME_LABEL_BEFORE.search(text, start, token.start) is not None
        or after in PEOPLE_DO | DONE_TO_PEOPLE
        or _DEGREE.match(text, token.end) is not None
        or _NEE_AFTER.match(text, token.end) is not None
        or _NEE_BEFORE.search(text[max(0, token.start - _LOOK_BACK) : token.start]) is not None
    )


def _is_described(text: str, token: Token) -> bool:
    """Whether a word has an age or a newborn child beside it: `WRIST, AGE 94`, `WRIST 77 Y/O F`, `baby WRIST`."""
    age = _TO_AGE.match(text, token.end)
    return (
        _AGE_LABEL.match(text, token.end) is not None
        or (age is not None and any(form.match(text, age.end()) for form in (ANY_AGE, SEX_AND_AGE)))
        or _BABY_AFTER.match(text, token.end) is not None
        or _BABY_BEFORE.search(text[max(0, token.start - _LOOK_BACK) : token.start]) is not None
    )


def _ends(folded: Folded, token: Token) -> bool:
    """Whether nothing follows but dates, which go: `Chest Ward 12.01.2023`."""
    rest = folded.text[token.end : token.end + _LONGEST_END]
    if len(rest) == _LONGEST_END:
        return False
    for hit in find_dates(rest):
        rest = rest[: hit.start] + " " * (hit.end - hit.start) + rest[hit.end :]
    return not any(map(str.isalnum, rest))


def _is_title(folded: Folded, token: Token) -> bool:
    """Whether a word is written `Ward`, not `WARD`."""
    return folded.written(token.start, token.end).istitle()
