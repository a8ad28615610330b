"""Levels of pieces of pictures are those that NumPy gives, to the last digit."""

from __future__ import annotations

import numpy as np
import pytest

from deid.pixels.picture.levels import brightest, percentile


@pytest.mark.parametrize("size", [1, 2, 3, 7, 15, 16, 43, 101, 1000])
@pytest.mark.parametrize("percent", [0, 7, 20, 50, 93, 100])
def test_percentiles(size: int, percent: int) -> None:
    random = np.random.default_rng(size)
    for _ in range(50):
        levels = random.integers(0, 256, (size, 3), np.uint8)
        differences = random.integers(-255, 256, size, np.int16)
        assert percentile(levels, percent) == np.percentile(levels, percent)
        assert percentile(differences, percent) == np.percentile(differences, percent)


def test_brightest() -> None:
    picture = np.random.default_rng(1).integers(0, 256, (40, 50, 3), np.uint8)
    turned = picture[:, ::-1].transpose(1, 0, 2)

    assert np.array_equal(brightest(turned), turned.max(axis=2))
    assert brightest(turned).flags.c_contiguous
