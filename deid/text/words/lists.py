"""Long sorted lists of words that cost nothing until they are asked about: only the initials asked for are unpacked."""

from __future__ import annotations

import sys
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

Phrases = dict[str, tuple[tuple[str, ...], ...]]
"""Phrases as words, by their first word, the longest first."""


def group_phrases(phrases: list[str]) -> Phrases:
    """Phrases by their first word."""
    grouped: dict[str, list[tuple[str, ...]]] = {}
    for phrase in phrases:
        parts = tuple(phrase.split())
        grouped.setdefault(parts[0], []).append(parts)
    return {first: tuple(sorted(group, key=len, reverse=True)) for first, group in grouped.items()}


class _SortedLines:
    """The lines of a sorted table, one entry a line, comments and section titles before the first."""

    def __init__(self, read: Callable[[], str]) -> None:
        self._text = lru_cache(maxsize=1)(lambda: read().rstrip("\n") + "\n")
        self._head = lru_cache(maxsize=1)(self._find_head)

    def unpack(self) -> None:
        """Read the table now."""
        self._text()

    def from_initial(self, initial: str) -> list[str]:
        """The lines with this first letter: they stand together."""
        text = self._text()
        start = self._first_from(initial)
        end = self._first_from(chr(ord(initial) + 1)) if ord(initial) < sys.maxunicode else len(text)
        return text[start : end - 1].split("\n") if start < end else []

    def _first_from(self, initial: str) -> int:
        """Where the lines begin that are not before this letter, by bisection."""
        text = self._text()
        low, high = self._head(), len(text)
        while low < high:
            middle = text.rfind("\n", low - 1, (low + high) // 2) + 1
            if text[middle] < initial:
                low = text.find("\n", middle) + 1 or len(text)
            else:
                high = middle
        return low

    def holds(self, line: str) -> bool:
        """Whether a line is exactly this, by bisection: slower than a set, which takes ten times the memory."""
        text = self._text()
        low, high = self._head(), len(text)
        while low < high:
            start = text.rfind("\n", low - 1, (low + high) // 2) + 1
            end = text.find("\n", start)
            found = text[start:end]
            if found == line:
                return True
            low, high = (end + 1, high) if found < line else (low, start)
        return False

    def _find_head(self) -> int:
        """Where the entries begin: after the comments and the title of the only section."""
        text = self._text()
        title = 0 if text.startswith("[") else text.find("\n[") + 1
        return text.find("\n", title) + 1


class WordList:
    """Membership in a sorted list of folded words."""

    def __init__(self, read: Callable[[], str]) -> None:
        """Take what reads the table; it is called at the first question."""
        self._lines = _SortedLines(read)
        self._by_initial: dict[str, frozenset[str]] = {}
        self._first_words: dict[str, frozenset[str]] = {}

    def unpack(self) -> None:
        """Read the table now, where several processes are to have it in common."""
        self._lines.unpack()

    def has_first(self, word: str) -> bool:
        """Whether an entry begins with this word, entries being words separated by blanks."""
        initial = word[:1]
        if initial not in self._first_words:
            lines = self._lines.from_initial(initial) if initial else []
            self._first_words[initial] = frozenset(line.partition(" ")[0] for line in lines)
        return word in self._first_words[initial]

    def __contains__(self, word: str) -> bool:
        if not word:
            return False
        initial = word[0]
        if initial not in self._by_initial:
            self._by_initial[initial] = frozenset(self._lines.from_initial(initial))
        return word in self._by_initial[initial]


class SeldomAsked:
    """Membership in a sorted list of folded words that is asked about few words: only its text is kept."""

    def __init__(self, read: Callable[[], str]) -> None:
        """Take what reads the table; it is called at the first question."""
        self._lines = _SortedLines(read)

    def __contains__(self, word: str) -> bool:
        return bool(word) and self._lines.holds(word)


class PhraseTable:
    """Phrases of a sorted list by their first word, the longest first."""

    def __init__(self, read: Callable[[], str]) -> None:
        """Take what reads the table; it is called at the first question."""
        self._lines = _SortedLines(read)
        self._by_initial: dict[str, Phrases] = {}

    def get(self, first: str, default: tuple[tuple[str, ...], ...] = ()) -> tuple[tuple[str, ...], ...]:
        """The phrases that begin with this word."""
        initial = first[:1]
        if initial not in self._by_initial:
            self._by_initial[initial] = group_phrases(self._lines.from_initial(initial)) if initial else {}
        return self._by_initial[initial].get(first, default)
