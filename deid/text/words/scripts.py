"""Words in other scripts than Latin: what vouches for them, and that what nothing vouches for goes.

The lists of names and of ordinary words are of Latin words mostly; in another script they could not tell a name from a
word. So a word in another script stays in a cleaned text only if it is one of radiology.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from typing import TYPE_CHECKING

from deid.text.fold import fold_word
from deid.text.lazily import compile_lazily
from deid.text.spans import Span
from deid.text.words.vocabulary import load_vocabulary, read_sections

if TYPE_CHECKING:
    from collections.abc import Iterator

    from deid.text.fold import Folded

_TABLE = "clinical_words_by_script.txt"
_UNSPACED = ("han", "kana", "hangul", "thai")
# Thai, han, kana, hangul: written without blanks between words.
_CONTINUOUS = "\u0e01-\u0e4e\u1100-\u11ff\u3005\u3041-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff"
_MARKS = "\u0300-\u036f\u0591-\u05c7\u064b-\u065f\u0900-\u0dff\u0e31-\u0e4e\u200c\u200d"
_PART = compile_lazily(
    rf"[{_CONTINUOUS}]+|(?![{_CONTINUOUS}])[^\W\d_](?:(?![{_CONTINUOUS}])(?:[^\W\d_]|[{_MARKS}]|['’-](?=[^\W\d_])))*"
)
_TITLED = compile_lazily(rf"(?<![^\W_])(?i:dr|prof|mr|mrs|ms|dra|herr|frau)\.? ([{_CONTINUOUS}]{{1,8}})(?!\w)")
_WHOLE = re.compile("[\uff66-\uff9f]+|[\u0e01-\u0e4e]+")
"""Half-width kana, whose marks are characters of their own, and Thai, whose short words stand in names, too."""
_CONTINUOUS_PART = compile_lazily(rf"[{_CONTINUOUS}]")
# What Arabic writes in one word with the next: and, with, for, the.
_ARTICLE = re.compile(r"\A(?:[وبفك]?(?:ال|لل)|[وبلفك])(?=\w{2})")
_LONGEST_ENDING, _SHORTEST_STEM, _LONGEST_WORD = 4, 2, 16
_REASON = "word in another script that nothing vouches for"
_SYMBOLS = frozenset("\u00b5\u00aa\u00ba\u2126\u212b")


@dataclass(frozen=True, slots=True)
class _Words:
    """Folded words and stems that take an ending; and words of continuous scripts, as written and folded."""

    spaced: frozenset[str]
    stems: frozenset[str]
    continuous: frozenset[str]


@lru_cache(maxsize=1)
def _words() -> _Words:
    sections = dict(read_sections(_TABLE))
    continuous = {word for title in _UNSPACED for line in sections.pop(title) for word in line.split()}
    spaced = {fold_word(word) for lines in sections.values() for line in lines for word in line.split()}
    spaced |= {_ARTICLE.sub("", word) for word in spaced}
    stems = {word.removesuffix("*") for word in spaced if word.endswith("*")}
    return _Words(frozenset(spaced | stems), frozenset(stems), frozenset(continuous | set(map(fold_word, continuous))))


@lru_cache(maxsize=16384)
def is_clinical_in_script(word: str) -> bool:
    """Whether a folded word of another script is one of radiology, or several with no blank between them."""
    parts = list(_PART.finditer(word))
    return not word.isascii() and bool(parts) and not any(_unvouched(part.group()) for part in parts)


def _unvouched(part: str) -> list[tuple[int, int]]:
    """The ranges of a part, of continuous script or not, that no listed word covers."""
    if _WHOLE.fullmatch(part):
        return [(0, len(part))] if _uncovered(unicodedata.normalize("NFKC", part)) else []
    if _CONTINUOUS_PART.match(part):
        return _uncovered(part)
    words, folded = _words(), fold_word(part)
    bare = _ARTICLE.sub("", folded)
    if not words.spaced.isdisjoint((folded, bare)) or load_vocabulary().is_clinical(folded):
        return []
    shortest = max(_SHORTEST_STEM, len(folded) - _LONGEST_ENDING)
    return [] if any(folded[:cut] in words.stems for cut in range(shortest, len(folded))) else [(0, len(part))]


def _uncovered(part: str) -> list[tuple[int, int]]:
    """What remains when listed words, the longest first, are taken out of a part from left to right.

    A single listed character beside something unlisted belongs to that: it is half a name more often than a word.
    """
    listed = _words().continuous
    pieces: list[tuple[int, int, bool]] = []
    at = 0
    while at < len(part):
        lengths = range(min(_LONGEST_WORD, len(part) - at), 0, -1)
        length = next((length for length in lengths if part[at : at + length] in listed), 0)
        pieces.append((at, at + max(1, length), length > 0))
        at += max(1, length)
    ranges: list[tuple[int, int]] = []
    for same, group in groupby(pieces, key=lambda piece: piece[2] and piece[1] - piece[0] > 1):
        run = list(group)
        if not same and not all(vouched for _, _, vouched in run):
            ranges.append((run[0][0], run[-1][1]))
    return ranges


def find_in_scripts(folded: Folded) -> Iterator[Span]:
    """The words of other scripts than Latin that nothing vouches for, in the original text."""
    if folded.source.isascii():
        return
    for match in _TITLED.finditer(folded.source):
        yield Span(*match.span(1), "name", "name after a title", 0.8)
    for part in _PART.finditer(folded.source):
        if not _is_of_other_script(part.group()):
            continue
        for start, end in _unvouched(part.group()):
            yield Span(part.start() + start, part.start() + end, "name", _REASON, 0.6)


def _is_of_other_script(part: str) -> bool:
    """Whether no letter is a Latin one; words of mixed script are judged as Latin words. Symbols are none."""
    letters = [character for character in part if character.isalpha()]
    if len(letters) == 1 and not _CONTINUOUS_PART.match(part):
        return False
    return not any("LATIN" in unicodedata.name(letter, "") or letter in _SYMBOLS for letter in letters)
