"""A picture of what a run did: each image before and after, side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PIL import Image, ImageDraw, ImageFont

from deid.errors import InstanceError
from deid.pixels.thumbnail import thumbnail
from deid.reading import read_instance, view_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

_CELL = 330
_CAPTION = 22
_GAP = 8
_PAIRS_A_ROW = 2
_PAPER, _INK = (250, 250, 250), (30, 30, 30)


def contact_sheet(pairs: Iterable[tuple[Path, Path]], png: Path) -> int:
    """Draw pairs of images, the middle frame of each, into one PNG.

    Args:
        pairs: Files before and after; those without pixel data are passed over.
        png: Where to.

    Returns:
        The number of pairs drawn.
    """
    cells = [cell for before, after in pairs if (cell := _pair(before, after)) is not None]
    columns = min(_PAIRS_A_ROW, max(len(cells), 1))
    rows = -(-len(cells) // columns)
    width, height = 2 * _CELL + _GAP, _CELL + _CAPTION
    sheet = Image.new("RGB", (columns * (width + 3 * _GAP), max(rows, 1) * (height + 2 * _GAP)), _PAPER)
    for index, cell in enumerate(cells):
        row, column = divmod(index, columns)
        sheet.paste(cell, (column * (width + 3 * _GAP) + _GAP, row * (height + 2 * _GAP) + _GAP))
    sheet.save(png)
    return len(cells)


def _pair(before: Path, after: Path) -> Image.Image | None:
    pictures = [_picture(path) for path in (before, after)]
    if any(picture is None for picture in pictures):
        return None
    cell = Image.new("RGB", (2 * _CELL + _GAP, _CELL + _CAPTION), _PAPER)
    draw = ImageDraw.Draw(cell)
    for index, (picture, caption) in enumerate(zip(pictures, ("before", "after"), strict=True)):
        if picture is not None:
            left = index * (_CELL + _GAP)
            draw.text((left, 2), caption, fill=_INK, font=ImageFont.load_default(14))
            cell.paste(picture, (left + (_CELL - picture.width) // 2, _CAPTION + (_CELL - picture.height) // 2))
    return cell


def _picture(path: Path) -> Image.Image | None:
    try:
        return thumbnail(view_of(read_instance(path)), _CELL)
    except InstanceError:
        return None
