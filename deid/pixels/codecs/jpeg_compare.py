"""Comparing two sequential JPEG streams coefficient by coefficient, outside the blanked blocks.

Decoded pixels can't be compared exactly where chroma is subsampled: a decoder that interpolates chroma shows another
colour one pixel beyond a blanked block, though every stored coefficient there is the same. So the coefficients are
compared: the absolute DC value and the AC codes of each block, read under tables that agree.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from deid.pixels.codecs.jpeg_bits import bits_of
from deid.pixels.codecs.jpeg_blocks import IndexedInterval, ScanGrid
from deid.pixels.codecs.jpeg_stream import JpegStream, Scan, parse

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

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
        and theirs.ac is not None
        and set(mine.ac.entries()) <= set(theirs.ac.entries())
        for mine, theirs in zip(one.components, other.components, strict=True)
    )


def _changed_in_scan(one: ScanGrid, other: ScanGrid, boxes: Sequence[Box]) -> int:
    covered = one.covered(boxes)
    changed = 0
    for mine, theirs in zip(one.intervals, other.intervals, strict=True):
        if mine.raw == theirs.raw:
            continue
        outside = np.flatnonzero(~covered[mine.first : mine.first + mine.count])
        if outside.size:
            changed += _changed_in_interval(one.indexed(mine), other.indexed(theirs), outside)
    return changed


def _changed_in_interval(one: IndexedInterval, other: IndexedInterval, outside: npt.NDArray[np.intp]) -> int:
    lengths = [(indexed.ends - indexed.ac_starts)[outside] for indexed in (one, other)]
    differ: npt.NDArray[np.bool_] = ((one.dc != other.dc)[outside] | (lengths[0] != lengths[1])).any(axis=1)
    starts = [indexed.ac_starts[outside].tolist() for indexed in (one, other)]
    for row, sizes in enumerate(lengths[0].tolist()):
        if not differ[row]:
            differ[row] = any(
                bits_of(one.data, first, first + size) != bits_of(other.data, second, second + size)
                for first, second, size in zip(starts[0][row], starts[1][row], sizes, strict=True)
            )
    return int(np.count_nonzero(differ))
