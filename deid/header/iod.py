"""Attribute types by IOD: is an attribute required (1), required but may be empty (2), or optional (3) here?

Compound action codes of PS3.15 Table E.1-1 are solved by these types. They depend on the SOP Class and on the modules
that an instance uses: mandatory modules always count, conditional and user-optional ones when they are present.

A module counts as present when the data set holds, at its top level, one of the module's attributes that no mandatory
module of the IOD has too. The table carries only attributes of Table E.1-1, so a module none of whose listed
attributes is there counts as absent, which makes no difference to the attributes asked about.

Source: DICOM PS3.3 Annex A (IODs) and C (modules); functional groups stand under (5200,9229) and (5200,9230).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING

from deid.attributes.vrs import CODE_VRS, TEXT_VRS

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

CONTENT_SEQUENCE = 0x0040A730


class AttributeType(StrEnum):
    """The type designation of an attribute in a module (PS3.5 section 7.4), strictest first."""

    REQUIRED = "1"
    CONDITIONALLY_REQUIRED = "1C"
    MAY_BE_EMPTY = "2"
    CONDITIONALLY_MAY_BE_EMPTY = "2C"
    OPTIONAL = "3"

    @property
    def needs_value(self) -> bool:
        """Type 1 or 1C: it must be there and must not be empty."""
        return self in (AttributeType.REQUIRED, AttributeType.CONDITIONALLY_REQUIRED)

    @property
    def needs_presence(self) -> bool:
        """Type 2 or 2C: it must be there, but may be empty."""
        return self in (AttributeType.MAY_BE_EMPTY, AttributeType.CONDITIONALLY_MAY_BE_EMPTY)


_IN_MACROS = {
    0x00080100: AttributeType.CONDITIONALLY_REQUIRED,  # Code Value
    0x00080102: AttributeType.CONDITIONALLY_REQUIRED,  # Coding Scheme Designator
    0x00080104: AttributeType.REQUIRED,  # Code Meaning
    0x0040A123: AttributeType.CONDITIONALLY_REQUIRED,  # Person Name
    0x0040A160: AttributeType.CONDITIONALLY_REQUIRED,  # Text Value
    0x0040A300: AttributeType.CONDITIONALLY_MAY_BE_EMPTY,  # Measured Value Sequence
    0x0040A30A: AttributeType.CONDITIONALLY_REQUIRED,  # Numeric Value
    0x00620005: AttributeType.REQUIRED,  # Segment Label
    0x00620020: AttributeType.CONDITIONALLY_REQUIRED,  # Tracking ID
    0x00660106: AttributeType.REQUIRED,  # Track Set Label
    0x006A0005: AttributeType.REQUIRED,  # Annotation Group Label
}
"""Attributes for which the table has no types, or not in all macros, but that lose their item its meaning when nothing
is left of them: PS3.3 8.8 (codes), 10.2 and C.17.3 (content items), C.8.20.4, C.8.33.2 and C.37.1.2 (labels)."""
_STRICTNESS = {attribute_type: rank for rank, attribute_type in enumerate(AttributeType)}
_Located = tuple[tuple[int, ...], int]


@dataclass(frozen=True, slots=True)
class AttributeTypes:
    """The types of the attributes of one IOD, for one choice of modules."""

    types: Mapping[_Located, AttributeType]

    def of(self, sequences: tuple[int, ...], tag: int) -> AttributeType | None:
        """The type of `tag` inside the nested `sequences` (outermost first); None when the table doesn't know it.

        The strictest type wins when several modules name the attribute. Content items nest in content items, which
        the table writes once.
        """
        known = self.types.get((_fold_content(sequences), tag))
        return known if known is not None or not sequences else _IN_MACROS.get(tag)


def assumed_type(vr: str) -> AttributeType | None:
    """The type of a public attribute of this VR where the table doesn't know it, as it has only those of Table E.1-1.

    A text of which nothing is left is emptied, which is valid for type 2 and 3. Codes count as needing a value: others
    may name them, as annotations do their graphic layer. Equal ones get equal dummies.
    """
    if vr == "CS":
        return AttributeType.REQUIRED
    return AttributeType.MAY_BE_EMPTY if vr in TEXT_VRS | CODE_VRS else None


@dataclass(frozen=True, slots=True)
class _Tables:
    sop_classes: Mapping[str, str]
    iods: Mapping[str, Mapping[str, str]]
    modules: Mapping[str, Mapping[str, Mapping[str, str]]]
    """As they stand in the file: module, path of sequences, tag, type."""


def attribute_types(sop_class: str, top_level_tags: Collection[int]) -> AttributeTypes:
    """The attribute types that hold for an instance of `sop_class` with these tags at its top level."""
    modules = _present_modules(sop_class, top_level_tags)
    return _merged(modules)


def mandatory_modules(sop_class: str) -> frozenset[str]:
    """The modules that every instance of the SOP Class has; none when the table doesn't know it."""
    tables = _tables()
    usages = tables.iods.get(tables.sop_classes.get(sop_class, ""), {})
    return frozenset(module for module, usage in usages.items() if usage == "M")


def _present_modules(sop_class: str, tags: Collection[int]) -> frozenset[str]:
    tables = _tables()
    usages = tables.iods.get(tables.sop_classes.get(sop_class, ""), {})
    present = {module for module, usage in usages.items() if usage == "M"}
    shared = frozenset[int]().union(*map(_top_level, present))
    there = frozenset(tags) - shared
    present.update(module for module in usages if there & _top_level(module))
    return frozenset(present)


@lru_cache(maxsize=1024)
def _merged(modules: frozenset[str]) -> AttributeTypes:
    types: dict[_Located, AttributeType] = {}
    for module in sorted(modules):
        for located, attribute_type in _module(module).items():
            known = types.get(located)
            if known is None or _STRICTNESS[attribute_type] < _STRICTNESS[known]:
                types[located] = attribute_type
    return AttributeTypes(types)


@lru_cache(maxsize=1)
def _tables() -> _Tables:
    text = files("deid.header.tables").joinpath("iod_attribute_types.json").read_text("utf-8")
    table = json.loads(text)
    return _Tables(table["sop_classes"], table["iods"], table["modules"])


@lru_cache(maxsize=256)
def _module(name: str) -> Mapping[_Located, AttributeType]:
    """The types of a module's attributes; read when an instance has it, for most modules none has."""
    return {
        (_tags(path), int(tag, 16)): AttributeType(attribute_type)
        for path, attributes in _tables().modules.get(name, {}).items()
        for tag, attribute_type in attributes.items()
    }


@lru_cache(maxsize=256)
def _top_level(name: str) -> frozenset[int]:
    """The tags of a module's attributes at the top level, sequences among them."""
    paths = _tables().modules.get(name, {})
    nested = {path.split("/")[0] for path in paths if path}
    return frozenset(int(tag, 16) for tag in (*nested, *paths.get("", ())))


def _tags(path: str) -> tuple[int, ...]:
    return tuple(int(tag, 16) for tag in path.split("/") if tag)


def _fold_content(sequences: tuple[int, ...]) -> tuple[int, ...]:
    folded: list[int] = []
    for tag in sequences:
        if tag != CONTENT_SEQUENCE or CONTENT_SEQUENCE not in folded:
            folded.append(tag)
    return tuple(folded)
