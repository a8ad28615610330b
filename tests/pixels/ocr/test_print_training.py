"""What the reader of small print learns from: no font of the benchmark, no word by itself, the same every time."""

from __future__ import annotations

import re
from pathlib import Path
from random import Random

import numpy as np
import pytest
from PIL import ImageFont

from deid.pixels.ocr.small_print import ALPHABET, HEIGHT
from deid.pixels.ocr.training import __main__ as training
from deid.pixels.ocr.training import lines
from deid.pixels.ocr.training.fonts import SOURCES, Face
from deid.pixels.ocr.training.texts import LONGEST, Texts, plain
from tests.bench.pixels.lettering import _FILES


@pytest.mark.parametrize(
    "file", [*_FILES.values(), "Vera.ttf", "Aileron-Regular.otf", "courB08.pcf.gz", "courR12.pcf.gz"]
)
def test_no_font_of_the_benchmark_is_learnt_from(file: str) -> None:
    assert not any(re.fullmatch(source.files, file) for source in SOURCES)


def test_no_font_is_learnt_from_and_measured_on() -> None:
    learnt = {(source.package, source.files) for source in SOURCES if not source.held_out}
    assert not learnt & {(source.package, source.files) for source in SOURCES if source.held_out}


def test_texts_are_of_the_alphabet_and_the_same_every_time() -> None:
    texts = Texts(Random(0), held_out=False)  # noqa: S311
    texts.begin(3)
    first = [texts.make() for _ in range(60)]
    assert all(set(text) <= set(ALPHABET) and 0 < len(text) <= LONGEST and text == text.strip() for text in first)
    again = Texts(Random(5), held_out=False)  # noqa: S311
    again.begin(3)
    assert [again.make() for _ in range(60)] == first


def test_accents_are_no_letters_of_their_own() -> None:
    assert plain("BÖHM, ZOË 小") == "BOHM, ZOE"


def test_a_line_says_where_its_letters_have_their_middles(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines, "font", lambda _path, size: ImageFont.load_default(size))
    random = Random(1)  # noqa: S311
    texts = Texts(random, held_out=False)
    crops, samples = lines.batch(
        texts, [Face(Path(), (9, 12), bitmap=bitmap) for bitmap in (True, False)], random, (8, 144)
    )
    assert crops.shape == (8, HEIGHT, 144)
    for crop, one in zip(crops, samples, strict=True):
        assert len(one.middles) == len(one.text)
        assert one.middles == tuple(sorted(one.middles))
        assert 0 <= one.middles[0] <= one.middles[-1] <= one.crop.shape[1]
        assert np.array_equal(crop[:, : one.crop.shape[1]], one.crop)


def test_batches_can_be_made_in_a_process_of_their_own() -> None:
    # A spawned process imports neither a script nor a package's `__main__`: its workers died, and training stood still.
    assert not vars(training)["make"].__module__.endswith("__main__")
