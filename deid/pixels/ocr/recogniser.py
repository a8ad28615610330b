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
        self._model = paddleocr.TextRecognition(
            model_name=RECOGNITION.name, model_dir=str(model_folder(RECOGNITION, scratch)), **engine
        )
        # PaddleX keeps the text only; which other letter it may be is told by the probabilities.
        predictor = self._model.paddlex_predictor
        self._kept = predictor.post_op = _Kept(predictor.post_op)

    def read(self, crops: Sequence[NDArray[np.uint8]]) -> list[Reading]:
        """Read crops (uint8 48×W×3), one line each, upright.

        Crops are padded to multiples of 32 columns, and read with others of the same width, so that an answer does not
        depend on its companions.
        """
        widths = [_padded_width(crop.shape[1]) for crop in crops]
        readings: dict[int, Reading] = {}
        for width in sorted(set(widths)):
            members = [index for index, own in enumerate(widths) if own == width]
            padded = [_padded(crops[index], width) for index in members]
            # One at a time: on one core, a batch takes longer than its members.
            results = self._model.predict(padded, batch_size=1, return_word_box=True)
            for index, result, letters in zip(members, results, self._kept.taken(), strict=True):
                readings[index] = _reading(result, crops[index].shape[1] / width, letters)
        return [readings[index] for index in range(len(crops))]


class _Kept:
    """PaddleX's step from probabilities to a text, which keeps those of the letters that are asked about later."""

    def __init__(self, decode: Any) -> None:  # noqa: ANN401 - paddlex has no types
        self._decode = decode
        places = {letter: place for place, letter in enumerate(decode.character)}
        self._outputs = [0, *(places[letter] for letter in ALPHABET)]
        self._answers: list[Answers] = []

    def __call__(self, probabilities: Any, **how: Any) -> Any:  # noqa: ANN401 - paddlex has no types
        # Thousands of readings are remembered.
        self._answers.extend(Answers(one[:, self._outputs].astype(np.float16)) for one in probabilities[0])
        return self._decode(probabilities, **how)

    def taken(self) -> list[Answers]:
        """What was kept since the last time."""
        answers, self._answers = self._answers, []
        return answers


def _padded_width(width: int) -> int:
    return min(-(-width // WIDTH_STEP) * WIDTH_STEP, WIDEST)


def _padded(crop: NDArray[np.uint8], width: int) -> NDArray[np.uint8]:
    """Pad on the right with the grey that the model takes for nothing."""
    padded = np.full((CROP_HEIGHT, width, 3), GREY, np.uint8)
    padded[:, : crop.shape[1]] = crop
    return padded


def _reading(result: Any, used: float, letters: Answers) -> Reading:  # noqa: ANN401 - paddleocr has no types
    """Take apart paddlex's answer: text, and the columns in which its characters appear, grouped by word."""
    text, (columns, _, places, _) = result["rec_text"]
    middles = [(column + 0.5) / columns / used for word in places for column in word]
    return Reading(text, float(result["rec_score"]), _edges(middles), letters if len(text) > 1 else None)


def _edges(middles: Sequence[float]) -> tuple[float, ...]:
    """The borders between characters, the first 0 and the last 1."""
    between = [min((a + b) / 2, 1.0) for a, b in pairwise(middles)]
    return (0.0, *between, 1.0) if middles else (0.0,)
