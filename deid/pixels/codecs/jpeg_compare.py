"""Comparing two sequential JPEG streams coefficient by coefficient, outside the blanked blocks.

Decoded pixels can't be compared exactly where chroma is subsampled: a decoder that interpolates chroma shows another
colour one pixel beyond a blanked block, though every stored coefficient there is the same. So the coefficients are
compared: the absolute DC value and the AC codes of each block, read under tables that agree.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from deid.pixels.codecs.jpeg_bits import bits_of
from deid.pixels.codecs.jpeg_blocks import IndexedInterval, ScanGrid
from deid.pixels.codecs.jpeg_stream import JpegStream, Scan, parse

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from deid.pixels.codecs.jpeg_blocks import Interval
    from deid.pixels.codecs.jpeg_huffman import HuffmanTable
    from deid.pixels.codecs.jpeg_reader import BlockReader
    from deid.plan import Box


def changed_units(before: bytes, after: bytes, boxes: Sequence[Box]) -> int:
    """How many MCUs outside the boxes have other coefficients.

    Args:
        before: A sequential JPEG stream.
        after: The same stream with blocks under the boxes blanked.
        boxes: Half-open boxes in pixels.

    Returns:
        The number of MCUs, those of all scans; all of them if header, quantisation, colour marks or scans differ.

    Raises:
        JpegError, HuffmanError: A stream is corrupt.
    """
    first, second = parse(before), parse(after)
    grids = [
        (ScanGrid(first, one), ScanGrid(second, other)) for one, other in zip(first.scans, second.scans, strict=False)
    ]
    if not _same_frame(first, second) or not all(_same_scan(one.scan, other.scan) for one, other in grids):
        return sum(ScanGrid(first, scan).count for scan in first.scans)
    return sum(_changed_in_scan(one, other, boxes) for one, other in grids)


def _same_frame(first: JpegStream, second: JpegStream) -> bool:
    return (
        first.frame == second.frame
        and len(first.scans) == len(second.scans)
        and (first.adobe_transform, first.jfif) == (second.adobe_transform, second.jfif)
    )


def _same_scan(one: Scan, other: Scan) -> bool:
    """Whether both scans code the same components in the same way, the second's tables extending the first's."""
    if (one.restart_interval, one.quantisation, one.parameters) != (
        other.restart_interval,
        other.quantisation,
        other.parameters,
    ):
        return False
    return len(one.components) == len(other.components) and all(
        mine.index == theirs.index
        and mine.dc is not None
        and mine.ac is not None
        and theirs.dc is not None
        and theirs.ac is not None
        and _is_within(mine.dc, theirs.dc)
        and _is_within(mine.ac, theirs.ac)
        for mine, theirs in zip(one.components, other.components, strict=True)
    )


def _is_within(table: HuffmanTable, other: HuffmanTable) -> bool:
    """Whether the other table has all codes of the one."""
    return table == other or set(table.entries()) <= set(other.entries())


def _changed_in_scan(one: ScanGrid, other: ScanGrid, boxes: Sequence[Box]) -> int:
    covered = one.covered(boxes)
    changed = 0
    for mine, theirs in zip(one.intervals, other.intervals, strict=True):
        if mine.raw == theirs.raw:
            continue
        outside = np.flatnonzero(~covered[mine.first : mine.first + mine.count])
        if outside.size:
            before = one.indexed(mine)
            hidden = covered[mine.first : mine.first + mine.count]
            changed += _changed_in_interval(before, _indexed_after(before, other, theirs, hidden), outside)
    return changed


def _indexed_after(
    before: IndexedInterval, grid: ScanGrid, interval: Interval, covered: npt.NDArray[np.bool_]
) -> IndexedInterval:
    """Find all blocks of the second stream's interval.

    What is covered is read, with the MCU after it. From there on the same bits are the same blocks, as the tables
    agree: the rest is only read where the bits differ.
    """
    reader, blocks = grid.reader(interval), len(grid.blocks)
    known = np.append(before.index.starts, before.index.ends[-1:])
    parts: list[npt.NDArray[np.int64]] = []
    position = 0
    resumed = covered.copy()
    resumed[1:] |= covered[:-1]
    for first, last in pairwise([0, *(np.flatnonzero(np.diff(resumed)) + 1).tolist(), interval.count]):
        if resumed[first]:
            position = _read(reader, position, (last - first) * blocks, parts)
            continue
        own = known[first * blocks : last * blocks + 1]
        if _goes_on(reader.data, position, before.data, own):
            parts.append(own[:-1] + (position - own[0]))
            position += int(own[-1] - own[0])
        else:
            position = _read(reader, position, (last - first) * blocks, parts)
    borders = np.concatenate([*parts, np.asarray([position])])
    return IndexedInterval(reader.data, reader.index(borders), grid.blocks)


def _read(reader: BlockReader, position: int, count: int, parts: list[npt.NDArray[np.int64]]) -> int:
    """Add where `count` blocks begin to `parts`; return where the last one ends."""
    borders = np.asarray(reader.borders(position, count))
    parts.append(borders[:-1])
    return int(borders[-1])


def _goes_on(data: bytes, position: int, other: bytes, borders: npt.NDArray[np.int64]) -> bool:
    """Whether the bits of blocks of the other data stand at a position of this one."""
    start, end = int(borders[0]), int(borders[-1])
    stop = position + end - start
    return stop <= 8 * len(data) and bits_of(data, position, stop) == bits_of(other, start, end)


def _changed_in_interval(one: IndexedInterval, other: IndexedInterval, outside: npt.NDArray[np.intp]) -> int:
    """Count the MCUs among `outside` whose DC values or AC codes differ."""
    gaps = np.flatnonzero(np.diff(outside) > 1) + 1
    return sum(_changed_in_run(one, other, run.tolist()) for run in np.split(outside, gaps))


def _changed_in_run(one: IndexedInterval, other: IndexedInterval, run: list[int]) -> int:
    """MCUs that differ in a run of consecutive ones.

    Where all DC values agree, so do the differences after the first MCU: the rest of the run is one string of bits.
    """
    first, last = run[0], run[-1]
    if np.array_equal(one.dc[first : last + 1], other.dc[first : last + 1]):
        rest_is_same = first == last or _rest(one, first, last) == _rest(other, first, last)
        if rest_is_same and _ac_codes(one, first) == _ac_codes(other, first):
            return 0
    return sum(
        not np.array_equal(one.dc[mcu], other.dc[mcu]) or _ac_codes(one, mcu) != _ac_codes(other, mcu) for mcu in run
    )


def _rest(indexed: IndexedInterval, first: int, last: int) -> tuple[int, int]:
    """Length and bits of the MCUs after `first`, up to and with `last`."""
    start, end = int(indexed.starts[first + 1, 0]), int(indexed.ends[last, -1])
    return end - start, bits_of(indexed.data, start, end)


def _ac_codes(indexed: IndexedInterval, mcu: int) -> list[tuple[int, int]]:
    """Length and bits of the AC codes of each block of an MCU."""
    starts, ends = indexed.ac_starts[mcu].tolist(), indexed.ends[mcu].tolist()
    return [(end - start, bits_of(indexed.data, start, end)) for start, end in zip(starts, ends, strict=True)]
