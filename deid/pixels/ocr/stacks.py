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
    stacks = []
    for start in range(0, len(views), _COLOURS):
        own = [view[:, :, 0] for view in views[start : start + _COLOURS]]
        stacks.append(np.dstack([own[index % len(own)] for index in range(_COLOURS)]))
    return stacks
