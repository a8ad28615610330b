"""Frames of a cine, and what of them was looked at: what later ones are compared with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from deid.pixels.novelty import DENSE_IF_WIDE, Details, Novelty, any_plane, dense, doubled, halved, part_around

if TYPE_CHECKING:
    import numpy.typing as npt

    from deid.pixels.novelty import Mask, Part, Planes

    Views = list[npt.NDArray[np.uint8]]


@dataclass(frozen=True, slots=True)
class Seen:
    """Each pixel as it was when it was looked at, and where it showed strokes then."""

    planes: Planes
    strokes: Mask

    @classmethod
    def of(cls, planes: Planes) -> Seen:
        """A frame of which all was looked at."""
        return cls(planes, any_plane(Details.of(planes).strokes))

    def with_new(self, frame: Frame) -> Seen:
        """The same after a look at what is new in a frame, and without what is gone.

        What might be print and was not looked at stays as it was, as in `with_whole`.
        """
        part = frame.part
        looked_at = frame.new[part] | (frame.change[part] & ~dense(frame.details.strokes))
        if not frame.comparable or not looked_at.any():
            return self
        planes, strokes = self.planes.copy(), self.strokes.copy()
        planes[part][looked_at] = frame.planes[part][looked_at]
        strokes[part][looked_at] = any_plane(frame.details.strokes)[looked_at]
        return Seen(planes, strokes)

    def with_whole(self, last: Frame) -> Seen:
        """The same after the last frame of a group.

        What might be print and was not looked at, since it changed too little, stays as it was when it was looked at:
        so that print that fades in over many frames is seen all the same.
        """
        if last.planes.shape != self.planes.shape:
            return Seen.of(last.planes)
        keep = dense(Details.of(last.planes).strokes) & ~last.new
        return Seen.of(np.where(keep[:, :, np.newaxis], self.planes, last.planes))


@dataclass(slots=True)
class Frame:
    """A frame of a group while it is worked on."""

    index: int
    views: Views
    planes: Planes
    stood: Mask
    """The strokes of what it is compared with."""
    change: Mask
    part: Part
    """Where there is anything new, with the surroundings."""
    details: Details
    """Of this part."""
    new: Mask
    """Where there might be print that was not looked at."""
    comparable: bool = True
    """It has as many planes as what was seen before: a grey frame among coloured ones has not."""

    @classmethod
    def of(cls, index: int, views: Views, seen: Seen) -> Frame:
        """A frame, compared with what was seen before."""
        planes = planes_of(views)
        if planes.shape != seen.planes.shape:
            everywhere: Mask = np.ones(planes.shape[:2], np.bool_)
            part, details = part_around(everywhere, 0), Details.of(planes)
            return cls(index, views, planes, seen.strokes, everywhere, part, details, everywhere, comparable=False)
        wide = Novelty.of(halved(planes), halved(seen.planes), DENSE_IF_WIDE).new
        large = doubled(wide, planes.shape) if wide.any() else None
        own = Novelty.of(planes, seen.planes, besides=large)
        new = own.new if large is None else own.new | large
        return cls(index, views, planes, seen.strokes, own.change, own.part, own.details, new)


def planes_of(views: Views) -> Planes:
    """The views of a frame as planes: colours, or grey views; one where the colours are the same."""
    if len(views) > 1:
        return np.dstack([view[:, :, 0] for view in views])
    (view,) = views
    is_grey = np.array_equal(view[:, :, 0], view[:, :, 1]) and np.array_equal(view[:, :, 0], view[:, :, 2])
    return np.ascontiguousarray(view[:, :, :1]) if is_grey else view
