"""Huffman tables, and the places of all blocks in a stretch of entropy-coded data (ITU-T T.81 Annexes C and F).

Nothing is decoded that redaction does not need: for each block the bits at which its DC code, its AC codes and the
next block begin, and the DC difference. numpy looks up every bit position of a stretch at once, several symbols a
position; Python then only hops, and numpy reads the DC differences at the places that it came by.
"""

from __future__ import annotations

from array import array
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from collections.abc import Sequence

_WINDOW: Final = 16
_CODES: Final = 1 << _WINDOW
_COEFFICIENTS: Final = 63
_STRETCH_LEAST: Final = 256
_STRETCH_MOST: Final = 1 << 16
"""Bytes; an MCU of ten blocks, each of 64 codes and values of 31 bits, is shorter than the most."""
_USUAL_BLOCK_BYTES: Final = 12
_SHORTEST_BLOCK: Final = 2
_PADDING: Final = b"\xff" * 16
_ENDED: Final = 1 << 12
"""The bit of an entry that says that the block ends; as a count of coefficients it is 128."""
_ENDED_LEAST, _ENDED_MOST = 1 - 128, _COEFFICIENTS - 128
"""What is left of a block's coefficients after its end was read, if there was at least one before."""
_NO_CODE: Final = 0xFFFF

_Words = npt.NDArray[np.uint16]
_Longs = npt.NDArray[np.int64]
BlockTables = tuple["HuffmanTable", "HuffmanTable"]
"""DC and AC table of a block."""


class HuffmanError(ValueError):
    """The entropy-coded data does not follow its tables."""


@dataclass(frozen=True, slots=True)
class HuffmanTable:
    """A table as DHT gives it."""

    counts: tuple[int, ...]
    """The number of codes of each length, 1 to 16."""
    symbols: bytes

    def codes(self) -> dict[int, tuple[int, int]]:
        """Symbol → (code, length)."""
        codes: dict[int, tuple[int, int]] = {}
        for symbol, code, length in self.entries():
            codes.setdefault(symbol, (code, length))
        return codes

    def entries(self) -> list[tuple[int, int, int]]:
        """Symbol, code and length of every code, shortest first.

        Raises:
            HuffmanError: There are more codes than their lengths allow.
        """
        entries: list[tuple[int, int, int]] = []
        code = 0
        for length, count in enumerate(self.counts, 1):
            for _ in range(count):
                entries.append((self.symbols[len(entries)], code, length))
                code += 1
            if code > 1 << length:
                raise HuffmanError("a Huffman table with too many codes")
            code <<= 1
        return entries

    def extended(self, needed: Sequence[int]) -> HuffmanTable | None:
        """This table with codes for more symbols; codes that exist stay as they are. None: there is no room."""
        missing = bytes(symbol for symbol in needed if symbol not in self.symbols)
        if not missing:
            return self
        counts = list(self.counts)
        longest = max((length for length, count in enumerate(counts, 1) if count), default=1)
        free = _CODES - sum(count << (_WINDOW - length) for length, count in enumerate(counts, 1))
        for length in range(longest, _WINDOW + 1):
            # One code is left over: a code of ones only is not allowed.
            if (free >> (_WINDOW - length)) - 1 >= len(missing):
                counts[length - 1] += len(missing)
                return HuffmanTable(tuple(counts), self.symbols + missing)
        return None


@dataclass(frozen=True, slots=True)
class BlockIndex:
    """Bit offsets and DC differences of consecutive blocks."""

    starts: _Longs
    ac_starts: _Longs
    ends: _Longs
    differences: _Longs


class BlockReader:
    """Finds the blocks in the data of one restart interval.

    It hops from block to block through stretches of the data whose bit positions have all been looked up.
    """

    def __init__(self, data: bytes, tables: Sequence[BlockTables]) -> None:
        """Prepare.

        Args:
            data: Entropy-coded data, stuffed zero bytes taken out.
            tables: DC and AC tables of the blocks of one MCU, in order.
        """
        self.data = data
        self._bytes = np.frombuffer(data + _PADDING, np.uint8)
        self._bits = len(data) * 8
        self._tables = tables

    def borders(self, position: int, count: int) -> array[int]:
        """Where each of `count` blocks, of whole MCUs, begins from bit `position` on, and where the last one ends.

        Raises:
            HuffmanError: A code is not in its table, or the data ends before the last block.
        """
        if count * _SHORTEST_BLOCK > self._bits - position:
            raise HuffmanError("the scan ends before its last block")
        borders = array("q", [position])
        size = min(count * _USUAL_BLOCK_BYTES + _STRETCH_LEAST, _STRETCH_MOST)
        while len(borders) <= count:
            stretch = _Stretch(self._bytes, borders[-1], size, self._tables)
            before = len(borders)
            self._hop(stretch, borders, count)
            if len(borders) == before:
                if stretch.is_last or size == _STRETCH_MOST:
                    raise HuffmanError("the scan ends before its last block")
                size = _STRETCH_MOST
        if borders[-1] > self._bits:
            raise HuffmanError("the scan ends before its last block")
        return borders

    def _hop(self, stretch: _Stretch, borders: array[int], count: int) -> None:
        """Append where blocks end, those of all MCUs that lie in a stretch as a whole."""
        base, kinds = stretch.base, stretch.kinds
        append = borders.append
        position = borders[-1] - base
        try:
            while len(borders) <= count:
                for at_start, further, tables in kinds:
                    entry = at_start[position]
                    left = _COEFFICIENTS - (entry >> 5)
                    position += entry & 31
                    while left > 0:
                        entry = further[position]
                        left -= entry >> 5
                        position += entry & 31
                    if left and not _ENDED_LEAST <= left <= _ENDED_MOST:
                        position = stretch.end_of_block(borders[-1] - base, tables)
                    append(base + position)
        except IndexError:
            del borders[len(borders) - (len(borders) - 1) % len(kinds) :]

    def index(self, borders: npt.ArrayLike) -> BlockIndex:
        """What is to be known of the blocks of whole MCUs, by where they begin and the last one ends."""
        places = np.asarray(borders, np.int64)
        starts, ends = places[:-1], places[1:]
        ac_starts, differences = self._dc(starts)
        return BlockIndex(starts, ac_starts, ends, differences)

    def _dc(self, starts: _Longs) -> tuple[_Longs, _Longs]:
        """Where the AC codes of blocks begin, and the DC differences."""
        ac_starts, differences = np.empty_like(starts), np.empty_like(starts)
        blocks = len(self._tables)
        for kind, (dc, _) in enumerate(self._tables):
            mine = starts[kind::blocks]
            entry = dc_lookup(dc)[self._windows_at(mine)].astype(np.int64)
            size = entry & 255
            values = self._windows_at(mine + (entry >> 8)) >> (_WINDOW - size)
            negative = (size > 0) & (values >> np.maximum(size - 1, 0) == 0)
            differences[kind::blocks] = np.where(negative, values - (1 << size) + 1, values)
            ac_starts[kind::blocks] = mine + (entry >> 8) + size
        return ac_starts, differences

    def _windows_at(self, positions: _Longs) -> _Longs:
        first = positions >> 3
        high, middle, low = (self._bytes[first + n].astype(np.int64) for n in range(3))
        windows: _Longs = (high << 16 | middle << 8 | low) >> (8 - (positions & 7)) & (_CODES - 1)
        return windows


class _Stretch:
    """The entries of all bit positions of some bytes, for each kind of block of an MCU."""

    def __init__(self, data: npt.NDArray[np.uint8], position: int, size: int, tables: Sequence[BlockTables]) -> None:
        first = position >> 3
        part = data[first : first + size + 2].astype(np.uint16)
        pairs, third = part[:-2] << 8 | part[1:-1], part[2:]
        windows = np.empty((len(pairs), 8), np.uint16)
        for bit in range(8):
            windows[:, bit] = pairs << bit | third >> (8 - bit)
        self._windows = windows.reshape(-1)
        at_start = {own: start_lookup(*own).take(self._windows).data for own in set(tables)}
        further = {ac: combined_lookup(ac).take(self._windows).data for ac in {ac for _, ac in tables}}
        self.base = first * 8
        """The bit that positions count from."""
        self.is_last = first + size + 2 >= len(data)
        self.kinds = [(at_start[own], further[own[1]], own) for own in tables]

    def end_of_block(self, position: int, tables: BlockTables) -> int:
        """Where a block ends that fills up all coefficients, or breaks the rules: one code at a time.

        Raises:
            HuffmanError: It breaks them.
            IndexError: It goes on where the stretch ends.
        """
        dc, ac = tables
        entry = int(dc_lookup(dc)[self._windows[position]])
        if not entry:
            raise HuffmanError("a DC code that is not in its table")
        position += (entry >> 8) + (entry & 255)
        left = _COEFFICIENTS
        while left:
            entry = int(ac_lookup(ac)[self._windows[position]])
            if entry == _NO_CODE:
                raise HuffmanError("an AC code that is not in its table")
            position += entry & 31
            if entry >> 12:
                return position
            left -= entry >> 5
            if left < 0:
                raise HuffmanError("a block of more than 64 coefficients")
        return position


@lru_cache(maxsize=64)
def dc_lookup(table: HuffmanTable) -> _Words:
    """For each 16-bit window: code length << 8 | category; 0 where no code fits."""
    lookup = np.zeros(_CODES, np.uint16)
    for symbol, code, length in table.entries():
        if symbol >= _WINDOW:
            raise HuffmanError("a DC category that does not exist")
        lookup[code << (_WINDOW - length) : (code + 1) << (_WINDOW - length)] = length << 8 | symbol
    return lookup


@lru_cache(maxsize=64)
def ac_lookup(table: HuffmanTable) -> _Words:
    """For each window its first symbol: end of block << 12 | coefficients << 5 | bits with amplitude; or `_NO_CODE`."""
    lookup = np.full(_CODES, _NO_CODE, np.uint16)
    for symbol, code, length in table.entries():
        run, size = symbol >> 4, symbol & 15
        if symbol == 0:
            entry = 1 << 12 | length
        elif size or symbol == 0xF0:  # noqa: PLR2004  # sixteen zeros
            entry = (run + 1) << 5 | (length + size)
        else:
            continue  # only progressive scans have runs of blocks
        lookup[code << (_WINDOW - length) : (code + 1) << (_WINDOW - length)] = entry
    return lookup


@lru_cache(maxsize=64)
def combined_lookup(table: HuffmanTable) -> _Words:
    """As `ac_lookup`, but for as many whole symbols as begin in the window, up to an end of block."""
    return _joined(ac_lookup(table), table)


@lru_cache(maxsize=64)
def start_lookup(dc: HuffmanTable, ac: HuffmanTable) -> _Words:
    """As `combined_lookup`, for a window that begins with a DC code: its difference counts among the bits."""
    entries = dc_lookup(dc)
    return _joined(np.where(entries, (entries >> 8) + (entries & 255), _NO_CODE).astype(np.uint16), ac)


def _joined(start: _Words, table: HuffmanTable) -> _Words:
    """Entries for what `start` gives of each window, with all AC symbols whose codes lie in the window after it."""
    single = ac_lookup(table).astype(np.uint32)
    code_lengths = _code_lengths(table)
    total = start.astype(np.uint32)
    windows = np.arange(_CODES, dtype=np.uint32)
    for _ in range(_WINDOW):
        used = total & 31
        rest = (windows << np.minimum(used, _WINDOW)) & (_CODES - 1)
        following = single[rest]
        joined = (total >> 5) + (following >> 5)
        fits = (total < _ENDED) & (following != _NO_CODE) & (used + code_lengths[rest] <= _WINDOW)
        # An end of block counts as more coefficients than there are: it can't come where none is left.
        fits &= (joined & (_ENDED >> 5) - 1) + (joined >> 7) <= _COEFFICIENTS
        if not fits.any():
            break
        total = np.where(fits, joined << 5 | (used + (following & 31)), total)
    return total.astype(np.uint16)


@lru_cache(maxsize=64)
def _code_lengths(table: HuffmanTable) -> npt.NDArray[np.uint32]:
    lengths = np.full(_CODES, _WINDOW + 1, np.uint32)
    for _, code, length in table.entries():
        lengths[code << (_WINDOW - length) : (code + 1) << (_WINDOW - length)] = length
    return lengths
