"""Planning the pixels: every frame is looked at, every line judged, and what identifies becomes a region."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from deid.pixels.findings import Judged, judge_lines
from deid.pixels.ocr import Ocr
from deid.pixels.tracks import fill_gaps, findings_of, follow
from deid.pixels.views import views_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    import numpy.typing as npt
    from pydicom.dataset import Dataset

    from deid.identity.known_values import KnownValue
    from deid.pixels.image import PixelImage
    from deid.plan import Finding, Region
    from deid.text import TextEngine


@dataclass(frozen=True, slots=True)
class PixelFindings:
    """What was found in the pixels of one instance, and what of it goes black."""

    findings: tuple[Finding, ...]
    regions: tuple[Region, ...]


class PixelPlanner:
    """Looks for text in pixels. Holds the models, so make one a process."""

    def __init__(self, engine: TextEngine) -> None:
        """Prepare; the models load at the first frame, or with `warm_up`. `engine` judges what was read."""
        self._engine = engine
        self._ocr = Ocr()

    def warm_up(self) -> None:
        """Load the models now.

        Raises:
            EnvironmentFault: A library or the weights are missing.
        """
        self._ocr.load()

    def plan(self, image: PixelImage, dataset: Dataset, known: Sequence[KnownValue]) -> PixelFindings:
        """Find and judge the text in every frame; frames of the same content are read once.

        Args:
            image: The pixel data.
            dataset: Its header: windows for looking.
            known: The identifying values of the same patient's headers.

        Raises:
            InstanceError: A frame can't be decoded.
        """
        read: dict[bytes, list[Judged]] = {}
        by_frame: list[list[Judged]] = []
        for index in range(image.format.frames):
            digest = hashlib.sha256(image.encoded_frame(index)).digest()
            if digest not in read:
                read[digest] = self._read(image, index, dataset, known)
            by_frame.append(read[digest])
        tracks = follow(by_frame)

        def picture(index: int) -> npt.NDArray[np.uint8]:
            return views_of(image, image.decode(index), dataset)[0]

        fill_gaps(tracks, image.format.frames, picture)
        return PixelFindings(*findings_of(tracks, image.format.columns, image.format.rows))

    def _read(self, image: PixelImage, index: int, dataset: Dataset, known: Sequence[KnownValue]) -> list[Judged]:
        views = views_of(image, image.decode(index), dataset)
        return judge_lines(self._ocr.read(views), known, self._engine)
