"""Lines are read again where the reading is doubtful, and upside down where that may be the way they stand."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from deid.pixels.ocr.detector import DetectedBox
from deid.pixels.ocr.patience import Patience
from deid.pixels.ocr.recogniser import Reading

if TYPE_CHECKING:
    from collections.abc import Sequence

UPSIDE_DOWN, BESIDE = ((20, 20), (120, 20), (120, 40), (20, 40)), ((20, 60), (120, 60), (120, 80), (20, 80))


class Recogniser:
    """Reads `PORTABLE` from the striped end of a crop, and the other way round what its shape is taken for."""

    def __init__(self, around: str, score: float) -> None:
        self.around = Reading(around, score, tuple(np.linspace(0, 1, len(around) + 1).tolist()))

    def read(self, crops: Sequence[np.ndarray]) -> list[Reading]:
        return [self._read(crop.astype(int)) for crop in crops]

    def _read(self, crop: np.ndarray) -> Reading:
        half = crop.shape[1] // 2
        begins = crop[:, :half].std() > crop[:, half:].std()
        return Reading("PORTABLE", 0.995, tuple(np.linspace(0, 1, 9).tolist())) if begins else self.around


def picture(*striped_ends: tuple[int, int]) -> np.ndarray:
    canvas = np.zeros((100, 160, 3), np.uint8)
    for x, y in striped_ends:
        canvas[y : y + 20, x : x + 40 : 8] = 255
    return canvas


def box(corners: object) -> DetectedBox:
    return DetectedBox(tuple((float(x), float(y)) for x, y in corners), 0.9)  # type: ignore[attr-defined, arg-type]


@pytest.mark.parametrize(("around", "score"), [("POLE", 0.92), ("MR21", 0.9), ("q", 0.2)])
def test_what_was_read_upside_down_with_less_than_certainty_is_turned(around: str, score: float) -> None:
    """`PORTABLE` went black as a name, and of `MRN: 874921` the number stayed."""
    patience = Patience(Recogniser(around, score))  # type: ignore[arg-type]
    (line,) = patience.read([picture((80, 20))], [box(UPSIDE_DOWN)])
    assert line.text == "PORTABLE"
    assert line.corners[0] == (120.0, 40.0)


def test_beside_a_line_that_stands_upside_down_even_a_sure_one_is_turned() -> None:
    class Surer(Recogniser):
        def _read(self, crop: np.ndarray) -> Reading:
            found = super()._read(crop)
            return Reading("20107", 0.95, self.around.edges) if found is self.around and np.ptp(crop) < 200 else found

    faint = picture((80, 20), (80, 60))
    faint[60:80] = faint[60:80] // 255 * 90
    both = [box(UPSIDE_DOWN), box(BESIDE)]
    lines = Patience(Surer("POLE", 0.9)).read([faint], both)  # type: ignore[arg-type]
    assert [line.text for line in lines] == ["PORTABLE", "PORTABLE"]
    (alone,) = Patience(Surer("POLE", 0.9)).read([faint], both[1:])  # type: ignore[arg-type]
    assert alone.text == "20107"


class Counting(Recogniser):
    """Counts the crops that it reads."""

    def __init__(self) -> None:
        super().__init__("POLE", 0.5)
        self.crops = 0

    def read(self, crops: Sequence[np.ndarray]) -> list[Reading]:
        self.crops += len(crops)
        return super().read(crops)


def test_what_stands_in_the_next_slice_as_it_was_is_not_read_again() -> None:
    counting = Counting()
    patience = Patience(counting)  # type: ignore[arg-type]
    first = patience.read([picture((80, 20))], [box(UPSIDE_DOWN)])
    crops = counting.crops
    assert patience.read([picture((80, 20), (80, 60))], [box(UPSIDE_DOWN)]) == first
    assert counting.crops == crops
    other = picture((80, 20))
    other[30, 30] = 90
    patience.read([other], [box(UPSIDE_DOWN)])
    assert counting.crops > crops


def test_readings_beyond_the_room_for_them_are_forgotten() -> None:
    counting = Counting()
    patience = Patience(counting, most_bytes=4096)  # type: ignore[arg-type]
    slices = [picture((80, 20)) | np.uint8(level) for level in range(16)]
    for one in (*slices, slices[0]):
        before = counting.crops
        patience.read([one], [box(UPSIDE_DOWN)])
        assert counting.crops > before
