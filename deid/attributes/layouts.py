"""Headers like one that was walked before, as those of a series are: only what differs is looked at."""

from __future__ import annotations

import struct
from dataclasses import dataclass, field
from itertools import islice
from typing import Final

from deid.attributes.attribute import UNDEFINED_LENGTH
from deid.attributes.elements import LONG_VRS, Unsure, end_of_sequence, walk

_MOST: Final = 3
_TOGETHER: Final = 8
"""Elements that are compared at once, as most are equal; of a block that is not, each is."""
_VR: Final = slice(4, 6)
_SHORT_HEAD: Final = 8
_LONG_HEAD: Final = 12


@dataclass(frozen=True, slots=True)
class Walked:
    """The elements of a header, and in what they differ from those of one before."""

    pieces: dict[int, bytes] = field(repr=False)
    """The bytes of each element by tag, in order."""
    like: dict[int, bytes] | None = field(default=None, repr=False)
    """The pieces of a header with the same tags and VRs in the same order; None where there is none at hand."""
    differing: tuple[int, ...] = ()
    """The tags of the elements that are not equal there."""


class Layouts:
    """The headers that were walked last."""

    def __init__(self) -> None:
        self._known: list[_Header] = []

    def walk(self, data: bytes, start: int, *, implicit: bool, stop: int) -> Walked:
        """As `walk` to the end of `data`, with its errors."""
        for number, known in enumerate(self._known):
            walked = known.compared(data, start) if known.implicit == implicit else None
            if walked is not None:
                if number:
                    self._known.insert(0, self._known.pop(number))
                return walked
        pieces = walk(data, start, len(data), implicit=implicit, stop=stop)
        # A header that does not reach `stop` ends with the data, wherever that does.
        if stop in pieces:
            self._known = [_Header(pieces, implicit=implicit), *self._known[: _MOST - 1]]
        return Walked(pieces)


@dataclass(frozen=True, slots=True)
class _Block:
    """A few elements, one after the other."""

    data: bytes = field(repr=False)
    elements: tuple[tuple[int, bytes], ...] = field(repr=False)
    """Tags and bytes."""


class _Header:
    """A header that was walked, from its first element to the one that ended the walk."""

    def __init__(self, pieces: dict[int, bytes], *, implicit: bool) -> None:
        self.implicit = implicit
        self._pieces = pieces
        self._last = next(reversed(pieces))
        elements = iter(pieces.items())
        self._blocks: list[_Block] = []
        while some := tuple(islice(elements, _TOGETHER)):
            self._blocks.append(_Block(b"".join([piece for _, piece in some]), some))

    def compared(self, data: bytes, start: int) -> Walked | None:
        """The elements of another header, if it has the same tags and VRs; then that is the one to compare with next.

        A walk goes by the heads of the elements, and in sequences of undefined length by what they hold. So over equal
        bytes it comes to equal places; what differs is walked here.
        """
        position = start
        new: dict[int, _Block] = {}
        differing: dict[int, bytes] = {}
        for number, block in enumerate(self._blocks):
            if data.startswith(block.data, position):
                position += len(block.data)
                continue
            others = self._differing(data, position, block)
            if others is None:
                return None
            differing |= others
            elements = tuple([(tag, others.get(tag, old)) for tag, old in block.elements])
            new[number] = _Block(b"".join([piece for _, piece in elements]), elements)
            position += len(new[number].data)
        like, self._pieces = self._pieces, self._pieces | differing
        for number, block in new.items():
            self._blocks[number] = block
        return Walked(self._pieces, like, tuple(differing))

    def _differing(self, data: bytes, position: int, block: _Block) -> dict[int, bytes] | None:
        """The elements at `position` that differ from those of a block, by tag; None for another sort of header."""
        differing: dict[int, bytes] = {}
        for tag, old in block.elements:
            if data.startswith(old, position):
                position += len(old)
                continue
            end = self._end(data, position, old)
            if end < 0 or end > len(data) or tag == self._last:
                return None
            differing[tag] = data[position:end]
            position = end
        return differing

    def _end(self, data: bytes, position: int, old: bytes) -> int:
        """Where the element at `position` ends; -1 where it has another tag or VR than `old`, or is not plain."""
        size = _LONG_HEAD if not self.implicit and old[_VR] in LONG_VRS else _SHORT_HEAD
        bits = 2 if size == _SHORT_HEAD and not self.implicit else 4
        same = size - bits
        if not data.startswith(old[:same], position):
            return -1
        length = int.from_bytes(data[position + same : position + size], "little")
        if length == UNDEFINED_LENGTH:
            try:
                return end_of_sequence(data, position, position + size, implicit=self.implicit)
            except (Unsure, struct.error):
                return -1
        return -1 if length % 2 else position + size + length
