"""Blocks are found by many chains at once: they are those that are found by reading one after the other."""

from __future__ import annotations

from typing import TYPE_CHECKING

import imagecodecs
import numpy as np
import pytest

from deid.pixels.codecs import jpeg_chains
from deid.pixels.codecs.jpeg_blocks import ScanGrid
from deid.pixels.codecs.jpeg_chains import Stretch, found_together
from deid.pixels.codecs.jpeg_huffman import HuffmanError, HuffmanTable
from deid.pixels.codecs.jpeg_reader import BlockReader
from deid.pixels.codecs.jpeg_stream import parse

if TYPE_CHECKING:
    from collections.abc import Sequence

SEGMENTS = (40, 300, 3072)
"""Shorter than a block, shorter than it takes chains to meet, and as it is used."""


def stretch(noise: float, level: int = 90, subsampling: str = "422", size: tuple[int, int] = (96, 128)) -> Stretch:
    random = np.random.default_rng(int(noise) + level)
    shape = size if subsampling == "grey" else (*size, 3)
    values = np.clip(100 + random.normal(0, noise, shape), 0, 255).astype(np.uint8)
    if subsampling == "grey":
        coded = imagecodecs.jpeg8_encode(values, level=level)
    else:
        coded = imagecodecs.jpeg8_encode(values, level=level, outcolorspace="YCBCR", subsampling=subsampling)
    parsed = parse(bytes(coded))
    grid = ScanGrid(parsed, parsed.scans[0])
    return grid.stretch(grid.intervals[0])


def one_by_one(own: Stretch) -> list[int] | None:
    try:
        return own.reader.borders(0, own.count).tolist()
    except HuffmanError:
        return None


def together(stretches: Sequence[Stretch]) -> list[list[int]] | None:
    try:
        return [borders.tolist() for borders in found_together(stretches)]
    except HuffmanError:
        return None


STRETCHES = [
    stretch(2),
    stretch(60, 99),  # blocks that fill up all coefficients
    stretch(25, 75, "420"),
    stretch(8, 60, "444"),
    stretch(30, 97, "grey"),
    stretch(0, 50),  # nothing but ends of blocks
]


@pytest.mark.parametrize("segment", SEGMENTS)
def test_many_stretches_at_once(monkeypatch: pytest.MonkeyPatch, segment: int) -> None:
    monkeypatch.setattr(jpeg_chains, "_SEGMENT", segment)
    expected = [one_by_one(own) for own in STRETCHES]
    assert None not in expected
    assert together(STRETCHES) == expected
    assert [together([own]) for own in STRETCHES] == [[own] for own in expected]


@pytest.mark.parametrize("segment", SEGMENTS)
def test_damaged_data_is_refused_or_read_the_same(monkeypatch: pytest.MonkeyPatch, segment: int) -> None:
    monkeypatch.setattr(jpeg_chains, "_SEGMENT", segment)
    random = np.random.default_rng(7)
    outcomes = set()
    for number in range(60):
        own = STRETCHES[number % len(STRETCHES)]
        data = bytearray(own.reader.data)
        for _ in range(int(random.integers(1, 4))):
            data[int(random.integers(len(data)))] ^= 1 << int(random.integers(8))
        kept = data[: int(random.integers(len(data)))] if number % 3 == 0 else data
        kept += bytes(random.integers(0, 256, int(random.integers(0, 40)) if number % 2 else 0, np.uint8))
        damaged = Stretch(BlockReader(bytes(kept), own.reader.tables), own.count)
        expected = one_by_one(damaged)
        outcomes.add(expected is None)
        assert together([damaged]) == (None if expected is None else [expected])
    assert outcomes == {True, False}


@pytest.mark.parametrize("segment", SEGMENTS)
def test_codes_that_never_synchronise(monkeypatch: pytest.MonkeyPatch, segment: int) -> None:
    # All codes and values together have four bits, or eight: who begins two bits late stays so.
    monkeypatch.setattr(jpeg_chains, "_SEGMENT", segment)
    lengths = (0, 0, 0, 15, *[0] * 12)
    tables = (
        HuffmanTable(lengths, bytes([0, 4, *range(1, 4), *[0] * 10])),
        HuffmanTable(lengths, bytes([0x04] * 14 + [0])),
    )
    random = np.random.default_rng(2)
    for count in (40, 1000):
        data = bytes(random.integers(0, 200, 8 * count, np.uint8))
        own = Stretch(BlockReader(data, [tables]), count)
        expected = one_by_one(own)
        assert together([own]) == (None if expected is None else [expected])


def test_random_tables_and_bits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jpeg_chains, "_SEGMENT", 100)
    random = np.random.default_rng(11)
    read = 0
    for _ in range(80):
        kinds = [(_random_table(random, dc=True), _random_table(random, dc=False)) for _ in range(2)]
        tables = [kinds[0], kinds[0], kinds[1]][: int(random.integers(1, 4))]
        own = Stretch(BlockReader(random.bytes(int(random.integers(1, 400))), tables), len(tables) * 8)
        expected = one_by_one(own)
        read += expected is not None
        assert together([own]) == (None if expected is None else [expected])
    assert read > 5


def _random_table(random: np.random.Generator, *, dc: bool) -> HuffmanTable:
    """Codes for all windows but those of ones only."""
    counts, free = [0] * 16, 1
    for length in range(16):
        free *= 2
        counts[length] = int(random.integers(0, free)) if length < 15 else 0
        counts[length] = min(counts[length], 6)
        free -= counts[length]
    symbols = [
        int(random.integers(12)) if dc else int(random.choice([0, 0, 1, 2, 0x11, 0x23, 0xF0, 0x45]))
        for _ in range(sum(counts))
    ]
    return HuffmanTable(tuple(counts), bytes(symbols))
