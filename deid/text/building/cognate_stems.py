"""What is left of known words without their endings, where no name leaves the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deid.text.words.cognates import stem_of

if TYPE_CHECKING:
    from collections.abc import Iterable

_OF_PEOPLE = ("ae", "ii", "iana", "ianus", "ianum", "ensis", "ense")
"""Endings of species that are called after people and places: `quintanilhae`."""


def derive_stems(words: Iterable[str], names: Iterable[str]) -> list[str]:
    """The sorted stems of folded words.

    Args:
        words: Known words; none of them is a name.
        names: All names and towns.
    """
    return sorted(_stems(word for word in words if not word.endswith(_OF_PEOPLE)) - _stems(names))


def _stems(words: Iterable[str]) -> set[str]:
    stems = {stem_of(word) for word in words if word.isascii() and word.isalpha()}
    return {stem for stem in stems if stem is not None}
