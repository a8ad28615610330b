"""What a box says: PP-OCRv6 recognition of crops, with the place of each character.

The recogniser looks at a line of 48 rows and gives one answer for each 8 columns (CTC). The column in which a character
appears is its middle, give or take one; borders between characters are put half-way between their middles. That is
good to about a quarter of the line's height, so whoever hides a part of a line adds a margin.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from deid.pixels.ocr.models import RECOGNITION, model_folder
from deid.pixels.ocr.net_input import batch_of, recognition_levels
from deid.pixels.ocr.small_print import ALPHABET, Answers

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

CROP_HEIGHT = 48
WIDEST = 3200
WIDTH_STEP = 32
GREY = 127


@dataclass(frozen=True, slots=True)
class Reading:
    """What a crop says, how sure, and where its characters begin and end, as shares of the crop's width (0 to 1)."""

    text: str = field(repr=False)
    score: float
    edges: tuple[float, ...] = field(repr=False)
    letters: Answers | None = field(default=None, repr=False, compare=False)
    """How probable each letter is along the crop: what else may stand there."""


class Recogniser:
    """PP-OCRv6 small recognition, loaded."""

    def __init__(self, paddleocr: Any, engine: Mapping[str, Any], scratch: Path) -> None:  # noqa: ANN401 - paddleocr has no types
        """Load the model; see `Detector`.

        Raises:
            EnvironmentFault: the weights are missing or not the expected ones.
        """
        model = paddleocr.TextRecognition(
            model_name=RECOGNITION.name, model_dir=str(model_folder(RECOGNITION, scratch)), **engine
        )
        # PaddleX keeps the text only; which other letter it may be is told by the probabilities.
        self._net = model.paddlex_predictor.runner
        self._symbols: Sequence[str] = model.paddlex_predictor.post_op.character
        places = {symbol: place for place, symbol in enumerate(self._symbols)}
        self._letters = [0, *(places[letter] for letter in ALPHABET)]
        self._levels = recognition_levels()

    def read(self, crops: Sequence[NDArray[np.uint8]]) -> list[Reading]:
        """Read crops (uint8 48×W×3), one line each, upright.

        Crops are padded to multiples of 32 columns, and read one at a time, so that an answer does not depend on its
        companions: on one core, a batch takes longer than its members.
        """
        return [self._read(crop) for crop in crops]

    def _read(self, crop: NDArray[np.uint8]) -> Reading:
        padded = _padded(crop, _padded_width(crop.shape[1]))
        (answers,) = self._net(x=[batch_of([padded], [self._levels])])
        return self._reading(answers[0], crop.shape[1] / padded.shape[1])

    def _reading(self, steps: NDArray[np.float32], used: float) -> Reading:
        """The likeliest symbol of each step, those that repeat the one before and blanks left out (CTC).

        Args:
            steps: Probabilities, steps along the crop × symbols.
            used: What part of the width is not padding.
        """
        best = steps.argmax(axis=1)
        is_letter = best != 0
        is_letter[1:] &= best[1:] != best[:-1]
        places = np.flatnonzero(is_letter)
        text = "".join(self._symbols[symbol] for symbol in best[places].tolist())
        score = float(steps[places, best[places]].mean()) if text else 0.0
        middles = [(place + 0.5) / len(steps) / used for place in places.tolist()]
        # Thousands of readings are remembered.
        letters = Answers(steps[:, self._letters].astype(np.float16)) if len(text) > 1 else None
        return Reading(text, score, _edges(middles), letters)


def _padded_width(width: int) -> int:
    return min(-(-width // WIDTH_STEP) * WIDTH_STEP, WIDEST)


def _padded(crop: NDArray[np.uint8], width: int) -> NDArray[np.uint8]:
    """Pad on the right with the grey that the model takes for nothing."""
    padded = np.full((CROP_HEIGHT, width, 3), GREY, np.uint8)
    padded[:, : crop.shape[1]] = crop
    return padded


def _edges(middles: Sequence[float]) -> tuple[float, ...]:
    """The borders between characters, the first 0 and the last 1."""
    between = [min((a + b) / 2, 1.0) for a, b in pairwise(middles)]
    return (0.0, *between, 1.0) if middles else (0.0,)
