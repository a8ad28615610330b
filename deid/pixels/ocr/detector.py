"""Where there is text: PP-OCRv6 detection on the tiles of a view."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from deid.pixels.ocr.models import BOX_THRESHOLD, DETECTION, PIXEL_THRESHOLD, UNCLIP_RATIO, model_folder
from deid.pixels.ocr.tiles import MULTIPLE, Tile, reduced, tiles_in, tiles_of
from deid.plan import Box

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from deid.pixels.ocr.line import Quad


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
        self._model = paddleocr.TextDetection(
            model_name=DETECTION.name,
            model_dir=str(model_folder(DETECTION, scratch)),
            limit_side_len=MULTIPLE,
            limit_type="min",  # the tiles come in the right size already
            thresh=PIXEL_THRESHOLD,
            box_thresh=BOX_THRESHOLD,
            unclip_ratio=UNCLIP_RATIO,
            **engine,
        )

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

    def detect_large(self, picture: NDArray[np.uint8]) -> list[DetectedBox]:
        """The boxes of large and long text in a picture of more than one tile; of a smaller one none."""
        return [box for tile in reduced(picture) for box in self._detect_tile(tile, inverted=False)]

    def _detect_tile(self, tile: Tile, inverted: bool) -> list[DetectedBox]:
        result = self._model.predict(255 - tile.pixels if inverted else tile.pixels)[0]
        polygons, scores = result["dt_polys"], result["dt_scores"]
        boxes = [
            DetectedBox(_in_frame(tile, polygon), float(score), inverted)
            for polygon, score in zip(polygons, scores, strict=True)
            if _shows_frame(tile, polygon)
        ]
        return sorted(boxes, key=lambda box: (box.corners[0][1], box.corners[0][0]))


def _in_frame(tile: Tile, polygon: Any) -> Quad:  # noqa: ANN401 - paddleocr has no types
    points = [(float(x) / tile.scale + tile.left, float(y) / tile.scale + tile.top) for x, y in polygon]
    return points[0], points[1], points[2], points[3]


def _shows_frame(tile: Tile, polygon: Any) -> bool:  # noqa: ANN401 - paddleocr has no types
    """Whether the box is not wholly in the padding."""
    return bool(min(x for x, _ in polygon) < tile.columns and min(y for _, y in polygon) < tile.rows)
