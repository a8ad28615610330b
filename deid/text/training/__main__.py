"""`make model`: trains the NER model, measures it on held-out strings, and writes both. Offline and deterministic."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from random import Random

from deid.text.ner.pipeline import OWN_MODEL
from deid.text.training.learning import SEED, blank_pipeline, train
from deid.text.training.scoring import score
from deid.text.training.sources import load_sources
from deid.text.training.strings import Labelled, StringMaker

STRINGS, HELD_OUT_STRINGS = 500_000, 5_000
_PAGE = Path(__file__).parents[3] / "docs" / "model.md"
_MARK = "<!-- What follows is written by `make model`. -->\n"
_ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")


def main() -> None:
    """Train, measure, write. Matrix products in several threads would round otherwise: they are set to one."""
    if not _ONE_THREAD.items() <= os.environ.items():
        command = [sys.executable, "-m", "deid.text.training"]
        os.execve(sys.executable, command, {**os.environ, **_ONE_THREAD})  # noqa: S606 - this very program
    pipeline = blank_pipeline()
    train(pipeline, training_strings(STRINGS))
    table = score(pipeline, training_strings(HELD_OUT_STRINGS, held_out=True)).table()
    pipeline.to_disk(OWN_MODEL, exclude=["vocab"])
    _PAGE.write_text(_PAGE.read_text("utf-8").partition(_MARK)[0] + _MARK + "\n" + table, "utf-8")
    sys.stdout.write(table)


def training_strings(count: int, *, held_out: bool = False) -> list[Labelled]:
    """The strings that the model learns from, or those that it is measured on: the same at each call."""
    random = Random(SEED + held_out)  # noqa: S311 - nothing secret
    maker = StringMaker(load_sources(held_out=held_out), random, held_out=held_out)
    return [maker.make() for _ in range(count)]


if __name__ == "__main__":
    main()
