"""A second opinion on small print: a net of our own that has learnt what scanners print (docs/print-model.md).

It sees a letter and the one beside it, so that it tells what stands there and guesses no words. It is asked how
probable a text is, where another reader's text is in doubt: which of two spellings, and whether there is a blank.
"""

from __future__ import annotations

import math
import string
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from deid.pixels.ocr.line import Quad

ALPHABET = " " + string.digits + string.ascii_uppercase + string.ascii_lowercase + "!#%&'()*+,-./:;<=>?@[]^_"
"""What the reader knows, in the order of its outputs; the first output is none of them."""
HEIGHT = 24
"""Rows of a crop."""
_FLATTEST = 3.0
"""Grey levels: of less contrast than this nothing is made."""
_WIDTH_STEP, _WIDEST = 16, 1600


@dataclass(frozen=True, slots=True, eq=False)
class Answers:
    """What the net sees in one line: probabilities, steps along the line × outputs."""

    steps: NDArray[np.float32 | np.float16]

    @property
    def text(self) -> str:
        """The likeliest letters, one by one."""
        best = self.steps.argmax(axis=1)
        return "".join(ALPHABET[now - 1] for before, now in pairwise([0, *best.tolist()]) if now not in (0, before))

    def probabilities(self, texts: Sequence[str]) -> list[float]:
        """How probable it is that the line says just this, for each text: the sum over all ways to place it (CTC).

        An accent counts for nothing; a text with a letter that the net does not know has 0.
        """
        coded = [_outputs(text) for text in texts]
        longest = max((len(outputs) for outputs in coded), default=0)
        states = np.zeros((len(coded), 2 * longest + 1), np.intp)
        for row, outputs in zip(states, coded, strict=True):
            row[1 : 2 * len(outputs) : 2] = outputs
        # A letter may follow the one before it at once, if it is another.
        skips = np.zeros(states.shape)
        skips[:, 3::2] = states[:, 3::2] != states[:, 1:-2:2]
        reached = np.zeros(states.shape)
        reached[:, :2] = 1.0
        for number, step in enumerate(self.steps.astype(np.float64)):
            before = reached
            if number:
                before = reached.copy()
                before[:, 1:] += reached[:, :-1]
                before[:, 2:] += skips[:, 2:] * reached[:, :-2]
            reached = before * step[states]
        ends = [2 * len(outputs) for outputs in coded]
        return [float(row[end] + row[end - 1]) if end else 0.0 for row, end in zip(reached, ends, strict=True)]


class SmallPrint:
    """The net, loaded."""

    def __init__(self, weights: bytes) -> None:
        """Load the net from its ONNX file."""
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        self._session = onnxruntime.InferenceSession(weights, options, providers=["CPUExecutionProvider"])

    def look(self, picture: NDArray[np.uint8], corners: Quad) -> Answers:
        """What stands in one line.

        Args:
            picture: uint8 rows × columns × 3.
            corners: Where the line stands, see `TextLine`.
        """
        return self.look_at(crop_grey(picture, corners)[:, :_WIDEST])

    def look_at(self, crop: NDArray[np.float32]) -> Answers:
        """The same, of a crop of HEIGHT rows."""
        padded = np.zeros((1, 1, HEIGHT, -(-crop.shape[1] // _WIDTH_STEP) * _WIDTH_STEP), np.float32)
        padded[0, 0, :, : crop.shape[1]] = crop
        (answers,) = self._session.run(None, {"line": padded})
        return Answers(answers[0])


@lru_cache(maxsize=1)
def _places() -> dict[str, int]:
    return {letter: index + 1 for index, letter in enumerate(ALPHABET)}


def _outputs(text: str) -> list[int]:
    """The outputs for the letters of a text; none where it has one that the net does not know."""
    places = _places()
    bare = [*text] if text.isascii() else _without_accents(text)
    return [places[letter] for letter in bare] if all(letter in places for letter in bare) else []


def _without_accents(text: str) -> list[str]:
    return [letter for letter in unicodedata.normalize("NFKD", text) if not unicodedata.combining(letter)]


def crop_grey(picture: NDArray[np.uint8], corners: Quad) -> NDArray[np.float32]:
    """The quadrilateral straightened to HEIGHT rows, float32, of mean 0 and standard deviation 1.

    Args:
        picture: uint8 rows × columns, or × 3, of which the plane of most contrast counts.
        corners: Where the line stands.
    """
    import cv2

    length = max(math.dist(corners[0], corners[1]), 1.0)
    height = max(math.dist(corners[0], corners[3]), 1.0)
    width = max(round(length * HEIGHT / height), 8)
    # Pixel centres are half a pixel inside the corners.
    first, last, _, below = corners
    source = np.asarray([first, last, below], np.float32) - np.float32(0.5)
    target = np.asarray([(0, 0), (width, 0), (0, HEIGHT)], np.float32) - np.float32(0.5)
    matrix = cv2.getAffineTransform(source, target)
    method = cv2.INTER_AREA if height > 2 * HEIGHT else cv2.INTER_CUBIC
    straight = cv2.warpAffine(picture, matrix, (width, HEIGHT), flags=method, borderMode=cv2.BORDER_REPLICATE)
    grey = straight.astype(np.float32)
    if grey.ndim > 2:  # noqa: PLR2004 - rows, columns, colours
        grey = grey[:, :, int(np.argmax(grey.std(axis=(0, 1))))]
    return np.asarray((grey - grey.mean()) / max(float(grey.std()), _FLATTEST), np.float32)
