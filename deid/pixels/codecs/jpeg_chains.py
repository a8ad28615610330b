"""The places of all blocks in much entropy-coded data at once.

Huffman codes synchronise themselves: who begins to read anywhere soon comes upon the borders of blocks that are really
there. So reading begins at many places, as chains that numpy moves on together, a lookup at a time, until each has come
to where the next one has been. Only what follows in this way from the beginning of the data is taken, so nothing is
guessed in the end: where chains don't meet, blocks are read one after the other.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

from deid.pixels.codecs.jpeg_huffman import CODES, COEFFICIENTS, HuffmanError
from deid.pixels.codecs.jpeg_states import BREAKS, ENDS, OUTCOMES, States

if TYPE_CHECKING:
    from collections.abc import Sequence

    from deid.pixels.codecs.jpeg_reader import BlockReader

_SEGMENT: Final = 3072
"""Bits from the beginning of one chain to that of the next."""
_TAIL: Final = bytes(1 << 14)
"""What chains at the end may read: an MCU of 48 blocks, each of 64 codes and values, is shorter."""
_PADDING: Final = 7
_STEPS: Final = 16
"""After so many steps, chains that have arrived are put away."""
_NOWHERE: Final = -1
_NEVER: Final = 1 << 62

_Longs = npt.NDArray[np.int64]
_Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Stretch:
    """Entropy-coded data whose blocks are to be found."""

    reader: BlockReader
    count: int
    """Of blocks, those of whole MCUs."""


@dataclass(frozen=True, slots=True)
class _Travels:
    """What chains came by, and where each got to."""

    owners: _Longs
    """For each border of blocks, the chain that came by it."""
    borders: _Longs
    begin: _Flags
    """Whether an MCU begins at the border."""
    arrived: _Longs
    """Where each chain ended, always at the beginning of an MCU; or nowhere."""
    since: _Longs
    """From where on each chain has followed the tables."""


def found_together(stretches: Sequence[Stretch]) -> list[_Longs]:
    """Where each block of some stretches begins, and where the last one ends, in bits.

    Raises:
        HuffmanError: A code is not in its table, or the data ends before the last block.
    """
    return _Search(stretches).found()


class _Search:
    """Chains through the data of all stretches, put one after the other."""

    def __init__(self, stretches: Sequence[Stretch]) -> None:
        self._stretches = stretches
        parts = [own.reader.padded for own in stretches]
        data = np.frombuffer(b"".join([*parts, _TAIL]), np.uint8).astype(np.int32)
        self._triples = data[:-2] << 16 | data[1:-1] << 8 | data[2:]
        self._bases = 8 * np.cumsum([0, *map(len, parts)])
        self._states = States(list(dict.fromkeys(own.reader.tables for own in stretches)))
        self._marks = np.zeros(8 * len(data), np.bool_)
        """Where chains began MCUs, each in its own segment."""
        lengths = [8 * len(own.reader.data) for own in stretches]
        counts = [max(1, length // _SEGMENT) for length in lengths]
        self._firsts = np.cumsum([0, *counts]).tolist()
        """The first chain of each stretch."""
        self._starts = np.concatenate(
            [base + _SEGMENT * np.arange(count) for base, count in zip(self._bases, counts, strict=False)]
        )
        self._stops = np.append(self._starts[1:], 0)
        for base, length, after in zip(self._bases, lengths, self._firsts[1:], strict=False):
            self._stops[after - 1] = max(base + length - _PADDING, self._starts[after - 1] + 1)
        ends = [base + length for base, length in zip(self._bases, lengths, strict=False)]
        self._ends = np.repeat(np.asarray(ends, np.int64), counts)
        """By chain, where the data of its stretch ends."""
        begin = [self._states.first[own.reader.tables] for own in stretches]
        self._begin = np.repeat(np.asarray(begin, np.int64), counts)

    def found(self) -> list[_Longs]:
        """The borders, those of each stretch from its own first bit."""
        first = self._sound(self._travel(self._starts, self._begin, self._stops, on=True))
        self._marks[first.borders[first.begin & (first.borders < self._stops[first.owners])]] = True
        going = np.flatnonzero(first.arrived != _NOWHERE)
        going = np.setdiff1d(going[~self._marks[first.arrived[going]]], np.asarray(self._firsts[1:]) - 1)
        places = first.arrived[going]
        stops = self._stops[np.searchsorted(self._starts, places, "right") - 1]
        second = self._travel(places, self._begin[going], stops, on=False)
        met = np.full(len(self._starts), _NOWHERE)
        met[going] = np.where(self._marks[second.arrived], second.arrived, _NOWHERE)
        used_from, between = self._way(first, met)
        used_to = np.where((used_from != _NEVER) & (met != _NOWHERE), self._ends, _NOWHERE)
        owners = going[second.owners]
        borders = np.concatenate(
            [
                first.borders[(first.borders > used_from[first.owners]) & (first.borders <= self._ends[first.owners])],
                second.borders[second.borders <= used_to[owners]],
                between,
            ]
        )
        borders = np.sort(borders.astype(np.int64))
        cuts = np.searchsorted(borders, self._bases, "right")
        return [
            self._completed(own, borders[cuts[place] : cuts[place + 1]] - self._bases[place])
            for place, own in enumerate(self._stretches)
        ]

    def _travel(self, positions: _Longs, states: _Longs, stops: _Longs, *, on: bool) -> _Travels:
        """Move chains on until each begins an MCU at its stop or behind.

        Args:
            positions: Where the chains begin.
            states: Their states.
            stops: Where they stop.
            on: What breaks the rules begins anew; otherwise it goes nowhere, and chains also stop at marks.
        """
        begin, since = states.copy(), positions.copy()
        arrived = np.full(len(positions), _NOWHERE)
        owners, borders, begins = [positions[:0]], [positions[:0]], [np.zeros(0, np.bool_)]
        ids, left, step = np.arange(len(positions)), np.full(len(positions), COEFFICIENTS), 0
        positions, states = positions.copy(), states.copy()
        while len(ids):
            windows = self._triples[positions >> 3] >> (8 - (positions & 7)) & (CODES - 1)
            entries = self._states.lookups[self._states.offsets[states] + windows].astype(np.int64)
            after, moves = left - (entries >> 5), entries & 31
            outcomes = OUTCOMES[after]
            states = self._states.after(states, outcomes)
            broken = np.flatnonzero(outcomes == BREAKS)
            moves[broken], after[broken] = 0, left[broken]
            positions += moves
            left = after
            ended = np.flatnonzero(outcomes == ENDS)
            left[ended] = COEFFICIENTS
            places, is_begin = positions[ended], self._states.begins_mcu[states[ended]]
            owners.append(ids[ended])
            borders.append(places)
            begins.append(is_begin)
            there = ended[is_begin & ((places >= stops[ended]) | (self._marks[places] if not on else False))]
            arrived[ids[there]] = positions[there]
            states[there] = self._states.parked
            dead = broken[states[broken] == self._states.parked] if on else broken[:0]
            positions[dead] += 1
            left[dead] = COEFFICIENTS
            since[ids[dead]] = positions[dead]
            dead = dead[positions[dead] < stops[dead]]
            states[dead] = begin[ids[dead]]
            step += 1
            if step % _STEPS == 0:
                going = np.flatnonzero(states != self._states.parked)
                ids, positions, states, left, stops = (own[going] for own in (ids, positions, states, left, stops))
        return _Travels(np.concatenate(owners), np.concatenate(borders), np.concatenate(begins), arrived, since)

    def _sound(self, travels: _Travels) -> _Travels:
        """Without what was come by before the rules were broken: it leads nowhere."""
        sound = travels.borders > travels.since[travels.owners]
        return replace(
            travels, owners=travels.owners[sound], borders=travels.borders[sound], begin=travels.begin[sound]
        )

    def _way(self, first: _Travels, met: _Longs) -> tuple[_Longs, list[int]]:
        """From chain to chain, from the first bit of each stretch on.

        Args:
            first: What chains came by in their own segments.
            met: Where each came, beyond its segment, to where another chain has been.

        Returns:
            The place from which on each chain is where blocks are, and the borders between chains that don't meet.
        """
        used_from, between = np.full(len(self._starts), _NEVER), list[int]()
        arrived, met_at = first.arrived.tolist(), met.tolist()
        for number, own in enumerate(self._stretches):
            chain, after = self._firsts[number : number + 2]
            place = int(self._starts[chain])
            if first.since[chain] > place:
                place = self._read_on(own, number, place, between)
            while self._starts[chain] <= place < self._ends[chain]:
                chain = min(chain + (place - int(self._starts[chain])) // _SEGMENT, after - 1)
                used_from[chain] = place
                place = arrived[chain] if chain < after - 1 else _NOWHERE
                if place != _NOWHERE and not self._marks[place]:
                    place = met_at[chain] if met_at[chain] != _NOWHERE else self._read_on(own, number, place, between)
        return used_from, between

    def _read_on(self, own: Stretch, number: int, place: int, between: list[int]) -> int:
        """Read MCUs one after the other, to where a chain has been; or nowhere."""
        base, blocks = int(self._bases[number]), len(own.reader.tables)
        while not self._marks[place]:
            try:
                borders = own.reader.borders(place - base, blocks)
            except HuffmanError:
                return _NOWHERE  # what this means depends on how many blocks were found before
            between.extend(base + border for border in borders[1:])
            place = between[-1]
        return place

    @staticmethod
    def _completed(own: Stretch, borders: _Longs) -> _Longs:
        """The borders of a stretch, as many as it has blocks; those that are missing are read one after the other."""
        known = np.concatenate([[0], borders])[: own.count + 1]
        if len(known) > own.count:
            return known
        whole = (len(known) - 1) // len(own.reader.tables) * len(own.reader.tables)
        rest = own.reader.borders(int(known[whole]), own.count - whole)
        return np.concatenate([known[:whole], rest])
