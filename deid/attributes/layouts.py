"""Headers like one that was walked before, as those of a series are: only what differs is looked at."""

from __future__ import annotations

import struct
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import numpy as np

from deid.attributes.attribute import UNDEFINED_LENGTH
from deid.attributes.elements import LONG_VRS, Unsure, end_of_sequence, walk

if TYPE_CHECKING:
    from numpy.typing import NDArray

_MOST: Final = 3
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


class _Header:
    """A header that was walked: where its elements stand, from the first to the one that ended the walk."""

    def __init__(self, pieces: dict[int, bytes], *, implicit: bool) -> None:
        self.implicit = implicit
        self._pieces = pieces
        self._tags = list(pieces)
        self._bytes: NDArray[np.uint8]
        self._starts: list[int]
        self._owners: NDArray[np.int64]
        self._take()

    def compared(self, data: bytes, start: int) -> Walked | None:
        """The elements of another header, if it has the same tags and VRs; then that is the one to compare with next.

        A walk goes by the heads of the elements, and in sequences of undefined length by what they hold. So over equal
        bytes it comes to equal places; what differs is walked here.
        """
        differing: dict[int, bytes] = {}
        element, shift = 0, start
        while element < len(self._tags):
            element, moved = self._equal_up_to(data, element, shift, differing)
            shift += moved
            if element < 0:
                return None
        like, pieces = self._pieces, self._pieces | differing
        if shift != start:
            self._pieces = pieces
            self._take()
        elif differing:
            self._pieces = pieces
            self._bytes = np.frombuffer(data, np.uint8, len(self._bytes), start)
        return Walked(pieces, like, tuple(differing))

    def _equal_up_to(self, data: bytes, element: int, shift: int, differing: dict[int, bytes]) -> tuple[int, int]:
        """Compare the rest of the header, up to an element of another length.

        Returns:
            The element behind that one, or behind the last one, and by how much the rest is shifted; element -1 for
            another sort of header.
        """
        begin = self._starts[element]
        rest = self._bytes[begin:]
        if len(data) - shift - begin < len(rest):
            return -1, 0
        places = np.flatnonzero(rest != np.frombuffer(data, np.uint8, len(rest), shift + begin))
        for number in dict.fromkeys(self._owners[begin:][places].tolist()):
            position, old = self._starts[number] + shift, self._pieces[self._tags[number]]
            end = self._end(data, position, old)
            if end < 0 or end > len(data) or number == len(self._tags) - 1:
                return -1, 0
            differing[self._tags[number]] = data[position:end]
            if end - position != len(old):
                return number + 1, end - position - len(old)
        return len(self._tags), 0

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

    def _take(self) -> None:
        lengths = [len(piece) for piece in self._pieces.values()]
        self._bytes = np.frombuffer(b"".join(self._pieces.values()), np.uint8)
        ends = np.cumsum(lengths)
        self._starts = [0, *ends[:-1].tolist()]
        self._owners = np.repeat(np.arange(len(lengths)), lengths)
