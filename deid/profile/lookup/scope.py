"""What a rule's path and conditions ask: the sequences around an attribute, and the values of its neighbours."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from pydicom.dataelem import RawDataElement

from deid.attributes.attribute import read_attribute
from deid.attributes.charset import decode
from deid.attributes.vrs import CHARACTER_SET_VRS, SINGLE_VALUED_VRS, STRING_VRS
from deid.errors import InstanceError, Reason
from deid.plan import tag_text
from deid.profile.lookup.conditions import LONGEST_VALUE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pydicom.dataset import Dataset

    from deid.attributes.attribute import Attribute
    from deid.profile.lookup.conditions import Condition
    from deid.profile.lookup.paths import SequencePath

NUMBER_FORMATS = {"US": "H", "SS": "h", "UL": "I", "SL": "i", "UV": "Q", "SV": "q"}
READABLE_VRS = STRING_VRS | NUMBER_FORMATS.keys()
"""VRs whose values a condition can compare."""


class Scope:
    """A data set or item. Answers are remembered, as every attribute in it may ask the same."""

    __slots__ = ("_dataset", "_encodings", "_inside", "_met", "_outer", "_parents")

    def __init__(self, dataset: Dataset, encodings: Sequence[str], outer: tuple[int, Scope] | None = None) -> None:
        """Look at a data set.

        Args:
            dataset: The data set or item; it is not changed.
            encodings: Its character sets, as Python's codecs.
            outer: For an item, the tag of its sequence and the scope that sequence stands in.
        """
        self._dataset = dataset
        self._encodings = tuple(encodings)
        self._outer = outer[1] if outer is not None else None
        self._parents: tuple[int, ...] = (*outer[1].parents, outer[0]) if outer is not None else ()
        self._inside: dict[SequencePath, bool] = {}
        self._met: dict[Condition, bool] = {}

    @property
    def parents(self) -> tuple[int, ...]:
        """The tags of the sequences around it, outermost first."""
        return self._parents

    def inside(self, path: SequencePath) -> bool:
        """Whether attributes here are at `path`."""
        if path not in self._inside:
            self._inside[path] = path.matches(self._parents)
        return self._inside[path]

    def meets(self, condition: Condition) -> bool:
        """Whether the condition is met: by the attribute here or, where there is none, in the nearest data set around.

        Raises:
            InstanceError: MALFORMED, if the value can't be read: then nobody knows which rule holds.
        """
        if condition not in self._met:
            self._met[condition] = condition.met_by(self.values_for(condition))
        return self._met[condition]

    def values_for(self, condition: Condition) -> tuple[str, ...]:
        """The values that the condition asks about; a value of no text counts as one empty text.

        Raises:
            InstanceError: MALFORMED, if they can't be read.
        """
        if condition.tag not in self._dataset:
            return self._outer.values_for(condition) if self._outer is not None else ()
        attribute = read_attribute(self._dataset, condition.tag, self._encodings)
        if not condition.asks_for_text:
            return () if _is_blank(attribute) else ("",)
        values = () if attribute.is_empty else _texts(attribute)
        if values is None:
            raise InstanceError(Reason.MALFORMED, f"a rule depends on {tag_text(condition.tag)}, which can't be read")
        return values


def _is_blank(attribute: Attribute) -> bool:
    if attribute.is_empty or attribute.is_sequence:
        return attribute.is_empty
    return attribute.vr in STRING_VRS and not (attribute.data or b"\1").strip(b" \0\\")


def _texts(attribute: Attribute) -> tuple[str, ...] | None:
    """The values as texts, empty ones left out; None when they can't be read."""
    data, vr = attribute.data, attribute.vr.split(" or ", maxsplit=1)[0]
    if data is None or attribute.is_sequence:
        return None
    if vr in NUMBER_FORMATS:
        return _numbers(data, NUMBER_FORMATS[vr], little=_is_little_endian(attribute))
    if vr not in STRING_VRS or len(data) > LONGEST_VALUE:
        return None
    text = decode(data, attribute.encodings if vr in CHARACTER_SET_VRS else ("latin-1",), vr)
    if text is None:
        return None
    parts = [text] if vr in SINGLE_VALUED_VRS else text.split("\\")
    return tuple(part for part in parts if part.strip(" \0"))


def _numbers(data: bytes, code: str, *, little: bool) -> tuple[str, ...] | None:
    size = struct.calcsize(f"<{code}")
    if len(data) % size or len(data) > LONGEST_VALUE:
        return None
    return tuple(str(number) for (number,) in struct.iter_unpack(f"{'<' if little else '>'}{code}", data))


def _is_little_endian(attribute: Attribute) -> bool:
    # A converted element is written out again in little endian.
    element = attribute.element
    return not isinstance(element, RawDataElement) or element.is_little_endian
