"""Where small print may stand on its side: straight bands along the left and the right edge of a frame.

The detector finds print of 9 pixels that lies, and not always such that stands. So what looks like a line of it, and
was not found, is worth a look from nearer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from deid.plan import Box

if TYPE_CHECKING:
    from collections.abc import Iterator

    from deid.pixels.picture.novelty import Mask

_SHORTEST = 48
"""Pixels: the length of a line that is looked for."""
_NARROWEST, _WIDEST = 10, 40
"""Pixels, of one or two lines of small print with what counts as dense around it."""
_FILLED = 0.6
"""What part of its box a straight band fills: the edges of anatomy are slanted."""
_FROM_EDGE = 8
"""The middle of a band lies in the first or last of so many parts of the frame's width."""
_AROUND = 16


def standing_in(mask: Mask) -> Iterator[Box]:
    """Areas in which lines may stand.

    Args:
        mask: Where there might be print, rows × columns.
    """
    import cv2

    rows, columns = mask.shape
    runs = cv2.morphologyEx(mask.astype(np.uint8), cv2.MORPH_OPEN, np.ones((_SHORTEST, 1), np.uint8))
    _, _, places, middles = cv2.connectedComponentsWithStats(runs)
    for (x, y, wide, high, filled), (middle, _) in zip(places[1:].tolist(), middles[1:].tolist(), strict=True):
        is_band = _NARROWEST <= wide <= _WIDEST and filled >= _FILLED * wide * high
        if is_band and min(middle, columns - middle) * _FROM_EDGE <= columns:
            yield Box(x - _AROUND, y - _AROUND, x + wide + _AROUND, y + high + _AROUND).clipped(columns, rows)
