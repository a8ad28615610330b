"""The places of all blocks in a stretch of entropy-coded data (ITU-T T.81 Annex F).

Nothing is decoded that redaction does not need: for each block the bits at which its DC code, its AC codes and the
next block begin, and the DC difference. A lookup gives several symbols; numpy reads the DC differences at the places
that were found.
"""

from __future__ import annotations

from array import array
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

from deid.pixels.codecs.jpeg_huffman import (
    CODES,
    COEFFICIENTS,
    ENDED,
    NO_CODE,
    WINDOW,
    HuffmanError,
    ac_lookup,
    combined_lookup,
    dc_lookup,
    start_lookup,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from deid.pixels.codecs.jpeg_huffman import BlockTables

_SHORTEST_BLOCK: Final = 2
_PADDING: Final = b"\xff" * 16
_ENDS_EARLY: Final = "the scan ends before its last block"
_EOB: Final = ENDED >> 5
_ENDED_LEAST: Final = 1 - _EOB
_ENDED_MOST: Final = COEFFICIENTS - _EOB
"""What is left of a block's coefficients after its end was read, if there was at least one before."""

_Longs = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class BlockIndex:
    """Bit offsets and DC differences of consecutive blocks."""

    starts: _Longs
    ac_starts: _Longs
    ends: _Longs
    differences: _Longs


@dataclass(frozen=True, slots=True)
class _Kind:
    """What there is at each bit position, for one block of an MCU."""

    start: _Lazily
    further: _Lazily
    dc: _Lazily
    ac: _Lazily


class BlockReader:
    """Finds the blocks in the data of one restart interval."""

    def __init__(self, data: bytes, tables: Sequence[BlockTables]) -> None:
        """Prepare.

        Args:
            data: Entropy-coded data, stuffed zero bytes taken out.
            tables: DC and AC tables of the blocks of one MCU, in order.
        """
        self.data = data
        self.padded = data + _PADDING
        self.tables = tuple(tables)
        self._bytes = np.frombuffer(self.padded, np.uint8)
        self._bits = len(data) * 8

    @cached_property
    def _kinds(self) -> list[_Kind]:
        return [
            _Kind(*(_Lazily(self.padded, lookup.data) for lookup in lookups))
            for lookups in (
                (start_lookup(dc, ac), combined_lookup(ac), dc_lookup(dc), ac_lookup(ac)) for dc, ac in self.tables
            )
        ]

    def borders(self, position: int, count: int) -> array[int]:
        """Where each of `count` blocks, of whole MCUs, begins from bit `position` on, and where the last one ends.

        They are read one after the other; for many blocks see `jpeg_chains`.

        Raises:
            HuffmanError: A code is not in its table, or the data ends before the last block.
        """
        if count * _SHORTEST_BLOCK > self._bits - position:
            raise HuffmanError(_ENDS_EARLY)
        borders = array("q", [position])
        try:
            while len(borders) <= count:
                self._read_mcu(borders)
        except IndexError:
            raise HuffmanError(_ENDS_EARLY) from None
        if borders[-1] > self._bits:
            raise HuffmanError(_ENDS_EARLY)
        return borders

    def _read_mcu(self, borders: array[int]) -> None:
        """Append where the blocks of the next MCU end."""
        position = borders[-1]
        for kind in self._kinds:
            entry = kind.start[position]
            left = COEFFICIENTS - (entry >> 5)
            position += entry & 31
            while left > 0:
                entry = kind.further[position]
                left -= entry >> 5
                position += entry & 31
            if left and not _ENDED_LEAST <= left <= _ENDED_MOST:
                position = self._end_of_block(borders[-1], kind)
            borders.append(position)

    @staticmethod
    def _end_of_block(position: int, kind: _Kind) -> int:
        """Where a block ends that fills up all coefficients, or breaks the rules: one code at a time.

        Raises:
            HuffmanError: It breaks them.
            IndexError: It goes on where the data ends.
        """
        entry = kind.dc[position]
        if not entry:
            raise HuffmanError("a DC code that is not in its table")
        position += (entry >> 8) + (entry & 255)
        left = COEFFICIENTS
        while left:
            entry = kind.ac[position]
            if entry == NO_CODE:
                raise HuffmanError("an AC code that is not in its table")
            position += entry & 31
            if entry >= ENDED:
                return position
            left -= entry >> 5
            if left < 0:
                raise HuffmanError("a block of more than 64 coefficients")
        return position

    def index(self, borders: npt.ArrayLike) -> BlockIndex:
        """What is to be known of the blocks of whole MCUs, by where they begin and the last one ends."""
        places = np.asarray(borders, np.int64)
        starts, ends = places[:-1], places[1:]
        ac_starts, differences = self._dc(starts)
        return BlockIndex(starts, ac_starts, ends, differences)

    def index_partly(self, borders: npt.ArrayLike, same: npt.NDArray[np.bool_], other: BlockIndex) -> BlockIndex:
        """As `index`, where the marked of the blocks, whole MCUs, have the bits that those of another index have."""
        places = np.asarray(borders, np.int64)
        starts, ends = places[:-1], places[1:]
        ac_starts, differences = starts + (other.ac_starts - other.starts), other.differences.copy()
        ac_starts[~same], differences[~same] = self._dc(starts[~same])
        return BlockIndex(starts, ac_starts, ends, differences)

    def _dc(self, starts: _Longs) -> tuple[_Longs, _Longs]:
        """Where the AC codes of blocks begin, and the DC differences."""
        ac_starts, differences = np.empty_like(starts), np.empty_like(starts)
        blocks = len(self.tables)
        for kind, (table, _) in enumerate(self.tables):
            lookup = dc_lookup(table)
            mine = starts[kind::blocks]
            entry = lookup[self._windows_at(mine)].astype(np.int64)
            size = entry & 255
            values = self._windows_at(mine + (entry >> 8)) >> (WINDOW - size)
            negative = (size > 0) & (values >> np.maximum(size - 1, 0) == 0)
            differences[kind::blocks] = np.where(negative, values - (1 << size) + 1, values)
            ac_starts[kind::blocks] = mine + (entry >> 8) + size
        return ac_starts, differences

    def _windows_at(self, positions: _Longs) -> _Longs:
        first = positions >> 3
        high, middle, low = (self._bytes[first + n].astype(np.int64) for n in range(3))
        windows: _Longs = (high << 16 | middle << 8 | low) >> (8 - (positions & 7)) & (CODES - 1)
        return windows


class _Lazily:
    """What a table has for the window at a bit position."""

    __slots__ = ("_data", "_table")

    def __init__(self, data: bytes, table: memoryview) -> None:
        self._data = data
        self._table = table

    def __getitem__(self, position: int) -> int:
        first = position >> 3
        third = self._data[first + 2]  # an IndexError where the data ends
        pair = self._data[first] << 16 | self._data[first + 1] << 8
        return self._table[(pair | third) >> (8 - (position & 7)) & (CODES - 1)]
