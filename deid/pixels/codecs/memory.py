"""Remembers what takes long to find and is asked for again: by planning, by redaction and by verification.

What is remembered depends on nothing but the bytes it was found in, which are its key.
"""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Hashable

Value = TypeVar("Value")
_Key = tuple[bytes, object]


class Memory(Generic[Value]):
    """What was last found, as much as has room."""

    def __init__(self, most_bytes: int) -> None:
        """Nothing is remembered yet."""
        self._most = most_bytes
        self._used = 0
        self._values: OrderedDict[_Key, tuple[Value, int]] = OrderedDict()

    def recall(self, data: bytes, how: Hashable) -> Value | None:
        """What was found in some bytes, in which way; None if it is not remembered."""
        key = _key(data, how)
        if key not in self._values:
            return None
        self._values.move_to_end(key)
        return self._values[key][0]

    def keep(self, data: bytes, how: Hashable, value: Value, size: int) -> None:
        """Remember what was found, of so many bytes. What was not asked for the longest is forgotten for it."""
        if size > self._most:
            return
        key = _key(data, how)
        _, before = self._values.pop(key, (None, 0))
        self._used += size - before
        self._values[key] = value, size
        while self._used > self._most:
            _, (_, freed) = self._values.popitem(last=False)
            self._used -= freed


def _key(data: bytes, how: Hashable) -> _Key:
    return hashlib.sha256(data).digest(), how
