"""Where the blocks of a JPEG scan lie: found in stretches, remembered, and found again where the bits are the same."""

from __future__ import annotations

from array import array

import imagecodecs
import numpy as np
import pytest

from deid.pixels.codecs.jpeg_blocks import ScanGrid
from deid.pixels.codecs.jpeg_compare import changed_units
from deid.pixels.codecs.jpeg_dct import blank
from deid.pixels.codecs.jpeg_huffman import HuffmanError, HuffmanTable
from deid.pixels.codecs.jpeg_memory import BorderMemory
from deid.pixels.codecs.jpeg_reader import BlockReader
from deid.pixels.codecs.jpeg_stream import JpegError, parse
from deid.plan import Box

TABLES = HuffmanTable((0, 2, 1, *[0] * 13), b"\x00\x01\x02"), HuffmanTable((0, 2, 1, *[0] * 13), b"\x00\x01\xf1")


def stream(level: int, noise: float) -> bytes:
    random = np.random.default_rng(3)
    values = np.clip(100 + random.normal(0, noise, (96, 128, 3)), 0, 255).astype(np.uint8)
    return bytes(imagecodecs.jpeg8_encode(values, level=level, colorspace="RGB", outcolorspace="YCBCR"))


def bits(text: str) -> bytes:
    text = text.replace(" ", "")
    text += "1" * (-len(text) % 8)
    return int(text or "0", 2).to_bytes(len(text) // 8, "big")


@pytest.mark.parametrize("filler", ["", "1 " * 200])
def test_a_block_may_fill_all_coefficients_without_an_end(filler: str) -> None:
    # A DC difference of 0, 63 coefficients of one bit each, and another block of a DC difference and an end.
    text = "00 " + "011 " * 63 + "01 1 00 "
    reader = BlockReader(bits(text + filler), [TABLES])
    assert reader.borders(0, 2).tolist() == [0, 2 + 3 * 63, 2 + 3 * 63 + 5]
    assert reader.index(reader.borders(0, 2)).differences.tolist() == [0, 1]


@pytest.mark.parametrize(
    "text",
    [
        "00 " + "011 " * 62 + "100 1 00",  # sixteen where one is left
        "00 " + "011 " * 62 + "101" + "1" * 40,  # no code
        "11" + "1" * 40,
        "00 " + "011 " * 20,
        "",
    ],
    ids=["too many", "no AC code", "no DC code", "cut", "nothing"],
)
def test_what_does_not_follow_the_tables_is_refused(text: str) -> None:
    with pytest.raises(HuffmanError):
        BlockReader(bits(text), [TABLES]).borders(0, 1)


def test_what_was_found_is_remembered_as_long_as_there_is_room() -> None:
    memory, asked = BorderMemory(most_bytes=3 * 8), []

    def find(name: str) -> list[int]:
        def found() -> array[int]:
            asked.append(name)
            return array("q", [0, len(asked)])

        return list(memory.recall((name.encode(), 1, [TABLES]), found))

    first = find("a")
    assert find("a") == first
    for name in ("b", "c", "a", "d", "a", "b"):
        find(name)
    assert asked == ["a", "b", "c", "d", "b"]


@pytest.mark.parametrize(
    "boxes",
    [[Box(16, 16, 64, 32)], [Box(0, 0, 128, 8), Box(96, 40, 128, 64)], [Box(24, 8, 40, 24), Box(60, 60, 99, 61)]],
)
def test_a_flipped_bit_outside_the_boxes_is_seen_wherever_it_is(boxes: list[Box]) -> None:
    before = stream(80, 12)
    after = blank(before, boxes, [0, 128, 128])
    assert changed_units(before, after, boxes) == 0
    scan = parse(after).scans[0]
    data = parse(after)
    grid = ScanGrid(data, scan)
    raw = grid.intervals[0].raw
    index = grid.indexed(grid.intervals[0])
    outside = np.argwhere(~grid.covered(boxes))
    random = np.random.default_rng(5)
    for mcu, block in random.permutation(outside)[:60]:
        bit = int(random.integers(index.starts[mcu, block], index.ends[mcu, block]))
        flipped = bytearray(index.data)
        flipped[bit >> 3] ^= 128 >> (bit & 7)
        changed = bytes(flipped).replace(b"\xff", b"\xff\x00")
        assert after.count(raw) == 1
        try:
            assert changed_units(before, after.replace(raw, changed), boxes) > 0, (mcu, block)
        except (HuffmanError, JpegError):
            continue
