"""Burning groups of lines into pictures, each in a free place and so that a person can read it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from deid.plan import Box
from tests.bench.pixels.lettering import draw, outline

if TYPE_CHECKING:
    from collections.abc import Iterator
    from random import Random

    from tests.bench.pixels.anatomy import Picture
    from tests.bench.pixels.content import Group, Piece
    from tests.bench.pixels.lettering import Lettering, Mask

_TRIES = 60
_LEGIBLE = 2.5
"""The least contrast, in standard deviations of what lies below; otherwise letters get a rim."""
_TINTS = ((1.0, 1.0, 1.0), (1.0, 1.0, 1.0), (1.0, 0.9, 0.25), (0.3, 1.0, 0.4), (0.4, 0.9, 1.0))
_WANTED = (0.95, 0.95, 0.95, 0.45, 0.3, 0.18)
_INK = 0.3


@dataclass(frozen=True, slots=True)
class Style:
    """How a piece was written, as far as it bears on finding it."""

    face: str
    size: int
    degrees: int
    outlined: bool
    contrast: float
    """Between letters and what lies below or around them, of the range from black to white."""


class Canvas:
    """The frames of one instance, and where in them text stands."""

    def __init__(self, pictures: list[Picture], brightest: float) -> None:
        """Begin with nothing written.

        Args:
            pictures: The frames, which are written into.
            brightest: The largest value that can be stored, in the range of the pictures.
        """
        self._pictures = pictures
        self._brightest = brightest
        self._rows, self._columns = pictures[0].shape[:2]
        self._taken: list[Box] = []

    def reserve_rows(self, top: int, stop: int) -> None:
        """Keep text out of some rows."""
        self._taken.append(Box(0, top, self._columns, stop))

    def burn(self, group: Group, how: Lettering, frames: range, random: Random) -> list[tuple[Piece, Box, Style]]:
        """Write a group; its pieces with their boxes, or none where there is no room."""
        right = random.random() < 0.4
        drawn = draw(group, how, right=right)
        shape = drawn[0][1].shape
        place = self._free_place(shape, group, how, right=right, random=random)
        if place is None:
            return []
        area = np.s_[place.y0 : place.y1, place.x0 : place.x1]
        union = np.maximum.reduce([mask for _, mask in drawn])
        below = self._pictures[frames.start][area]
        value, contrast, rim = self._value(below, how, random)
        for index in frames:
            picture = self._pictures[index]
            if rim is not None:
                _blend(picture[area], outline(union), rim)
            _blend(picture[area], union, value)
        if group.ruler:
            self._rule(place, frames, value)
        style = Style(how.face, how.size, how.degrees, rim is not None, contrast)
        return [(piece, box, style) for piece, mask in drawn if (box := _inked(mask, place)) is not None]

    def _value(self, below: Picture, how: Lettering, random: Random) -> tuple[np.ndarray, float, float | None]:
        """What letters are written with, their contrast, and the value of their rim if they have one."""
        grey = below.mean(axis=2) if below.ndim == 3 else below
        level, spread = float(np.median(grey)), float(grey.std())
        wanted = random.choice(_WANTED)
        light = level < 0.5
        value = min(level + wanted, 1.0) if light else max(level - wanted, 0.0)
        contrast = abs(value - level)
        rim = (0.0 if light else 1.0) if how.outlined or contrast < _LEGIBLE * spread else None
        if rim is not None:
            value, contrast = 1.0 - rim, 1.0
        if value == 1.0 and self._brightest > 1.0 and random.random() < 0.6:
            value = self._brightest
        tint = random.choice(_TINTS) if below.ndim == 3 and light else _TINTS[0]
        colour = np.asarray(tint if below.ndim == 3 else 1.0, np.float32) * np.float32(value)
        return np.asarray(colour), contrast, rim

    def _rule(self, place: Box, frames: range, value: np.ndarray) -> None:
        """A scale with ticks beside a place."""
        x = place.x1 + 3 if place.x1 + 12 < self._columns else place.x0 - 10
        for index in frames:
            for y in range(place.y0, min(place.y0 + 101, self._rows - 1), 10):
                self._pictures[index][y : y + 1, x : x + (8 if (y - place.y0) % 50 == 0 else 4)] = value
        self._taken.append(Box(x - 4, place.y0, x + 12, place.y0 + 104))

    def _free_place(
        self, shape: tuple[int, ...], group: Group, how: Lettering, *, right: bool, random: Random
    ) -> Box | None:
        high, wide = shape[0], shape[1]
        if high + 8 > self._rows or wide + 8 > self._columns:
            return None
        apart = max(4, how.size // 2)
        for x, y in self._tries(high, wide, group, right=right, random=random):
            box = Box(x, y, x + wide, y + high)
            around = Box(x - apart, y - apart, x + wide + apart, y + high + apart)
            if not any(around.overlap(other) for other in self._taken):
                self._taken.append(box)
                return box
        return None

    def _tries(self, high: int, wide: int, group: Group, *, right: bool, random: Random) -> Iterator[tuple[int, int]]:
        most_x, most_y = self._columns - wide - 1, self._rows - high - 1
        for attempt in range(_TRIES):
            away = min(random.randint(1, 24), most_x, most_y)
            x, y = random.randint(0, most_x), random.randint(0, most_y)
            if group.place == "corner" and attempt < _TRIES // 2:
                x, y = most_x - away if right else away, random.choice((away, most_y - away))
            elif group.place != "anywhere":
                side = random.randrange(4)
                x, y = ((away, y), (most_x - away, y), (x, away), (x, most_y - away))[side]
            yield x, y


def _blend(area: Picture, mask: Mask, value: np.ndarray | float) -> None:
    weight = mask[:, :, None] if area.ndim == 3 else mask
    area[...] = area * (1 - weight) + np.asarray(value, np.float32) * weight


def _inked(mask: Mask, place: Box) -> Box | None:
    """The smallest box around the letters, in the frame."""
    rows, columns = np.nonzero(mask > _INK)
    if not rows.size:
        return None
    return Box(
        place.x0 + int(columns.min()),
        place.y0 + int(rows.min()),
        place.x0 + int(columns.max()) + 1,
        place.y0 + int(rows.max()) + 1,
    )
