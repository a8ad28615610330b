"""Cuts a view into images of a bounded size for the detector, so that memory stays bounded for any frame.

Small frames are enlarged, as letters of five pixels are common in 256² frames. Frames beyond one tile are looked at
twice: as a whole, reduced, for long and large text, and in overlapping tiles of full size for small text.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from deid.plan import Box

SHORT_SIDE = 736
LARGEST_SCALE = 4.0
TILE_SIDE = 1536
OVERLAP = 192
MULTIPLE = 32
FAINTEST_STEP = 8
"""Grey levels between neighbours. Nothing reads text of 12 levels in noise; without a step of 8 there is no text."""


@dataclass(frozen=True, slots=True)
class Tile:
    """A piece of a view as the detector gets it: uint8 H×W×3, sides multiples of 32.

    A point (x, y) of the tile is ((x / scale) + left, (y / scale) + top) in the frame.
    """

    pixels: NDArray[np.uint8]
    left: float
    top: float
    scale: float
    columns: int
    """Columns of the tile that show the frame; the rest is padding."""
    rows: int


def tiles_of(view: NDArray[np.uint8]) -> Iterator[Tile]:
    """Yield the tiles of a view (uint8 H×W×3), those without any contrast left out."""
    rows, columns = view.shape[:2]
    if not has_contrast(view):
        return
    if max(rows, columns) <= TILE_SIDE:
        yield _tile(view, 0, 0, scale_of(rows, columns))
        return
    yield from reduced(view)
    for top in _starts(rows):
        for left in _starts(columns):
            piece = view[top : top + TILE_SIDE, left : left + TILE_SIDE]
            if has_contrast(piece):
                yield _tile(piece, left, top, 1.0)


def reduced(view: NDArray[np.uint8]) -> Iterator[Tile]:
    """Yield one tile with the whole of a view that is larger than a tile."""
    side = max(view.shape[:2])
    if side > TILE_SIDE and has_contrast(view):
        yield _tile(view, 0, 0, TILE_SIDE / side)


def scale_of(rows: int, columns: int) -> float:
    """By how much a frame is enlarged before it is looked at."""
    return min(max(SHORT_SIDE / min(rows, columns), 1.0), LARGEST_SCALE, max(TILE_SIDE / max(rows, columns), 1.0))


def tiles_in(view: NDArray[np.uint8], area: Box, zoom: float) -> Iterator[Tile]:
    """Yield the tiles of an area of a view, enlarged `zoom` times as much as the whole view is."""
    scale = scale_of(*view.shape[:2]) * zoom
    side = int(TILE_SIDE / scale)
    overlap = int(OVERLAP / scale)
    for top in _starts(area.y1 - area.y0, side, overlap):
        for left in _starts(area.x1 - area.x0, side, overlap):
            y, x = area.y0 + top, area.x0 + left
            piece = view[y : min(y + side, area.y1), x : min(x + side, area.x1)]
            if piece.size and has_contrast(piece):
                yield _tile(piece, x, y, scale)


def has_contrast(pixels: NDArray[np.uint8]) -> bool:
    """Whether any two neighbouring pixels differ enough to be part of a letter."""
    # Unsigned differences wrap: the larger minus the smaller, row by row to bound memory.
    for axis in (0, 1):
        first = pixels[:-1] if axis == 0 else pixels[:, :-1]
        second = pixels[1:] if axis == 0 else pixels[:, 1:]
        if first.size and bool((np.maximum(first, second) - np.minimum(first, second) >= FAINTEST_STEP).any()):
            return True
    return False


def _starts(length: int, side: int = TILE_SIDE, overlap: int = OVERLAP) -> list[int]:
    """Where tiles of `side` begin along a length: evenly spread, neighbours overlap by `overlap` at least."""
    if length <= side:
        return [0]
    count = -(-(length - overlap) // (side - overlap))
    return [round(index * (length - side) / (count - 1)) for index in range(count)]


def _tile(pixels: NDArray[np.uint8], left: int, top: int, scale: float) -> Tile:
    import cv2

    pixels = np.ascontiguousarray(pixels)
    rows, columns = pixels.shape[:2]
    wide, high = max(round(columns * scale), 1), max(round(rows * scale), 1)
    if (high, wide) != (rows, columns):
        method = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
        pixels = np.asarray(cv2.resize(pixels, (wide, high), interpolation=method), np.uint8)
    below, right = -high % MULTIPLE, -wide % MULTIPLE
    # The detector pads images of less than 64 pixels itself, and then misplaces the boxes.
    below += max(2 * MULTIPLE - high - below, 0)
    right += max(2 * MULTIPLE - wide - right, 0)
    padded = cv2.copyMakeBorder(pixels, 0, below, 0, right, cv2.BORDER_REPLICATE)
    return Tile(np.asarray(padded, np.uint8), float(left), float(top), scale, wide, high)
