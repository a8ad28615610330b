"""Drawing letters: a bitmap font of 8 pixels, OpenCV's Hershey strokes, outline fonts with and without smooth edges."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

if TYPE_CHECKING:
    from random import Random

    from numpy.typing import NDArray

    from tests.bench.pixels.content import Group, Piece

    Mask = NDArray[np.float32]

_FOLDERS = ("/usr/share/fonts/truetype/dejavu", "/usr/share/fonts/dejavu", "/usr/share/fonts/TTF")
_FILES = {
    "sans": "DejaVuSans.ttf",
    "bold": "DejaVuSans-Bold.ttf",
    "mono": "DejaVuSansMono.ttf",
    "jagged mono": "DejaVuSansMono.ttf",
    "jagged bold": "DejaVuSans-Bold.ttf",
    "condensed": "DejaVuSansCondensed.ttf",
    "serif": "DejaVuSerif.ttf",
}
_HERSHEY = {"hershey": cv2.FONT_HERSHEY_SIMPLEX, "hershey duplex": cv2.FONT_HERSHEY_DUPLEX}
_BITMAP = "bitmap"
FACES = (_BITMAP, *_HERSHEY, *_FILES, "default")
_SMALLEST_STROKES = 16
_HERSHEY_CAPITAL = 21
"""Units of a Hershey capital at scale 1."""
_BITMAP_LINE = 11


@dataclass(frozen=True, slots=True)
class Lettering:
    """How a group is written."""

    face: str
    size: int
    """Nominal height in pixels: capitals are about 0.7 of it; 8 for the bitmap font, whose capitals have 7."""
    turn: int
    """Quarter turns, counter-clockwise."""
    outlined: bool

    @property
    def degrees(self) -> int:
        """The turn in degrees."""
        return 90 * self.turn


@lru_cache(maxsize=1)
def has_dejavu() -> bool:
    """Whether Debian's outline fonts are there; Pillow's own stands in for them otherwise."""
    return _file("sans") is not None


def choose_lettering(random: Random, rows: int) -> Lettering:
    """Any, but no letters too large for the picture."""
    face = random.choice(FACES)
    largest = max(14, min(40, rows // 16))
    if face == _BITMAP:
        size = random.choice((8, 8, 8, 16)) if rows < 900 else random.choice((8, 16, 24))
    elif face in _HERSHEY:
        size = random.randint(_SMALLEST_STROKES, max(_SMALLEST_STROKES, largest))
    else:
        size = random.choice((random.randint(9, 12), random.randint(12, 18), random.randint(12, largest)))
    turn = random.choices((0, 1, 2, 3), (86, 6, 2, 6))[0]
    return Lettering(face, size, turn, random.random() < 0.15)


def draw(group: Group, how: Lettering, *, right: bool) -> list[tuple[Piece, Mask]]:
    """Each piece of a group on a canvas of its own, all of one shape: how much of each pixel its letters cover.

    Args:
        group: The lines, drawn one below the other.
        how: Typeface, size, turn.
        right: Whether lines end, and do not begin, at the same column.
    """
    step = round(how.size * (1.6 if how.face == _BITMAP and how.size == 8 else 1.35)) + 1
    gap = round(how.size * 0.55)
    rows = [[(piece, _width(piece.text, how)) for piece in line] for line in group.lines]
    wide = max(sum(width + gap for _, width in row) for row in rows) + 8
    drawn = []
    for number, row in enumerate(rows):
        x = wide - 4 - sum(width + gap for _, width in row) + gap if right else 4
        for piece, width in row:
            canvas = _written(piece.text, (x, 4 + number * step), (8 + step * len(rows) + how.size // 2, wide + 8), how)
            drawn.append((piece, np.ascontiguousarray(np.rot90(canvas, how.turn))))
            x += width + gap
    return drawn


def outline(mask: Mask) -> Mask:
    """The letters and a rim of a pixel or two around them."""
    return np.asarray(cv2.dilate(mask, np.ones((3, 3), np.uint8)), np.float32)


def _width(text: str, how: Lettering) -> int:
    text = _shown(text, how)
    if how.face in _HERSHEY:
        scale, thickness = _strokes(how.size)
        width: int = cv2.getTextSize(text, _HERSHEY[how.face], scale, thickness)[0][0]
        return width
    font, factor = _font(how.face, how.size)
    right: float = font.getbbox(text)[2]
    return round(right) * factor


def _written(text: str, at: tuple[int, int], shape: tuple[int, int], how: Lettering) -> Mask:
    text = _shown(text, how)
    if how.face in _HERSHEY:
        canvas = np.zeros(shape, np.uint8)
        scale, thickness = _strokes(how.size)
        baseline = (at[0], at[1] + round(0.8 * how.size))
        cv2.putText(canvas, text, baseline, _HERSHEY[how.face], scale, (255,), thickness, cv2.LINE_AA)
        return np.asarray(canvas, np.float32) / np.float32(255)
    font, factor = _font(how.face, how.size)
    picture = Image.new("L", (-(-shape[1] // factor), -(-shape[0] // factor)))
    brush = ImageDraw.Draw(picture)
    if how.face.startswith("jagged"):
        brush.fontmode = "1"
    brush.text((at[0] // factor, at[1] // factor), text, fill=255, font=font)
    enlarged = np.kron(np.asarray(picture, np.float32) / 255, np.ones((factor, factor), np.float32))
    return np.asarray(enlarged[: shape[0], : shape[1]], np.float32)


def _shown(text: str, how: Lettering) -> str:
    """Without accents where the font lacks some."""
    if how.face in _FILES and has_dejavu():
        return text
    plain = unicodedata.normalize("NFKD", text.replace("ł", "l").replace("Ł", "L").replace("ß", "ss").replace("ı", "i"))
    return plain.encode("ascii", "ignore").decode()


def _strokes(size: int) -> tuple[float, int]:
    return 0.72 * size / _HERSHEY_CAPITAL, max(1, size // 14)


def _file(face: str) -> Path | None:
    found = (Path(folder) / _FILES[face] for folder in _FOLDERS)
    return next((path for path in found if path.is_file()), None)


@lru_cache(maxsize=256)
def _font(face: str, size: int) -> tuple[Any, int]:
    """The font, and by what each of its pixels is enlarged."""
    if face == _BITMAP:
        return ImageFont.load_default_imagefont(), size // 8
    path = _file(face) if face in _FILES else None
    return (ImageFont.truetype(str(path), size) if path else ImageFont.load_default(size)), 1
