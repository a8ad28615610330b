"""Remembers where the blocks of entropy-coded data begin.

Finding them costs more than all else that is done to a JPEG frame, and is asked for twice: by redaction, and by the
verification that follows when all frames are done. What is remembered depends on nothing but the data and its tables.
"""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from array import array
    from collections.abc import Callable, Sequence

    from deid.pixels.codecs.jpeg_huffman import BlockTables

    Wanted = tuple[bytes, int, Sequence[BlockTables]]
    """Stuffed data, the number of blocks, and the tables of those of an MCU."""
    _Key = tuple[bytes, int, tuple[BlockTables, ...]]

_MOST_BYTES: Final = 32 << 20
"""A cine of 100 frames of 480 × 640 pixels takes 4 MB."""
_LAST: Final = np.iinfo(np.uint32).max


class BorderMemory:
    """The places last found, as many as have room."""

    def __init__(self, most_bytes: int = _MOST_BYTES) -> None:
        """Nothing is remembered yet."""
        self._room = most_bytes
        self._borders: OrderedDict[_Key, npt.NDArray[np.uint32]] = OrderedDict()

    def recall(self, wanted: Wanted, find: Callable[[], array[int]]) -> npt.ArrayLike:
        """The places of blocks, found now if they are not remembered."""
        data, count, tables = wanted
        key = hashlib.sha256(data).digest(), count, tuple(tables)
        known = self._borders.get(key)
        if known is not None:
            self._borders.move_to_end(key)
            return known
        found = find()
        if found[-1] <= _LAST:
            self._keep(key, np.asarray(found, np.uint32))
        return found

    def _keep(self, key: _Key, borders: npt.NDArray[np.uint32]) -> None:
        self._room -= borders.nbytes
        self._borders[key] = borders
        while self._room < 0:
            _, oldest = self._borders.popitem(last=False)
            self._room += oldest.nbytes
