"""Reads the lines of text in a frame: finds them in both polarities, and reads each as often as it takes to be sure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from deid.pixels.ocr.close_up import close_ups
from deid.pixels.ocr.detector import DetectedBox, Detector
from deid.pixels.ocr.duplicates import without_duplicates
from deid.pixels.ocr.environment import paddleocr_modules
from deid.pixels.ocr.patience import Patience
from deid.pixels.ocr.recogniser import Recogniser
from deid.pixels.ocr.stacks import stacks_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    from deid.pixels.ocr.line import TextLine
    from deid.plan import Box


class Ocr:
    """The text reader. Loading takes a second or two and happens once, at the first use."""

    def __init__(self) -> None:
        """Nothing is loaded yet."""
        self._models: tuple[Detector, Patience] | None = None

    def load(self) -> tuple[Detector, Patience]:
        """Load the models, if they are not loaded yet.

        Raises:
            EnvironmentFault: a library or the weights are missing, or the weights are not the expected ones.
        """
        if self._models is None:
            engine: dict[str, Any] = {
                "engine": "onnxruntime",
                "device": "cpu",
                # One thread a process and no arena: workers share the cores, and memory is given back.
                "engine_config": {
                    "intra_op_num_threads": 1,
                    "inter_op_num_threads": 1,
                    "enable_cpu_mem_arena": False,
                },
            }
            with paddleocr_modules() as (paddleocr, scratch):
                self._models = (
                    Detector(paddleocr, engine, scratch),
                    Patience(Recogniser(paddleocr, engine, scratch)),
                )
        return self._models

    def read(self, views: Sequence[NDArray[np.uint8]], areas: Sequence[Box] | None = None) -> tuple[TextLine, ...]:
        """The lines of text in one frame, top to bottom, each once.

        Args:
            views: The same frame seen in one or more ways, each uint8 rows×columns×3 of equal size. Each is looked at
                as it is and inverted: that finds faint light text that is lost otherwise.
            areas: Where to look; without, everywhere.

        Returns:
            Every line that was detected. A line that could not be read has an empty text or a low score; it is not
            left out.
        """
        stacks = stacks_of(views)
        boxes = self.find(stacks, areas)
        lines = self.read_at(views, boxes)
        nearer = [box for area, zoom in close_ups(lines, stacks[0].shape[:2]) for box in self._find(stacks, area, zoom)]
        return without_duplicates([*lines, *self.read_at(views, nearer)]) if nearer else lines

    def find(self, stacks: Sequence[NDArray[np.uint8]], areas: Sequence[Box] | None = None) -> list[DetectedBox]:
        """Where text seems to stand in pictures of one frame, as they are and inverted; some of it more than once."""
        everywhere: Sequence[Box | None] = [None] if areas is None else areas
        return [box for area in everywhere for box in self._find(stacks, area, 1.0)]

    def _find(self, stacks: Sequence[NDArray[np.uint8]], area: Box | None, zoom: float) -> list[DetectedBox]:
        detector, _ = self.load()
        return [
            box
            for stack in stacks
            for inverted in (False, True)
            for box in detector.detect(stack, inverted, area, zoom)
        ]

    def read_at(self, views: Sequence[NDArray[np.uint8]], boxes: Sequence[DetectedBox]) -> tuple[TextLine, ...]:
        """What stands in boxes that were found before, top to bottom, each line once."""
        _, patience = self.load()
        return without_duplicates(patience.read(views, boxes))
