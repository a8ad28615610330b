"""Palette Color Lookup Tables, plain and segmented (PS3.3 C.7.6.3.1.5, C.7.9.2)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt

from deid.errors import InstanceError, Reason

if TYPE_CHECKING:
    from pydicom.dataset import Dataset

_COLOURS: Final = ("Red", "Green", "Blue")
_LUMINANCE: Final = (0.299, 0.587, 0.114)
_DISCRETE, _LINEAR, _INDIRECT = 0, 1, 2

Entries = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Palette:
    """The three tables: entry `i` is the colour of the stored value `first + i`; values beyond take the end entries."""

    first: int
    bits: int
    entries: npt.NDArray[np.int64]
    """(entries, 3)"""

    @classmethod
    def of(cls, dataset: Dataset) -> Palette:
        """Read the tables of an instance.

        Raises:
            InstanceError: They are missing or contradict their descriptors.
        """
        try:
            tables = [_table(dataset, colour) for colour in _COLOURS]
            _, first, bits = _descriptor(dataset, "Red")
            return cls(first, bits, np.stack(tables, axis=-1))
        except (AttributeError, IndexError, KeyError, OverflowError, TypeError, ValueError):
            raise InstanceError(Reason.MALFORMED, "the palette colour tables are missing or malformed") from None

    def entry(self, *, light: bool) -> int:
        """The stored value with the least, or most, luminance, the first of equals."""
        luminance = self.entries @ np.asarray(_LUMINANCE)
        return self.first + int(np.argmax(luminance) if light else np.argmin(luminance))

    def rgb(self, values: npt.NDArray[Any]) -> npt.NDArray[np.uint8]:
        """The colours of stored values, (rows, columns, 3), scaled to 8 bits."""
        index = np.clip(values.astype(np.int64) - self.first, 0, len(self.entries) - 1)
        scaled = self.entries >> max(0, self.bits - 8)
        return np.clip(scaled, 0, 255).astype(np.uint8)[index]


def _descriptor(dataset: Dataset, colour: str) -> tuple[int, int, int]:
    entries, first, bits = (int(v) for v in dataset[f"{colour}PaletteColorLookupTableDescriptor"].value)
    return (entries & 0xFFFF) or 0x10000, first, bits


def _table(dataset: Dataset, colour: str) -> Entries:
    count, _, bits = _descriptor(dataset, colour)
    plain = f"{colour}PaletteColorLookupTableData"
    little = dataset.original_encoding[1] is not False
    if plain in dataset:
        entries = _words(dataset[plain].value, count, little=little)
    else:
        segmented = dataset[f"Segmented{colour}PaletteColorLookupTableData"].value
        entries = _expand(_words(segmented, len(segmented), little=little, bits=bits), count, bits)
    if len(entries) < count:
        raise ValueError(colour)
    return entries[:count]


def _words(value: object, count: int, *, little: bool, bits: int = 0) -> Entries:
    """Entries as numbers: 16-bit words, or bytes where the data is too short for words (8-bit entries in OW)."""
    if isinstance(value, (bytes, bytearray)):
        wide = len(value) >= 2 * count if not bits else bits > 8  # noqa: PLR2004
        dtype = ("<u2" if little else ">u2") if wide else "u1"
        return np.frombuffer(value, dtype, count=len(value) // np.dtype(dtype).itemsize).astype(np.int64)
    if isinstance(value, Iterable):
        return np.asarray([int(entry) for entry in value], np.int64)
    raise TypeError(type(value))


def _expand(segments: Entries, count: int, bits: int) -> Entries:
    """Expand a segmented table to at most `count` entries."""
    expanded: list[int] = []
    position = 0
    while position < len(segments) and len(expanded) < count:
        position = _expand_segment(segments, position, expanded, bits)
    return np.asarray(expanded[:count], np.int64)


def _expand_segment(segments: Entries, position: int, expanded: list[int], bits: int) -> int:
    """Append one segment's entries; return the position of the next segment."""
    opcode, length = int(segments[position]), int(segments[position + 1])
    if opcode == _DISCRETE:
        expanded.extend(int(v) for v in segments[position + 2 : position + 2 + length])
        return position + 2 + length
    if opcode == _LINEAR:
        start, end = expanded[-1], int(segments[position + 2])
        expanded.extend(round(start + (end - start) * step / length) for step in range(1, length + 1))
        return position + 3
    if opcode != _INDIRECT:
        raise ValueError(opcode)
    # The offset counts bytes from the first segment; a part for 8-bit tables is one byte.
    low, high = int(segments[position + 2]), int(segments[position + 3])
    part_bits = 16 if bits > 8 else 8  # noqa: PLR2004
    source = (low | high << part_bits) * 8 // part_bits
    for _ in range(length):
        if int(segments[source]) == _INDIRECT:
            raise ValueError(source)
        source = _expand_segment(segments, source, expanded, bits)
    return position + 4
