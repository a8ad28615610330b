"""Reads the frames of a cine: the first as a whole, of each later one only what might be new print.

The overlay stands still, so most of it is read once. Anatomy moves: what in it might be print is looked for in two
composites of a group of frames, the brightest and the darkest value of each pixel, where all print of all frames shows
at once. What would not show there (another stroke hides it, or texture that moved) is looked at in its own frame.
Texture that moves leaves trails in the composites that look like lines of print. So what can't be read in its frame
counts only if it is found there, too.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from deid.pixels.judging.findings import HIGHEST, is_like_text
from deid.pixels.ocr import DetectedBox, without_duplicates
from deid.pixels.ocr.duplicates import SAME, shared
from deid.pixels.ocr.line import enclosing_box
from deid.pixels.ocr.stacks import pictures_of
from deid.pixels.picture.novelty import (
    AROUND,
    DENSE_IF_WIDE,
    Details,
    Novelty,
    areas_of,
    dense,
    density,
    doubled,
    halved,
    part_around,
    without_specks,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    import numpy.typing as npt

    from deid.pixels.ocr import Ocr, TextLine
    from deid.pixels.picture.novelty import Mask, Part, Planes
    from deid.plan import Box

    Views = list[npt.NDArray[np.uint8]]

_GROUP = 24
_MEMORY = 96 << 20
"""Bytes of views that are held at once."""
_FEW = 2
_SHOWN_OF = np.ceil(0.6 * np.arange(256)).astype(np.uint8)
"""What of its contrast, by that contrast, a stroke must have in a composite to be seen there."""
_LOST, _CLUTTER = 0.12, 0.15
"""Densities of strokes that are not seen in a composite, and of such that are of other frames."""
_MARGIN = 16
"""Pixels around new print: the detector finds more of it, and sooner, than with more of what moves around it."""
_HIDDEN_LEAST = 48
"""Pixels of what does not show in the composites: fewer are of no letter that was missed there."""
_STILL_THERE = 0.5
_READ, _READ_IF_FEW, _FEW_LETTERS = 0.5, 0.8, 2
"""The scores from which a reading says by itself that there is print: one or two letters are easily seen in texture."""
_FOUND_AGAIN = 0.2
"""What part of the smaller box what is found in a frame shares with a line: the detector may see a piece of it only."""
_LOWEST, _MOST_OF_FRAME = 5, 0.4
"""Pixels of a box's height, and part of a frame's area: what is lower, or larger, and no word, is no print."""
_A_WORD = 2.5
"""In its own height: so wide is a word, and what is found with the shape of a line."""
_A_LETTER = 0.15
"""What part of a square of a line's height a 1 takes, with the surroundings that its strokes are counted in."""


@dataclass(slots=True)
class _Frame:
    """A frame of a group while it is worked on."""

    index: int
    views: Views
    planes: Planes
    change: Mask
    part: Part
    """Where there is anything new, with the surroundings."""
    details: Details
    """Of this part."""
    new: Mask
    """Where there might be print that was not looked at."""
    comparable: bool = True
    """It has as many planes as what was seen before: a grey frame among coloured ones has not."""


class CineReader:
    """Reads frames that are much alike."""

    def __init__(self, ocr: Ocr, *, every_frame: bool = False) -> None:
        """Take a reader; `every_frame` to read each frame as a whole."""
        self._ocr = ocr
        self._every_frame = every_frame

    def read(
        self, frames: Sequence[int], views_at: Callable[[int], Views]
    ) -> Iterator[tuple[int, tuple[TextLine, ...]]]:
        """Each frame's index with its lines, in order.

        Args:
            frames: Indices, of distinct contents.
            views_at: Gives the views of a frame.
        """
        if self._every_frame:
            yield from ((index, self._ocr.read(views_at(index))) for index in frames)
            return
        views = views_at(frames[0])
        lines = self._ocr.read(views)
        yield frames[0], lines
        seen = _planes(views)
        most = max(1, _MEMORY // max(sum(view.nbytes for view in views) + 3 * seen.nbytes, 1))
        groups = max(1, round((len(frames) - 1) / _GROUP))
        size = max(1, min(-(-(len(frames) - 1) // groups), most))
        for start in range(1, len(frames), size):
            group = [_frame(index, views_at(index), seen) for index in frames[start : start + size]]
            boxes = self._boxes(group)
            before = (lines, Details.of(seen).strokes)
            for frame in group:
                lines = self._lines(frame, before, boxes[frame.index])
                yield frame.index, lines
            seen = _looked_at(seen, group[-1])

    def _lines(
        self, frame: _Frame, before: tuple[tuple[TextLine, ...], npt.NDArray[np.bool_]], boxes: Sequence[DetectedBox]
    ) -> tuple[TextLine, ...]:
        """What stood there before the group and does still, what is new, and what may have been written over."""
        lines, strokes = before
        kept, touched = [], []
        for line in lines:
            if _is_touched(line.box, frame):
                touched.append(DetectedBox(line.corners, line.detection_score))
            elif _is_still_there(line, strokes, frame):
                kept.append(line)
        again = [box for box in (*boxes, *touched) if _is_to_be_read(box, kept, frame)]
        if not again:
            return lines if len(kept) == len(lines) else tuple(kept)
        return without_duplicates([*kept, *self._with_print(frame, self._ocr.read_at(frame.views, again))])

    def _with_print(self, frame: _Frame, lines: Sequence[TextLine]) -> list[TextLine]:
        """The lines that are read in a frame, or at least found in it when it is looked at alone, beside those."""
        doubtful = [line for line in lines if is_like_text(line) and not _is_read(line)]
        if not doubtful:
            return list(lines)
        where = np.zeros_like(frame.new)
        for line in doubtful:
            own = line.box.clipped(where.shape[1], where.shape[0])
            where[own.y0 : own.y1, own.x0 : own.x1] = True
        (found,) = self._ocr.find_in([(pictures_of(frame.planes), areas_of(where, _MARGIN))])
        read = [line.box for line in lines if _is_read(line)]
        boxes = [enclosing_box(box.corners) for box in found]
        boxes = [box for box in boxes if not any(shared(box, own) > SAME for own in read)]
        gone = [line for line in doubtful if not any(shared(box, line.box) >= _FOUND_AGAIN for box in boxes)]
        return [line for line in lines if line not in gone]

    def _boxes(self, group: Sequence[_Frame]) -> dict[int, list[DetectedBox]]:
        """Where in each frame new text seems to stand."""
        news = [frame for frame in group if frame.new.any()]
        found: dict[int, list[DetectedBox]] = {frame.index: [] for frame in group}
        alone = {frame.index: frame.new for frame in news}
        alike = [frame for frame in news if frame.comparable]
        if len(alike) > _FEW:
            brightest = np.maximum.reduce([frame.planes for frame in alike])
            darkest = np.minimum.reduce([frame.planes for frame in alike])
            shows = Details.of(brightest), Details.of(darkest)
            alone |= {frame.index: _hidden(frame, *shows) for frame in alike}
            together = np.logical_or.reduce([frame.new & ~alone[frame.index] for frame in alike])
            areas = areas_of(together, _MARGIN)
            for boxes in self._ocr.find_in([(pictures_of(composite), areas) for composite in (brightest, darkest)]):
                for box in boxes:
                    for frame in alike:
                        if _is_touched(enclosing_box(box.corners), frame):
                            found[frame.index].append(box)
        looks = [(pictures_of(frame.planes), areas_of(alone[frame.index], _MARGIN)) for frame in news]
        for frame, boxes in zip(news, self._ocr.find_in(looks), strict=True):
            found[frame.index].extend(boxes)
        return found


def _planes(views: Views) -> Planes:
    """The views of a frame as planes: colours, or grey views; one where the colours are the same."""
    if len(views) > 1:
        return np.dstack([view[:, :, 0] for view in views])
    (view,) = views
    is_grey = np.array_equal(view[:, :, 0], view[:, :, 1]) and np.array_equal(view[:, :, 0], view[:, :, 2])
    return np.ascontiguousarray(view[:, :, :1]) if is_grey else view


def _frame(index: int, views: Views, seen: Planes) -> _Frame:
    planes = _planes(views)
    if planes.shape != seen.shape:
        everywhere: Mask = np.ones(planes.shape[:2], np.bool_)
        part = part_around(everywhere, 0)
        return _Frame(index, views, planes, everywhere, part, Details.of(planes), everywhere, comparable=False)
    wide = Novelty.of(halved(planes), halved(seen), DENSE_IF_WIDE).new
    large = doubled(wide, planes.shape) if wide.any() else None
    own = Novelty.of(planes, seen, besides=large)
    new = own.new if large is None else own.new | large
    return _Frame(index, views, planes, own.change, own.part, own.details, new)


def _looked_at(seen: Planes, last: _Frame) -> Planes:
    """The picture that later frames are compared with.

    What might be print and was not looked at, since it changed too little, stays as it was when it was looked at: so
    that print that fades in over many frames is seen all the same.
    """
    if last.planes.shape != seen.shape:
        return last.planes
    keep = dense(Details.of(last.planes).strokes) & ~last.new
    return np.where(keep[:, :, np.newaxis], seen, last.planes)


def _hidden(frame: _Frame, bright: Details, dark: Details) -> Mask:
    """Where new strokes of a frame would not be told in the composites, rows × columns."""
    new = frame.new[frame.part]
    near = part_around(new, AROUND)
    own = frame.details.of_part(near)
    strokes = own.strokes & frame.change[frame.part][near][:, :, np.newaxis]
    shown = (details.of_part(frame.part).of_part(near) for details in (bright, dark))
    mask = np.zeros_like(frame.new)
    mask[frame.part][near] = new[near] & _is_lost(own, strokes, *shown)
    return without_specks(mask, _HIDDEN_LEAST)


def _is_lost(own: Details, strokes: npt.NDArray[np.bool_], bright: Details, dark: Details) -> Mask:
    """Where strokes of a frame have less contrast in the composites, or stand among those of other frames."""
    up, down = own.bright, own.dark
    is_shown = np.where(up >= down, bright.bright >= _SHOWN_OF[up], dark.dark >= _SHOWN_OF[down])
    lost = density(strokes & ~is_shown)
    clutter = np.maximum(
        density(bright.strokes & (bright.bright >= bright.dark) & ~strokes),
        density(dark.strokes & (dark.dark > dark.bright) & ~strokes),
    )
    is_lost: Mask = (lost >= _LOST) | (clutter >= np.maximum(density(strokes), _CLUTTER))
    return is_lost


def _is_touched(box: Box, frame: _Frame) -> bool:
    """Whether there might be new print in a box: at least as much as a thin letter of a line as high as the box."""
    height = min(box.x1 - box.x0, box.y1 - box.y0)
    new = _new_in(box, frame)
    return bool(new > 0 and new >= _A_LETTER * height**2)


def _is_to_be_read(box: DetectedBox, lines: Sequence[TextLine], frame: _Frame) -> bool:
    """Whether a box may show new print, or print that was not found before.

    Around what is new stands print that was read before, and large shapes that were looked at before. A dose, or the
    outline of a body, which is found as one letter that fills the frame, is not read at all, nor are specks.
    """
    place = enclosing_box(box.corners)
    high, wide = sorted((place.x1 - place.x0, place.y1 - place.y0))
    if wide < _A_WORD * high and (high < _LOWEST or (high > HIGHEST and place.size > _MOST_OF_FRAME * frame.new.size)):
        return False
    if _is_touched(place, frame):
        return True
    is_known = not _new_in(place, frame) and any(shared(place, line.box) > SAME for line in lines)
    return not is_known and high <= HIGHEST


def _is_read(line: TextLine) -> bool:
    """Whether a reading can be relied on to be one of print."""
    few = len(line.text.strip()) <= _FEW_LETTERS
    return bool(line.text.strip()) and line.score >= (_READ_IF_FEW if few else _READ)


def _new_in(box: Box, frame: _Frame) -> int:
    """In how many pixels of a box there might be new print."""
    inside = box.clipped(frame.new.shape[1], frame.new.shape[0])
    return int(np.count_nonzero(frame.new[inside.y0 : inside.y1, inside.x0 : inside.x1]))


def _is_still_there(line: TextLine, strokes: npt.NDArray[np.bool_], frame: _Frame) -> bool:
    """Whether most of a line's strokes are as they were; without any that can be told, it is taken to be there."""
    box = line.box.clipped(frame.new.shape[1], frame.new.shape[0])
    own = strokes[box.y0 : box.y1, box.x0 : box.x1].any(axis=2)
    change = frame.change[box.y0 : box.y1, box.x0 : box.x1]
    return not own.any() or float(change[own].mean()) < _STILL_THERE
