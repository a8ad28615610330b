"""Clinical words that a misread one may stand for: with a letter or some wrong, or `m` for `rn`."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

from deid.text.words.vocabulary import load_vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_MOST = 150
_SHORTEST = 2
_A_LETTER_IN, _FARTHEST = 3, 3
"""Of so many letters one may be wrong, and so many in all."""
_JOINED = (("m", "rn"), ("d", "cl"), ("w", "vv"))
_LIGATURES = (*_JOINED, *((meant, read) for read, meant in _JOINED))
"""Letters that stand so close that they are taken for others."""
_IDEOGRAPH = re.compile("[\u4e00-\u9fff]")
_MIXED = re.compile("[a-z]{2,}[\u4e00-\u9fff][a-z]*|[a-z]+[\u4e00-\u9fff][a-z]+|[\u4e00-\u9fff][a-z]{2,}")


@lru_cache(maxsize=1024)
def words_alike(word: str) -> tuple[str, ...]:
    """The words of the vocabulary that may have been misread as this one, written as they may be; no names."""
    vocabulary, small = load_vocabulary(), word.lower()
    most = min(max(len(small) // _A_LETTER_IN, 1), _FARTHEST)
    near = process.extract(small, _words(), scorer=Levenshtein.distance, score_cutoff=most, limit=_MOST)
    found = {one for one, *_ in near}
    found.update(_replaced(small, _LIGATURES))
    found.update(_in_place_of_ideographs(small))
    kept = sorted(one for one in found - {small} if one in vocabulary.words and not vocabulary.is_name(one))
    return tuple(dict.fromkeys(written for one in kept for written in _written(one, word)))


def _written(word: str, read: str) -> Iterator[str]:
    """A word in the ways it may be written, also with the capitals of what was read: `kVp`, for `kYp`."""
    yield from (word.upper(), word.title(), word)
    if len(word) == len(read):
        yield "".join(one.upper() if letter.isupper() else one for one, letter in zip(word, read, strict=True))


def taken_apart(word: str) -> Iterator[str]:
    """What a word may be of which two letters were taken for one: `kernel`, for `kemel`."""
    return _replaced(word, _JOINED)


def _replaced(word: str, pairs: Sequence[tuple[str, str]]) -> Iterator[str]:
    for at in range(len(word)):
        for read, meant in pairs:
            if word.startswith(read, at):
                yield word[:at] + meant + word[at + len(read) :]


def _in_place_of_ideographs(word: str) -> Iterator[str]:
    """What a word may be of which a letter or two were taken for an ideograph: `knee`, for `kn王`."""
    if _MIXED.fullmatch(word):
        form = re.compile(_IDEOGRAPH.sub("[a-z]{1,2}", word))
        yield from (one for one in _words() if form.fullmatch(one))


@lru_cache(maxsize=1)
def _words() -> tuple[str, ...]:
    return tuple(sorted(one for one in load_vocabulary().words if len(one) >= _SHORTEST and one.isalpha()))
