"""The user's own lists: words and phrases that identify nobody (`keep`), and those that always go (`remove`).

Compared are folded words, so case, accents and separators don't matter. A wildcard stands for characters of one word:
its matching never backtracks beyond the word, and each word is matched once.
"""

from __future__ import annotations

import fnmatch
import re
from functools import lru_cache
from typing import TYPE_CHECKING

from deid.text.fold import fold_word
from deid.text.spans import Span, disjoint

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from deid.profile import TextPolicy
    from deid.text.fold import Folded

_WORD = re.compile(r"[^\W_]+")
_PATTERN_WORD = re.compile(r"(?:\[!?[^\]]+\]|[^\W_]|[*?])+")
_WILDCARD = re.compile(r"[*?\[]")
_BETWEEN = re.compile(r"(?:[^\w\n]|_){1,3}")
_REMOVED = "on the profile's `remove` list"


_Phrase = tuple[str, ...]


class PhraseList:
    """Phrases ready to be looked for."""

    def __init__(self, phrases: Iterable[str]) -> None:
        self._by_word: dict[str, list[_Phrase]] = {}
        self._by_pattern: dict[str, list[_Phrase]] = {}
        self._longest = 1
        for text in phrases:
            words = tuple(_PATTERN_WORD.findall(fold_word(text)))
            if not words:
                continue
            index = self._by_pattern if _WILDCARD.search(words[0]) else self._by_word
            index.setdefault(words[0], []).append(words)
            self._longest = max(self._longest, len(words))
        self._beginning = lru_cache(maxsize=65536)(self._find_beginning)

    def find(self, folded: Folded) -> list[tuple[int, int]]:
        """Folded ranges of the phrases in a text, the longest at each word; they can overlap."""
        if not self._by_word and not self._by_pattern:
            return []
        matches = list(_WORD.finditer(folded.text))
        found = []
        for index, match in enumerate(matches):
            phrases = self._beginning(match.group())
            if not phrases:
                continue
            run = [match]
            for following in matches[index + 1 : index + self._longest]:
                if not _BETWEEN.fullmatch(folded.text, run[-1].end(), following.start()):
                    break
                run.append(following)
            words = [one.group() for one in run]
            longest = max((len(phrase) for phrase in phrases if _begins(words, phrase)), default=0)
            if longest:
                found.append((match.start(), run[longest - 1].end()))
        return found

    def _find_beginning(self, word: str) -> tuple[_Phrase, ...]:
        by_pattern = (phrase for first, group in self._by_pattern.items() if _fits(first, word) for phrase in group)
        return (*self._by_word.get(word, ()), *by_pattern)


class Listed:
    """Both lists of a profile."""

    def __init__(self, policy: TextPolicy) -> None:
        self._keep = PhraseList(policy.keep)
        self._remove = PhraseList(policy.remove)

    def removed(self, folded: Folded) -> list[Span]:
        """Spans of the original text that go in any case."""
        places = (folded.place(start, end) for start, end in self._remove.find(folded))
        return disjoint(Span(start, end, "listed", _REMOVED, 1.0) for start, end in places)

    def kept(self, folded: Folded) -> list[Span]:
        """Spans of the original text that inference has nothing to say about."""
        places = (folded.place(start, end) for start, end in self._keep.find(folded))
        return disjoint(Span(start, end, "kept", "", 1.0) for start, end in places)


def without(spans: Iterable[Span], kept: Sequence[Span], text: str) -> list[Span]:
    """The spans without what the `keep` list covers; a rest without letter or digit is none."""
    if not kept:
        return list(spans)
    rests = []
    for span in spans:
        start = span.start
        for protected in (*kept, Span(span.end, span.end, "", "", 0)):
            if protected.end < start or protected.start > span.end:
                continue
            if any(map(str.isalnum, text[start : protected.start])):
                rests.append(Span(start, protected.start, span.kind, span.reason, span.score))
            start = max(start, protected.end)
    return rests


@lru_cache(maxsize=20_000)
def _expression(pattern: str) -> re.Pattern[str]:
    return re.compile(fnmatch.translate(pattern))


def _begins(words: Sequence[str], phrase: _Phrase) -> bool:
    return len(words) >= len(phrase) and all(map(_fits, phrase, words))


def _fits(pattern: str, word: str) -> bool:
    if not _WILDCARD.search(pattern):
        return pattern == word
    return _expression(pattern).match(word) is not None
