"""The places of all blocks in a stretch of entropy-coded data (ITU-T T.81 Annex F).

Nothing is decoded that redaction does not need: for each block the bits at which its DC code, its AC codes and the
next block begin, and the DC difference. Of a long stretch numpy looks up every bit position at once, several symbols a
position; Python then only hops, and numpy reads the DC differences at the places that it came by.
"""

from __future__ import annotations

from array import array
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol

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

_STRETCH_BYTES: Final = 1 << 14
"""What is looked up stays in the processor's cache. An MCU of 48 blocks, each of 64 codes and values, is shorter."""
_FEW_BLOCKS: Final = 256
_SHORTEST_BLOCK: Final = 2
_PADDING: Final = b"\xff" * 16
_EOB: Final = ENDED >> 5
_ENDED_LEAST: Final = 1 - _EOB
_ENDED_MOST: Final = COEFFICIENTS - _EOB
"""What is left of a block's coefficients after its end was read, if there was at least one before."""

_Longs = npt.NDArray[np.int64]


class _View(Protocol):
    """Something for each bit position."""

    def __getitem__(self, position: int, /) -> int: ...


@dataclass(frozen=True, slots=True)
class BlockIndex:
    """Bit offsets and DC differences of consecutive blocks."""

    starts: _Longs
    ac_starts: _Longs
    ends: _Longs
    differences: _Longs


@dataclass(frozen=True, slots=True)
class _Kind:
    """The lookups for one block of an MCU."""

    start: int
    """The place of its `start_lookup` among those of all kinds; likewise `further`."""
    further: int
    dc: memoryview
    ac: memoryview


class BlockReader:
    """Finds the blocks in the data of one restart interval."""

    def __init__(self, data: bytes, tables: Sequence[BlockTables]) -> None:
        """Prepare.

        Args:
            data: Entropy-coded data, stuffed zero bytes taken out.
            tables: DC and AC tables of the blocks of one MCU, in order.
        """
        self.data = data
        self._padded = data + _PADDING
        self._bytes = np.frombuffer(self._padded, np.uint8)
        self._bits = len(data) * 8
        self._dc_lookups = [dc_lookup(dc) for dc, _ in tables]
        starts = {own: start_lookup(*own) for own in tables}
        further = {own: combined_lookup(own[1]) for own in tables}
        self._lookups = [*starts.values(), *further.values()]
        places = {own: place for place, own in enumerate(starts)}
        self._kinds = [
            _Kind(places[own], len(starts) + places[own], dc_lookup(own[0]).data, ac_lookup(own[1]).data)
            for own in tables
        ]

    def borders(self, position: int, count: int) -> array[int]:
        """Where each of `count` blocks, of whole MCUs, begins from bit `position` on, and where the last one ends.

        Raises:
            HuffmanError: A code is not in its table, or the data ends before the last block.
        """
        if count * _SHORTEST_BLOCK > self._bits - position:
            raise HuffmanError("the scan ends before its last block")
        borders = array("q", [position])
        while len(borders) <= count:
            stretch = self._all() if count <= _FEW_BLOCKS else self._stretch(borders[-1] >> 3)
            before = len(borders)
            self._hop(stretch, borders, count)
            if len(borders) == before:
                raise HuffmanError("the scan ends before its last block")
        if borders[-1] > self._bits:
            raise HuffmanError("the scan ends before its last block")
        return borders

    def _hop(self, stretch: _Stretch, borders: array[int], count: int) -> None:
        """Append where blocks end, those of all MCUs that lie in a stretch as a whole."""
        base, append = stretch.base, borders.append
        kinds = [(stretch.views[kind.start], stretch.views[kind.further], kind) for kind in self._kinds]
        position = borders[-1] - base
        try:
            while len(borders) <= count:
                for at_start, further, kind in kinds:
                    entry = at_start[position]
                    left = COEFFICIENTS - (entry >> 5)
                    position += entry & 31
                    while left > 0:
                        entry = further[position]
                        left -= entry >> 5
                        position += entry & 31
                    if left and not _ENDED_LEAST <= left <= _ENDED_MOST:
                        position = _end_of_block(stretch.windows, borders[-1] - base, kind)
                    append(base + position)
        except IndexError:
            del borders[len(borders) - (len(borders) - 1) % len(kinds) :]

    def _stretch(self, first: int) -> _Stretch:
        """The stretch that begins at a byte, looked up as a whole."""
        part = self._bytes[first : first + _STRETCH_BYTES + 2].astype(np.uint16)
        pairs, third = part[:-2] << 8 | part[1:-1], part[2:]
        spread = np.empty((len(pairs), 8), np.uint16)
        for bit in range(8):
            spread[:, bit] = pairs << bit | third >> (8 - bit)
        windows = spread.reshape(-1)
        places = windows.astype(np.intp)
        return _Stretch(first * 8, windows.data, [lookup.take(places).data for lookup in self._lookups])

    def _all(self) -> _Stretch:
        """All of the data, looked up where it is asked for: better where that is at a few places."""
        views = [_Lazily(self._padded, lookup.data) for lookup in self._lookups]
        return _Stretch(0, _Lazily(self._padded, range(CODES)), views)

    def index(self, borders: npt.ArrayLike) -> BlockIndex:
        """What is to be known of the blocks of whole MCUs, by where they begin and the last one ends."""
        places = np.asarray(borders, np.int64)
        starts, ends = places[:-1], places[1:]
        ac_starts, differences = self._dc(starts)
        return BlockIndex(starts, ac_starts, ends, differences)

    def _dc(self, starts: _Longs) -> tuple[_Longs, _Longs]:
        """Where the AC codes of blocks begin, and the DC differences."""
        ac_starts, differences = np.empty_like(starts), np.empty_like(starts)
        blocks = len(self._kinds)
        for kind, lookup in enumerate(self._dc_lookups):
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


@dataclass(frozen=True, slots=True)
class _Stretch:
    """What the bit positions of some bytes mean."""

    base: int
    """The bit that positions count from."""
    windows: _View
    views: Sequence[_View]
    """For each lookup its entries."""


class _Lazily:
    """What a table has for the window at a bit position."""

    __slots__ = ("_data", "_table")

    def __init__(self, data: bytes, table: Sequence[int] | memoryview) -> None:
        self._data = data
        self._table = table

    def __getitem__(self, position: int) -> int:
        first = position >> 3
        third = self._data[first + 2]  # an IndexError where the data ends
        pair = self._data[first] << 16 | self._data[first + 1] << 8
        return self._table[(pair | third) >> (8 - (position & 7)) & (CODES - 1)]


def _end_of_block(windows: _View, position: int, kind: _Kind) -> int:
    """Where a block ends that fills up all coefficients, or breaks the rules: one code at a time.

    Raises:
        HuffmanError: It breaks them.
        IndexError: It goes on where the stretch ends.
    """
    entry = kind.dc[windows[position]]
    if not entry:
        raise HuffmanError("a DC code that is not in its table")
    position += (entry >> 8) + (entry & 255)
    left = COEFFICIENTS
    while left:
        entry = kind.ac[windows[position]]
        if entry == NO_CODE:
            raise HuffmanError("an AC code that is not in its table")
        position += entry & 31
        if entry >= ENDED:
            return position
        left -= entry >> 5
        if left < 0:
            raise HuffmanError("a block of more than 64 coefficients")
    return position
