"""How names are spelled, and how other words: which three letters are commoner in either."""

from __future__ import annotations

from collections import Counter
from math import log
from typing import TYPE_CHECKING

from deid.text.words.shape import PARTS_OF_A_NAT, SHORTEST, triples

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

_LETTERS = 27
_PRIOR = 0.5


def derive_shapes(names: Iterable[str], words: Iterable[str]) -> list[str]:
    """Entries `abc 12`: how much likelier `c` follows `ab` in a name than in another word.

    Args:
        names: Folded names of any origin.
        words: Folded words that are no names.

    Returns:
        Sorted entries; the figure is the logarithm of the ratio in parts of `PARTS_OF_A_NAT`, 0 is left out.
    """
    in_names, in_words = _counts(names), _counts(words)
    entries = []
    for triple in sorted(in_names[0].keys() | in_words[0].keys()):
        ratio = _logarithm(in_names, triple) - _logarithm(in_words, triple)
        if (parts := round(ratio * PARTS_OF_A_NAT)) != 0:
            entries.append(f"{triple} {parts}")
    return entries


def likeness_by(entries: Iterable[str]) -> Callable[[str], float]:
    """What tells by its letters how much likelier a word is a name, in nats, given the entries of `derive_shapes`."""
    ratios = {triple: int(parts) for triple, parts in map(str.split, entries)}
    return lambda word: sum(ratios.get(triple, 0) for triple in triples(word)) / PARTS_OF_A_NAT


def _counts(words: Iterable[str]) -> tuple[Counter[str], Counter[str]]:
    """How often three letters, and their first two, stand in words; a rare word counts as much as a common one."""
    three: Counter[str] = Counter()
    for word in words:
        if word.isascii() and word.isalpha() and len(word) >= SHORTEST:
            three.update(triples(word))
    two: Counter[str] = Counter()
    for triple, count in three.items():
        two[triple[:2]] += count
    return three, two


def _logarithm(counts: tuple[Counter[str], Counter[str]], triple: str) -> float:
    three, two = counts
    return log((three[triple] + _PRIOR) / (two[triple[:2]] + _PRIOR * _LETTERS))
