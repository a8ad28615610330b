"""How strong a known value is: whether a match of it alone says that someone is named.

The strength rule. Folded, and without separators, a value is matched

- STRONG, wherever it stands as a token of its own: a name component of 4 letters or more that is no vouched-for word;
  an identifier with digits of 6 characters or more (5 with letters among them); an institution's, address's or
  contact's phrase of 6 characters or more with a word that is not vouched for; the distinctive words (5 letters or
  more, not vouched for) of an institution or address; two components of one name side by side, unless both are
  vouched-for words. From 5 letters on it may have words glued to it (`HEADQUIXWORTHY`, `Quixworthys`), from 6 on it may
  be broken in two (`Quix-worthy`) or cut off (`Quixwor`). Identifiers and joined names of 9 characters are matched
  inside any run, too; joined names also as a field of 16 characters holds their beginning. Zeros before a number make
  no difference.
- WEAK, only where the context speaks for it: after a label such as `Name:`, `ID`, or a title (then a vouched-for word
  or short value counts as well, and after `for` or `by` one that is a name, too: `Ward`), as the whole of a text if it
  is a name and no core word of radiology, written as a name is (`Ward^Omar`, and two common names as `Ward, Omar` or
  `Omar Ward`), or beside a strong component of the same name (then initials count as well).
- NEVER: placeholders (`19000101`, `ANONYMOUS`, `0000`), and values that hold no letter or digit.

So a patient called CHEST, or an ID `CT1`, does not destroy clinical text; with a label beside it, it is still found.
Ages are too common to be strict evidence: they are matched only tolerantly, and with their unit or label.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from itertools import permutations
from typing import TYPE_CHECKING

from deid.identity.known_values import KnownValue, ValueKind
from deid.text.fold import fold_word
from deid.text.words.vocabulary import load_vocabulary, read_sections, read_terms, words_of_section

if TYPE_CHECKING:
    from collections.abc import Iterator

NAMES = frozenset({ValueKind.PATIENT_NAME, ValueKind.PERSON_NAME})
DATES = frozenset({ValueKind.BIRTH_DATE, ValueKind.DATE})
NAMING = NAMES | {ValueKind.PATIENT_ID, ValueKind.IDENTIFIER}
_SHORTEST_WHOLE = 6
_SEVERAL = re.compile(r"[^\W_][\W_]+[^\W_]")
_PLACES = frozenset({ValueKind.INSTITUTION, ValueKind.ADDRESS})
_PLACEHOLDER_WORDS = """
anonymous anonymized anonymised anonymize anon unknown unnamed none null nil na removed redacted deidentified noname
unspecified test notavailable notapplicable default deid deidentified
"""
PLACEHOLDERS = frozenset(_PLACEHOLDER_WORDS.split())
_STRONG_NAME, _STRONG_WORD, _INSIDE = 4, 5, 9
_FIELD = 16
"""Characters that a value of SH or CS may have (PS3.5 6.2)."""
_SHORTEST_OF_WORDS = 3
_STRONG_NUMBER, _STRONG_CODE, _STRONG_PHRASE = 6, 5, 6
_SHORTEST_UNPADDED = 4
"""Digits: of 0000001 the 1 stands behind many a label."""
_LONGEST_NAME, _PAIR = 6, 2
_PARTICLES = words_of_section("particles of surnames")
"""They stand before surnames and hardly elsewhere."""
_SHORTEST_START = 6
_BREAKABLE, _BREAKABLE_TWICE = 6, 9
ANYWHERE = 64
"""So many separators in a value that they are no limit."""
_UMLAUTS = str.maketrans(
    dict(zip("äöüÄÖÜøØåÅ", ("ae", "oe", "ue", "Ae", "Oe", "Ue", "oe", "Oe", "aa", "Aa"), strict=True))
)
_WORD = re.compile(r"[^\W_]+")
_WORD_WITH_DIGITS = re.compile(r"[a-z]{5,}[0-9]{1,3}")


class Edge(Enum):
    """What must stand beside a match."""

    TOKEN = "token"  # noqa: S105 - not a password
    """No letter or digit."""
    CLASS = "class"
    """No character of the same class: a digit may follow a letter, a capital a small letter."""
    WORD = "word"
    """As CLASS, or letters that are a vouched-for word or the `s` of a plural."""
    ANY = "any"


@dataclass(frozen=True, slots=True)
class Needle:
    """A squeezed text to look for. `parts` are the lengths between which separators may stand.

    `loose`: how many separators may stand elsewhere.
    """

    text: str
    parts: tuple[int, ...]
    edge: Edge
    loose: int
    owner: int
    label: bool
    """Matched only after a label or title (a weak value)."""
    strict_label: bool = False
    """Only after a label with its colon, as the value is itself a vouched-for word."""
    is_start: bool = False
    """The start of a longer name, as a field that is too short for it holds it, or a word with a number: misreadings
    are not looked for."""


@dataclass(frozen=True, slots=True)
class Strength:
    """What one known value gives to look for. `neighbours`: weak words that count beside a strong match of it."""

    needles: tuple[Needle, ...]
    neighbours: frozenset[str]


def words_of(text: str) -> list[str]:
    """The folded words and numbers of a value."""
    return _WORD.findall(fold_word(text))


def strength_of(value: KnownValue, owner: int) -> Strength:
    """The needles of one known value; dates have none (they are read as dates), nor have ages."""
    if value.kind in DATES or value.kind is ValueKind.AGE:
        return Strength((), frozenset())
    words = words_of(value.text)
    if not words or "".join(words) in PLACEHOLDERS or _is_filler("".join(words)):
        return Strength((), frozenset())
    if value.kind in NAMES:
        return _name_strength(value.text, owner)
    needles = list(_phrase_needles(value, words, owner))
    if value.kind in _PLACES:
        needles += [_word_needle(word, owner) for word in words if _is_distinctive(word)]
    return Strength(tuple(dict.fromkeys(needles)), frozenset())


def stands_alone(value: KnownValue) -> bool:
    """Whether a match of the whole value or of a part of it, without context, says that someone is named."""
    if value.kind in DATES:
        return True
    return any(not needle.label for needle in strength_of(value, 0).needles)


def counts_whole(value: KnownValue) -> bool:
    """Whether a name or identifier may not be left where it stands as it is, though all its words be vouched for.

    That is so of several words, `R3 Enhanced Phantom`: a single one stands everywhere, CHEST or STANDARD.
    """
    return value.kind in NAMING and len(value.text) >= _SHORTEST_WHOLE and bool(_SEVERAL.search(value.text))


def _is_filler(squeezed: str) -> bool:
    return len(set(squeezed)) == 1 and (len(squeezed) > 1 or squeezed == "0")


@lru_cache(maxsize=65536)
def is_vouched(word: str) -> bool:
    """Whether a word is clinical, a number, or a clinical word with a short number: `chest`, `001`, `ct1`, `4mr1`."""
    letters = word.strip("0123456789")
    if not letters:
        return True
    return load_vocabulary().is_clinical(letters) and len(word) - len(letters) < 4  # noqa: PLR2004


def _is_distinctive(word: str) -> bool:
    """Whether a word of an institution or address names it: `Larkspur`, not `Terrace`."""
    if len(word) < _STRONG_WORD or any(map(str.isdigit, word)) or word in generic_words():
        return False
    return not is_vouched(word)


@lru_cache(maxsize=1)
def generic_words() -> frozenset[str]:
    """Words that many institutions and addresses share: `hospital`, `saint`, `street`."""
    table = read_sections("cues.txt")
    sections = ("institutions", "words in names of institutions", "words in addresses")
    return frozenset(word for section in sections for line in table[section] for word in line.split())


def _word_needle(word: str, owner: int) -> Needle:
    edge = Edge.WORD if len(word) >= _STRONG_WORD else Edge.TOKEN
    loose = 0 if is_wide(word) else (len(word) >= _BREAKABLE) + (len(word) >= _BREAKABLE_TWICE)
    return Needle(word, (len(word),), Edge.ANY if is_wide(word) else edge, loose, owner, label=False)


def is_wide(word: str) -> bool:
    """Whether a word is of a script that is written without blanks (Chinese, Japanese, Korean, Thai)."""
    return any("\u0e00" <= c <= "\u0eff" or "\u1100" <= c <= "\u11ff" or "\u2e80" <= c <= "\ud7ff" for c in word)


def _is_strong_name(word: str) -> bool:
    if any(map(str.isdigit, word)):
        return len(word) >= _STRONG_CODE and sum(map(str.isdigit, word)) > 1 and not is_vouched(word)
    if is_wide(word):
        return len(word) > 1
    return len(word) >= _STRONG_NAME and not is_vouched(word)


def _name_strength(text: str, owner: int) -> Strength:
    """Needles of a DICOM PN (`A^B^C=ideographic=phonetic`), or of a name in plain order."""
    needles: list[Needle] = []
    neighbours: set[str] = set()
    for group in text.split("="):
        words = [word for word in words_of(group) if word not in PLACEHOLDERS][:_LONGEST_NAME]
        spellings = [words, other] if (other := _respelled(group)) != words else [words]
        for spelling in spellings:
            needles += _components(spelling, owner)
            needles += _pairs(spelling, owner)
            neighbours.update(word for word in spelling if not _is_strong_name(word))
            neighbours.update(word[0] for word in spelling if word[0].isalpha())
        needles += _whole_surname(words_of(group.partition("^")[0]), owner)
    return Strength(tuple(dict.fromkeys(needles)), frozenset(neighbours))


def _respelled(text: str) -> list[str]:
    """The words with umlauts written out: `Müller` is `Mueller` on many screens."""
    spelled = text.translate(_UMLAUTS)
    return [word for word in words_of(spelled) if word not in PLACEHOLDERS][:_LONGEST_NAME]


def _components(words: list[str], owner: int) -> Iterator[Needle]:
    for word in words:
        if _is_strong_name(word):
            yield _word_needle(word, owner)
            yield from _starts(word, owner)
        elif len(word) > 1 or len(words) == 1:
            strict = is_vouched(word) and (word in read_terms().general or not is_rather_name(word))
            yield Needle(word, (len(word),), Edge.TOKEN, 0, owner, label=True, strict_label=strict)


def _starts(word: str, owner: int) -> Iterator[Needle]:
    """Long names that were cut off: `Featherst` of `Featherstonehaugh`, from half of it and 6 letters on."""
    if is_wide(word) or not word.isalpha():
        return
    for length in range(max(_SHORTEST_START, (len(word) + 1) // 2), len(word)):
        start = word[:length]
        if not is_vouched(start):
            yield Needle(start, (length,), Edge.CLASS, 0, owner, label=False, is_start=True)


def _pairs(words: list[str], owner: int) -> Iterator[Needle]:
    """Two components side by side in either order, joined or not; an initial joined to a strong surname."""
    for one, other in permutations(words[:4], 2):
        joined = one + other
        vouched = is_vouched(one) and is_vouched(other)
        strict = vouched and not _are_names(one, other)
        if is_wide(joined) or (len(one) > 1 and len(other) > 1 and len(joined) >= _STRONG_NAME):
            inside = len(joined) >= _INSIDE and not is_vouched(one) and not is_vouched(other)
            edge = Edge.ANY if inside or is_wide(joined) else Edge.TOKEN
            yield Needle(joined, (len(one), len(other)), edge, 0, owner, label=vouched, strict_label=strict)
            if inside and len(one) < _FIELD < len(joined):
                # Two names without a blank, as much as SH and CS hold of them.
                parts = len(one), _FIELD - len(one)
                yield Needle(joined[:_FIELD], parts, Edge.TOKEN, 0, owner, label=False, is_start=True)
        if _is_strong_name(one) and other[0].isalpha() and len(one) >= _STRONG_WORD and not is_wide(one):
            for initial in (one + other[0], other[0] + one):
                yield Needle(initial, (len(initial),), Edge.TOKEN, 0, owner, label=False)


def _whole_surname(words: list[str], owner: int) -> Iterator[Needle]:
    """A surname of several words, whatever each of them means: `van der Ven`, `von Arm`."""
    named = len(words) > _PAIR or (len(words) == _PAIR and words[0] in _PARTICLES)
    if named and len(words) <= _LONGEST_NAME and len(words[-1]) > 1 and not set(words) & PLACEHOLDERS:
        yield Needle("".join(words), tuple(map(len, words)), Edge.TOKEN, 0, owner, label=False)


@lru_cache(maxsize=16384)
def is_rather_name(word: str) -> bool:
    """Whether a word that is vouched for is a name, too, and no core word of radiology: `shell`, `young`."""
    terms = read_terms()
    if len(word) < _SHORTEST_OF_WORDS or word in terms.core:
        return False
    return load_vocabulary().may_be_name(word) or (word in terms.words and word not in terms.general)


def _are_names(*words: str) -> bool:
    """Whether all are common names, whatever else they mean."""
    return all(map(load_vocabulary().is_name, words))


def _phrase_needles(value: KnownValue, words: list[str], owner: int) -> Iterator[Needle]:
    """The whole of an identifier, institution, address or contact, and the parts of the last two."""
    yield _phrase(words, value, owner)
    short = "".join(words).lstrip("0")
    if short.isdigit() and _SHORTEST_UNPADDED <= len(short) < sum(map(len, words)):
        # 0007731942 is 7731942 elsewhere; zeros before a number are found with it.
        yield _phrase([short], value, owner)
    if value.kind is ValueKind.ADDRESS:
        for part in re.split(r"[,;^\r\n]", value.text):
            if len(part_words := words_of(part)) > 1 and len(part_words) < len(words):
                yield _phrase(part_words, value, owner)
    if value.kind is ValueKind.CONTACT:
        number = "".join(c for c in re.split(r"(?i)\s*(?:x|ext)", value.text)[0] if c.isdigit())
        if len(number) > _STRONG_NUMBER:
            yield Needle(number, (len(number),), Edge.CLASS, ANYWHERE, owner, label=False)


def _phrase(words: list[str], value: KnownValue, owner: int) -> Needle:
    squeezed = "".join(words)
    code = value.kind is ValueKind.IDENTIFIER and len(words) == 1 and _is_word_with_digits(squeezed)
    strong = code or _is_strong_phrase(squeezed, words, value.kind)
    inside = strong and len(squeezed) >= _INSIDE and not squeezed.isdigit()
    edge = Edge.ANY if inside else Edge.CLASS if strong and squeezed.isdigit() else Edge.TOKEN
    loose = 0 if code or value.kind in _PLACES or "." in value.text else ANYWHERE
    vouched = all(map(is_vouched, words)) and not squeezed.isdigit()
    return Needle(
        squeezed, tuple(map(len, words)), edge, loose, owner, label=not strong, strict_label=vouched, is_start=code
    )


def _is_word_with_digits(word: str) -> bool:
    """Whether an identifier is a longer word with a number, `STROKE7`: what it means is not written with one."""
    return _WORD_WITH_DIGITS.fullmatch(word) is not None


def _is_strong_phrase(squeezed: str, words: list[str], kind: ValueKind) -> bool:
    if squeezed.isdigit():
        return len(squeezed) >= _STRONG_NUMBER
    if kind in _PLACES:
        return len(squeezed) >= _STRONG_PHRASE and not all(map(is_vouched, words))
    if any(map(str.isdigit, squeezed)):
        digits = sum(map(str.isdigit, squeezed))
        return digits >= _STRONG_NUMBER or (len(squeezed) >= _STRONG_CODE and not all(map(is_vouched, words)))
    return len(squeezed) >= _STRONG_PHRASE and not all(map(is_vouched, words))
