"""What is vouched for: clinical words and phrases; and the lists of names that speak against it.

Read from `deid/text/tables`: `radiology_terms.txt` is written by hand; `vocabulary.txt.gz` and `names.txt.gz` are
derived by `deid.text.build_vocabulary`. Each has its source and licence on top.
"""

from __future__ import annotations

import gzip
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from deid.text.fold import fold_word

TABLES = Path(__file__).parent / "tables"
_GENERAL = "general words"


@dataclass(frozen=True, slots=True)
class Terms:
    """The hand-written list. `general` are words that carry no meaning of their own: articles, labels, counts."""

    words: frozenset[str]
    general: frozenset[str]
    phrases: frozenset[str]


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """All lists together, folded."""

    words: frozenset[str]
    general: frozenset[str]
    phrases: dict[str, tuple[tuple[str, ...], ...]]
    """Phrases as words, by their first word, the longest first."""
    surnames: frozenset[str]
    given: frozenset[str]
    rare: frozenset[str]
    """The other names of the census: too many to tell a name from an unknown word, enough to doubt a resemblance."""

    def is_clinical(self, word: str) -> bool:
        """Whether a folded word is vouched for, alone or as a compound of vouched-for words."""
        return word in self.words or self._is_compound(word)

    def may_be_name(self, word: str) -> bool:
        """Whether a folded word is any surname or given name of the census, however rare."""
        return word.removesuffix("'s") in self.rare or self.is_name(word)

    def is_name(self, word: str) -> bool:
        """Whether a folded word is a common surname or given name."""
        bare = word.removesuffix("'s")
        return bare in self.surnames or bare in self.given

    def _is_compound(self, word: str) -> bool:
        if word.endswith("'s"):
            return word[:-2] in self.words
        if self.is_name(word):
            return False
        if word.endswith("s") and len(word) > 4 and word[:-1] in self.words:  # noqa: PLR2004 - a plural
            return True
        parts = _JOINT.split(word)
        return len(parts) > 1 and all(not part or part in self.words or part.isdigit() for part in parts)


_JOINT = re.compile(r"[-/+&.]")


def read_sections(name: str) -> dict[str, list[str]]:
    """The lines of a table by section; blank lines and comments left out. Names in `.gz` are unpacked."""
    data = (TABLES / name).read_bytes()
    text = (gzip.decompress(data) if name.endswith(".gz") else data).decode("utf-8")
    sections: dict[str, list[str]] = {}
    current: list[str] = []
    for raw in text.splitlines():
        line = raw.strip()
        if not line or line.startswith("#"):
            continue
        if line.startswith("[") and line.endswith("]"):
            current = sections.setdefault(line[1:-1], [])
        else:
            current.append(line)
    return sections


@lru_cache(maxsize=1)
def read_terms() -> Terms:
    """The hand-written list."""
    sections = read_sections("radiology_terms.txt")
    phrases = frozenset(" ".join(fold_word(word) for word in phrase.split()) for phrase in sections.pop("phrases"))
    words = {title: {fold_word(word) for line in lines for word in line.split()} for title, lines in sections.items()}
    return Terms(frozenset().union(*words.values()), frozenset(words[_GENERAL]), phrases)


@lru_cache(maxsize=1)
def load_vocabulary() -> Vocabulary:
    """All lists, read once a process (about 20 ms)."""
    terms = read_terms()
    derived = read_sections("vocabulary.txt.gz")
    names = read_sections("names.txt.gz")
    phrases: dict[str, list[tuple[str, ...]]] = {}
    for phrase in sorted(terms.phrases | set(derived["phrases"])):
        parts = tuple(phrase.split())
        phrases.setdefault(parts[0], []).append(parts)
    return Vocabulary(
        words=terms.words | frozenset(derived["words"]),
        general=terms.general,
        phrases={first: tuple(sorted(group, key=len, reverse=True)) for first, group in phrases.items()},
        surnames=frozenset(names["surnames"]),
        given=frozenset(names["given"]),
        rare=frozenset(names["rare"]),
    )
