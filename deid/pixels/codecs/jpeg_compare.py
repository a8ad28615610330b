"""Comparing two sequential JPEG streams coefficient by coefficient, outside the blanked blocks.

Decoded pixels can't be compared exactly where chroma is subsampled: a decoder that interpolates chroma shows another
colour one pixel beyond a blanked block, though every stored coefficient there is the same. So the coefficients are
compared: the absolute DC value and the AC codes of each block, read under tables that agree. Of an MCU, some blocks may
be blanked and others not.
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
    from deid.plan import Box

    _Which = int | npt.NDArray[np.bool_] | tuple[int, npt.NDArray[np.bool_]]
    """Of blocks, (MCU, block of the MCU): an MCU, or those that are marked, of all or of an MCU."""


def changed_units(before: bytes, after: bytes, boxes: Sequence[Box]) -> int:
    """How many MCUs have other coefficients in blocks that the boxes don't touch.

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
        hidden = covered[mine.first : mine.first + mine.count]
        if not hidden.all():
            before = one.indexed(mine)
            after = _indexed_after(before, other, theirs, hidden)
            changed += _changed_in_interval(before, after, hidden)
    return changed


def _indexed_after(
    before: IndexedInterval, grid: ScanGrid, interval: Interval, covered: npt.NDArray[np.bool_]
) -> IndexedInterval:
    """Find all blocks of the second stream's interval.

    MCUs of which blocks are `covered`, (MCU, block of the MCU), are read, with the one after them. From there on the
    same bits are the same blocks, as the tables agree: the rest is only read where the bits differ.
    """
    reader, blocks = grid.reader(interval), len(grid.blocks)
    known = np.append(before.index.starts, before.index.ends[-1:])
    parts: list[npt.NDArray[np.int64]] = []
    position = 0
    touched = np.any(covered, axis=1)
    resumed = touched.copy()
    resumed[1:] |= touched[:-1]
    same = ~resumed
    for first, last in pairwise([0, *(np.flatnonzero(np.diff(resumed)) + 1).tolist(), interval.count]):
        own = known[first * blocks : last * blocks + 1]
        if same[first] and _goes_on(reader.data, position, before.data, own):
            parts.append(own[:-1] + (position - own[0]))
            position += int(own[-1] - own[0])
        else:
            same[first:last] = False
            borders = np.asarray(reader.borders(position, (last - first) * blocks))
            parts.append(borders[:-1])
            position = int(borders[-1])
    borders = np.concatenate([*parts, np.asarray([position])])
    return IndexedInterval(
        reader.data, reader.index_partly(borders, np.repeat(same, blocks), before.index), grid.blocks
    )


def _goes_on(data: bytes, position: int, other: bytes, borders: npt.NDArray[np.int64]) -> bool:
    """Whether the bits of blocks of the other data stand at a position of this one."""
    start, end = int(borders[0]), int(borders[-1])
    stop = position + end - start
    return stop <= 8 * len(data) and bits_of(data, position, stop) == bits_of(other, start, end)


def _changed_in_interval(one: IndexedInterval, other: IndexedInterval, hidden: npt.NDArray[np.bool_]) -> int:
    """Count the MCUs whose DC values or AC codes differ in blocks that are not `hidden`, (MCU, block of the MCU)."""
    touched = np.any(hidden, axis=1)
    whole = np.flatnonzero(~touched)
    gaps = np.flatnonzero(np.diff(whole) > 1) + 1
    changed = sum(_changed_in_run(one, other, run.tolist()) for run in np.split(whole, gaps) if run.size)
    return changed + _changed_beside(one, other, ~hidden & touched[:, np.newaxis])


def _changed_beside(one: IndexedInterval, other: IndexedInterval, seen: npt.NDArray[np.bool_]) -> int:
    """Count the MCUs that differ among blocks that are `seen` beside hidden ones, (MCU, block of the MCU)."""
    if not _differ(one, other, seen):
        return 0
    mcus = np.flatnonzero(np.any(seen, axis=1)).tolist()
    return sum(_differ(one, other, (mcu, seen[mcu])) for mcu in mcus)


def _changed_in_run(one: IndexedInterval, other: IndexedInterval, run: list[int]) -> int:
    """MCUs that differ in a run of consecutive ones.

    Where all DC values agree, so do the differences after the first MCU: the rest of the run is one string of bits.
    """
    first, last = run[0], run[-1]
    if np.array_equal(one.dc[first : last + 1], other.dc[first : last + 1]):
        rest_is_same = first == last or _rest(one, first, last) == _rest(other, first, last)
        if rest_is_same and not _differ(one, other, first):
            return 0
    return sum(_differ(one, other, mcu) for mcu in run)


def _rest(indexed: IndexedInterval, first: int, last: int) -> tuple[int, int]:
    """Length and bits of the MCUs after `first`, up to and with `last`."""
    start, end = int(indexed.starts[first + 1, 0]), int(indexed.ends[last, -1])
    return end - start, bits_of(indexed.data, start, end)


def _differ(one: IndexedInterval, other: IndexedInterval, which: _Which) -> bool:
    """Whether blocks have other coefficients."""
    return not np.array_equal(one.dc[which], other.dc[which]) or _ac_codes(one, which) != _ac_codes(other, which)


def _ac_codes(indexed: IndexedInterval, which: _Which) -> list[tuple[int, int]]:
    """Length and bits of the AC codes of blocks."""
    starts, ends = indexed.ac_starts[which].tolist(), indexed.ends[which].tolist()
    return [(end - start, bits_of(indexed.data, start, end)) for start, end in zip(starts, ends, strict=True)]
