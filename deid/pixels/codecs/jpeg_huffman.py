"""Huffman tables (ITU-T T.81 Annex C), and what a window of 16 bits means by them (Annex F)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

WINDOW: Final = 16
CODES: Final = 1 << WINDOW
COEFFICIENTS: Final = 63
ENDED: Final = 1 << 12
"""The bit of an entry that says that the block ends; as a count of coefficients it is 128."""
NO_CODE: Final = 0xFFFF

Words = npt.NDArray[np.uint16]
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

    def codes(self) -> Mapping[int, tuple[int, int]]:
        """Symbol → (code, length)."""
        return _codes(self)

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
        free = CODES - sum(count << (WINDOW - length) for length, count in enumerate(counts, 1))
        for length in range(longest, WINDOW + 1):
            # One code is left over: a code of ones only is not allowed.
            if (free >> (WINDOW - length)) - 1 >= len(missing):
                counts[length - 1] += len(missing)
                return HuffmanTable(tuple(counts), self.symbols + missing)
        return None


@lru_cache(maxsize=64)
def _codes(table: HuffmanTable) -> Mapping[int, tuple[int, int]]:
    codes: dict[int, tuple[int, int]] = {}
    for symbol, code, length in table.entries():
        codes.setdefault(symbol, (code, length))
    return codes


@lru_cache(maxsize=64)
def dc_lookup(table: HuffmanTable) -> Words:
    """For each 16-bit window: code length << 8 | category; 0 where no code fits."""
    lookup = np.zeros(CODES, np.uint16)
    for symbol, code, length in table.entries():
        if symbol >= WINDOW:
            raise HuffmanError("a DC category that does not exist")
        lookup[code << (WINDOW - length) : (code + 1) << (WINDOW - length)] = length << 8 | symbol
    return lookup


@lru_cache(maxsize=64)
def ac_lookup(table: HuffmanTable) -> Words:
    """For each window its first symbol: end of block << 12 | coefficients << 5 | bits with amplitude; or `NO_CODE`."""
    lookup = np.full(CODES, NO_CODE, np.uint16)
    for symbol, code, length in table.entries():
        run, size = symbol >> 4, symbol & 15
        if symbol == 0:
            entry = 1 << 12 | length
        elif size or symbol == 0xF0:  # noqa: PLR2004  # sixteen zeros
            entry = (run + 1) << 5 | (length + size)
        else:
            continue  # only progressive scans have runs of blocks
        lookup[code << (WINDOW - length) : (code + 1) << (WINDOW - length)] = entry
    return lookup


@lru_cache(maxsize=64)
def combined_lookup(table: HuffmanTable) -> Words:
    """As `ac_lookup`, but for as many whole symbols as begin in the window, up to an end of block."""
    return _joined(ac_lookup(table), table)


@lru_cache(maxsize=64)
def start_lookup(dc: HuffmanTable, ac: HuffmanTable) -> Words:
    """As `combined_lookup`, for a window that begins with a DC code: its difference counts among the bits."""
    entries = dc_lookup(dc)
    return _joined(np.where(entries, (entries >> 8) + (entries & 255), NO_CODE).astype(np.uint16), ac)


def _joined(start: Words, table: HuffmanTable) -> Words:
    """Entries for what `start` gives of each window, with all AC symbols whose codes lie in the window after it."""
    single = ac_lookup(table).astype(np.uint32)
    code_lengths = _code_lengths(table)
    total = start.astype(np.uint32)
    windows = np.arange(CODES, dtype=np.uint32)
    for _ in range(WINDOW):
        used = total & 31
        rest = (windows << np.minimum(used, WINDOW)) & (CODES - 1)
        following = single[rest]
        joined = (total >> 5) + (following >> 5)
        fits = (total < ENDED) & (following != NO_CODE) & (used + code_lengths[rest] <= WINDOW)
        # An end of block counts as more coefficients than there are: it can't come where none is left.
        fits &= (joined & (ENDED >> 5) - 1) + (joined >> 7) <= COEFFICIENTS
        if not fits.any():
            break
        total = np.where(fits, joined << 5 | (used + (following & 31)), total)
    return total.astype(np.uint16)


@lru_cache(maxsize=64)
def _code_lengths(table: HuffmanTable) -> npt.NDArray[np.uint32]:
    lengths = np.full(CODES, WINDOW + 1, np.uint32)
    for _, code, length in table.entries():
        lengths[code << (WINDOW - length) : (code + 1) << (WINDOW - length)] = length
    return lengths
