"""The batches that the reader of small print learns from, step by step, and those that it is measured on."""

from __future__ import annotations

from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

from deid.pixels.ocr.training.fonts import Face, faces
from deid.pixels.ocr.training.lines import Sample, batch
from deid.pixels.ocr.training.texts import Texts

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

LINES, COLUMNS = 48, 144
FONTS = Path.home() / ".cache" / "deid-print-fonts"

_makers: dict[bool, tuple[Texts, list[Face]]] = {}


def make(step: int, *, held_out: bool = False) -> tuple[NDArray[np.float32], list[Sample]]:
    """The batch of a step: the same at each call, in any process."""
    if held_out not in _makers:
        _makers[held_out] = Texts(Random(0), held_out=held_out), faces(FONTS, held_out=held_out)  # noqa: S311
    texts, own = _makers[held_out]
    texts.begin(step)
    return batch(texts, own, Random(1000 + step), (LINES, COLUMNS))  # noqa: S311 - nothing secret
