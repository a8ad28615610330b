"""What in a picture might be print, and whether it was there before: a test much cheaper than looking for text.

Print is made of strokes, thin and dense, that differ from their surroundings more than the texture around does. Noise
has few of them. Of 382 lines that a detector finds, at contrasts from 35 levels and most of them in noise, 365 pass.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from deid.plan import Box

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    Mask = npt.NDArray[np.bool_]
    Part = tuple[slice, slice]
    """Rows and columns of a picture."""
    Planes = npt.NDArray[np.uint8]
    """A frame as rows × columns × planes, each plane a view or a colour."""

_STROKE = 9
"""Pixels: strokes that are wider are seen in the picture of half the size."""
_FAINTEST = 10
"""Grey levels of a stroke against its surroundings."""
_SURROUNDINGS = 65
_EDGE = 17
_LETTERS = (16, 12)
AROUND = 16
"""Pixels: what is farther away does not count for the density of strokes."""
_REACH = 64 + AROUND
"""Pixels: half of the surroundings, their edge, the size of a stroke and half of two letters are together less."""
_DENSE = 0.1
_DENSE_AT_FIRST = 0.08
"""Where nothing was looked at before, a little less will do."""
DENSE_IF_WIDE = 0.18
"""The density of wide strokes: large print has more of them than the edges of anatomy."""
_LEAST = 24
"""Pixels about which strokes are dense: fewer are a speck."""
_CHANGED = 12
"""Grey levels: lossy compression and faint noise stay below."""
_PART_OF_CONTRAST = 4
_MARGIN = 24
_MOST_ROOM = 48
_NEARLY_ALL = 0.7
_LARGE = 2


@dataclass(frozen=True, slots=True)
class Details:
    """How much each value stands out of its surroundings, brighter and darker, and where that is more than texture."""

    bright: Planes
    dark: Planes
    strokes: npt.NDArray[np.bool_]

    def of_part(self, part: Part) -> Details:
        """Those of a part of the picture."""
        return Details(self.bright[part], self.dark[part], self.strokes[part])

    @property
    def least_change(self) -> Planes:
        """By how much each value is another than before if it is of a new stroke: noise on an old one is less."""
        least: Planes = np.maximum(np.maximum(self.bright, self.dark) // _PART_OF_CONTRAST, _CHANGED)
        return least

    @classmethod
    def of(cls, planes: Planes) -> Details:
        """Measure; rows × columns × planes throughout."""
        import cv2

        kernel = np.ones((_STROKE, _STROKE), np.uint8)
        bright = cv2.morphologyEx(planes, cv2.MORPH_TOPHAT, kernel).reshape(planes.shape)
        dark = cv2.morphologyEx(planes, cv2.MORPH_BLACKHAT, kernel).reshape(planes.shape)
        most = cv2.max(bright, dark)
        usual = cv2.blur(most, (_SURROUNDINGS, _SURROUNDINGS))
        # As much as in the roughest of the surroundings: the edge of texture is no print.
        usual = cv2.dilate(usual, np.ones((_EDGE, _EDGE), np.uint8))
        # Sums of bytes saturate: above the brightest there is nothing that could stand out.
        above: Planes = np.asarray(cv2.add(usual, usual), np.uint8).reshape(planes.shape)
        strokes = most.reshape(planes.shape) >= np.maximum(above, _FAINTEST)
        return cls(np.asarray(bright, np.uint8), np.asarray(dark, np.uint8), strokes)


def part_around(mask: Mask, margin: int) -> Part:
    """The rows and columns of all that is set, with a margin; where nothing is, those of one pixel."""
    places = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    if not places[0].size:
        return slice(0, 1), slice(0, 1)
    rows, columns = (slice(max(int(own[0]) - margin, 0), int(own[-1]) + 1 + margin) for own in places)
    return rows, columns


@dataclass(frozen=True, slots=True)
class Novelty:
    """What may be print in a picture that was not in another."""

    change: Mask
    part: Part
    """All places where change is dense, with as much around them as has a say in their details."""
    details: Details
    """Those of the part."""
    new: Mask
    """Where new strokes are dense, rows × columns."""

    @classmethod
    def of(cls, planes: Planes, before: Planes, least: float = _DENSE, besides: Mask | None = None) -> Novelty:
        """Compare two pictures of the same shape.

        Args:
            planes: The picture.
            before: The other one.
            least: The density of strokes that letters have.
            besides: Places that the part is to include, too.
        """
        difference = _difference(planes, before)
        change = difference >= _CHANGED
        flat = any_plane(change)
        # Where there is less change there are no strokes that changed as close as in letters.
        enough = density(change) >= least
        part = part_around(enough if besides is None else enough | besides, _REACH)
        details = Details.of(np.ascontiguousarray(planes[part]))
        new = np.zeros_like(flat)
        strokes = details.strokes & (difference[part] >= details.least_change)
        new[part] = without_specks((density(strokes) >= least) & enough[part])
        return cls(flat, part, details, new)


def _difference(planes: Planes, before: Planes) -> Planes:
    import cv2

    return np.asarray(cv2.absdiff(planes, before), np.uint8).reshape(planes.shape)


def dense(strokes: npt.NDArray[np.bool_], least: float = _DENSE) -> Mask:
    """Where strokes stand as close as in letters, rows × columns; `strokes` has planes, any of which counts."""
    return without_specks(density(strokes) >= least)


def without_specks(mask: Mask, least: int = _LEAST) -> Mask:
    """The mask without what is too small to be a letter."""
    import cv2

    if np.count_nonzero(mask) < least:
        return np.zeros_like(mask)
    part = part_around(mask, 0)
    _, labels, places, _ = cv2.connectedComponentsWithStats(mask[part].astype(np.uint8))
    large = places[:, cv2.CC_STAT_AREA] >= least
    large[0] = False
    kept = np.zeros_like(mask)
    kept[part] = large[labels]
    return kept


def density(strokes: npt.NDArray[np.bool_]) -> npt.NDArray[np.float32]:
    """What part of the surroundings, about two letters, are strokes in any plane; rows × columns."""
    import cv2

    return np.asarray(cv2.boxFilter(any_plane(strokes).view(np.uint8), cv2.CV_32F, _LETTERS), np.float32)


def any_plane(strokes: npt.NDArray[np.bool_]) -> Mask:
    """What is set in any plane, rows × columns."""
    import cv2

    first, *others = cv2.split(np.ascontiguousarray(strokes).view(np.uint8))
    for other in others:
        first = cv2.bitwise_or(first, other)
    return np.asarray(first, np.uint8).view(np.bool_)


def might_be_print(planes: Planes) -> Mask:
    """Where print of any size might stand, rows × columns."""
    mask = dense(Details.of(planes).strokes, _DENSE_AT_FIRST)
    wide = dense(Details.of(halved(planes)).strokes, DENSE_IF_WIDE)
    return mask | doubled(wide, mask.shape) if wide.any() else mask


def halved(planes: Planes) -> Planes:
    """The picture in half the size, to see wide strokes as thin ones."""
    import cv2

    rows, columns = planes.shape[:2]
    size = (max(columns // _LARGE, 1), max(rows // _LARGE, 1))
    small = cv2.resize(planes, size, interpolation=cv2.INTER_AREA)
    return np.asarray(small.reshape(size[1], size[0], planes.shape[2]), np.uint8)


def doubled(mask: Mask, shape: tuple[int, ...]) -> Mask:
    """A mask of the halved picture in the size of the whole."""
    import cv2

    large = cv2.resize(mask.astype(np.uint8), (shape[1], shape[0]), interpolation=cv2.INTER_NEAREST)
    return np.asarray(large, np.bool_)


def areas_of(mask: Mask, margin: int = _MARGIN) -> Sequence[Box]:
    """Boxes around all that is set, apart from each other; the whole where that is nearly as much.

    Args:
        mask: Rows × columns.
        margin: In pixels.
    """
    import cv2

    rows, columns = mask.shape
    if not mask.any():
        return []
    grown = cv2.dilate(mask.astype(np.uint8), np.ones((margin, margin), np.uint8))
    _, _, places, _ = cv2.connectedComponentsWithStats(grown)
    boxes: list[Box] = []
    for x, y, wide, high, _ in places[1:]:
        # Of large print only a part may be dense.
        room = max(margin, min(int(min(wide, high)) // 2, _MOST_ROOM))
        box = Box(int(x) - room, int(y) - room, int(x + wide) + room, int(y + high) + room)
        box = box.clipped(columns, rows)
        while touching := [other for other in boxes if box.overlap(other)]:
            boxes = [other for other in boxes if other not in touching]
            for other in touching:
                box = box.around(other)
        boxes.append(box)
    if sum(box.size for box in boxes) >= _NEARLY_ALL * rows * columns:
        return [Box(0, 0, columns, rows)]
    return sorted(boxes)
