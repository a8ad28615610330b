"""How blocks of entropy-coded data are read, as a machine of states: for each block of an MCU, the ways to read it.

A lookup gives several symbols at once, or one at a time where a block fills up all coefficients, so that the symbols of
the next one are not taken for its own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

from deid.pixels.codecs.jpeg_huffman import (
    CODES,
    COEFFICIENTS,
    ENDED,
    NO_CODE,
    ac_lookup,
    combined_lookup,
    dc_lookup,
    start_lookup,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from deid.pixels.codecs.jpeg_huffman import BlockTables, HuffmanTable, Words

_Longs = npt.NDArray[np.int64]

GOES_ON, ENDS, BREAKS = range(3)
"""What a lookup comes to: the block goes on, ends, or has more coefficients than it may, or a code not in its table."""
_RULES: Final = 3
_START, _FURTHER, _START_ALONE, _FURTHER_ALONE = range(4)
"""At the start of a block and after it; as many symbols as a window holds, or one."""
_MODES: Final = 4
_EOB: Final = ENDED >> 5
_MOST_LEFT: Final = 1 << 11


class States:
    """The states of blocks of several kinds of MCU. Numbers of states are multiples of three, for `after`."""

    def __init__(self, kinds: Sequence[tuple[BlockTables, ...]]) -> None:
        """Prepare; for each kind, the DC and AC tables of the blocks of an MCU."""
        distinct = list(dict.fromkeys(tables for kind in kinds for tables in kind))
        lookups = [lookup for tables in distinct for lookup in _by_mode(*tables)]
        self.lookups = np.concatenate([*lookups, np.zeros(CODES, np.uint16)])
        self.parked = _RULES * _MODES * sum(map(len, kinds))
        """The state of chains that don't go on."""
        self.offsets = np.full(self.parked + 1, len(lookups) * CODES, np.int64)
        """Where in `lookups` the one of a state begins."""
        self._after = np.full(self.parked + _RULES, self.parked, np.int64)
        self.begins_mcu = np.zeros(self.parked + 1, np.bool_)
        self.first: dict[tuple[BlockTables, ...], int] = {}
        """By kind, the state at the beginning of an MCU."""
        for kind in kinds:
            self._add(kind, distinct)

    def _add(self, kind: tuple[BlockTables, ...], distinct: Sequence[BlockTables]) -> None:
        first = sum(_RULES * _MODES * len(other) for other in self.first)
        self.first[kind] = first
        self.begins_mcu[first] = True
        for block, tables in enumerate(kind):
            start, further, start_alone, further_alone = (
                first + _RULES * (block * _MODES + mode) for mode in range(_MODES)
            )
            lookup = distinct.index(tables) * _MODES
            self.offsets[start : further_alone + 1 : _RULES] = (lookup + np.arange(_MODES)) * CODES
            following = first + _RULES * ((block + 1) % len(kind) * _MODES)
            self._after[start : start + _RULES] = further, following, start_alone
            self._after[further : further + _RULES] = further, following, further_alone
            self._after[start_alone] = further_alone
            self._after[further_alone : further_alone + BREAKS] = further_alone, following

    def after(self, states: _Longs, outcomes: _Longs) -> _Longs:
        """The states that follow; what breaks the rules though it was read one symbol at a time is parked."""
        following: _Longs = self._after[states + outcomes]
        return following


def _by_mode(dc: HuffmanTable, ac: HuffmanTable) -> list[Words]:
    entries = dc_lookup(dc)
    alone = np.where(entries, (entries >> 8) + (entries & 255), NO_CODE).astype(np.uint16)
    return [start_lookup(dc, ac), combined_lookup(ac), alone, ac_lookup(ac)]


def _outcomes() -> _Longs:
    outcomes = np.full(2 * _MOST_LEFT, BREAKS, np.int64)
    outcomes[1 : COEFFICIENTS + 1] = GOES_ON
    outcomes[0] = ENDS
    # An end of block counts as more coefficients than there are: it can't come where none is left.
    outcomes[1 - _EOB : COEFFICIENTS - _EOB + 1] = ENDS
    return outcomes


OUTCOMES: Final = _outcomes()
"""By the coefficients that are left of a block after a lookup; negative numbers count from the end."""
