"""Words written without blanks, `TomoHD`, `NoFilter`, `SAGITTALT2`: taken apart where they join."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import pairwise

from deid.text.fold import fold_word
from deid.text.words.study_codes import is_study_code
from deid.text.words.vocabulary import load_vocabulary

_PIECE = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")
_PIECE_BEHIND_CAPITALS = re.compile(r"[A-Z]{2,}|[A-Z]?[a-z]+|[0-9]+")
"""`USovary`: a word in small letters behind an abbreviation."""
_LONGEST, _MOST_PIECES, _MOST_DIGITS, _LONGEST_NUMBER, _MOST_LETTERS = 40, 8, 6, 4, 2
_SHORTEST_CLINICAL, _SHORTEST_STEM = 3, 5
# How names begin that are written with a capital inside: DeLong, VanHorn, McNeil.
_PARTICLES = frozenset(
    {"de", "del", "des", "di", "da", "du", "la", "le", "van", "von", "mc", "mac", "st", "o", "al", "el"}
)
# What stands before or behind a clinical word without a blank, in capitals, too.
_BEFORE = (
    "no",
    "non",
    "pre",
    "post",
    "ax",
    "axl",
    "sag",
    "cor",
    "tra",
    "lt",
    "rt",
    "ct",
    "cta",
    "mr",
    "mri",
    "mra",
    "cxr",
    "echo",
    "pet",
    "avg",
    "wb",
)
_BEHIND = (
    "ct",
    "cta",
    "mr",
    "mri",
    "mra",
    "pet",
    "spect",
    "ven",
    "mip",
    "mpr",
    "sub",
    "gad",
    "pre",
    "post",
    "fs",
    "bh",
    "cor",
    "sag",
    "abd",
    "pel",
    "wb",
    "avg",
)


LABELS = frozenset(
    {"id", "pid", "mrn", "acc", "accession", "pat", "patient", "pt", "name", "dob", "ssn", "fin", "csn", "mpi", "nr"}
    | {"num", "number", "case", "visit", "order", "chart", "tel", "fax"}
)
"""Words before the number of a person or an order; a longer number glued to one is such a number."""
SHORTEST_ID = 3


@lru_cache(maxsize=16384)
def is_glued(written: str) -> bool:
    """Whether a word, as written, is clinical words, numbers and single letters without blanks between them."""
    pieces = _PIECE.findall(written)
    folded = fold_word(written)
    if not written.isascii() or len(written) > _LONGEST or load_vocabulary().may_be_name(folded):
        return False
    if is_study_code(folded):
        return True
    if len(pieces) == 1:
        return _is_word_with_affix(folded)
    split = (pieces, _PIECE_BEHIND_CAPITALS.findall(written))
    return any(1 < len(parts) <= _MOST_PIECES and _all_vouched(_with_codes(parts)) for parts in split)


def _with_codes(pieces: list[str]) -> list[str]:
    """The pieces, folded, a letter given to the number behind it where it is too much for the word: `SAGITTALT` `2`."""
    words = load_vocabulary().words
    found: list[str] = []
    for piece, following in zip(map(fold_word, pieces), [*pieces[1:], ""], strict=True):
        if following.isdigit() and piece not in words and piece[:-1] in words:
            found += [piece[:-1], piece[-1]]
        else:
            found.append(piece)
    return found


def _all_vouched(pieces: list[str]) -> bool:
    """Whether each piece is a short number, a word that is vouched for or a letter; one at least a clinical word."""
    vocabulary = load_vocabulary()
    numbers = [piece for piece in pieces if piece.isdigit()]
    words = [piece for piece in pieces if not piece.isdigit()]
    clinical = [word for word in words if word in vocabulary.words and word not in vocabulary.general]
    return (
        any(len(word) >= _SHORTEST_CLINICAL for word in clinical)
        and pieces[0] not in _PARTICLES
        and not any(word in LABELS and len(after) >= SHORTEST_ID for word, after in pairwise(pieces))
        and all(len(word) == 1 or word in vocabulary.words or vocabulary.is_safe(word) for word in words)
        and sum(len(word) == 1 for word in words) <= _MOST_LETTERS
        and all(len(number) <= _LONGEST_NUMBER for number in numbers)
        and sum(map(len, numbers)) <= _MOST_DIGITS
    )


def _is_word_with_affix(word: str) -> bool:
    """Whether a word in one case is a longer clinical word with an abbreviation at an end: `NOFILTER`, `CHESTCT`."""
    words = load_vocabulary().words
    stems = {word.removeprefix(affix) for affix in _BEFORE} | {word.removesuffix(affix) for affix in _BEHIND}
    return any(len(stem) >= _SHORTEST_STEM and stem in words for stem in stems - {word})
