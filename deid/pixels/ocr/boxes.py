"""From the detector's map to boxes, as PaddleX's DBPostProcess finds them, in half of the time.

In a slice of texture the map has a thousand specks, each of which PaddleX puts a rectangle around before it measures
it. Here those that can't be large enough are left out by the area of their upright box.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

BoxInTile = tuple[Any, float]
"""The corners of a box, int16 4 × 2 in pixels of the detector's map as x and y, and its score."""
_GROWN = 2
"""Pixels: by how much more a rectangle must be wide once it has grown."""


def boxes_in(likely: NDArray[np.float32], steps: Any) -> list[BoxInTile]:  # noqa: ANN401 - paddlex has no types
    """The rectangles around what may be text, with their scores.

    Args:
        likely: How probable it is that a pixel is of text, rows × columns.
        steps: PaddleX's DBPostProcess: how it measures and grows a rectangle, and from where on one counts.

    Returns:
        For each the corners: top left, top right, bottom right, bottom left.
    """
    import cv2

    outlines, _ = cv2.findContours((likely > steps.thresh).view(np.uint8), cv2.RETR_LIST, cv2.CHAIN_APPROX_SIMPLE)
    found = []
    for outline in outlines[: steps.max_candidates]:
        _, _, wide, high = cv2.boundingRect(outline)
        # The smallest rectangle around it is no larger than that, so its shorter side is less than the least.
        if (wide - 1) * (high - 1) < steps.min_size**2:
            continue
        corners, side = steps.get_mini_boxes(outline)
        if side < steps.min_size:
            continue
        corners = np.asarray(corners)
        score = steps.box_score_fast(likely, corners)
        if score < steps.box_thresh:
            continue
        grown, side = steps.get_mini_boxes(steps.unclip(corners, steps.unclip_ratio).reshape(-1, 1, 2))
        if side >= steps.min_size + _GROWN:
            found.append((_whole(np.asarray(grown), *likely.shape), float(score)))
    return found


def _whole(corners: NDArray[np.float32], rows: int, columns: int) -> NDArray[np.int16]:
    """The corners in whole pixels of the map."""
    return np.clip(np.rint(corners), 0, (columns, rows)).astype(np.int16)
