"""Applying decisions: a new data set in which every kept value has the bytes it had, in the encoding it came in.

A kept element stays raw, so that pydicom writes its bytes unread. Sequences are always rebuilt from their parsed
items: bytes between or behind items, which no decision covers, don't survive. Defined and undefined lengths stay. A
sequence that came as UN goes out as UN, with its items in implicit VR little endian (PS3.5 6.2.2).
"""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING

from pydicom import config
from pydicom.dataelem import DataElement, RawDataElement
from pydicom.dataset import Dataset
from pydicom.filebase import DicomBytesIO
from pydicom.filewriter import write_sequence
from pydicom.sequence import Sequence as ItemSequence
from pydicom.tag import BaseTag
from pydicom.uid import UID
from pydicom.valuerep import EXPLICIT_VR_LENGTH_32

from deid.attributes.attribute import (
    KNOWN_VRS,
    UNDEFINED_LENGTH,
    Attribute,
    encoded_value,
    is_private,
    raw_element,
    read_attribute,
    tags_of,
)
from deid.attributes.charset import DEFAULT, encode, encodings_of
from deid.attributes.tree import item_encodings
from deid.attributes.vrs import CHARACTER_SET_VRS, CODE_VRS
from deid.errors import InstanceError, Reason
from deid.header.meta import is_known_syntax
from deid.header.repair import REPAIR, added_element
from deid.header.values import base_vr
from deid.plan import AttributePath, Decision, Empty, Remove, Replace, tag_text
from deid.quiet import quiet_pydicom

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Element = DataElement | RawDataElement
_CHARACTER_SET = 0x00080005
_LONGEST_SHORT = 0xFFFF


def apply_header(dataset: Dataset, decisions: Sequence[Decision]) -> Dataset:
    """The data set that `decisions` make of `dataset`.

    Args:
        dataset: The data set that was planned. It is not modified, and shares no element with the result that
            pydicom could change.
        decisions: One for every attribute, as `plan_header` gave them.

    Returns:
        A new data set without file meta, with the original encoding set.

    Raises:
        InstanceError: PLAN_NOT_REALISED for an attribute without a decision.
    """
    with quiet_pydicom():
        by_path = {decision.path: decision for decision in decisions}
        return _Applier(by_path).rebuilt(dataset, (), item_encodings(dataset, DEFAULT), _target_encoding(dataset))


class _Applier:
    def __init__(self, decisions: Mapping[AttributePath, Decision]) -> None:
        self._decisions = decisions

    def rebuilt(
        self,
        dataset: Dataset,
        parents: tuple[tuple[int, int], ...],
        encodings: tuple[str, ...],
        encoding: tuple[bool, bool] | None,
    ) -> Dataset:
        """The new data set or item; `encoding` is (implicit VR, little endian), None where it was never in a file."""
        elements: dict[BaseTag, Element] = {}
        for tag in tags_of(dataset):
            path = AttributePath(tag, parents)
            decision = self._decisions.get(path)
            if decision is None:
                raise InstanceError(Reason.PLAN_NOT_REALISED, f"no decision on {path.pattern}")
            if isinstance(decision.change, Remove):
                continue
            element = self._element(dataset, decision, encodings, encoding)
            elements[BaseTag(tag)] = element
        if not parents:
            elements |= self._added(dataset)
        return _data_set(elements, dataset, encodings, encoding)

    def _added(self, dataset: Dataset) -> dict[BaseTag, Element]:
        """The elements that the original lacks and a decision adds."""
        added = (one for one in self._decisions.values() if one.rule == REPAIR and one.path.tag not in dataset)
        return {BaseTag(one.path.tag): added_element(one) for one in added}

    def _element(
        self, dataset: Dataset, decision: Decision, encodings: tuple[str, ...], encoding: tuple[bool, bool] | None
    ) -> Element:
        attribute = read_attribute(dataset, decision.path.tag, encodings)
        if isinstance(decision.change, Empty):
            return _empty(attribute, decision.vr, dataset)
        if isinstance(decision.change, Replace):
            return _replaced(attribute, decision.vr, decision.change, dataset)
        if attribute.items is not None:
            return self._sequence(attribute, decision.path, encoding)
        if attribute.is_sequence and not attribute.is_empty:
            raise InstanceError(Reason.PLAN_NOT_REALISED, f"unreadable sequence kept: {tag_text(attribute.tag)}")
        return _kept(dataset, attribute, encoding)

    def _sequence(self, attribute: Attribute, path: AttributePath, encoding: tuple[bool, bool] | None) -> Element:
        items = attribute.items or ()
        as_un = attribute.stored_vr == "UN" or _must_be_un(items, encoding)
        if attribute.stored_vr is not None and attribute.stored_vr not in ("SQ", "UN"):
            as_un = True
        inner = (True, True) if as_un else encoding
        new = [
            self.rebuilt(item, (*path.parents, (path.tag, index)), item_encodings(item, attribute.encodings), inner)
            for index, item in enumerate(items)
        ]
        element = DataElement(BaseTag(path.tag), "SQ", ItemSequence(new))
        element.is_undefined_length = _undefined_length(attribute)
        return _as_un(element, attribute.encodings) if as_un else element


def _must_be_un(items: tuple[Dataset, ...], encoding: tuple[bool, bool] | None) -> bool:
    """Whether items are encoded in another way than the data set, as only UN may hold them."""
    return encoding is not None and any(len(item) and _encoding(item) not in (encoding, None) for item in items)


def _encoding(dataset: Dataset) -> tuple[bool, bool] | None:
    implicit, little = dataset.original_encoding
    return None if implicit is None else (implicit, little is not False)


def _target_encoding(dataset: Dataset) -> tuple[bool, bool] | None:
    """How to write: as it was read; explicit VR when compressed pixels ask for it and the file didn't heed that."""
    encoding = _encoding(dataset)
    syntax = UID(str(getattr(dataset, "file_meta", Dataset()).get("TransferSyntaxUID", "")))
    if encoding == (True, True) and is_known_syntax(syntax) and syntax.is_compressed:
        return False, True
    return encoding


def _undefined_length(attribute: Attribute) -> bool:
    if isinstance(attribute.element, RawDataElement):
        return attribute.element.length == UNDEFINED_LENGTH
    return bool(attribute.element.is_undefined_length)


def _as_un(element: DataElement, encodings: tuple[str, ...]) -> RawDataElement:
    buffer = DicomBytesIO()
    buffer.is_little_endian, buffer.is_implicit_VR = True, True
    write_sequence(buffer, element, list(encodings))
    value = buffer.getvalue()
    length = UNDEFINED_LENGTH if element.is_undefined_length else len(value)
    return RawDataElement(element.tag, "UN", length, value, 0, False, True)  # noqa: FBT003 - pydicom's signature


def _empty(attribute: Attribute, vr: str, dataset: Dataset) -> Element:
    stored = attribute.stored_vr
    return raw_element(attribute.tag, stored if stored in KNOWN_VRS else base_vr(vr), b"", dataset)


def _replaced(attribute: Attribute, vr: str, change: Replace, dataset: Dataset) -> Element:
    vr = base_vr(vr)
    element = DataElement(BaseTag(attribute.tag), vr, change.value, validation_mode=config.IGNORE)
    is_text = vr in CHARACTER_SET_VRS - CODE_VRS and not "".join(change.value).isascii()
    as_un = attribute.stored_vr == "UN" and is_private(attribute.tag)
    if not is_text and not as_un:
        return element
    value = _encoded_text(change.value, vr, attribute) if is_text else encoded_value(element, attribute.encodings)
    if value is None:
        raise InstanceError(Reason.PLAN_NOT_REALISED, f"{tag_text(attribute.tag)} can't be written")
    if not as_un:
        return raw_element(attribute.tag, vr, value, dataset)
    # What the file had as UN stays UN, in little endian (PS3.5 6.2.2).
    return RawDataElement(element.tag, "UN", len(value), value, 0, False, True)  # noqa: FBT003 - pydicom's signature


def _encoded_text(value: str | list[str], vr: str, attribute: Attribute) -> bytes | None:
    """The bytes of texts, which pydicom can't write in every character set that it reads."""
    data = encode(value if isinstance(value, str) else "\\".join(value), attribute.encodings, vr)
    return None if data is None else data + b" " * (len(data) % 2)


def _kept(dataset: Dataset, attribute: Attribute, encoding: tuple[bool, bool] | None) -> Element:
    element = attribute.element
    if isinstance(element, RawDataElement) and element.value is None and element.length:
        element = dataset.get_item(attribute.tag)  # deferred by the reader: now it is read
    if not isinstance(element, RawDataElement):
        return copy.copy(element)
    value = element.value or b""
    vr = element.VR
    if encoding is not None and not encoding[0] and vr not in KNOWN_VRS:
        vr = base_vr(attribute.vr)
        vr = vr if vr in EXPLICIT_VR_LENGTH_32 or len(value) <= _LONGEST_SHORT else "UN"
    return element._replace(value=value, VR=vr)


def _data_set(
    elements: dict[BaseTag, Element], like: Dataset, encodings: tuple[str, ...], encoding: tuple[bool, bool] | None
) -> Dataset:
    declared = list(encodings if encodings != ("ascii",) else encodings_of(()) or DEFAULT)
    new = Dataset(elements, parent_encoding=declared)
    new.is_undefined_length_sequence_item = getattr(like, "is_undefined_length_sequence_item", False)
    if encoding is not None:
        new.set_original_encoding(*encoding)
        # pydicom reads and re-encodes every value whose data set seems to have changed its character set.
        character_set = new._character_set if _CHARACTER_SET in new else new._parent_encoding  # noqa: SLF001
        new.set_original_encoding(*encoding, character_set)
    return new
