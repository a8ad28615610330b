"""Draws training lines as scanners print them, and cuts them out as the detector would."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import cv2
import numpy as np
from PIL import Image, ImageDraw

from deid.pixels.ocr.small_print import HEIGHT, crop_grey
from deid.pixels.ocr.training.fonts import font
from deid.pixels.ocr.training.texts import maybe

if TYPE_CHECKING:
    from collections.abc import Sequence
    from random import Random

    from numpy.typing import NDArray

    from deid.pixels.ocr.line import Quad
    from deid.pixels.ocr.training.fonts import Face
    from deid.pixels.ocr.training.texts import Texts

    Mask = NDArray[np.float32]

_AROUND = 14
"""Pixels of background around a line."""
_LEGIBLE = 2.5
"""The least contrast, in standard deviations of the background; fainter print gets a rim."""
_INK = 0.3
_HALF_WAY = 0.5
"""Between black and white."""
_ENLARGED = 9
"""Sizes up to this one are enlarged now and then, as consoles do."""


@dataclass(frozen=True, slots=True)
class Sample:
    """A line cut out: HEIGHT rows, what it says, and the columns in which its letters have their middles."""

    crop: NDArray[np.float32]
    text: str
    middles: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class _Written:
    """How much of each pixel a text covers, with room around, and the middles of its letters."""

    mask: Mask
    middles: tuple[float, ...]


def sample(texts: Texts, faces: Sequence[Face], random: Random, widest: int) -> Sample:
    """The next line, of at most `widest` columns."""
    while True:
        text = texts.make(max(2, widest // random.randint(8, 20)))
        face = _chosen(faces, random)
        written = _written(text, face, random)
        if not _shows(written.mask, text):
            continue
        picture, box = _printed(written.mask, texts, face, random)
        corners = _corners(box, random)
        made = crop_grey(picture, corners)
        if made.shape[1] <= widest:
            first, last = corners[0][0], corners[1][0]
            scale = made.shape[1] / (last - first)
            return Sample(made, text, tuple((middle - first) * scale for middle in written.middles))


def _chosen(faces: Sequence[Face], random: Random) -> Face:
    """Of bitmap and outline fonts as many."""
    bitmap = maybe(random, 0.5)
    return random.choice([face for face in faces if face.bitmap == bitmap])


def _written(text: str, face: Face, random: Random) -> _Written:
    size = random.choice(face.sizes)
    type_ = font(face.path, size)
    shown = text.replace(" ", "  ", 1) if maybe(random, 0.15) else text
    left, top, right, bottom = type_.getbbox(shown)
    picture = Image.new("L", (int(right - left) + 2 * _AROUND, int(bottom - top) + 2 * _AROUND))
    brush = ImageDraw.Draw(picture)
    if face.bitmap or maybe(random, 0.4):
        brush.fontmode = "1"
    place = (_AROUND - left, _AROUND - top)
    brush.text(place, shown, fill=255, font=type_)
    mask = np.asarray(picture, np.float32) / np.float32(255)
    ends = [place[0] + type_.getlength(shown[:count]) for count in range(len(shown) + 1)]
    middles = [(start + end) / 2 for start, end in pairwise(ends)]
    if len(shown) > len(text):
        blank = text.index(" ")
        middles[blank : blank + 2] = [(middles[blank] + middles[blank + 1]) / 2]
    if size <= _ENLARGED and maybe(random, 0.15):
        enlarged = cv2.resize(mask, None, fx=2, fy=2, interpolation=cv2.INTER_NEAREST)
        return _Written(np.asarray(enlarged, np.float32), tuple(2 * middle for middle in middles))
    return _Written(mask, tuple(middles))


def _shows(mask: Mask, text: str) -> bool:
    """Whether the font has letters for it: something, and of a width that the text may have."""
    columns = np.flatnonzero((mask > _INK).any(axis=0))
    return bool(columns.size) and columns[-1] - columns[0] >= 2 * len(text.replace(" ", "")) - 2


def _printed(mask: Mask, texts: Texts, face: Face, random: Random) -> tuple[NDArray[np.uint8], tuple[float, ...]]:
    """The line on a background, with other lines above and below; and the box of its ink."""
    rows, columns = np.nonzero(mask > _INK)
    box = (float(columns.min()), float(rows.min()), float(columns.max()) + 1, float(rows.max()) + 1)
    whole = mask.copy()
    high = box[3] - box[1]
    for side in (-1, 1):
        if maybe(random, 0.35):
            whole = np.maximum(
                whole, _beside(texts, face, random, mask.shape, box, side * (high + random.randint(2, 5)))
            )
    noise = np.random.default_rng(random.getrandbits(32))
    below, spread = _background(mask.shape, noise, random)
    level = float(below[int(box[1]) : int(box[3]), int(box[0]) : int(box[2])].mean())
    contrast = random.choice((1.0, 1.0, random.uniform(0.3, 0.9), random.uniform(0.1, 0.4)))
    value = min(level + contrast, 1.0) if level < _HALF_WAY else max(level - contrast, 0.0)
    if maybe(random, 0.25) or abs(value - level) < _LEGIBLE * spread:
        rim = 0.0 if level < _HALF_WAY else 1.0
        value = 1.0 - rim
        around = np.asarray(cv2.dilate(whole, np.ones((3, 3), np.uint8)), np.float32)
        below = below * (1 - around) + rim * around
    picture = np.clip(below * (1 - whole) + value * whole, 0, 1)
    if maybe(random, 0.15):
        picture = cv2.GaussianBlur(picture, (3, 3), random.uniform(0.3, 0.7))
    levels = np.asarray(picture * 255, np.uint8)
    if maybe(random, 0.25):
        done, coded = cv2.imencode(".jpg", levels, [cv2.IMWRITE_JPEG_QUALITY, random.randint(55, 95)])
        levels = np.asarray(cv2.imdecode(coded, cv2.IMREAD_GRAYSCALE), np.uint8) if done else levels
    return (255 - levels if maybe(random, 0.5) else levels), box


def _beside(
    texts: Texts, face: Face, random: Random, shape: tuple[int, ...], box: tuple[float, ...], down: float
) -> Mask:
    """Another line above or below, on a canvas of the same shape."""
    other = _written(texts.make(12), face, random).mask
    canvas = np.zeros(shape, np.float32)
    rows, columns = np.nonzero(other > _INK)
    if not rows.size:
        return canvas
    ink = other[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]
    top = int(box[1] + down) if down > 0 else int(box[3] + down) - ink.shape[0]
    left = int(box[0]) + random.randint(-6, 6)
    y0, x0 = max(top, 0), max(left, 0)
    y1, x1 = min(top + ink.shape[0], shape[0]), min(left + ink.shape[1], shape[1])
    if y1 > y0 and x1 > x0:
        canvas[y0:y1, x0:x1] = ink[y0 - top : y1 - top, x0 - left : x1 - left]
    return canvas


def _background(shape: tuple[int, ...], noise: np.random.Generator, random: Random) -> tuple[Mask, float]:
    """Black, or anatomy: a slope, waves of a few pixels, and noise; and its standard deviation."""
    rows, columns = shape
    level = random.choice((0.0, 0.0, random.uniform(0.0, 0.4), random.uniform(0.4, 1.0)))
    below = np.full((rows, columns), level, np.float32)
    if maybe(random, 0.5):
        coarse = noise.standard_normal((max(rows // 6, 2), max(columns // 6, 2))).astype(np.float32)
        below += random.uniform(0.01, 0.12) * cv2.resize(coarse, (columns, rows), interpolation=cv2.INTER_CUBIC)
    if maybe(random, 0.2):
        below += random.uniform(-0.3, 0.3) * np.linspace(-0.5, 0.5, columns, dtype=np.float32)
    below += random.choice((0.0, 0.004, 0.012, 0.03, 0.05)) * noise.standard_normal((rows, columns)).astype(np.float32)
    below = np.clip(below, 0, 1)
    return below, float(below.std())


def _corners(box: tuple[float, ...], random: Random) -> Quad:
    """A box about as the detector finds it: somewhat larger, a pixel or two off, now and then a little aslant."""
    x0, y0, x1, y1 = box
    high = y1 - y0
    x0 -= random.uniform(0.05, 0.6) * high + random.uniform(-0.5, 1)
    x1 += random.uniform(0.05, 0.6) * high + random.uniform(-0.5, 1)
    y0 -= random.uniform(0.05, 0.55) * high + random.uniform(-0.5, 1)
    y1 += random.uniform(0.05, 0.55) * high + random.uniform(-0.5, 1)
    slant = random.uniform(-0.6, 0.6) if maybe(random, 0.2) else 0.0
    return (x0, y0 + slant), (x1, y0 - slant), (x1, y1 - slant), (x0, y1 + slant)


def batch(
    texts: Texts, faces: Sequence[Face], random: Random, shape: tuple[int, int]
) -> tuple[NDArray[np.float32], list[Sample]]:
    """`shape`: how many lines, of how many columns; the crops in one array, zero behind their ends."""
    count, widest = shape
    made = [sample(texts, faces, random, widest) for _ in range(count)]
    pictures = np.zeros((count, HEIGHT, widest), np.float32)
    for index, one in enumerate(made):
        pictures[index, :, : one.crop.shape[1]] = one.crop
    return pictures, made
