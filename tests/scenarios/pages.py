"""Pages with lines of text, as devices store them beside the images."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image, ImageDraw, ImageFont

if TYPE_CHECKING:
    from collections.abc import Sequence

_SIZE = 17
Line = tuple[int, int, str]
"""Column and row where a line begins, and what it says."""


def page(lines: Sequence[Line], rows: int = 330, columns: int = 680) -> Any:
    """A black page with white lines, rows × columns × 3."""
    picture = Image.new("RGB", (columns, rows))
    for x, y, text in lines:
        ImageDraw.Draw(picture).text((x, y), text, fill=(255, 255, 255), font=ImageFont.load_default(_SIZE))
    return np.asarray(picture)


def place(line: Line) -> tuple[slice, slice]:
    """Rows and columns of the letters of a line."""
    x, y, text = line
    x0, y0, x1, y1 = ImageFont.load_default(_SIZE).getbbox(text)
    return slice(y + int(y0), y + int(y1)), slice(x + int(x0), x + int(x1))
