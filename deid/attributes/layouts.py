"""Headers like one that was walked before, as those of a series are: only what differs is looked at."""

from __future__ import annotations

import struct
from dataclasses import dataclass, field
from typing import Final

from deid.attributes.attribute import UNDEFINED_LENGTH
from deid.attributes.elements import LONG_VRS, Unsure, end_of_sequence, walk

_MOST: Final = 3
_VR: Final = slice(4, 6)
_SHORT_HEAD: Final = 8
_LONG_HEAD: Final = 12
_Run = tuple[bytes, tuple[int, ...]]
"""Bytes of elements that stand one after the other, and their tags."""


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
    """A header that was walked, from its first element to the one that ended the walk."""

    def __init__(self, pieces: dict[int, bytes], *, implicit: bool) -> None:
        self.implicit = implicit
        self._pieces = pieces
        self._last = next(reversed(pieces))
        self._runs: list[_Run] = [(b"".join(pieces.values()), tuple(pieces))]
        """Elements that were the same in all headers so far, together, and each of the others alone."""

    def compared(self, data: bytes, start: int) -> Walked | None:
        """The elements of another header, if it has the same tags and VRs; then that is the one to compare with next.

        A walk goes by the heads of the elements, and in sequences of undefined length by what they hold. So over equal
        bytes it comes to equal places; what differs is walked here.
        """
        position = start
        runs: list[_Run] = []
        differing: dict[int, bytes] = {}
        for run in self._runs:
            if data.startswith(run[0], position):
                runs.append(run)
                position += len(run[0])
                continue
            position = self._walked(data, position, run[1], runs, differing)
            if position < 0:
                return None
        like = self._pieces
        self._pieces, self._runs = like | differing, runs
        return Walked(self._pieces, like, tuple(differing))

    def _walked(
        self, data: bytes, begin: int, tags: tuple[int, ...], runs: list[_Run], differing: dict[int, bytes]
    ) -> int:
        """Walk the elements of a run, and split it at those that differ; where it ends, or -1 for other elements."""
        position, same = begin, 0
        for number, tag in enumerate(tags):
            old = self._pieces[tag]
            if data.startswith(old, position):
                position += len(old)
                continue
            end = self._end(data, position, old)
            if end < 0 or end > len(data) or tag == self._last:
                return -1
            if same < number:
                runs.append((data[begin:position], tags[same:number]))
            differing[tag] = data[position:end]
            runs.append((differing[tag], (tag,)))
            position, begin, same = end, end, number + 1
        if same < len(tags):
            runs.append((data[begin:position], tags[same:]))
        return position

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
