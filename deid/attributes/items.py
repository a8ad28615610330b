"""The items in the bytes of a sequence; those of one instance are parsed once for all who walk it.

Planning, applying and verification each walk the whole data set, and a report of 20,000 texts has as many sequences.
Nobody changes an item: who makes another one makes a data set of its own.
"""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from io import BytesIO
from typing import TYPE_CHECKING

from pydicom.filereader import read_sequence

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pydicom.dataset import Dataset

    Items = tuple[Dataset, ...] | None

_ITEM_STARTS = (b"\xfe\xff\x00\xe0", b"\xff\xfe\xe0\x00")
_MOST_BYTES = 64 << 20


@dataclass(slots=True)
class _Parsed:
    """What was parsed since walking began."""

    room: int
    items: dict[tuple[object, ...], tuple[bytes, Items]] = field(default_factory=dict)
    """With the bytes themselves: while they are held no others are at the same address."""


_PARSED: ContextVar[_Parsed | None] = ContextVar("_PARSED", default=None)


@contextmanager
def parsed_once(*, most_bytes: int = _MOST_BYTES) -> Iterator[None]:
    """Within, the items of a sequence are parsed when they are first asked for; afterwards all are forgotten.

    Args:
        most_bytes: Of the sequences that are remembered; those beyond are parsed each time.
    """
    token = _PARSED.set(_Parsed(most_bytes))
    try:
        yield
    finally:
        _PARSED.reset(token)


def items_of(
    value: object, encodings: Sequence[str], *, is_sequence: bool, little_endian: bool = True, implicit: bool = False
) -> Items:
    """The items in the bytes of a value; None when they are none, or cut short.

    Args:
        value: The bytes; anything else has no items.
        encodings: The character sets of what the sequence is in.
        is_sequence: The VR says so; else it is one only if it begins with an item.
        little_endian: How the bytes are encoded.
        implicit: Without VRs; otherwise pydicom looks at each item whether its elements carry one.
    """
    if not isinstance(value, bytes) or not (is_sequence or value.startswith(_ITEM_STARTS)):
        return None
    known = _PARSED.get()
    if known is None:
        return _parsed(value, encodings, little_endian, implicit)
    key = id(value), tuple(encodings), little_endian, implicit
    if key not in known.items:
        items = _parsed(value, encodings, little_endian, implicit)
        if len(value) > known.room:
            return items
        known.room -= len(value)
        known.items[key] = value, items
    return known.items[key][1]


def _parsed(value: bytes, encodings: Sequence[str], little_endian: bool, implicit: bool) -> Items:
    try:
        items = tuple(read_sequence(BytesIO(value), implicit, little_endian, len(value), list(encodings)))
    except Exception:  # noqa: BLE001 - pydicom raises whatever it meets; the caller takes the sequence away
        return None
    # pydicom takes any tag for the start of an item.
    return items if all(value.startswith(_ITEM_STARTS, item.seq_item_tell) for item in items) else None
