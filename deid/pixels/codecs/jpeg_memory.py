"""Remembers where the blocks of entropy-coded data begin: finding them costs more than all else that redaction does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt

from deid.pixels.codecs.memory import Memory

if TYPE_CHECKING:
    from array import array
    from collections.abc import Callable, Sequence

    from deid.pixels.codecs.jpeg_huffman import BlockTables

    Wanted = tuple[bytes, int, Sequence[BlockTables]]
    """Stuffed data, the number of blocks, and the tables of those of an MCU."""
    Places = array[int] | npt.NDArray[Any]

_MOST_BYTES: Final = 32 << 20
"""A cine of 100 frames of 480 × 640 pixels takes 4 MB."""
_LAST: Final = np.iinfo(np.uint32).max


class BorderMemory:
    """The places last found, as many as have room."""

    def __init__(self, most_bytes: int = _MOST_BYTES) -> None:
        """Nothing is remembered yet."""
        self._memory = Memory[npt.NDArray[np.uint32]](most_bytes)

    def recall(self, wanted: Wanted, find: Callable[[], Places]) -> Places:
        """The places of blocks, found now if they are not remembered."""
        data, count, tables = wanted
        known = self._memory.recall(data, (count, tuple(tables)))
        if known is not None:
            return known
        found = find()
        self.keep(wanted, found)
        return found

    def holds(self, wanted: Wanted) -> bool:
        """Whether the places are remembered."""
        data, count, tables = wanted
        return self._memory.recall(data, (count, tuple(tables))) is not None

    def keep(self, wanted: Wanted, found: Places) -> None:
        """Remember the places of blocks."""
        data, count, tables = wanted
        if found[-1] <= _LAST:
            borders = np.asarray(found, np.uint32)
            self._memory.keep(data, (count, tuple(tables)), borders, borders.nbytes)
