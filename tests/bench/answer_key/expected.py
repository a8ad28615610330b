"""The answer key of one instance: a walk over the file as it was written, each attribute by the published rules."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.bench.answer_key.checks import Check, CheckType, creator_of, is_creator, text_of, walk
from tests.bench.answer_key.rules import VERSIONS, action_of, private_row

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pydicom.dataelem import DataElement
    from pydicom.dataset import Dataset, FileDataset

    from tests.bench.answer_key.templates import Filled

_Row = tuple[CheckType, str]
_STANDARD = "1.2.840.10008."
_BULK = frozenset({"OB", "OW", "OD", "OF", "OL", "OV"})
_MARKS = frozenset({0x00120062, 0x00120063, 0x00120064, 0x00280301, 0x00280303})
_PATIENT_ID, _PIXELS, _BIRTH_DATE = 0x00100020, 0x7FE00010, 0x00100030
_OVERLAYS = range(0x6000, 0x6020)
_LONGEST, _SHORTEST_REMOVED = 2000, 3
_TYPE_2 = {
    0x00080020: "(0008,0020)", 0x00080030: "(0008,0030)", 0x00080050: "(0008,0050)", 0x00080090: "(0008,0090)",
    0x00100010: "(0010,0010)", 0x00100020: "(0010,0020)", 0x00100030: "(0010,0030)", 0x00100040: "(0010,0040)",
    0x00200010: "(0020,0010)", 0x00200011: "(0020,0011)",
}  # fmt: skip
"""Patient, General Study and General Series: types 1 and 2 (PS3.3 C.7.1.1, C.7.2.1, C.7.3.1)."""
_NEEDED = ("(0008,0016)", "(0008,0018)", "(0008,0060)", "(0010,0020)", "(0020,000D)", "(0020,000E)")
_DATE = re.compile(r"\d{8}(\d{2}){0,3}(\.\d+)?([+-]\d{4})?")


@dataclass(frozen=True, slots=True)
class Place:
    """An attribute where it stands."""

    dataset: Dataset
    element: DataElement
    above: tuple[str, ...]
    nested: bool = False

    @property
    def tag(self) -> int:
        """As an integer."""
        return int(self.element.tag)

    @property
    def vr(self) -> str:
        """The known one where the file says UN."""
        if self.element.VR == "UN":
            _, known = private_row(self.tag >> 16, creator_of(self.dataset, self.tag) or "", self.tag & 0xFF)
            return known or "UN"
        return str(self.element.VR)


def checks_of(name: str, dataset: FileDataset, texts: dict[str, Filled], secrets: Sequence[str]) -> Iterator[Check]:
    """All checks of an instance.

    `texts` are the injected ones by path. Of texts that name people of the source, `secrets`, nothing is asked: which
    of their words have to stay is nowhere written.
    """
    uids = (str(dataset.SOPInstanceUID), str(dataset.SeriesInstanceUID), str(dataset.PatientID))
    rows: list[tuple[str, _Row]] = [(path, (CheckType.NOT_NULL, "")) for path in _NEEDED]
    rows += [(path, (CheckType.TAG_RETAINED, "")) for tag, path in _TYPE_2.items() if tag not in dataset]
    rows += [("(0002,0003)", row) for row in _uid(uids[0])]
    actions: dict[str, str] = {}
    for path, item, element, _ in walk(dataset):
        parent = path.rpartition("[")[0]
        place = Place(item, element, (actions.get(parent, ""),), bool(parent))
        action = action_of(item, place.tag)
        gone = actions.get(parent) in {"remove", "dummy", "empty"}
        actions[path] = "remove" if gone else action
        filled = texts.get(path)
        if filled is None and _names(element, secrets):
            continue
        found = _injected(filled) if filled is not None and not gone else _rows(place, "remove" if gone else action)
        rows += [(path, row) for row in found]
    for path, (kind, value) in rows:
        yield Check(name, *uids, kind, path, value)


def _names(element: DataElement, secrets: Sequence[str]) -> bool:
    if element.VR == "SQ" or not secrets:
        return False
    text = text_of(element).casefold()
    return any(secret.casefold() in text for secret in secrets)


def _injected(filled: Filled) -> Iterator[_Row]:
    yield CheckType.TAG_RETAINED, ""
    yield CheckType.NOT_NULL, ""
    for text in filled.kept:
        yield CheckType.TEXT_RETAINED, text
    for text in filled.removed:
        yield CheckType.TEXT_REMOVED, text


def _rows(place: Place, action: str) -> Iterator[_Row]:
    tag, text = place.tag, "" if place.element.VR == "SQ" else text_of(place.element)
    if tag in _MARKS or tag & 0xFFFF == 0 or tag >> 16 in {0xFFFC, 0xFFFA} or tag >> 16 in _OVERLAYS:
        return
    if tag == _PIXELS:
        yield from _pixels(place)
    elif tag == _PATIENT_ID and not place.above[0]:
        yield CheckType.PATIENT_CONSISTENT, text
    elif action in {"remove", "empty", "dummy"}:
        yield from _away(place, action, text)
    elif place.vr in {"DA", "DT"} or action in {"date", "unix"}:
        yield from _date(place, text)
    elif action == "uid":
        yield from _uids(text)
    elif action == "number" and _DATE.fullmatch(text):
        yield CheckType.NOT_NULL, ""
        yield CheckType.DATE_SHIFTED, text
    else:
        yield from _kept(place, text)


def _pixels(place: Place) -> Iterator[_Row]:
    """Those of the image; of an icon's the rules say nothing but that they are there."""
    if place.nested:
        yield CheckType.NOT_NULL, ""
    elif isinstance(place.element.value, bytes):
        yield CheckType.PIXELS_RETAINED, hashlib.md5(place.element.value, usedforsecurity=False).hexdigest()


def _away(place: Place, action: str, text: str) -> Iterator[_Row]:
    if action == "empty" and not place.tag >> 16 & 1:
        yield CheckType.TAG_RETAINED, ""
    if len(text) >= _SHORTEST_REMOVED and place.vr not in _BULK:
        kind = CheckType.DATE_SHIFTED if place.tag == _BIRTH_DATE else CheckType.TEXT_REMOVED
        yield kind, text


def _date(place: Place, text: str) -> Iterator[_Row]:
    yield CheckType.TAG_RETAINED, ""
    if place.vr == "TM" or place.tag in VERSIONS:
        yield CheckType.TEXT_RETAINED, text
    elif text and text != "0":
        yield CheckType.DATE_SHIFTED, text


def _uids(text: str) -> Iterator[_Row]:
    yield CheckType.TAG_RETAINED, ""
    if text and not text.startswith(_STANDARD):
        yield from _uid(text)


def _uid(text: str) -> Iterator[_Row]:
    yield CheckType.UID_CHANGED, text
    yield CheckType.UID_CONSISTENT, text


def _kept(place: Place, text: str) -> Iterator[_Row]:
    yield CheckType.TAG_RETAINED, ""
    if place.element.VR == "SQ":
        return
    if text:
        yield CheckType.NOT_NULL, ""
        if len(text) <= _LONGEST and (place.vr not in _BULK or is_creator(place.tag)):
            yield CheckType.TEXT_RETAINED, text
