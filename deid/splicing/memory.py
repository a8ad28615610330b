"""Memory that keeps what is still used and forgets the rest, so that a run of a million files stays as small as one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Hashable

Key = TypeVar("Key", bound="Hashable")
Value = TypeVar("Value")


class Memory(Generic[Key, Value]):
    """A dictionary of two generations: what was not asked for while one filled up is forgotten with the next."""

    def __init__(self, most: int, most_bytes: int = 0) -> None:
        """Make one.

        Args:
            most: The most values of a generation.
            most_bytes: The most bytes of its keys, where these are bytes; 0 for no limit.
        """
        self._most = most
        self._most_bytes = most_bytes
        self._bytes = 0
        self.young: dict[Key, Value] = {}
        """The newer generation, for a look that may miss something."""
        self._old: dict[Key, Value] = {}

    def get(self, key: Key) -> Value | None:
        """What is remembered for `key`."""
        value = self.young.get(key)
        if value is None:
            value = self._old.pop(key, None)
            if value is not None:
                self.put(key, value)
        return value

    def put(self, key: Key, value: Value) -> None:
        """Remember a value."""
        size = len(key) if isinstance(key, bytes) else 0
        if len(self.young) >= self._most or (self._most_bytes and self._bytes + size > self._most_bytes):
            self.young, self._old, self._bytes = {}, self.young, 0
        self.young[key] = value
        self._bytes += size
