"""Side markers, as they stand on radiographs and beside positions: `L`, `RT`, `LEFT`; and short words beside them."""

from __future__ import annotations

import re

SIDES = frozenset({"L", "R", "LT", "RT", "LEFT", "RIGHT", "LFT", "RGT"})
ENDS_OF_AXES = SIDES | frozenset("APHFSI")
"""What stands at the edges of an image to tell which way it looks: `H`, head; `F`, foot."""
SIDE_AND_WORD = re.compile(r"([A-Za-z]{1,5})[ /-]{1,3}([A-Za-z]{1,5})")
SHORTEST = 2
"""Letters of the shortest mark."""


def has_side(text: str) -> bool:
    """Whether a text is a side and one short word beside it."""
    match = SIDE_AND_WORD.fullmatch(text)
    if match is None or (match[1] in SIDES) == (match[2] in SIDES):
        return False
    return len(match[2 if match[1] in SIDES else 1]) >= SHORTEST
