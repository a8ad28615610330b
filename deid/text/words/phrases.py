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

    def longest(self, words: Sequence[str]) -> int:
        """How many of the words, from the first on, are the longest phrase; 0 if none begins there.

        The first may be an owner: `Baker's cyst`.
        """
        owner = words[0].removesuffix("'s")
        if owner != words[0]:
            return max(self._longest(words), self._longest((owner, *words[1:])))
        return self._longest(words)

    def _longest(self, words: Sequence[str]) -> int:
        longest = max((len(one) for one in self.phrases.get(words[0], ()) if _begins(words, one)), default=0)
        for names, following in self.pairs:
            for name in names.get(words[0], ()):
                if len(words) > len(name) and words[len(name)] in following and _begins(words, name):
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


def _begins(words: Sequence[str], phrase: tuple[str, ...]) -> bool:
    return tuple(words[: len(phrase)]) == phrase
