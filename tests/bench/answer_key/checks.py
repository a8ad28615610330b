"""One row of the answer key, where its attribute is, and how values become the strings that are compared."""

from __future__ import annotations

import csv
import re
from dataclasses import astuple, dataclass, fields
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from pydicom.multival import MultiValue

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from pydicom.dataelem import DataElement
    from pydicom.dataset import Dataset

_STEP = re.compile(r'\(([0-9A-F]{4}),(?:"([^"]*)",([0-9A-F]{2})|([0-9A-F]{4}))\)(?:\[(\d+)\])?')
_FIRST_BLOCK, _LAST_BLOCK = 0x10, 0xFF


class CheckType(StrEnum):
    """What MIDI-B checks in a header, and the encoded pixels."""

    TAG_RETAINED = "tag retained"
    NOT_NULL = "text not null"
    TEXT_RETAINED = "text retained"
    TEXT_REMOVED = "text removed"
    DATE_SHIFTED = "date shifted"
    UID_CHANGED = "UID changed"
    UID_CONSISTENT = "UID consistent"
    PATIENT_CONSISTENT = "patient ID consistent"
    PIXELS_RETAINED = "pixels retained"


@dataclass(frozen=True, slots=True)
class Check:
    """A row of the answer key.

    `path` is `(0008,1030)`, or `(0008,1115)[0](0009,"CREATOR",27)` with items and private blocks.
    """

    file: str
    instance: str
    series: str
    patient: str
    type: CheckType
    path: str
    value: str


def write_key(path: Path, checks: Iterable[Check]) -> None:
    """Write the answer key as CSV."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(field.name for field in fields(Check))
        writer.writerows(astuple(check) for check in checks)


def read_key(source: Path) -> list[Check]:
    """Read what `write_key` wrote."""
    with source.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.reader(stream))[1:]
    return [
        Check(file, instance, series, patient, CheckType(kind), path, value)
        for file, instance, series, patient, kind, path, value in rows
    ]


def creator_of(dataset: Dataset, tag: int) -> str | None:
    """The private creator of a private attribute, None without one."""
    group, block = tag >> 16, (tag >> 8) & 0xFF
    if not group & 1 or block < _FIRST_BLOCK:
        return None
    element = dataset.get((group, block))
    return None if element is None else text_of(element)


def is_creator(tag: int) -> bool:
    """Whether the attribute reserves a block."""
    return bool((tag >> 16) & 1) and _FIRST_BLOCK <= (tag & 0xFFFF) <= _LAST_BLOCK


def step_of(dataset: Dataset, tag: int) -> str:
    """One attribute of a path: private ones by creator and low byte."""
    creator = creator_of(dataset, tag)
    if creator is None:
        return f"({tag >> 16:04X},{tag & 0xFFFF:04X})"
    return f'({tag >> 16:04X},"{creator}",{tag & 0xFF:02X})'


def find(dataset: Dataset, path: str) -> DataElement | None:
    """The attribute at a path, None if it is absent."""
    here: Dataset = dataset
    element: DataElement | None = None
    for group, creator, low, number, index in _STEP.findall(path):
        tag = _tag(here, int(group, 16), creator, low or number)
        if tag is None or tag not in here:
            return None
        element = here[tag]
        if index:
            items: Any = element.value
            if element.VR != "SQ" or len(items) <= int(index):
                return None
            here = items[int(index)]
    return element


def _tag(dataset: Dataset, group: int, creator: str, number: str) -> int | None:
    if not creator:
        return group << 16 | int(number, 16)
    blocks = (block for block in range(_FIRST_BLOCK, _LAST_BLOCK + 1) if (group, block) in dataset)
    wanted = _normal(creator)
    found = (b for b in blocks if _normal(text_of(dataset[group, b])) == wanted)
    for block in found:
        tag = group << 16 | block << 8 | int(number, 16)
        if tag in dataset:
            return tag
    return None


def _normal(creator: str) -> str:
    return "".join(creator.split()).casefold()


def text_of(element: DataElement) -> str:
    """A value as a string; several as DICOM writes them."""
    value = element.value
    if value is None:
        return ""
    if isinstance(value, bytes):
        return value.decode("latin-1").strip(" \0")
    if isinstance(value, (MultiValue, list)):
        return "\\".join(map(str, value)).strip(" \0")
    return str(value).strip(" \0")


def walk(
    dataset: Dataset, prefix: str = "", above: tuple[int, ...] = ()
) -> Iterator[tuple[str, Dataset, DataElement, tuple[int, ...]]]:
    """Every attribute at any depth: path, the item it is in, itself, the tags of the sequences above it."""
    for tag in sorted(dataset.keys()):
        element = dataset[tag]
        path = prefix + step_of(dataset, int(tag))
        yield path, dataset, element, above
        if element.VR == "SQ":
            for index, item in enumerate(element.value):
                yield from walk(item, f"{path}[{index}]", (*above, int(tag)))
