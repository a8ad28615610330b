"""Machines called by their place and kind: `RYDEMR1`, `CanTho-US2`, what a hospital's own names of stations are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deid.text.lazily import compile_lazily
from deid.text.words.tokens import Standing, standing_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from deid.text.fold import Folded

_STATION = compile_lazily(
    r"(?<![^\W_])([^\W\d_]{3,20}?)[-_]?(?:ct|mri?|us|dr|cr|dx|xa|xr|rf|nm|pet|mg)[-_]?[0-9]{1,2}(?![^\W_])"
)
_Found = tuple[int, int, str, str, float]


def find_stations(folded: Folded) -> Iterator[_Found]:
    """Ranges of folded text: letters that mean nothing, joined to a modality and a number."""
    for match in _STATION.finditer(folded.text):
        if standing_of(match[1]) is Standing.UNKNOWN and standing_of(match.group()) is Standing.UNKNOWN:
            yield *match.span(), "place", "station called by its place", 0.65
