"""Names as DICOM writes them, `A^B^C`, told from what else has a caret: protocols, powers of ten."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from deid.text.names.runs import HEADLINES, Found
from deid.text.words.tokens import Standing, Token, standing_of
from deid.text.words.vocabulary import load_vocabulary, read_terms, words_of_section

if TYPE_CHECKING:
    from collections.abc import Iterator

_PARTICLES = words_of_section("particles")
_DEGREES = words_of_section("degrees") | words_of_section("titles")
_STATE = re.compile(r"[shfdcr]/[podcu] ")
"""`S/P`, `H/O`, `R/O`."""
_SHORTEST_PIECE, _SHORTEST = 4, 2
_CARET = re.compile(
    r"(?<![^\s\\=|])[^\s^=\\|]{1,64}(?: [^\s^=\\:|]{1,64})?\^[^\s^=\\|]{0,64}(?:\^[^\s^=\\|]{0,64}){0,8}"
)


def find_carets(text: str, tokens: list[Token]) -> Iterator[Found]:
    """Names as DICOM writes them, `A^B^C`; parameters such as `10^3` are none."""
    for match in _CARET.finditer(text):
        words = re.findall(r"[^\W\d_]{2,}", match.group())
        if _ends_given(match.group()) or (
            any(standing_of(word) is Standing.UNKNOWN for word in words) and not _begins_clinically(match.group())
        ):
            start = _start_of_name(match, tokens)
            end = min(_end_of_caret(match, start), _before_description(match, tokens))
            if end > start:
                yield start, end, "name", "name in DICOM form", 0.85


def _begins_clinically(text: str) -> bool:
    """Whether the first component ends with a clinical word: protocols are called `Abdomen^01_AbdRoutine`.

    If that is a name as well, the next one must be none: `Head^01_HeadSeq`, `Head^HeadSpi`, not `Head^Mary`.
    """
    first, _, rest = text.partition("^")
    words = re.findall(r"[^\W\d_]{2,}", first)
    if not words or standing_of(words[-1]) is not Standing.CLINICAL:
        return False
    return not load_vocabulary().is_name(words[-1]) or _is_protocol(rest)


def _is_protocol(text: str) -> bool:
    """Whether a component has digits, or begins with a clinical word and is no name: `01_headseq`, `headspi`."""
    vocabulary = load_vocabulary()
    words = re.findall(r"[^\W\d_]{2,}", text)
    return any(map(str.isdigit, text)) or any(
        not vocabulary.may_be_name(word)
        and any(word[:end] in vocabulary.words for end in range(_SHORTEST_PIECE, len(word)))
        for word in words
    )


def _ends_given(text: str) -> bool:
    """Whether one word stands before a given name that is nothing else: `Spine^Vanessa`."""
    parts = re.fullmatch(r"([^\W\d_]{2,})\^([^\W\d_]{3,})(?:\^{1,4}[^\W\d_]{0,3}\.?)?", text)
    return parts is not None and parts[2] in load_vocabulary().given and standing_of(parts[2]) is Standing.UNKNOWN


def _start_of_name(match: re.Match[str], tokens: list[Token]) -> int:
    """Without the word before a surname, if it is vouched for and no particle: `Thigh Wasowicz^Ewa`, `Van Dyke^Ewa`."""
    first, _, rest = match.group().partition("^")
    last = next((token for token in tokens if token.end == match.start() + len(first)), None)
    if last is not None and last.vouched and _is_no_surname(last, rest):
        return last.end + 1
    before, blank, _ = first.rpartition(" ")
    if not blank or before in _PARTICLES:
        return match.start()
    surname = match.start() + len(before) + 1
    if "_" in before or any(map(str.isdigit, before)):
        return surname  # the name of a protocol: `LNoBack_OSEM Thornton^Vanessa`
    inside = (token for token in tokens if match.start() <= token.start < surname)
    return surname if before[-1] in ".,;)" or all(token.vouched for token in inside) else match.start()


def _is_no_surname(word: Token, rest: str) -> bool:
    """Whether a word before a caret is nobody's: an everyday one, or one in Latin letters before another script."""
    if word.standing is Standing.GENERAL and not word.may_be_name and "^" not in rest:
        return True
    return word.text.isascii() and len(word.text) >= _SHORTEST and rest[:1].isalpha() and not rest[0].isascii()


def _before_description(match: re.Match[str], tokens: list[Token]) -> int:
    """Before the component that begins a description: `Vale^Mia^MRI BRAIN`, `Vale^ECHO TTE COMPLETE`.

    One behind surname and given name needs a word of radiology that is nobody's name, one behind the surname two.
    """
    starts = [match.start() + at + 1 for at, sign in enumerate(match.group()) if sign == "^"]
    for several, start in zip((True, *[False] * len(starts)), starts, strict=False):
        words = [token for token in tokens if token.start >= start][: 1 + several]
        beside = len(words) == 1 + several and words[0].start == start and words[-1].start - words[0].end <= 1
        if _STATE.match(match.string, start) or (beside and _describes(words)):
            return start - 1
    return match.end()


def _describes(words: list[Token]) -> bool:
    """Whether words are of radiology: one that no degree or title is and no common name, or two, the last no name."""
    first, last = words[0], words[-1]
    if any(word.standing is not Standing.CLINICAL or word.name or len(word.text) < _SHORTEST for word in words):
        return False
    owned = first.text in read_terms().core or not first.may_be_name
    return owned and (not last.may_be_name if first is not last else first.text not in _DEGREES)


def _end_of_caret(match: re.Match[str], start: int) -> int:
    """Before what follows the first caret, if that is radiology's own word: of `UCSF^Brain` the hospital goes."""
    first, _, rest = match.group().partition("^")
    words = re.findall(r"[^\W\d_]{2,}", rest)
    named = any(map(load_vocabulary().may_be_name, re.findall(r"[^\W\d_]{2,}", first)))
    clinical = bool(words) and not named and all(word in read_terms().core or word in HEADLINES for word in words)
    return match.start() + len(first) if clinical and start < match.start() + len(first) else match.end()
