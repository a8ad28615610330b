"""Blacking out blocks of a sequential Huffman JPEG without touching a bit of the others (ITU-T T.81 Annex F).

A covered block becomes one DC coefficient and an end of block. All other blocks keep their coefficients: their codes
are copied; only the DC difference of the first block after a covered one is coded anew, as its prediction changed. All
markers and tables stay; a Huffman table that lacks a symbol gets it at the end of its code space.

Each component has its own blocks: beside a box, luma of its blocks of 8 × 8 pixels goes black, and of subsampled chroma
all that those blocks show becomes neutral, up to the border of the larger blocks of chroma.
"""

from __future__ import annotations

import struct
from itertools import pairwise
from typing import TYPE_CHECKING, Final

import numpy as np

from deid.pixels.codecs.jpeg_bits import BitWriter
from deid.pixels.codecs.jpeg_blocks import IndexedInterval, Interval, ScanGrid, find_ahead
from deid.pixels.codecs.jpeg_stream import SOF_BASELINE, SOF_EXTENDED, FrameHeader, JpegStream, Scan, parse

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import numpy.typing as npt

    from deid.pixels.codecs.jpeg_huffman import HuffmanTable
    from deid.plan import Box

_SIDE: Final = 8
_END_OF_BLOCK: Final = 0
_CATEGORIES: Final = {8: range(12), 12: range(16)}
"""The DC categories of each sample precision (T.81 Table F.1)."""


class NotEditableError(ValueError):
    """The stream is sound, but this method can't edit it."""


class _MissingCodeError(NotEditableError):
    """A Huffman table lacks a symbol."""


def check_editable(stream: JpegStream) -> None:
    """Refuse what is not sequential DCT with Huffman codes.

    Raises:
        NotEditableError: Progressive, lossless, hierarchical or arithmetic, or precision other than 8 and 12.
    """
    if stream.frame.process not in {SOF_BASELINE, SOF_EXTENDED}:
        raise NotEditableError("a JPEG process other than sequential DCT with Huffman coding")
    if stream.frame.precision not in _CATEGORIES:
        raise NotEditableError("a sample precision other than 8 and 12")


def least_size(frame: FrameHeader, *, has_luma: bool) -> tuple[int, int]:
    """Columns and rows of the smallest area that can go black alone: a block of luma, if there is any, else an MCU.

    Args:
        frame: The frame header.
        has_luma: The first component is luma, so that without the others something is still to be seen as it was.
    """
    first, across, down = frame.components[0], frame.max_horizontal, frame.max_vertical
    if not frame.subsampled or (has_luma and (first.horizontal, first.vertical) == (across, down)):
        return _SIDE, _SIDE
    return _SIDE * across, _SIDE * down


def block_size(frame: FrameHeader, index: int) -> tuple[int, int]:
    """Columns and rows of the picture that a block of a component covers; of an MCU, where they are no whole pixels."""
    component, across, down = frame.components[index], frame.max_horizontal, frame.max_vertical
    if across % component.horizontal or down % component.vertical:
        return _SIDE * across, _SIDE * down
    return _SIDE * across // component.horizontal, _SIDE * down // component.vertical


def blank(data: bytes, boxes: Sequence[Box], levels: Sequence[int]) -> bytes:
    """The stream with all blocks under the boxes filled.

    Args:
        data: A sequential JPEG stream.
        boxes: Half-open boxes; in each component, all blocks that they touch are filled.
        levels: The sample value of the fill for each component of the frame.

    Raises:
        JpegError, HuffmanError: The stream is corrupt.
        NotEditableError: It can't be edited in this way.
    """
    stream = parse(data)
    check_editable(stream)
    try:
        return _blank(stream, boxes, levels)
    except _MissingCodeError:
        return _blank(_with_complete_tables(stream), boxes, levels)


def prepare(frames: Sequence[tuple[bytes, Sequence[Box]]]) -> None:
    """Find the blocks of several streams at once, which `blank` then takes less time for.

    Args:
        frames: Streams, each with the boxes to be filled.
    """
    wanted = []
    for data, boxes in frames:
        stream = parse(data)
        check_editable(stream)
        grids = [ScanGrid(stream, scan) for scan in stream.scans]
        wanted += [(grid, interval) for grid in grids for interval, _ in _touched(grid, boxes)]
    find_ahead(wanted)


def dc_of_level(level: int, precision: int, step: int) -> int:
    """The quantised DC coefficient of a block of the sample value `level`, clamped to it at an end of the range.

    Args:
        level: 0 to 2**precision - 1.
        precision: Bits of a sample.
        step: The quantisation step of the DC coefficient.
    """
    height = _SIDE * (level - (1 << (precision - 1)))
    if level == 0:
        return height // step
    if level == (1 << precision) - 1:
        return -(-height // step)
    return (2 * height + step) // (2 * step)


def _blank(stream: JpegStream, boxes: Sequence[Box], levels: Sequence[int]) -> bytes:
    out = bytearray()
    copied = 0
    for scan in stream.scans:
        out += stream.data[copied : scan.start]
        for part in _blank_scan(ScanGrid(stream, scan), boxes, levels):
            out += part
        copied = scan.end
    return bytes(out + stream.data[copied:])


def _blank_scan(grid: ScanGrid, boxes: Sequence[Box], levels: Sequence[int]) -> Iterator[bytes]:
    coder = _BlockCoder(grid, levels)
    touched = {interval.first: covered for interval, covered in _touched(grid, boxes)}
    for interval in grid.intervals:
        yield coder.recode(interval, touched[interval.first]) if interval.first in touched else interval.raw
        yield interval.marker


def _touched(grid: ScanGrid, boxes: Sequence[Box]) -> Iterator[tuple[Interval, npt.NDArray[np.bool_]]]:
    """The intervals that boxes touch, and which of their blocks, (MCU, block of the MCU)."""
    covered = grid.covered(boxes)
    for interval in grid.intervals:
        mine = covered[interval.first : interval.first + interval.count]
        if mine.any():
            yield interval, mine


class _BlockCoder:
    """Write the MCUs of one scan, their blocks covered or not."""

    def __init__(self, grid: ScanGrid, levels: Sequence[int]) -> None:
        self._grid = grid
        self._dc_codes = [dc.codes() for dc, _ in grid.tables]
        self._end_codes = [_end_code(ac) for _, ac in grid.tables]
        self._fill = [self._filling(position, levels) for position in grid.blocks]

    def recode(self, interval: Interval, covered: npt.NDArray[np.bool_]) -> bytes:
        """The interval's data with the covered blocks, (MCU, block of the MCU), filled."""
        indexed = self._grid.indexed(interval)
        writer = BitWriter()
        predictions = dict.fromkeys(self._grid.blocks, 0)
        edges = [0, *(np.flatnonzero((covered[1:] != covered[:-1]).any(axis=1)) + 1).tolist(), interval.count]
        for first, last in pairwise(edges):
            row = covered[first].tolist()
            alike = first
            if first > 0 or any(row):
                self._put_mcu(writer, indexed, first, row, predictions)
                alike += 1
            if all(row):
                self._repeat_filled(writer, last - alike)
            elif any(row):
                for mcu in range(alike, last):
                    self._put_mcu(writer, indexed, mcu, row, predictions)
            elif alike < last:
                writer.copy(indexed.data, int(indexed.starts[alike, 0]), int(indexed.ends[last - 1, -1]))
                predictions = dict(zip(self._grid.blocks, indexed.dc[last - 1].tolist(), strict=True))
        return writer.finish()

    def _put_mcu(
        self,
        writer: BitWriter,
        indexed: IndexedInterval,
        mcu: int,
        covered: Sequence[bool],
        predictions: dict[int, int],
    ) -> None:
        """An MCU of which some blocks are filled, or that follows such a one; `predictions` are brought up to it."""
        values = indexed.dc[mcu].tolist()
        for block, owner in enumerate(self._grid.blocks):
            value = self._fill[block] if covered[block] else values[block]
            self._put_dc(writer, block, value - predictions[owner])
            predictions[owner] = value
            if covered[block]:
                writer.put(*self._end_codes[block])
            else:
                writer.copy(indexed.data, int(indexed.ac_starts[mcu, block]), int(indexed.ends[mcu, block]))

    def _repeat_filled(self, writer: BitWriter, times: int) -> None:
        """As many MCUs as said that are filled as the one before them was."""
        if times:
            again = BitWriter()
            for block in range(len(self._grid.blocks)):
                self._put_dc(again, block, 0)
                again.put(*self._end_codes[block])
            writer.repeat(again, times)

    def _put_dc(self, writer: BitWriter, block: int, difference: int) -> None:
        category = abs(difference).bit_length()
        found = self._dc_codes[block].get(category)
        if found is None:
            raise _MissingCodeError("a DC difference beyond the Huffman table")
        writer.put(*found)
        writer.put(difference if difference >= 0 else difference + (1 << category) - 1, category)

    def _filling(self, position: int, levels: Sequence[int]) -> int:
        stream, component = self._grid.stream, self._grid.scan.components[position]
        table = self._grid.scan.quantisation.get(stream.frame.components[component.index].quantisation)
        if table is None or not table[0]:
            raise NotEditableError("no quantisation table")
        return dc_of_level(levels[component.index], stream.frame.precision, table[0])


def _end_code(table: HuffmanTable) -> tuple[int, int]:
    code = table.codes().get(_END_OF_BLOCK)
    if code is None:
        raise _MissingCodeError("no end of block in the Huffman table")
    return code


def _with_complete_tables(stream: JpegStream) -> JpegStream:
    """The stream with every scan's tables able to code any DC difference and an end of block."""
    out = bytearray()
    copied = 0
    for scan in stream.scans:
        out += stream.data[copied : scan.header]
        segment = b"".join(_completed_tables(scan, stream.frame.precision))
        if segment:
            out += b"\xff\xc4" + struct.pack(">H", len(segment) + 2) + segment
        copied = scan.header
    if len(out) == copied:
        return stream
    return parse(bytes(out + stream.data[copied:]))


def _completed_tables(scan: Scan, precision: int) -> Iterator[bytes]:
    """DHT entries for the tables of a scan that lack something."""
    tables: dict[int, tuple[HuffmanTable | None, Sequence[int]]] = {}
    for component in scan.components:
        tables[component.dc_id] = (component.dc, _CATEGORIES[precision])
        tables[0x10 | component.ac_id] = (component.ac, (_END_OF_BLOCK,))
    for selector, (table, needed) in sorted(tables.items()):
        if table is None:
            raise NotEditableError("a scan without its Huffman tables")
        complete = table.extended(needed)
        if complete is None:
            raise NotEditableError("a Huffman table without room for what the fill needs")
        if complete != table:
            yield bytes([selector, *complete.counts]) + complete.symbols
