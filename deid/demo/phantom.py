"""Procedural anatomy: images that look like a modality's from a distance, made of ellipses, noise and speckle.

All images are float arrays of (rows, columns); what the values mean is said by each function. The same arguments give
the same image.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    Image = NDArray[np.float64]


_LUNG = -830.0


@dataclass(frozen=True, slots=True)
class Ellipse:
    """An ellipse in a frame whose edges are at −1 and 1: centre, half axes, turn in degrees, value inside."""

    x: float
    y: float
    a: float
    b: float
    turn: float
    value: float

    def mask(self, x: Image, y: Image) -> NDArray[np.bool_]:
        """Which points of the frame lie inside."""
        angle = np.deg2rad(self.turn)
        across, down = x - self.x, y - self.y
        u = across * np.cos(angle) + down * np.sin(angle)
        v = down * np.cos(angle) - across * np.sin(angle)
        return np.asarray((u / self.a) ** 2 + (v / self.b) ** 2 <= 1.0)


def _frame(rows: int, columns: int) -> tuple[Image, Image]:
    y, x = np.mgrid[-1 : 1 : rows * 1j, -1 : 1 : columns * 1j]
    return x, y


def _paint(rows: int, columns: int, shapes: Iterable[Ellipse], background: float) -> Image:
    x, y = _frame(rows, columns)
    image = np.full((rows, columns), background, dtype=np.float64)
    for shape in shapes:
        image[shape.mask(x, y)] = shape.value
    return image


def _texture(rng: np.random.Generator, rows: int, columns: int, grain: float) -> Image:
    """Smooth noise of mean 0 and standard deviation 1; `grain` is its scale in pixels."""
    noise = cv2.GaussianBlur(rng.standard_normal((rows, columns)), (0, 0), grain)
    return np.asarray(noise / noise.std(), dtype=np.float64)


def ct_chest(rows: int, columns: int, level: float, seed: int) -> Image:
    """An axial slice through the chest in Hounsfield units; `level` from 0 (upper) to 1 (lower) moves the organs."""
    rng = np.random.default_rng(seed)
    lung = 0.24 + 0.06 * level
    shapes = [
        Ellipse(0, 0.05, 0.86, 0.62, 0, -90),
        Ellipse(0, 0.05, 0.81, 0.57, 0, 45),
        Ellipse(-0.40, 0.02, lung, 0.42, 8, _LUNG),
        Ellipse(0.40, 0.02, lung, 0.42, -8, _LUNG),
        Ellipse(0.10, 0.04 + 0.1 * level, 0.20 + 0.05 * level, 0.24, 35, 55),
        Ellipse(0.02, 0.34, 0.06, 0.06, 0, 160),
        Ellipse(0, 0.46, 0.13, 0.10, 0, 380),
        Ellipse(0, 0.47, 0.05, 0.04, 0, 20),
        Ellipse(0, -0.47, 0.08, 0.03, 0, 420),
    ]
    ribs = [
        Ellipse(0.74 * np.cos(t), 0.05 + 0.52 * np.sin(t), 0.06, 0.02, np.rad2deg(t) + 90, 450)
        for t in np.linspace(0.3 + level / 3, 2 * np.pi + 0.3 + level / 3, 14, endpoint=False)
    ]
    image = _paint(rows, columns, [*shapes, *ribs], -1000)
    vessels = _texture(rng, rows, columns, 2.2) > 1.9  # noqa: PLR2004
    image[vessels & (image == _LUNG)] = 20
    image = np.asarray(cv2.GaussianBlur(image, (0, 0), 0.8), np.float64)
    return np.asarray(image + 14 * rng.standard_normal((rows, columns)))


def mr_head(rows: int, columns: int, level: float, seed: int) -> Image:
    """An axial slice through the head, T2-like, 0 to 4095."""
    rng = np.random.default_rng(seed)
    ventricle = 0.05 + 0.05 * level
    shapes = [
        Ellipse(0, 0, 0.68, 0.84, 0, 1500),
        Ellipse(0, 0, 0.63, 0.79, 0, 150),
        Ellipse(0, 0, 0.59, 0.75, 0, 2600),
        Ellipse(0, 0, 0.55, 0.71, 0, 1350),
        Ellipse(-0.24, 0, 0.24, 0.52, 6, 1050),
        Ellipse(0.24, 0, 0.24, 0.52, -6, 1050),
        Ellipse(-0.10, -0.06, ventricle, 0.26, 12, 3300),
        Ellipse(0.10, -0.06, ventricle, 0.26, -12, 3300),
        Ellipse(0, 0.40, 0.05, 0.05, 0, 2500),
    ]
    image = _paint(rows, columns, shapes, 20)
    brain = image > 900  # noqa: PLR2004
    image[brain] += 180 * _texture(rng, rows, columns, 3.0)[brain]
    image = np.asarray(cv2.GaussianBlur(image, (0, 0), 0.9), np.float64)
    return np.asarray(np.clip(image + np.abs(45 * rng.standard_normal((rows, columns))), 0, 4095))


def chest_radiograph(rows: int, columns: int, seed: int) -> Image:
    """A frontal chest radiograph as attenuation, 0 (air) to 1 (dense)."""
    rng = np.random.default_rng(seed)
    x, y = _frame(rows, columns)
    body = _paint(rows, columns, [Ellipse(0, 0.5, 0.93, 1.25, 0, 0.55), Ellipse(0, -0.95, 0.24, 0.4, 0, 0.6)], 0.04)
    for side in (-1, 1):
        lung = Ellipse(side * 0.42, 0.0, 0.30, 0.62, side * -7, 0).mask(x, y) & (y < 0.52 + 0.2 * (1 - np.abs(x)))
        body[lung] -= 0.33
        for rib in range(9):
            centre = -0.62 + rib * 0.14
            arc = centre + 0.45 * (x - side * 0.42) ** 2 * 2.2
            body += 0.055 * np.exp(-(((y - arc) / 0.022) ** 2)) * (np.abs(x - side * 0.42) < 0.36)  # noqa: PLR2004
    body[Ellipse(0.13, 0.28, 0.27, 0.33, 30, 0).mask(x, y)] += 0.28
    body += 0.22 * np.exp(-((x / 0.085) ** 2)) * (y > -0.9)  # noqa: PLR2004
    body = np.asarray(cv2.GaussianBlur(body, (0, 0), columns / 150), np.float64)
    noise = 0.012 * _texture(rng, rows, columns, 1.2) + 0.02 * _texture(rng, rows, columns, 14)
    return np.asarray(np.clip(body + noise, 0, 1))


def knee_radiograph(rows: int, columns: int, seed: int) -> Image:
    """A frontal radiograph of a knee as attenuation, 0 (air) to 1 (dense)."""
    rng = np.random.default_rng(seed)
    shapes = [
        Ellipse(0, 0, 0.66, 1.6, 0, 0.3),
        Ellipse(0, -0.75, 0.24, 0.62, 0, 0.62),
        Ellipse(-0.18, -0.2, 0.24, 0.2, 10, 0.68),
        Ellipse(0.18, -0.2, 0.24, 0.2, -10, 0.68),
        Ellipse(0, 0.15, 0.42, 0.13, 0, 0.7),
        Ellipse(0, 0.72, 0.21, 0.6, 0, 0.62),
        Ellipse(0.34, 0.66, 0.07, 0.5, 0, 0.5),
        Ellipse(0, 0.85, 0.11, 0.6, 0, 0.5),
        Ellipse(0, -0.95, 0.13, 0.6, 0, 0.5),
    ]
    image = cv2.GaussianBlur(_paint(rows, columns, shapes, 0.03), (0, 0), columns / 120)
    return np.asarray(np.clip(image + 0.012 * _texture(rng, rows, columns, 1.3), 0, 1))


def ultrasound_sector(rows: int, columns: int, phase: float, seed: int, *, beating: bool = True) -> Image:
    """A B-mode sector, 0 to 1: a beating four-chamber-like heart, or a liver with vessels; `phase` from 0 to 1."""
    rng = np.random.default_rng(seed)
    apex, depth = (columns / 2, rows * 0.14), rows * 0.80
    y, x = np.mgrid[0:rows, 0:columns].astype(np.float64)
    radius = np.hypot(x - apex[0], y - apex[1])
    angle = np.arctan2(x - apex[0], y - apex[1])
    fan = (radius > 12) & (radius < depth) & (np.abs(angle) < 0.72)  # noqa: PLR2004
    squeeze = 1 - (0.22 * np.sin(np.pi * phase) ** 2 if beating else 0.0)
    chambers = (
        [
            Ellipse(-0.13, 0.0, 0.11 * squeeze, 0.27 * squeeze, 8, 0.06),
            Ellipse(0.12, 0.02, 0.09 * squeeze, 0.22, -6, 0.06),
            Ellipse(-0.11, 0.44, 0.11, 0.11, 0, 0.06),
            Ellipse(0.11, 0.44, 0.11, 0.11, 0, 0.06),
        ]
        if beating
        else [Ellipse(-0.12, 0.1, 0.05, 0.08, 20, 0.05), Ellipse(0.15, 0.3, 0.16, 0.06, -30, 0.05)]
    )
    tissue = _paint(rows, columns, chambers, 0.42)
    tissue = np.asarray(cv2.GaussianBlur(tissue, (0, 0), 3.0))
    walls = np.abs(cv2.Laplacian(cv2.GaussianBlur(tissue, (0, 0), 2.0), cv2.CV_64F))
    tissue += 0.8 * walls / walls.max()
    speckle = np.hypot(_texture(rng, rows, columns, 1.3), _texture(rng, rows, columns, 1.3)) / 1.8
    gain = np.clip(1.15 - 0.6 * radius / depth, 0.2, 1)
    return np.asarray(np.where(fan, np.clip(tissue * speckle * gain, 0, 1), 0.0))
