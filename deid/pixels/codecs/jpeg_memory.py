"""Remembers where the blocks of entropy-coded data begin.

Finding them costs more than all else that is done to a JPEG frame, and is asked for twice: by redaction, and by the
verification that follows when all frames are done. What is remembered depends on nothing but the data and its tables.
"""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from array import array
    from collections.abc import Callable, Sequence

    from deid.pixels.codecs.jpeg_huffman import BlockTables

    Wanted = tuple[bytes, int, Sequence[BlockTables]]
    """Stuffed data, the number of blocks, and the tables of those of an MCU."""
    Places = array[int] | npt.NDArray[Any]
    _Key = tuple[bytes, int, tuple[BlockTables, ...]]

_MOST_BYTES: Final = 32 << 20
"""A cine of 100 frames of 480 × 640 pixels takes 4 MB."""
_LAST: Final = np.iinfo(np.uint32).max


def _key(wanted: Wanted) -> _Key:
    data, count, tables = wanted
    return hashlib.sha256(data).digest(), count, tuple(tables)


class BorderMemory:
    """The places last found, as many as have room."""

    def __init__(self, most_bytes: int = _MOST_BYTES) -> None:
        """Nothing is remembered yet."""
        self._room = most_bytes
        self._borders: OrderedDict[_Key, npt.NDArray[np.uint32]] = OrderedDict()

    def recall(self, wanted: Wanted, find: Callable[[], Places]) -> Places:
        """The places of blocks, found now if they are not remembered."""
        key = _key(wanted)
        known = self._borders.get(key)
        if known is not None:
            self._borders.move_to_end(key)
            return known
        found = find()
        self._keep(key, found)
        return found

    def holds(self, wanted: Wanted) -> bool:
        """Whether the places are remembered."""
        return _key(wanted) in self._borders

    def keep(self, wanted: Wanted, found: Places) -> None:
        """Remember the places of blocks."""
        self._keep(_key(wanted), found)

    def _keep(self, key: _Key, found: Places) -> None:
        if found[-1] > _LAST:
            return
        borders = np.asarray(found, np.uint32)
        self._room -= borders.nbytes
        self._borders[key] = borders
        while self._room < 0:
            _, oldest = self._borders.popitem(last=False)
            self._room += oldest.nbytes
