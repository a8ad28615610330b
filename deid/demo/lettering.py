"""Burning text into pixel arrays, and knowing exactly which pixels it touched."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from deid.plan import Box

if TYPE_CHECKING:
    from numpy.typing import NDArray


@lru_cache(maxsize=32)
def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    # The typeface that Pillow brings along: the same on every machine, so the examples are the same too.
    return ImageFont.load_default(size)


def _coverage(text: str, size: int) -> NDArray[np.float64]:
    """How much of each pixel the letters cover (0 to 1), cropped to the letters."""
    font = _font(size)
    left, top, right, bottom = font.getbbox(text)
    canvas = Image.new("L", (int(right - left) + 4, int(bottom - top) + 4))
    ImageDraw.Draw(canvas).text((2 - left, 2 - top), text, fill=255, font=font)
    mask = np.asarray(canvas, dtype=np.float64) / 255.0
    rows, columns = np.nonzero(mask)
    return mask[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]


def burn(
    image: NDArray[np.number],
    text: str,
    at: tuple[int, int],
    size: int,
    value: float | tuple[float, float, float],
) -> Box:
    """Draw `text` into `image` in place and return the box of the pixels it may have changed.

    Args:
        image: (rows, columns) or (rows, columns, 3), any numeric type.
        text: One line.
        at: Column and row of the upper left corner of the letters; negative counts from the far edge, where the
            letters then end.
        size: Height of the typeface in pixels.
        value: Grey value or RGB of full coverage; edges are blended with what lies below.

    Raises:
        ValueError: The text does not fit into the image.
    """
    mask = _coverage(text, size)
    height, width = mask.shape
    x0 = at[0] if at[0] >= 0 else image.shape[1] + at[0] - width
    y0 = at[1] if at[1] >= 0 else image.shape[0] + at[1] - height
    box = Box(x0, y0, x0 + width, y0 + height)
    if box != box.clipped(image.shape[1], image.shape[0]):
        raise ValueError("the text does not fit into the image")
    area = image[box.y0 : box.y1, box.x0 : box.x1]
    weight = mask[..., None] if image.ndim == 3 else mask  # noqa: PLR2004
    blended = area * (1.0 - weight) + np.asarray(value, dtype=np.float64) * weight
    area[...] = np.rint(blended).astype(image.dtype) if image.dtype.kind in "iu" else blended
    return box
