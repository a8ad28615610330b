"""Boxes with text on them, drawn in Pillow's own font, so that it looks the same everywhere."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from deid.plan import Box

if TYPE_CHECKING:
    import numpy.typing as npt

_LARGEST, _SMALLEST = 48, 6
"""Sizes of print, in pixels."""
_PART_OF_HEIGHT = 0.8


@dataclass(frozen=True, slots=True, order=True)
class LetteredBox(Box):
    """A box with text written on it once it is blank."""

    text: str = ""


def letters_of(box: Box, height: int, width: int) -> npt.NDArray[np.bool_] | None:
    """Where the letters of a box are, (height, width) as it is cut off by the frame; None without letters, or room."""
    text = getattr(box, "text", "")
    return _letters(text, height, width) if text else None


@lru_cache(maxsize=512)
def _letters(text: str, height: int, width: int) -> npt.NDArray[np.bool_] | None:
    if height > width:
        turned = _letters(text, width, height)
        return None if turned is None else np.rot90(turned)
    for size in range(min(_LARGEST, int(height * _PART_OF_HEIGHT)), _SMALLEST - 1, -1):
        font = ImageFont.load_default(size)
        left, top, right, bottom = font.getbbox(text)
        if right - left <= width and bottom - top <= height:
            picture = Image.new("1", (width, height))
            ImageDraw.Draw(picture).text((-left, (height - bottom + top) // 2 - top), text, fill=1, font=font)
            return np.asarray(picture)
    return None
