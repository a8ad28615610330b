"""Print whose pixels were repeated, as consoles enlarge a bitmap font: read softened, it is print of smooth edges.

The recogniser has learnt photographs and outline fonts. Of steps of two or three pixels it reads `LYPH NODE` and `KEE`,
and that as surely as anything. Where all edges of a place stand at every second (third, fourth) column and row, its
letters were enlarged so.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    from deid.plan import Box

_TIMES = (4, 3, 2)
_AT_STEPS = 0.8
"""What share of all that changes from one pixel to the next changes at the steps; the rest is noise and anatomy."""
_SOFTENED = 0.4
"""The standard deviation by which such print is softened, in pixels of the small font."""
_SMALLEST = 8
"""Pixels of a line of the small font: where letters have fewer, their edges stand at every second by chance."""


def softening_for(picture: npt.NDArray[np.uint8], place: Box) -> float:
    """By how much print should be softened before it is read.

    Args:
        picture: uint8 rows × columns, or × 3.
        place: Where the print stands.

    Returns:
        A standard deviation in pixels of the picture; 0 where nothing was enlarged by repeating pixels.
    """
    inside = place.clipped(picture.shape[1], picture.shape[0])
    high = min(inside.x1 - inside.x0, inside.y1 - inside.y0)
    if high < _SMALLEST * min(_TIMES):
        return 0.0
    part = picture[inside.y0 : inside.y1, inside.x0 : inside.x1].astype(np.float32)
    down, across = (_changes(part, axis) for axis in (0, 1))
    possible = (times for times in _TIMES if high >= _SMALLEST * times)
    return _SOFTENED * next((n for n in possible if _at_steps(across, n) and _at_steps(down, n)), 0)


def _changes(part: npt.NDArray[np.float32], axis: int) -> npt.NDArray[np.float32]:
    """How much changes from each row (axis 0) or column (axis 1) to the next."""
    squares = np.square(np.diff(part, axis=axis))
    summed: npt.NDArray[np.float32] = squares.sum(axis=tuple(other for other in range(part.ndim) if other != axis))
    return summed


def _at_steps(changes: npt.NDArray[np.float32], times: int) -> bool:
    """Whether nearly all changes are at every so many places."""
    return max(float(changes[first::times].sum()) for first in range(times)) > _AT_STEPS * float(changes.sum())
