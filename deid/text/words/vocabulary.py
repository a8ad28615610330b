"""What is vouched for: clinical words and phrases, safe words; and the lists of names and towns that speak against it.

Read from `deid/text/tables`: `radiology_terms.txt` and `clinical_words_by_language.txt` are written by hand, the others
derived by `deid.text.build_vocabulary`. Each has its source and licence on top.
"""

from __future__ import annotations

import gzip
import re
from dataclasses import dataclass
from functools import lru_cache, partial
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from deid.text.fold import fold_word
from deid.text.words.lists import PhraseTable, SeldomAsked, WordList

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

TABLES = Path(__file__).parents[1] / "tables"
HAND_WRITTEN = ("radiology_terms.txt", "clinical_words_by_language.txt")
_SHORTEST_FOREIGN = 4
_GENERAL, _SURNAMES = "general words", "words that are also surnames"
_ORDINARY = "ordinary words that are rare names"
PHRASES = "phrases"
EPONYMS = (
    ("eponyms", "nouns after eponyms"),
    ("eponyms of grades", "grades"),
    ("eponyms that are common names", "nouns after common names"),
    ("eponyms", "nouns after rare eponyms"),
    ("measures by a formula", "authors of formulas"),
)
"""Sections of names that are vouched for before the words of another, and measures before their authors."""
_OF_PHRASES = frozenset({PHRASES, *chain.from_iterable(EPONYMS)})
DERIVED = "vocabulary.txt.gz"


@dataclass(frozen=True, slots=True)
class Terms:
    """The hand-written lists. `general` are words that carry no meaning of their own: articles, labels, counts.

    `core` are those of radiology's own words that are no surnames; `ordinary` other words that are hardly ever names.
    """

    words: frozenset[str]
    general: frozenset[str]
    core: frozenset[str]
    ordinary: frozenset[str]

    def owns(self, word: str) -> bool:
        """Whether a folded word is radiology's own, or carries no meaning of its own."""
        return word in self.core or word in self.general


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """All lists together, folded. A word can be clinical and a name: `sharp`, `hill`."""

    words: frozenset[str]
    """Clinical words, and words of scanners and viewers."""
    general: frozenset[str]
    safe: WordList
    """Other words of English and medicine that are nobody's name."""
    everyday: WordList
    """Words that people say often in seven languages: hardly names, but surnames are made of such words."""
    prose: SeldomAsked
    """Other words of German and Spanish prose: they vouch where nothing else does, alone no more than everyday ones."""
    small: WordList
    """Common words that are names as well, or short: words of prose in small letters, nothing with a capital."""
    surnames: WordList
    given: WordList
    rare: WordList
    """The other names: too many to tell a name from an unknown word, enough to doubt a resemblance."""
    towns: PhraseTable
    """Names of larger towns as words, by their first word, the longest first."""
    small_towns: WordList
    """Names of other towns, words separated by a blank."""

    def unpack_names(self) -> None:
        """Read now the lists of names, which every patient's name is looked up in."""
        for names in (self.surnames, self.given, self.rare):
            names.unpack()

    def is_clinical(self, word: str) -> bool:
        """Whether a folded word is vouched for, alone or as a compound of vouched-for words."""
        return word in self.words or self._is_compound(word)

    def is_safe(self, word: str) -> bool:
        """Whether a folded word is an ordinary word of English or medicine, alone or as a compound, and no name."""
        bare = word.removesuffix("'s")
        if bare in self.safe or bare in self.everyday or bare in read_terms().ordinary:
            return True
        if bare in words_of_section("roles that a name follows") and not self.is_name(bare):
            return True
        parts = _JOINT.split(bare)
        return len(parts) > 1 and all(part in self.safe or part in self.words for part in parts)

    def is_everyday(self, word: str) -> bool:
        """Whether all that speaks for a folded word is that people say or write it, in one of seven languages."""
        bare = word.removesuffix("'s")
        return (
            (bare in self.everyday or bare in self.prose)
            and bare not in self.words
            and bare not in read_terms().ordinary
        )

    def is_town(self, words: tuple[str, ...]) -> bool:
        """Whether folded words are the whole name of a town."""
        town = " ".join(words)
        return words in self.towns.get(words[0], ()) or town in self.small_towns or town in _towns_that_are_words()

    def begins_town(self, word: str) -> bool:
        """Whether the name of a town begins with a folded word."""
        return bool(self.towns.get(word)) or self.small_towns.has_first(word) or word in _first_words_of_towns()

    def may_be_name(self, word: str) -> bool:
        """Whether a folded word is on any list of surnames and given names, however rare, or an everyday word.

        Of those, so many are surnames (Strada, Gato) that what stands around them decides.
        """
        bare = word.removesuffix("'s")
        return bare in self.rare or bare in self.everyday or self.is_name(word)

    def may_be_proper(self, word: str) -> bool:
        """Whether a folded word may be a person's name or is a town's: none that a clinical word resembles."""
        return self.may_be_name(word) or self.is_town((word,))

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


@lru_cache(maxsize=1)
def _first_words_of_towns() -> frozenset[str]:
    return frozenset(town.partition(" ")[0] for town in _towns_that_are_words())


@lru_cache(maxsize=1)
def _towns_that_are_words() -> frozenset[str]:
    """Larger towns that the derived lists leave out, as public descriptions of studies hold their words."""
    return frozenset(read_sections("cues.txt")["towns that are words of the vocabulary"])


def read_table(name: str, folder: Path = TABLES) -> str:
    """The text of a table; names in `.gz` are unpacked."""
    data = (folder / name).read_bytes()
    return (gzip.decompress(data) if name.endswith(".gz") else data).decode("utf-8")


@lru_cache(maxsize=2)
def read_sections(name: str) -> Mapping[str, list[str]]:
    """The lines of a table by section; blank lines and comments left out."""
    sections: dict[str, list[str]] = {}
    current: list[str] = []
    for raw in read_table(name).splitlines():
        line = raw.strip()
        if not line or line.startswith("#"):
            continue
        if line.startswith("[") and line.endswith("]"):
            current = sections.setdefault(line[1:-1], [])
        else:
            current.append(line)
    return sections


@lru_cache(maxsize=256)
def words_of_section(title: str, name: str = "cues.txt") -> frozenset[str]:
    """The words of one section of a table of words."""
    return frozenset(word for line in read_sections(name)[title] for word in line.split())


@lru_cache(maxsize=1)
def read_terms() -> Terms:
    """The hand-written lists."""
    words: set[str] = set()
    general: set[str] = set()
    core: set[str] = set()
    ordinary: set[str] = set()
    for name in HAND_WRITTEN:
        for title, lines in read_sections(name).items():
            if title == _ORDINARY:
                ordinary.update(_words(lines))
            elif title not in _OF_PHRASES:
                folded = set(_words(map(fold_word, lines)))
                words |= folded
                general |= folded if title == _GENERAL else set()
                core |= folded if title not in (_GENERAL, _SURNAMES) else set()
    return Terms(*map(frozenset, (words, general, core - general, ordinary)))


@lru_cache(maxsize=1)
def foreign_words() -> frozenset[str]:
    """The longer clinical words of other languages that English does not have: they tell the language of a text.

    Those that are surnames, too, tell nothing.
    """
    english, other = (
        {word for title, lines in read_sections(name).items() if name == HAND_WRITTEN[0] or title != _SURNAMES
         for word in _words(map(fold_word, lines))}
        for name in HAND_WRITTEN
    )  # fmt: skip
    derived = read_sections(DERIVED)["words"]
    return frozenset(word for word in other if len(word) >= _SHORTEST_FOREIGN) - english - set(derived)


@lru_cache(maxsize=16384)
def is_hardly_a_name(word: str) -> bool:
    """Whether a word is one of radiology's own, and no common name: `tomo`, `knee`, `trace`."""
    return word in read_terms().core and not load_vocabulary().is_name(word)


@lru_cache(maxsize=16384)
def may_be_weak(word: str) -> bool:
    """Whether a clinical word is a name, too, so that only what stands around it can tell: `stone`, not `the`."""
    vocabulary = load_vocabulary()
    if not vocabulary.may_be_name(word) or word in foreign_words():
        return False
    return word not in vocabulary.general or vocabulary.is_name(word)


def _words(lines: Iterable[str]) -> Iterator[str]:
    return (word for line in lines for word in line.split())


@lru_cache(maxsize=1)
def load_vocabulary() -> Vocabulary:
    """All lists, once a process; the long ones are read when they are first asked."""
    terms = read_terms()
    derived = read_sections(DERIVED)
    return Vocabulary(
        words=terms.words | frozenset(derived["words"]),
        general=terms.general,
        safe=WordList(partial(read_table, "safe_words.txt.gz")),
        everyday=WordList(partial(read_table, "everyday_words.txt.gz")),
        prose=SeldomAsked(partial(read_table, "prose_words.txt.gz")),
        small=WordList(partial(read_table, "small_letters.txt.gz")),
        surnames=WordList(partial(read_table, "surnames.txt.gz")),
        given=WordList(partial(read_table, "given_names.txt.gz")),
        rare=WordList(partial(read_table, "rare_names.txt.gz")),
        towns=PhraseTable(partial(read_table, "towns.txt.gz")),
        small_towns=WordList(partial(read_table, "small_towns.txt.gz")),
    )
