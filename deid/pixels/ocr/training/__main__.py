"""`make print-model`: trains the reader of small print, measures it on held-out fonts and strings, and writes both.

Fonts come as Debian packages by apt-get, are unpacked in a cache folder, and nothing of them is kept.
"""

from __future__ import annotations

import hashlib
import sys
from multiprocessing import get_context
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

from deid.pixels.ocr.models import SMALL_PRINT
from deid.pixels.ocr.training.fonts import Face, faces, fetch
from deid.pixels.ocr.training.lines import Sample, batch
from deid.pixels.ocr.training.texts import LONGEST, Texts

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

STEPS, RATE, SEED = 2800, 5e-3, 1
LINES, COLUMNS = 48, 144
HELD_OUT = 40
"""Batches that the net is measured on."""
_FONTS = Path.home() / ".cache" / "deid-print-fonts"
_WEIGHTS = Path(__file__).parents[1] / SMALL_PRINT.file
_PAGE = Path(__file__).parents[4] / "docs" / "print-model.md"
_MARK = "<!-- What follows is written by `make print-model`. -->\n"

_makers: dict[bool, tuple[Texts, list[Face]]] = {}


def make(step: int, *, held_out: bool = False) -> tuple[NDArray[np.float32], list[Sample]]:
    """The batch of a step: the same at each call, in any process."""
    if held_out not in _makers:
        _makers[held_out] = Texts(Random(0), held_out=held_out), faces(_FONTS, held_out=held_out)  # noqa: S311
    texts, own = _makers[held_out]
    texts.begin(step)
    return batch(texts, own, Random(1000 + step), (LINES, COLUMNS))  # noqa: S311 - nothing secret


def main() -> None:
    """Train, measure, write."""
    from deid.pixels.ocr.training.export import to_onnx
    from deid.pixels.ocr.training.net import Learner, folded, lesson
    from deid.pixels.ocr.training.scoring import table

    fetch(_FONTS)
    learner = Learner(STEPS, RATE, SEED)
    # Not forked: JAX has threads.
    with get_context("spawn").Pool(1) as pool:
        for number, (crops, samples) in enumerate(pool.imap(make, range(STEPS), chunksize=4), 1):
            loss = learner.learn(lesson(crops, samples, LONGEST))
            if number % 100 == 0:
                sys.stderr.write(f"{number} of {STEPS}: loss {loss:.2f}\n")
    about = (
        f"deid reader of small print: {STEPS} steps of {LINES} lines, deid.pixels.ocr.training, see docs/print-model.md"
    )
    weights = to_onnx(folded(learner.weights, learner.running), about)
    _WEIGHTS.write_bytes(weights)
    text = table(weights, (one for step in range(HELD_OUT) for one in make(step, held_out=True)[1]))
    _PAGE.write_text(_PAGE.read_text("utf-8").partition(_MARK)[0] + _MARK + "\n" + text, "utf-8")
    digest = hashlib.sha256(weights).hexdigest()
    sys.stdout.write(f"{text}\nSHA-256 of {SMALL_PRINT.file}, for deid/pixels/ocr/models.py: {digest}\n")


if __name__ == "__main__":
    main()
