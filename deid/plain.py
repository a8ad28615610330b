"""Values that go from process to process by the thousand."""

from __future__ import annotations

from typing import Any


class Plain:
    """A base for frozen dataclasses with slots, all of whose fields are arguments: they are pickled as a call.

    As such dataclasses are pickled otherwise, field by field, takes three times as long.
    """

    __slots__: tuple[str, ...] = ()

    def __reduce__(self) -> tuple[Any, ...]:
        """How it is made again."""
        return type(self), tuple([getattr(self, name) for name in self.__slots__])
