"""Several grey views of a frame as the colours of one picture: the detector sees them at once, for the price of one.

What is white on white in one view and text in another is coloured print on another colour in the stack. On 16 real
frames in three windows, two passes over a stack (as it is, inverted) find what six passes over the views do.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

_COLOURS = 3


def stacks_of(views: Sequence[NDArray[np.uint8]]) -> list[NDArray[np.uint8]]:
    """The views, uint8 rows×columns×3 and grey if there are several, as pictures of up to three views each."""
    if len(views) == 1:
        return [views[0]]
    return pictures_of(np.dstack([view[:, :, 0] for view in views]))


def pictures_of(planes: NDArray[np.uint8]) -> list[NDArray[np.uint8]]:
    """Planes, uint8 rows×columns×any number, as pictures of three: the last one repeats its planes to have as many.

    The pictures are views on the planes where that is possible: often only small areas of them are looked at.
    """
    return [_picture(planes[:, :, start : start + _COLOURS]) for start in range(0, planes.shape[2], _COLOURS)]


def _picture(planes: NDArray[np.uint8]) -> NDArray[np.uint8]:
    rows, columns, count = planes.shape
    if count in {1, _COLOURS}:
        return np.broadcast_to(planes, (rows, columns, _COLOURS))
    return np.ascontiguousarray(planes[:, :, [index % count for index in range(_COLOURS)]])
