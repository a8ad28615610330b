"""What lies under the text: crops of pydicom's bundled images without text of their own, phantoms, noise; and traces.

All pictures are float32 in a display's range, 0 (black) to 1 (white), of (rows, columns) or (rows, columns, 3).
"""

from __future__ import annotations

import itertools
import warnings
from functools import lru_cache
from typing import TYPE_CHECKING

import cv2
import numpy as np
import pydicom
from pydicom.data import get_testdata_file

from deid.demo.phantom import chest_radiograph, ct_chest, knee_radiograph, mr_head, ultrasound_sector

if TYPE_CHECKING:
    from collections.abc import Iterator
    from random import Random

    from numpy.typing import NDArray

    Picture = NDArray[np.float32]

_REAL = {
    "CT": (("J2K_pixelrep_mismatch.dcm", ...), ("CT_small.dcm", ...), ("693_J2KI.dcm", ...)),
    "MR": (("examples_overlay.dcm", ...), ("MR_small.dcm", ...)),
    "US": (("examples_rgb_color.dcm", np.s_[58:166, 46:272]), ("examples_ybr_color.dcm", np.s_[22:196, 44:232])),
}
"""Bundled files by modality, with the part that shows no text."""
_SIZES = {
    "CT": ((512, 512), (512, 512), (400, 512)),
    "MR": ((256, 256), (384, 384), (320, 512), (512, 512)),
    "DX": ((640, 520), (900, 760), (1000, 820), (760, 640)),
    "US": ((480, 640), (480, 640), (600, 800), (434, 636)),
}
MODALITIES = tuple(_SIZES)


def cine(modality: str, frames: int, random: Random, *, colour: bool) -> list[Picture]:
    """Some frames of one picture; they differ as those of a beating heart or by noise."""
    rows, columns = random.choice(_SIZES[modality])
    real = _REAL.get(modality)
    if real and random.random() < 0.6:
        name, part = random.choice(real)
        made = [_real(name, part, index, (rows, columns)) for index in range(frames)]
    else:
        seed = random.getrandbits(30)
        made = [_phantom(modality, (rows, columns), index / max(frames, 2), seed) for index in range(frames)]
    if modality in {"US", "CT"} or random.random() < 0.5:
        made = _framed(made, random.uniform(0.62, 0.95))
    noise = np.random.default_rng(random.getrandbits(30))
    sigma = random.choice((0.004, 0.012, 0.03))
    made = [
        np.asarray(one + sigma * noise.standard_normal(one.shape[:2] + (1,) * (one.ndim - 2)), np.float32)
        for one in made
    ]
    return [np.clip(_coloured(one) if colour else _grey(one), 0, 1) for one in made]


def add_trace(pictures: list[Picture], random: Random) -> tuple[int, int]:
    """Draw an ECG, or a grid of short lines that looks like print, into all frames; returns the rows it takes."""
    rows, columns = pictures[0].shape[:2]
    high = max(24, rows // 9)
    top = random.choice((rows - high - 4, rows - 2 * high, rows // 2))
    strokes = list(_ecg(columns, high) if random.random() < 0.5 else _grid(columns, high, random))
    for picture in pictures:
        level = (0.2, 0.9, 0.3) if picture.ndim == 3 else (0.85,)
        for first, last in strokes:
            cv2.line(picture, (first[0], top + first[1]), (last[0], top + last[1]), level, 1, cv2.LINE_AA)
    return top, top + high


def _ecg(columns: int, high: int) -> Iterator[tuple[tuple[int, int], tuple[int, int]]]:
    beat = {0: 0.6, 6: 0.5, 12: 0.6, 20: 0.65, 23: 0.0, 27: 0.95, 30: 0.6, 42: 0.45, 52: 0.6, 70: 0.6}
    points = [(start + x, round(y * (high - 1))) for start in range(4, columns - 80, 74) for x, y in beat.items()]
    yield from itertools.pairwise(points)


def _grid(columns: int, high: int, random: Random) -> Iterator[tuple[tuple[int, int], tuple[int, int]]]:
    pitch = random.choice((7, 9, 12))
    for x in range(10, columns // 2, pitch):
        yield (x, high // 3), (x, high // 3 + pitch - 2)
        if random.random() < 0.7:
            yield (x, high // 3 + random.choice((0, pitch // 2, pitch - 2))), (x + pitch - 3, high // 3)


def _grey(picture: Picture) -> Picture:
    return np.asarray(picture.mean(axis=2) if picture.ndim == 3 else picture, np.float32)


def _coloured(picture: Picture) -> Picture:
    return np.ascontiguousarray(picture if picture.ndim == 3 else np.repeat(picture[:, :, None], 3, axis=2), np.float32)


def _framed(pictures: list[Picture], share: float) -> list[Picture]:
    """The picture smaller, on black."""
    rows, columns = pictures[0].shape[:2]
    high, wide = round(rows * share), round(columns * share)
    top, left = (rows - high) // 2, (columns - wide) // 2
    framed = []
    for picture in pictures:
        canvas = np.zeros_like(picture)
        canvas[top : top + high, left : left + wide] = cv2.resize(picture, (wide, high), interpolation=cv2.INTER_AREA)
        framed.append(canvas)
    return framed


def _real(name: str, part: object, index: int, shape: tuple[int, int]) -> Picture:
    frames = _bundled(name)
    picture = frames[index % len(frames)][part]
    return np.ascontiguousarray(cv2.resize(picture, shape[::-1], interpolation=cv2.INTER_CUBIC), np.float32)


@lru_cache(maxsize=8)
def _bundled(name: str) -> Picture:
    """The frames of a bundled file, first axis frames."""
    path = get_testdata_file(name, download=False)
    if path is None:
        raise FileNotFoundError(name)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        dataset = pydicom.dcmread(str(path))
        pixels = dataset.pixel_array.astype(np.float32)
    if int(dataset.get("NumberOfFrames") or 1) == 1:
        pixels = pixels[None]
    low, high = (0.0, 255.0) if dataset.SamplesPerPixel == 3 else np.percentile(pixels, (1, 99.7))
    return np.asarray(np.clip((pixels - low) / (high - low), 0, 1), np.float32)


def _phantom(modality: str, shape: tuple[int, int], phase: float, seed: int) -> Picture:
    rows, columns = shape
    if modality == "CT":
        picture = np.clip((ct_chest(rows, columns, phase, seed) + 1000) / 1600, 0, 1)
    elif modality == "MR":
        picture = mr_head(rows, columns, phase, seed) / 3500
    elif modality == "DX":
        radiograph = chest_radiograph if seed % 3 else knee_radiograph
        picture = radiograph(rows, columns, seed)
    else:
        picture = ultrasound_sector(rows, columns, phase, seed, beating=bool(seed % 2))
    return np.asarray(np.clip(picture, 0, 1), np.float32)
