"""Directory records of a DICOMDIR (PS3.3 F.3.2.2): made from released files, and encoded one by one.

pydicom knows which records an instance gets and what they hold. Its `FileSet` is not used: to add an instance it
compares it with every other, and a night's run has too many for that. The records are encoded here, each with a place
for the two offsets that link it to others.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from pydicom.dataset import Dataset
from pydicom.filebase import DicomBytesIO
from pydicom.fileset import DIRECTORY_RECORDERS, _four_level_record_type, _single_level_record_type
from pydicom.filewriter import write_dataset

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pydicom.dataset import FileDataset

PREFIXES: Final = {"PATIENT": "PT", "STUDY": "ST", "SERIES": "SE"}
LEAF_PREFIX: Final = "IM"
_DUMMIES: Final = {
    "CompletionFlag": "PARTIAL",
    "ContentDate": "19000101",
    "ContentLabel": "UNNAMED",
    "ContentTime": "000000",
    "HangingProtocolCreationDateTime": "19000101000000",
    "HangingProtocolCreator": "UNNAMED",
    "InstanceCreationDate": "19000101",
    "Modality": "OT",
    "PresentationCreationDate": "19000101",
    "PresentationCreationTime": "000000",
    "SeriesNumber": "0",
    "StructureSetLabel": "UNNAMED",
    "StudyDate": "19000101",
    "StudyID": "0",
    "StudyTime": "000000",
    "VerificationFlag": "UNVERIFIED",
}
"""For what a record must have (type 1) and a released file need not: values that say nothing."""
_IN_USE: Final = 0xFFFF
_MODIFIER: Final = "HAS CONCEPT MOD"
# The offsets are the first and the third element of a record (PS3.3 table F.3-3), behind the item's head.
_ITEM_HEAD: Final = struct.Struct("<HHL")
_NEXT_AT, _LOWER_AT = 16, 38


@dataclass(slots=True)
class Node:
    """A record, encoded as an item with offsets of 0, and those below it."""

    item: bytes = field(repr=False)
    children: list[Node] = field(default_factory=list)

    def walk(self) -> Iterator[Node]:
        """The node and all below it, as they follow each other in the file."""
        yield self
        for child in self.children:
            yield from child.walk()


def directory_records(dataset: FileDataset, identity: dict[str, str]) -> list[Dataset]:
    """The records of an instance, from that of its patient to its own; one only for those that have no patient.

    Args:
        dataset: The released instance without its pixel data; it is changed.
        identity: What stands for Patient ID, UIDs and Instance Number where the instance has none.

    Raises:
        ValueError: A value of the instance can't be read; pydicom raises other errors for that, too.
    """
    for keyword, value in {**_DUMMIES, **identity}.items():
        if not dataset.get(keyword):
            setattr(dataset, keyword, value)
    if dataset.Modality == "RTPLAN" and not dataset.get("RTPlanLabel"):
        dataset.RTPlanLabel = "UNNAMED"  # pydicom knows a plan by it
    modifiers = [item for item in dataset.get("ContentSequence", []) if item.get("RelationshipType") == _MODIFIER]
    # A record holds what qualifies the title of a document, not the document (PS3.3 F.5.24).
    dataset.ContentSequence = modifiers
    if not modifiers:
        del dataset.ContentSequence
    alone = _single_level_record_type(dataset)
    kinds = [*PREFIXES, _four_level_record_type(dataset)] if alone in PREFIXES else [alone]
    records = [_record(kind, dataset) for kind in kinds]
    records[-1].ReferencedSOPClassUIDInFile = dataset.SOPClassUID
    records[-1].ReferencedSOPInstanceUIDInFile = dataset.SOPInstanceUID
    records[-1].ReferencedTransferSyntaxUIDInFile = dataset.file_meta.TransferSyntaxUID
    return records


def _record(kind: str, dataset: Dataset) -> Dataset:
    try:
        record = DIRECTORY_RECORDERS[kind](dataset)
    except ValueError:
        if kind in PREFIXES:
            raise
        # It lacks what there is no dummy for, such as the title of a report: as incomplete as the instance itself.
        record = Dataset()
        record.InstanceNumber = dataset.InstanceNumber
    record.OffsetOfTheNextDirectoryRecord = 0
    record.RecordInUseFlag = _IN_USE
    record.OffsetOfReferencedLowerLevelDirectoryEntity = 0
    record.DirectoryRecordType = kind
    if "SpecificCharacterSet" in dataset:
        record.SpecificCharacterSet = dataset.SpecificCharacterSet
    return record


def encoded(record: Dataset) -> bytes:
    """The record as an item of the Directory Record Sequence, explicit VR little endian."""
    for _ in record.iterall():
        pass  # what is still raw has the encoding of its file; to look at it converts it
    stream = DicomBytesIO()
    stream.is_little_endian, stream.is_implicit_VR = True, False
    write_dataset(stream, record)
    data = stream.getvalue()
    return _ITEM_HEAD.pack(0xFFFE, 0xE000, len(data)) + data


def linked(roots: list[Node], start: int) -> tuple[list[bytes], int, int]:
    """All items with their offsets filled in, and the offsets of the first and the last one at the top.

    Args:
        roots: The records at the top.
        start: The offset of the first item in the file.
    """
    nodes = [node for root in roots for node in root.walk()]
    offsets: dict[int, int] = {}
    for node in nodes:
        offsets[id(node)] = start
        start += len(node.item)
    following: dict[int, int] = {}
    for siblings in [roots, *(node.children for node in nodes)]:
        for one, after in pairwise(siblings):
            following[id(one)] = offsets[id(after)]
    items = [
        _with_offsets(node.item, following.get(id(node), 0), offsets[id(node.children[0])] if node.children else 0)
        for node in nodes
    ]
    return items, offsets[id(roots[0])], offsets[id(roots[-1])]


def _with_offsets(item: bytes, following: int, lower: int) -> bytes:
    data = bytearray(item)
    struct.pack_into("<L", data, _NEXT_AT, following)
    struct.pack_into("<L", data, _LOWER_AT, lower)
    return bytes(data)
