"""Reads the lines of text in a frame: finds them in both polarities, and reads each as often as it takes to be sure."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from deid.pixels.ocr.blanks import respaced
from deid.pixels.ocr.close_up import close_ups
from deid.pixels.ocr.crops import clearest
from deid.pixels.ocr.detector import DetectedBox, Detector
from deid.pixels.ocr.duplicates import without_duplicates
from deid.pixels.ocr.environment import paddleocr_modules
from deid.pixels.ocr.line import enclosing_box
from deid.pixels.ocr.models import small_print_weights
from deid.pixels.ocr.patience import Patience
from deid.pixels.ocr.recogniser import Recogniser
from deid.pixels.ocr.small_print import SmallPrint
from deid.pixels.ocr.spacing import spaced
from deid.pixels.ocr.stacks import stacks_of
from deid.pixels.ocr.turned import turned_boxes, with_turned
from deid.pixels.ocr.whole_words import boxes_of_cut_words, with_whole_words
from deid.pixels.picture.novelty import areas_of, might_be_print, without_specks
from deid.pixels.picture.standing import standing_in
from deid.plan import Box

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    from deid.pixels.ocr.line import TextLine

_SMALL, _READ = 26.0, 0.6
"""Pixels of a line's height, with what is around it, and the score of a reading that is worth a second opinion."""
_ROOM_ALONG, _ROOM_ACROSS = 0.5, 0.1
"""In line heights: how much more is seen at the ends of a line, and above and below, when it is read again."""
_NEARER = 1.5
"""By how much more than usual is enlarged what may be small print on its side."""
_BLUR = 8
"""Pixels: half of the window in which strokes are counted."""


class Ocr:
    """The text reader. Loading takes a second or two and happens once, at the first use."""

    def __init__(self) -> None:
        """Nothing is loaded yet."""
        self._models: tuple[Detector, Patience, SmallPrint] | None = None

    def load(self) -> tuple[Detector, Patience, SmallPrint]:
        """Load the models, if they are not loaded yet.

        Raises:
            EnvironmentFault: a library or the weights are missing, or the weights are not the expected ones.
        """
        if self._models is None:
            engine: dict[str, Any] = {
                "engine": "onnxruntime",
                "device": "cpu",
                # One thread a process, as workers share the cores. With the arena, memory that is needed over and over
                # is not given back in between: that saves a third of the time of large frames.
                "engine_config": {
                    "intra_op_num_threads": 1,
                    "inter_op_num_threads": 1,
                    "enable_cpu_mem_arena": True,
                },
            }
            with paddleocr_modules() as (paddleocr, scratch):
                self._models = (
                    Detector(paddleocr, engine, scratch),
                    Patience(Recogniser(paddleocr, engine, scratch)),
                    SmallPrint(small_print_weights()),
                )
        return self._models

    def read(self, views: Sequence[NDArray[np.uint8]], zoom: float = 1.0) -> tuple[TextLine, ...]:
        """The lines of text in one frame, top to bottom, each once.

        Args:
            views: The same frame seen in one or more ways, each uint8 rows×columns×3 of equal size. Each is looked at
                inverted, and as it is where there might be text that was not found so: each finds what the other
                misses.
            zoom: By how much more than usual to enlarge.

        Returns:
            Every line that was detected. A line that could not be read has an empty text or a low score; it is not
            left out.
        """
        stacks = stacks_of(views)
        boxes = self._find(stacks, None, zoom)
        lines = self.read_at(views, boxes)
        detector, *_ = self.load()
        standing = self.read_at(views, turned_boxes(lines, stacks[0], detector))
        if standing:
            lines = without_duplicates(with_turned(lines, standing))
        nearer = [box for area, zoom in close_ups(lines, stacks[0].shape[:2]) for box in self._find(stacks, area, zoom)]
        return without_duplicates([*lines, *self.read_at(views, nearer)]) if nearer else lines

    def find(self, stacks: Sequence[NDArray[np.uint8]]) -> list[DetectedBox]:
        """Where text seems to stand in pictures of one frame, as they are and inverted; some of it more than once."""
        return self._find(stacks, None, 1.0)

    def find_in(self, requests: Sequence[tuple[Sequence[NDArray[np.uint8]], Sequence[Box]]]) -> list[list[DetectedBox]]:
        """The same for areas of the pictures of several frames."""
        detector, *_ = self.load()
        looks = [(stack, area) for stacks, areas in requests for area in areas for stack in stacks]
        found = iter(detector.detect_in(looks))
        return [[box for _ in areas for _ in stacks for box in next(found)] for stacks, areas in requests]

    def _find(self, stacks: Sequence[NDArray[np.uint8]], area: Box | None, zoom: float) -> list[DetectedBox]:
        detector, *_ = self.load()
        found = []
        for stack in stacks:
            boxes = detector.detect(stack, inverted=True, area=area, zoom=zoom)
            if area is None:
                boxes += self._not_yet_found(stack, boxes, zoom)
            else:
                boxes += detector.detect(stack, inverted=False, area=area, zoom=zoom)
            found += boxes
        return found

    def _not_yet_found(self, stack: NDArray[np.uint8], boxes: Sequence[DetectedBox], zoom: float) -> list[DetectedBox]:
        """What stands in a picture besides what was found when it was inverted; only there it is looked for."""
        detector, *_ = self.load()
        left = might_be_print(stack)
        for box in boxes:
            inside = _grown(enclosing_box(box.corners)).clipped(left.shape[1], left.shape[0])
            left[inside.y0 : inside.y1, inside.x0 : inside.x1] = False
        areas = areas_of(without_specks(left))
        near = [box for area in areas for box in detector.detect(stack, inverted=False, area=area, zoom=zoom)]
        standing = [
            box
            for area in standing_in(left)
            for box in detector.detect(stack, inverted=True, area=area, zoom=zoom * _NEARER)
        ]
        return [*detector.detect_large(stack), *near, *standing]

    def read_at(self, views: Sequence[NDArray[np.uint8]], boxes: Sequence[DetectedBox]) -> tuple[TextLine, ...]:
        """What stands in boxes that were found before, top to bottom, each line once."""
        _, patience, _ = self.load()
        lines = without_duplicates(patience.read(views, boxes))
        cut = boxes_of_cut_words(lines, views)
        if cut:
            longer = {index: patience.read(views, [box])[0] for index, box in cut.items()}
            lines = without_duplicates(with_whole_words(lines, longer))
        return tuple(self._with_opinion(spaced(line, views), views) for line in lines)

    def read_around(self, line: TextLine, views: Sequence[NDArray[np.uint8]]) -> TextLine:
        """What a line says with more around it than was found: its letters at the ends may have been cut.

        Args:
            line: As it was read.
            views: The frame.

        Returns:
            A line of the wider place, with a second opinion.
        """
        *_, small_print = self.load()
        view = clearest(views, line.corners)
        wider = self.read_with_room(line, [view], _ROOM_ALONG, _ROOM_ALONG, _ROOM_ACROSS)
        return replace(wider, opinion=small_print.look(view, wider.corners))

    def read_with_room(
        self, line: TextLine, views: Sequence[NDArray[np.uint8]], first: float, last: float, across: float
    ) -> TextLine:
        """What stands in the place of a line and beyond its ends, see `TextLine.with_room`; read once."""
        _, patience, _ = self.load()
        view = clearest(views, line.corners)
        return patience.read_as(view, line.with_room(first, last, across))

    def read_letters(self, line: TextLine, views: Sequence[NDArray[np.uint8]], start: int, end: int) -> TextLine:
        """What stands in the place of some characters of a line, `start` to `end` (exclusive), read by itself."""
        _, patience, _ = self.load()
        return patience.read_as(clearest(views, line.corners), line.letters_at(start, end))

    def _with_opinion(self, line: TextLine, views: Sequence[NDArray[np.uint8]]) -> TextLine:
        """The line with a second opinion on its blanks and letters, where it is one of small print."""
        if line.height > _SMALL or line.score < _READ or len(line.text) <= 1:
            return line
        *_, small_print = self.load()
        view = clearest(views, line.corners)
        return respaced(replace(line, opinion=small_print.look(view, line.corners)))


def _grown(box: Box) -> Box:
    """A box with the surroundings in which the density of its own strokes shows."""
    return Box(box.x0 - _BLUR, box.y0 - _BLUR, box.x1 + _BLUR, box.y1 + _BLUR)
