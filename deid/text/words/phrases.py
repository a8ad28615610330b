"""Clinical phrases whose words alone would not be vouched for: `Baker cyst`, `EFW (Hadlock)`.

Most stand in the tables as they are. Eponyms are vouched for before any noun of another section; those pairs are too
many to write out.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from deid.text.fold import fold_word
from deid.text.words.lists import Phrases, group_phrases
from deid.text.words.vocabulary import DERIVED, EPONYMS, HAND_WRITTEN, PHRASES, load_vocabulary, read_sections

if TYPE_CHECKING:
    from collections.abc import Sequence

_OF_PATIENTS = "nouns after rare eponyms"
"""Behind a common surname they may follow the name of a patient: `EVANS LUNG`."""
_LINES = "eponyms"
"""The section with one name a line, of several words."""


@dataclass(frozen=True, slots=True)
class PhraseBook:
    """All phrases, folded."""

    phrases: Phrases
    pairs: tuple[tuple[Phrases, frozenset[str]], ...]
    """Names, and the words of which one must follow."""

    def longest(self, words: Sequence[str], start: int) -> int:
        """How many of the words, from one on, are the longest phrase; 0 if none begins there.

        The first may be an owner: `Baker's cyst`.
        """
        first = words[start]
        owner = first.removesuffix("'s")
        return max(self._longest(one, words, start + 1) for one in {first, owner})

    def _longest(self, first: str, words: Sequence[str], start: int) -> int:
        """The same of a first word and those from `start` on."""
        longest = max((len(one) for one in self.phrases.get(first, ()) if _goes_on(words, start, one)), default=0)
        for names, following in self.pairs:
            for name in names.get(first, ()):
                end = start + len(name) - 1
                if end < len(words) and words[end] in following and _goes_on(words, start, name):
                    longest = max(longest, len(name) + 1)
        return longest


@lru_cache(maxsize=1)
def load_phrases() -> PhraseBook:
    """The phrases that are vouched for as a whole."""
    phrases = set(read_sections(DERIVED)[PHRASES])
    pairs = []
    for name in HAND_WRITTEN:
        sections = read_sections(name)
        phrases.update(" ".join(fold_word(phrase).split()) for phrase in sections.get(PHRASES, ()))
        for title, nouns in EPONYMS:
            lines = sections.get(title, [])
            written = lines if title == _LINES else (word for line in lines for word in line.split())
            names = [fold_word(one) for one in written]
            if nouns == _OF_PATIENTS:
                names = [one for one in names if not load_vocabulary().is_name(one)]
            following = frozenset(word for line in sections.get(nouns, ()) for word in line.split())
            pairs.append((group_phrases([one.replace("-", " ") for one in names]), following))
    return PhraseBook(group_phrases(sorted(phrases)), tuple(pairs))


def _goes_on(words: Sequence[str], start: int, phrase: tuple[str, ...]) -> bool:
    """Whether the words from `start` on are those of a phrase behind its first."""
    return tuple(words[start : start + len(phrase) - 1]) == phrase[1:]
