"""Huffman tables, and the places of all blocks in a stretch of entropy-coded data (ITU-T T.81 Annexes C and F).

Nothing is decoded that redaction does not need: for each block the bits at which its DC code, its AC codes and the
next block begin, and the DC difference. numpy looks up every bit position of a stretch at once; Python then only hops.
"""

from __future__ import annotations

from array import array
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from collections.abc import Sequence

_WINDOW: Final = 16
_CODES: Final = 1 << _WINDOW
_COEFFICIENTS: Final = 63
_STRETCH_BYTES: Final = 1 << 16
_LONGEST_BLOCK_BYTES: Final = 64 * 4 + 8
_SHORTEST_BLOCK: Final = 2
_PADDING: Final = b"\xff" * 16

_Words = npt.NDArray[np.uint16]
_Longs = npt.NDArray[np.int64]


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


def index_blocks(data: bytes, count: int, tables: Sequence[tuple[HuffmanTable, HuffmanTable]]) -> BlockIndex:
    """Find `count` blocks in the data of one restart interval.

    Args:
        data: Entropy-coded data, stuffed zero bytes taken out.
        count: The number of blocks.
        tables: DC and AC tables of the blocks of one MCU, in order.

    Raises:
        HuffmanError: A code is not in its table, or the data ends before the last block.
    """
    return _Indexer(data, tables).index(count)


class _Indexer:
    """Walks through the data in stretches whose bit positions have all been looked up."""

    def __init__(self, data: bytes, tables: Sequence[tuple[HuffmanTable, HuffmanTable]]) -> None:
        self._bytes = np.frombuffer(data + _PADDING, np.uint8)
        self._bits = len(data) * 8
        self._tables = tables
        self._dc = [dc_lookup(dc) for dc, _ in tables]
        self._single = [ac_lookup(ac) for _, ac in tables]
        self._base = 0
        self._limit = -1
        self._windows = memoryview(b"")
        self._combined: list[Any] = []

    def index(self, count: int) -> BlockIndex:
        if count * _SHORTEST_BLOCK > self._bits:
            raise HuffmanError("the scan ends before its last block")
        starts, ac_starts, ends, differences = (array("q", bytes(8 * count)) for _ in range(4))
        blocks = len(self._tables)
        position = 0  # in bits from the start of the stretch
        for block in range(count):
            if position > self._limit:
                position = self._load(self._base + position)
            kind = block % blocks
            starts[block] = self._base + position
            position, differences[block] = self._dc_difference(position, self._dc[kind])
            ac_starts[block] = self._base + position
            position = self._block_end(position, self._combined[kind], self._single[kind])
            ends[block] = self._base + position
        if count and ends[-1] > self._bits:
            raise HuffmanError("the scan ends before its last block")
        return BlockIndex(*(np.frombuffer(values, np.int64) for values in (starts, ac_starts, ends, differences)))

    def _load(self, position: int) -> int:
        """Look up all positions of the stretch that begins at the byte of bit `position`; return the relative bit."""
        first = position >> 3
        stretch = self._bytes[first : first + _STRETCH_BYTES + 2].astype(np.uint32)
        triples = stretch[:-2] << 16 | stretch[1:-1] << 8 | stretch[2:]
        windows = ((triples[:, np.newaxis] >> np.arange(8, 0, -1, dtype=np.uint32)) & (_CODES - 1)).astype(np.uint16)
        windows = windows.reshape(-1)
        by_table = {ac: combined_lookup(ac)[windows].data for ac in {ac for _, ac in self._tables}}
        self._combined = [by_table[ac] for _, ac in self._tables]
        self._windows = windows.data
        self._base = first * 8
        at_end = first + _STRETCH_BYTES + 2 >= len(self._bytes)
        self._limit = len(windows) if at_end else len(windows) - _LONGEST_BLOCK_BYTES * 8
        return position - self._base

    def _dc_difference(self, position: int, lookup: memoryview) -> tuple[int, int]:
        if position + 2 * _WINDOW >= len(self._windows):
            raise HuffmanError("the scan ends before its last block")
        entry = lookup[self._windows[position]]
        if not entry:
            raise HuffmanError("a DC code that is not in its table")
        position += entry >> 8
        size = entry & 255
        if not size:
            return position, 0
        value = self._windows[position] >> (_WINDOW - size)
        return position + size, value if value >> (size - 1) else value - (1 << size) + 1

    def _block_end(self, position: int, combined: memoryview, single: memoryview) -> int:
        left = _COEFFICIENTS
        try:
            while left:
                entry = combined[position]
                if (entry >> 5 & 127) + (entry >> 12) > left:
                    entry = single[self._windows[position]]
                    if (entry >> 5 & 127) > left:
                        raise HuffmanError("a block of more than 64 coefficients")
                if not entry:
                    raise HuffmanError("an AC code that is not in its table")
                position += entry & 31
                if entry >> 12:
                    return position
                left -= entry >> 5 & 127
        except IndexError:
            raise HuffmanError("the scan ends before its last block") from None
        return position


@lru_cache(maxsize=64)
def dc_lookup(table: HuffmanTable) -> memoryview:
    """For each 16-bit window: code length << 8 | category; 0 where no code fits."""
    lookup = np.zeros(_CODES, np.uint16)
    for symbol, code, length in table.entries():
        if symbol > _WINDOW:
            raise HuffmanError("a DC category that does not exist")
        lookup[code << (_WINDOW - length) : (code + 1) << (_WINDOW - length)] = length << 8 | symbol
    return lookup.data


@lru_cache(maxsize=64)
def ac_lookup(table: HuffmanTable) -> memoryview:
    """For each window its first symbol: end of block << 12 | coefficients << 5 | bits with amplitude; 0: none."""
    return _single(table).data


@lru_cache(maxsize=64)
def combined_lookup(table: HuffmanTable) -> _Words:
    """As `ac_lookup`, but for as many whole symbols as begin in the window, up to an end of block."""
    single = _single(table).astype(np.uint32)
    total = single.copy()
    windows = np.arange(_CODES, dtype=np.uint32)
    for _ in range(_WINDOW):
        used = total & 31
        rest = np.where(used < _WINDOW, (windows << np.minimum(used, _WINDOW)) & (_CODES - 1), 0)
        following = single[rest]
        code_bits = _code_lengths(table)[rest]
        joined = (total >> 5 & 127) + (following >> 5 & 127)
        fits = (following != 0) & (total != 0) & (total >> 12 == 0)
        fits &= (used + code_bits <= _WINDOW) & (used < _WINDOW) & (joined <= _COEFFICIENTS)
        if not fits.any():
            break
        bits = used + (following & 31)
        total = np.where(fits, (following >> 12) << 12 | joined << 5 | bits, total)
    return total.astype(np.uint16)


def _single(table: HuffmanTable) -> _Words:
    lookup = np.zeros(_CODES, np.uint16)
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
def _code_lengths(table: HuffmanTable) -> npt.NDArray[np.uint32]:
    lengths = np.full(_CODES, _WINDOW + 1, np.uint32)
    for _, code, length in table.entries():
        lengths[code << (_WINDOW - length) : (code + 1) << (_WINDOW - length)] = length
    return lengths
