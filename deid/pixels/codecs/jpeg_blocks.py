"""Where the blocks of a sequential JPEG scan lie, in the picture and in the bits (ITU-T T.81 A.2)."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt

from deid.pixels.codecs.jpeg_chains import Stretch, found_together
from deid.pixels.codecs.jpeg_huffman import HuffmanError
from deid.pixels.codecs.jpeg_memory import BorderMemory
from deid.pixels.codecs.jpeg_reader import BlockIndex, BlockReader
from deid.pixels.codecs.jpeg_stream import JpegError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from deid.pixels.codecs.jpeg_huffman import HuffmanTable
    from deid.pixels.codecs.jpeg_memory import Places, Wanted
    from deid.pixels.codecs.jpeg_stream import JpegStream, Scan
    from deid.plan import Box

_RESTART: Final = re.compile(rb"\xff\xff*[\xd0-\xd7]")
_SIDE: Final = 8
_FEW_BLOCKS: Final = 256
_MOST_TOGETHER: Final = 2 << 20
"""Bytes: finding takes about twenty times as much memory."""
_MEMORY: Final = BorderMemory()


@dataclass(frozen=True)
class ScanGrid:
    """The minimum coded units (MCU) of a scan."""

    stream: JpegStream
    scan: Scan

    @cached_property
    def blocks(self) -> tuple[int, ...]:
        """For each block of an MCU, which of the scan's components it belongs to."""
        return tuple(
            position for position, (across, down) in enumerate(self._blocks_of_unit) for _ in range(across * down)
        )

    @cached_property
    def unit(self) -> tuple[int, int]:
        """Columns and rows of the picture that an MCU covers."""
        frame = self.stream.frame
        if len(self.scan.components) > 1:
            return _SIDE * frame.max_horizontal, _SIDE * frame.max_vertical
        component = frame.components[self.scan.components[0].index]
        if frame.max_horizontal % component.horizontal or frame.max_vertical % component.vertical:
            raise JpegError("sampling factors that don't divide each other")
        return (
            _SIDE * frame.max_horizontal // component.horizontal,
            _SIDE * frame.max_vertical // component.vertical,
        )

    @cached_property
    def size(self) -> tuple[int, int]:
        """MCUs across and down."""
        across, down = self.unit
        return -(-self.stream.frame.columns // across), -(-self.stream.frame.rows // down)

    @property
    def count(self) -> int:
        """All MCUs of the scan."""
        return self.size[0] * self.size[1]

    @cached_property
    def tables(self) -> tuple[tuple[HuffmanTable, HuffmanTable], ...]:
        """DC and AC tables of the blocks of an MCU."""
        tables = []
        for position in self.blocks:
            component = self.scan.components[position]
            if component.dc is None or component.ac is None:
                raise JpegError("a scan without its Huffman tables")
            tables.append((component.dc, component.ac))
        return tuple(tables)

    def covered(self, boxes: Sequence[Box]) -> npt.NDArray[np.bool_]:
        """Which blocks the boxes touch, each component's for itself: (MCU, block of the MCU), in scan order.

        A component has no trace of print in other blocks than those, even where its blocks are larger or smaller than
        those of another one: coefficients depend on the samples of their own block only, as DC prediction is undone
        before they are used, and a subsampled sample is made of the pixels that it covers.
        """
        return np.concatenate([self._covered(across, down, boxes) for across, down in self._blocks_of_unit], axis=1)

    @cached_property
    def _blocks_of_unit(self) -> tuple[tuple[int, int], ...]:
        """Of each component of the scan, how many blocks across and down an MCU has."""
        if len(self.scan.components) == 1:
            return ((1, 1),)
        frame = self.stream.frame.components
        return tuple(
            (frame[component.index].horizontal, frame[component.index].vertical) for component in self.scan.components
        )

    def _covered(self, across: int, down: int, boxes: Sequence[Box]) -> npt.NDArray[np.bool_]:
        """The same for a component with so many blocks across and down an MCU."""
        columns, rows = self.size
        grid = np.zeros((rows * down, columns * across), np.bool_)
        picture = self.stream.frame
        for box in boxes:
            grid[
                _touched(box.y0, box.y1, picture.rows, down, self.unit[1]),
                _touched(box.x0, box.x1, picture.columns, across, self.unit[0]),
            ] = True
        return grid.reshape(rows, down, columns, across).swapaxes(1, 2).reshape(self.count, down * across)

    @cached_property
    def intervals(self) -> tuple[Interval, ...]:
        """The restart intervals, or one that is the whole scan.

        Raises:
            JpegError: There are more or fewer than the size of the picture asks for.
        """
        raw = self.stream.data[self.scan.start : self.scan.end]
        if not self.scan.restart_interval:
            return (Interval(raw, b"", 0, self.count),)
        marks = [(found.start(), found.end()) for found in _RESTART.finditer(raw)]
        length = self.scan.restart_interval
        if len(marks) + 1 != -(-self.count // length):
            raise JpegError("restart intervals that don't fit the size")
        starts = [0, *(end for _, end in marks)]
        ends = [*marks, (len(raw), len(raw))]
        return tuple(
            Interval(raw[start:end], raw[end:after], n * length, min(length, self.count - n * length))
            for n, (start, (end, after)) in enumerate(zip(starts, ends, strict=True))
        )

    def indexed(self, interval: Interval) -> IndexedInterval:
        """Find all blocks of an interval; they are remembered, as verification asks for what redaction has found.

        Raises:
            HuffmanError: Its data is corrupt.
        """
        stretch = self.stretch(interval)
        borders = _MEMORY.recall(self.wanted(interval), lambda: _borders(stretch))
        return IndexedInterval(stretch.reader.data, stretch.reader.index(borders), self.blocks)

    def wanted(self, interval: Interval) -> Wanted:
        """By what the places of an interval's blocks are remembered."""
        return interval.raw, interval.count * len(self.blocks), self.tables

    def stretch(self, interval: Interval) -> Stretch:
        """What the blocks of an interval are found in."""
        return Stretch(self.reader(interval), interval.count * len(self.blocks))

    def reader(self, interval: Interval) -> BlockReader:
        """What finds the blocks of an interval."""
        return BlockReader(interval.raw.replace(b"\xff\x00", b"\xff"), self.tables)


@dataclass(frozen=True, slots=True)
class Interval:
    """A stretch of MCUs whose DC prediction starts afresh."""

    raw: bytes
    """Entropy-coded data, stuffed."""
    marker: bytes
    """The restart marker after it."""
    first: int
    """Its first MCU."""
    count: int


@dataclass(frozen=True)
class IndexedInterval:
    """An interval with the places of its blocks, as arrays (MCU, block of the MCU)."""

    data: bytes
    """Entropy-coded data, unstuffed."""
    index: BlockIndex
    blocks: tuple[int, ...]

    @cached_property
    def starts(self) -> npt.NDArray[np.int64]:
        """The first bit of each block."""
        return self._by_mcu(self.index.starts)

    @cached_property
    def ac_starts(self) -> npt.NDArray[np.int64]:
        """The first bit after each block's DC coefficient."""
        return self._by_mcu(self.index.ac_starts)

    @cached_property
    def ends(self) -> npt.NDArray[np.int64]:
        """The first bit after each block."""
        return self._by_mcu(self.index.ends)

    @cached_property
    def dc(self) -> npt.NDArray[np.int64]:
        """The quantised DC coefficient of each block."""
        differences = self._by_mcu(self.index.differences)
        values = np.empty_like(differences)
        owner = np.asarray(self.blocks)
        for component in set(self.blocks):
            mine = differences[:, owner == component]
            values[:, owner == component] = np.cumsum(mine.reshape(-1)).reshape(mine.shape)
        return values

    def _by_mcu(self, values: npt.NDArray[Any]) -> npt.NDArray[Any]:
        return values.reshape(-1, len(self.blocks))


def find_ahead(wanted: Iterable[tuple[ScanGrid, Interval]]) -> None:
    """Find the blocks of several intervals together: of many small ones that takes half the time.

    They are remembered. What is corrupt is not: it is found out when it is asked for.
    """
    batch: list[tuple[Wanted, Stretch]] = []
    size = 0
    for grid, interval in wanted:
        places = grid.wanted(interval)
        if not _MEMORY.holds(places):
            batch.append((places, grid.stretch(interval)))
            size += len(interval.raw)
        if size >= _MOST_TOGETHER:
            _find(batch)
            batch, size = [], 0
    _find(batch)


def _find(batch: Sequence[tuple[Wanted, Stretch]]) -> None:
    if len(batch) > 1:
        with suppress(HuffmanError):
            for (wanted, _), borders in zip(batch, found_together([stretch for _, stretch in batch]), strict=True):
                _MEMORY.keep(wanted, borders)


def _touched(first: int, stop: int, size: int, blocks: int, unit: int) -> slice:
    """Which of the blocks of a row a stretch of pixels touches.

    Those beyond the edge of the picture go with the last one in it, whose samples they repeat.

    Args:
        first: The first pixel.
        stop: The first one behind.
        size: Pixels of the picture.
        blocks: How many blocks share `unit` pixels.
        unit: Pixels of an MCU.
    """
    end = -(-stop * blocks // unit)
    return slice(first * blocks // unit, None if end >= -(-size * blocks // unit) else end)


def _borders(stretch: Stretch) -> Places:
    if stretch.count <= _FEW_BLOCKS:
        return stretch.reader.borders(0, stretch.count)
    return found_together([stretch])[0]
