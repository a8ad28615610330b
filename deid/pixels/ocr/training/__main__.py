"""`make print-model`: trains the reader of small print, measures it on held-out fonts and strings, and writes both.

Fonts come as Debian packages by apt-get, are unpacked in a cache folder, and nothing of them is kept.
"""

from __future__ import annotations

import hashlib
import sys
from multiprocessing import get_context
from pathlib import Path

from deid.pixels.ocr.models import SMALL_PRINT
from deid.pixels.ocr.training.batches import FONTS, LINES, make
from deid.pixels.ocr.training.fonts import fetch
from deid.pixels.ocr.training.texts import LONGEST

STEPS, RATE, SEED = 2800, 5e-3, 1
HELD_OUT = 40
"""Batches that the net is measured on."""
_WEIGHTS = Path(__file__).parents[1] / SMALL_PRINT.file
_PAGE = Path(__file__).parents[4] / "docs" / "print-model.md"
_MARK = "<!-- What follows is written by `make print-model`. -->\n"


def main() -> None:
    """Train, measure, write."""
    from deid.pixels.ocr.training.export import to_onnx
    from deid.pixels.ocr.training.net import Learner, folded, lesson
    from deid.pixels.ocr.training.scoring import table

    fetch(FONTS)
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
