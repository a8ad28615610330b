"""Where there is text: PP-OCRv6 detection on the tiles of a view."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from deid.pixels.codecs.memory import Memory
from deid.pixels.ocr.boxes import BoxInTile, boxes_in
from deid.pixels.ocr.models import DETECTION, model_folder
from deid.pixels.ocr.net_input import batch_of, detection_levels, exchanged
from deid.pixels.ocr.tiles import Tile, reduced, tiles_in, tiles_of
from deid.plan import Box

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from deid.pixels.ocr.line import Quad

_TOGETHER = 3 << 18
"""Values of the pictures that are looked at together: of larger ones, one at a time takes no longer."""
_REMEMBERED, _A_TILE, _A_BOX = 2 << 20, 512, 512
"""Bytes: of what is remembered of the tiles that were last looked at; of one of them; and of a box that it has."""


@dataclass(frozen=True, slots=True)
class DetectedBox:
    """Where a view seems to hold a line of text: top left, top right, bottom right, bottom left, in frame pixels."""

    corners: Quad
    score: float
    inverted: bool = False
    """Found when light and dark were exchanged."""


class Detector:
    """PP-OCRv6 small detection, loaded."""

    def __init__(self, paddleocr: Any, engine: Mapping[str, Any], scratch: Path) -> None:  # noqa: ANN401 - paddleocr has no types
        """Load the model; `paddleocr` is the imported module, `engine` what its classes take for the engine.

        Raises:
            EnvironmentFault: the weights are missing or not the expected ones.
        """
        model = paddleocr.TextDetection(
            model_name=DETECTION.name, model_dir=str(model_folder(DETECTION, scratch)), **engine
        )
        # The tiles come in the right size, and PaddleX's steps before and after take longer (`net_input`, `boxes`).
        self._net, self._after = model.paddlex_predictor.runner, model.paddlex_predictor.post_op
        levels = detection_levels()
        self._levels = {False: levels, True: exchanged(levels)}
        self._seen = Memory[list[BoxInTile]](_REMEMBERED)

    def detect(
        self, picture: NDArray[np.uint8], *, inverted: bool, area: Box | None = None, zoom: float = 1.0
    ) -> list[DetectedBox]:
        """The boxes of all text in a picture (uint8 H×W×3); tiles that overlap may give the same text twice.

        Args:
            picture: The frame.
            inverted: Exchange light and dark.
            area: Where to look; without, everywhere.
            zoom: By how much more than usual to enlarge.
        """
        whole = Box(0, 0, picture.shape[1], picture.shape[0])
        tiles = tiles_of(picture) if area is None and zoom == 1.0 else tiles_in(picture, area or whole, zoom)
        return [box for tile in tiles for box in self._detect_tile(tile, inverted)]

    def detect_in(self, requests: Iterable[tuple[NDArray[np.uint8], Box]]) -> list[list[DetectedBox]]:
        """For each picture and area the boxes of all text, found with light and dark exchanged and then as it is.

        Tiles of the same size are looked at together, which takes three quarters of the time for small ones.
        """
        found: list[list[list[DetectedBox]]] = []
        waiting: dict[tuple[int, ...], list[_Look]] = {}
        for picture, area in requests:
            found.append([])
            for inverted in (True, False):
                for tile in tiles_in(picture, area, 1.0):
                    found[-1].append([])
                    alike = waiting.setdefault(tile.pixels.shape, [])
                    alike.append(_Look(tile, inverted, found[-1][-1]))
                    if len(alike) * tile.pixels.size >= _TOGETHER:
                        self._look(waiting.pop(tile.pixels.shape))
        for alike in waiting.values():
            self._look(alike)
        return [[box for of_tile in of_request for box in of_tile] for of_request in found]

    def detect_large(self, picture: NDArray[np.uint8]) -> list[DetectedBox]:
        """The boxes of large and long text in a picture of more than one tile; of a smaller one none."""
        return [box for tile in reduced(picture) for box in self._detect_tile(tile, inverted=False)]

    def _detect_tile(self, tile: Tile, inverted: bool) -> list[DetectedBox]:
        look = _Look(tile, inverted, [])
        self._look([look])
        return look.found

    def _look(self, looks: Sequence[_Look]) -> None:
        """Find the boxes of tiles of the same size; those of a tile that was looked at before are remembered."""
        digests = [hashlib.sha256(look.tile.pixels.data).digest() for look in looks]
        found: list[Sequence[BoxInTile] | None] = [
            self._seen.recall(digest, look.way) for digest, look in zip(digests, looks, strict=True)
        ]
        new = [index for index, boxes in enumerate(found) if boxes is None]
        for index, boxes in zip(new, self._boxes([looks[index] for index in new]), strict=True):
            found[index] = boxes
            self._seen.keep(digests[index], looks[index].way, boxes, _A_TILE + len(boxes) * _A_BOX)
        for look, known in zip(looks, found, strict=True):
            shown = [
                DetectedBox(_in_frame(look.tile, polygon), score, look.inverted)
                for polygon, score in known or ()
                if _shows_frame(look.tile, polygon)
            ]
            look.found.extend(sorted(shown, key=lambda box: (box.corners[0][1], box.corners[0][0])))

    def _boxes(self, looks: Sequence[_Look]) -> list[list[BoxInTile]]:
        """What the net finds in tiles of the same size, in their pixels."""
        if not looks:
            return []
        levels = [self._levels[look.inverted] for look in looks]
        (maps,) = self._net(x=[batch_of([look.tile.pixels for look in looks], levels)])
        return [boxes_in(likely[0], self._after) for likely in maps]


@dataclass(frozen=True, slots=True)
class _Look:
    """A tile to look at, and what is found there."""

    tile: Tile
    inverted: bool
    found: list[DetectedBox]

    @property
    def way(self) -> tuple[bool, tuple[int, ...]]:
        """In which way its bytes are looked at."""
        return self.inverted, self.tile.pixels.shape


def _in_frame(tile: Tile, polygon: Any) -> Quad:  # noqa: ANN401 - paddleocr has no types
    points = [(float(x) / tile.scale + tile.left, float(y) / tile.scale + tile.top) for x, y in polygon]
    return points[0], points[1], points[2], points[3]


def _shows_frame(tile: Tile, polygon: Any) -> bool:  # noqa: ANN401 - paddleocr has no types
    """Whether the box is not wholly in the padding."""
    return bool(min(x for x, _ in polygon) < tile.columns and min(y for _, y in polygon) < tile.rows)
