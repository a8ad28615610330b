"""Clinical words as they come distorted: misread by OCR, run together, or cut short by the length of an attribute."""

from __future__ import annotations

from bisect import bisect_left
from functools import lru_cache

from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

from deid.text.words.alike import taken_apart
from deid.text.words.vocabulary import load_vocabulary, read_terms

_LETTERS = str.maketrans("01583|6", "olsbelg")
_ALIKE = str.maketrans("0158|269iev", "olsblzgglcu")
"""Letters that OCR takes for one another, each as one of them: `lvng` and `lung` come out alike."""
_ALIKE_CAPITALS = str.maketrans("0158|26iqd", "olsblzgloo")
_SHORTEST_ALIKE, _SHORTEST_DERIVED = 4, 5
_SHORTEST_PIECE, _SHORTEST_COMPOUND, _MOST_PIECES = 4, 8, 4
_SHORTEST_MISREAD, _SHORTEST_TRUNCATED = 8, 6
_SHORTEST_NEARLY = 5
_SHARED = _SHORTEST_MISREAD // 2
_LINKS, _SHORTEST_LINKED = ("s", "n", "en", "er", "es"), 11
"""What stands between the parts of German and Dutch compounds: `Kniegelenk|s|ersatz`."""
LONGEST_WORD = 40


def is_compound(word: str) -> bool:
    """Whether a folded word is some longer clinical words, or one with its side, without blanks between them."""
    if word.startswith(("lt", "rt")) and len(word) >= _SHORTEST_PIECE + 2 and word[2:] in read_terms().core:
        return True
    if len(word) < _SHORTEST_COMPOUND:
        return False
    return _splits(word, _MOST_PIECES) or (len(word) >= _SHORTEST_LINKED and _is_linked(word))


def is_truncated(word: str) -> bool:
    """Whether a word is the beginning of a clinical one, and no name: attributes of 16 characters cut `unenhan`."""
    if len(word) < _SHORTEST_TRUNCATED or not word.isalpha() or load_vocabulary().may_be_proper(word):
        return False
    words = _words_in_order()
    index = bisect_left(words, word)
    return index < len(words) and words[index].startswith(word)


@lru_cache(maxsize=1)
def _words_in_order() -> tuple[str, ...]:
    """The words of the vocabulary, sorted."""
    return tuple(sorted(load_vocabulary().words))


def is_misread(word: str, *, capitals: bool = False) -> bool:
    """Clinical words as OCR gives them: a digit for a letter, blanks dropped, one letter wrong in a long word.

    In `capitals` fewer letters look alike: `DIEKE` is no `DICKE`.
    """
    vocabulary = load_vocabulary()
    if len(word) > LONGEST_WORD or vocabulary.may_be_proper(word):
        return False
    letters = word.translate(_LETTERS)
    if not letters.isalpha():
        return False
    if len(word) >= _SHORTEST_ALIKE and _as_read(word, capitals=capitals) in _words_as_read(capitals=capitals):
        return True
    if (
        letters != word
        and len(word) >= _SHORTEST_PIECE
        and (letters in vocabulary.words or letters.replace("l", "i") in vocabulary.words)
    ):
        return True
    if is_compound(letters):
        return True
    # A letter in front is no misreading: `Sanderes` is no `anderes`.
    alike = [one for one in _long_words_like(letters) if one[0] == letters[0] or len(one) == len(letters)]
    return len(letters) >= _SHORTEST_MISREAD and process.extractOne(
        letters, alike, scorer=Levenshtein.distance, score_cutoff=1) is not None  # fmt: skip


def _as_read(word: str, *, capitals: bool) -> str:
    if capitals:
        return word.replace("vv", "w").translate(_ALIKE_CAPITALS)
    return word.replace("rn", "m").replace("vv", "w").translate(_ALIKE)


@lru_cache(maxsize=2)
def _words_as_read(*, capitals: bool) -> frozenset[str]:
    """The words of the vocabulary as OCR may take them; shorter ones only if a hand-written list holds them."""
    written, all_words = read_terms().words, load_vocabulary().words
    return frozenset(
        _as_read(word, capitals=capitals)
        for word in all_words
        if word.isalpha() and len(word) >= (_SHORTEST_ALIKE if word in written else _SHORTEST_DERIVED)
    )


def is_joined(word: str) -> bool:
    """Whether a word is a clinical one of which two letters were taken for one, `kemel`, and no common name."""
    vocabulary = load_vocabulary()
    return (
        len(word) >= _SHORTEST_NEARLY
        and not vocabulary.is_name(word)
        and any(one in vocabulary.words for one in taken_apart(word))
    )


@lru_cache(maxsize=4096)
def is_nearly_clinical(word: str) -> bool:
    """Whether a word of five letters or more is a clinical one with one letter wrong, `deoth`, or lost, and no name."""
    vocabulary = load_vocabulary()
    if not _SHORTEST_NEARLY <= len(word) <= LONGEST_WORD or not word.isalpha() or vocabulary.may_be_proper(word):
        return False
    same, longer = (_words_by_start().get((word[0], length), ()) for length in (len(word), len(word) + 1))
    alike = [*same, *(one for one in longer if one[-1] == word[-1])]
    return process.extractOne(word, alike, scorer=Levenshtein.distance, score_cutoff=1) is not None


@lru_cache(maxsize=1)
def _words_by_start() -> dict[tuple[str, int], list[str]]:
    """The words of the vocabulary, all letters, by their first letter and their length."""
    words: dict[tuple[str, int], list[str]] = {}
    for one in _words_in_order():
        if one.isalpha():
            words.setdefault((one[0], len(one)), []).append(one)
    return words


def _splits(word: str, pieces: int) -> bool:
    words = load_vocabulary().words
    if word in words and len(word) >= _SHORTEST_PIECE:
        return True
    return pieces > 1 and any(
        word[:cut] in words and _splits(word[cut:], pieces - 1)
        for cut in range(_SHORTEST_PIECE, len(word) - _SHORTEST_PIECE + 1)
    )


@lru_cache(maxsize=1)
def _parts() -> frozenset[str]:
    """The words of the vocabulary that compounds are made of: none that carries no meaning of its own (`over`)."""
    return load_vocabulary().words - load_vocabulary().general


def _is_linked(word: str) -> bool:
    """Whether a word is two clinical words with letters between them that link compounds."""
    words = _parts()
    return any(
        word[:cut] in words and word.startswith(link, cut) and word[cut + len(link) :] in words
        for cut in range(_SHORTEST_PIECE, len(word) - _SHORTEST_PIECE)
        for link in _LINKS
        if len(word) - cut - len(link) >= _SHORTEST_PIECE
    )


def _long_words_like(word: str) -> set[str]:
    """The long words that share their first or last letters with a word: all within one edit of it do."""
    ends = _long_words()
    return ends.get(f"{word[:_SHARED]}-", set()) | ends.get(f"-{word[-_SHARED:]}", set())


@lru_cache(maxsize=1)
def _long_words() -> dict[str, set[str]]:
    """The words of the vocabulary that can be told when misread, by their first and by their last letters."""
    ends: dict[str, set[str]] = {}
    for word in load_vocabulary().words:
        if len(word) >= _SHORTEST_MISREAD - 1:
            for end in (f"{word[:_SHARED]}-", f"-{word[-_SHARED:]}"):
                ends.setdefault(end, set()).add(word)
    return ends
