"""A second look, at the frames as they will be: can anything that identifies still be read beside what went black?

A line may have been read only in part, or its box may have been too narrow. So the rows of what goes black are looked
at, painted as redaction will paint them (which verification proves); of many frames that lose the same boxes only a
few. What goes on where a box ends goes as well, and any known value. All else was judged at the first look. What can
be read even then keeps the instance in quarantine.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from deid.errors import InstanceError, Reason
from deid.pixels.frames.views import first_view_of
from deid.pixels.judging.findings import LABEL, NOISE, UNREADABLE, judge_lines
from deid.pixels.ocr.line import letters_of
from deid.pixels.ocr.tiles import scale_of
from deid.pixels.picture.novelty import Novelty
from deid.pixels.redaction.redact import snapped_regions
from deid.plan import Box, Region

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    import numpy.typing as npt
    from pydicom.dataset import Dataset

    from deid.identity.known_values import KnownValue
    from deid.pixels.frames.image import PixelImage
    from deid.pixels.judging.findings import Judged, Judging
    from deid.pixels.ocr import Ocr
    from deid.plan import Finding
    from deid.text import TextEngine

SEEN_AGAIN = "seen at a second look"
_ALONG = 4
"""How far a row is looked along, in its heights; above and below it is one."""
_LEAST, _MOST = 12, 160
"""The same in pixels."""
_TIMES = 3
"""How often what goes on where a box ends is hidden, too, before the instance is given up."""
_NEARER = 1.5
"""How much nearer than the frame was looked at the rows are looked at, at the most."""
_SURE = 0.9
_HALF = 0.5
_GONE = 0.9


@dataclass(frozen=True, slots=True)
class Looked:
    """What the first look came to."""

    image: PixelImage
    dataset: Dataset
    known: Sequence[KnownValue]
    findings: Sequence[Finding]


class SecondLook:
    """Looks again, by the same reader and engine as the first time."""

    def __init__(self, ocr: Ocr, engine: TextEngine, judging: Judging) -> None:
        self._ocr = ocr
        self._engine = engine
        self._judging = judging

    def complete(self, looked: Looked, regions: tuple[Region, ...]) -> tuple[Region, ...]:
        """The regions, and those of what could still be read beside them, as they can be blanked.

        Args:
            looked: The first look.
            regions: What goes black after it, as it can be blanked.

        Raises:
            InstanceError: TEXT_LEFT, when a known value can be read even then, or there is no end to what goes on.
        """
        more = snapped_regions(looked.image, [region for region, _ in self._left(looked, regions)])
        for _ in range(_TIMES):
            if not more:
                return regions
            regions = (*regions, *more)
            left = tuple(self._left(looked, regions))
            for region, is_known in left:
                if is_known:
                    raise InstanceError(Reason.TEXT_LEFT, f"in frame {region.frames.start + 1}")
            more = snapped_regions(looked.image, [region for region, _ in left])
        if more:
            raise InstanceError(Reason.TEXT_LEFT, f"in frame {more[0].frames.start + 1}")
        return regions

    def _left(self, looked: Looked, regions: Sequence[Region]) -> Iterator[tuple[Region, bool]]:
        """What is still to go black, and whether it is a known value."""
        for boxes, runs in _alike(regions, looked.image.format.frames).items():
            frames = [index for run in runs for index in run]
            seen: dict[Box, npt.NDArray[np.uint8]] = {}
            for index in sorted({frames[0], frames[len(frames) // 2], frames[-1]}):
                for line, box, is_known in self._readable(looked, index, boxes, seen):
                    yield from ((Region(box, run, (SEEN_AGAIN, *line.reasons)), is_known) for run in runs)

    def _readable(
        self, looked: Looked, index: int, boxes: Sequence[Box], seen: dict[Box, npt.NDArray[np.uint8]]
    ) -> Iterator[tuple[Judged, Box, bool]]:
        """What identifies around the boxes in a frame, once they are black; with its boxes in the frame.

        Areas of frames without any print that was not in the frame before, by `seen`, are not looked at again.
        """
        image = looked.image
        sure = [
            one for one in looked.findings if index in one.frames and (one.score >= _SURE or one.reasons == (LABEL,))
        ]
        fields = [one for one in looked.findings if index in one.frames and ":" in one.text]
        view = first_view_of(image, image.decode(index), looked.dataset).copy()
        for box in boxes:
            view[box.y0 : box.y1, box.x0 : box.x1] = 0
        frame = Box(0, 0, image.format.columns, image.format.rows)
        for area in _areas(boxes, frame):
            crop = np.ascontiguousarray(view[area.y0 : area.y1, area.x0 : area.x1])
            if area in seen and not Novelty.of(crop, seen[area]).new.any():
                continue
            seen[area] = crop
            zoom = min(1.0, _NEARER * scale_of(frame.y1, frame.x1) / scale_of(*crop.shape[:2]))
            for line in judge_lines(self._ocr.read([crop], zoom), looked.known, self._engine, self._judging):
                is_known = bool(self._engine.find_known(line.text, looked.known, strict=True))
                place = _moved(line.box, area)
                if is_known or (_is_remainder(line, place, boxes, sure) and not _is_field(line.text, place, fields)):
                    hidden = (_moved(box, area).clipped(frame.x1, frame.y1) for box in line.hidden)
                    yield from ((line, box, is_known) for box in hidden if not _is_gone(box, boxes))


def _is_remainder(line: Judged, place: Box, black: Iterable[Box], sure: Iterable[Finding]) -> bool:
    """Whether a line goes on where a black box ends, and is no part of one that the first look read well."""
    if {NOISE, UNREADABLE} & set(line.reasons) or any(_is_part(line.text, place, one) for one in sure):
        return False
    if place.y1 - place.y0 > place.x1 - place.x0 and len(line.text) > 1:
        place, black = place.across, [box.across for box in black]  # a line that stands goes on above and below
    height = place.y1 - place.y0
    return any(
        min(place.y1, box.y1) - max(place.y0, box.y0) >= _HALF * height
        and max(box.x0 - place.x1, place.x0 - box.x1) <= height
        for box in black
    )


def _is_part(text: str, place: Box, whole: Finding) -> bool:
    """Whether a line is a part of another: by its place, or by its letters, where a black box was read with them."""
    shared = whole.box.overlap(place)
    if shared >= _HALF * place.size:
        return True
    letters = letters_of(text.casefold())
    return shared >= _HALF * whole.box.size and bool(letters) and letters in letters_of(whole.text.casefold())


def _is_field(text: str, place: Box, fields: Iterable[Finding]) -> bool:
    """Whether a line is how one began, before a colon, that the first look judged as a whole: `Nam` of `NamC: DOE`."""
    letters = letters_of(text.casefold())
    return bool(letters) and any(
        one.box.overlap(place) >= _HALF * place.size
        and letters_of(one.text.partition(":")[0].casefold()).startswith(letters)
        for one in fields
    )


def _alike(regions: Sequence[Region], count: int) -> dict[tuple[Box, ...], list[range]]:
    """Runs of frames by the boxes that go black in them; frames without any are left out."""
    ends = sorted({0, count, *(end for one in regions for end in (one.frames.start, one.frames.stop))})
    runs: dict[tuple[Box, ...], list[range]] = {}
    for first, stop in pairwise(ends):
        boxes = tuple(sorted({one.box for one in regions if one.frames.start <= first < one.frames.stop}))
        if boxes:
            runs.setdefault(boxes, []).append(range(first, stop))
    return runs


def _areas(boxes: Iterable[Box], frame: Box) -> list[Box]:
    """The surroundings of the boxes: of their rows more than what is above and below."""
    areas: list[Box] = []
    for box in boxes:
        height = min(box.x1 - box.x0, box.y1 - box.y0)
        down = min(max(height, _LEAST), _MOST)
        along = min(_ALONG * down, _MOST)
        across, down = (along, down) if box.x1 - box.x0 >= box.y1 - box.y0 else (down, along)
        area = Box(box.x0 - across, box.y0 - down, box.x1 + across, box.y1 + down).clipped(frame.x1, frame.y1)
        while touching := [other for other in areas if area.overlap(other)]:
            areas = [other for other in areas if other not in touching]
            for other in touching:
                area = area.around(other)
        areas.append(area)
    return areas


def _moved(box: Box, area: Box) -> Box:
    """A box of an area in the frame."""
    return Box(box.x0 + area.x0, box.y0 + area.y0, box.x1 + area.x0, box.y1 + area.y0)


def _is_gone(box: Box, black: Iterable[Box]) -> bool:
    """Whether nearly all of a box is black already."""
    return sum(box.overlap(one) for one in black) >= _GONE * box.size
