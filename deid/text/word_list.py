"""A long sorted list of words that costs nothing until it is asked about: only the initials asked for are unpacked."""

from __future__ import annotations


class WordList:
    """Membership in a sorted list of folded words, one a line, comments and section titles before the first."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._by_initial: dict[str, frozenset[str]] = {}

    def __contains__(self, word: str) -> bool:
        if not word:
            return False
        initial = word[0]
        if initial not in self._by_initial:
            self._by_initial[initial] = self._words_from(initial)
        return word in self._by_initial[initial]

    def _words_from(self, initial: str) -> frozenset[str]:
        """The words with this first letter: they stand together, as the list is sorted."""
        if initial in "#[\n" or (start := self._text.find(f"\n{initial}")) < 0:
            return frozenset()
        end = self._text.find("\n", self._text.rfind(f"\n{initial}") + 1)
        return frozenset(self._text[start + 1 : end if end >= 0 else None].split("\n"))
