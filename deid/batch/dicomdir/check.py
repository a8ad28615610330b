"""Is a new DICOMDIR right? It is read as any reader would, before it gets its name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pydicom import dcmread

from deid.errors import InstanceError, Reason

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from collections.abc import Set as AbstractSet
    from pathlib import Path

    from pydicom.dataset import Dataset

_DIRECTORY_GROUP: Final = 0x0004
_CONTENT: Final = 0x0040A730


def check_directory(directory: Path, folder: Path, file_ids: AbstractSet[str]) -> None:
    """Follow all records of the DICOMDIR to the files they name.

    Args:
        directory: The file.
        folder: Where the file IDs lead from.
        file_ids: The files that it must name, each once, components joined by `/`.

    Raises:
        InstanceError: PLAN_NOT_REALISED: a record names no file, one that is not the instance it says, or holds a value
            that no file below it has.
        OSError: A file can't be read.
    """
    data = dcmread(directory)
    records = {int(record.seq_item_tell): record for record in data.DirectoryRecordSequence}
    first = int(data.OffsetOfTheFirstDirectoryRecordOfTheRootDirectoryEntity)
    unseen = {
        offset: {element.tag for element in record if element.tag.group != _DIRECTORY_GROUP}
        for offset, record in records.items()
    }
    named: set[str] = set()
    for offsets in _branches(records, first):
        leaf = records[offsets[-1]]
        named.add(file_id := "/".join(leaf.ReferencedFileID))
        file = dcmread(folder / file_id, stop_before_pixels=True)
        _check_instance(leaf, file)
        for offset in offsets:
            unseen[offset] = {tag for tag in unseen[offset] if not _is_of(records[offset], file, tag)}
    if named != file_ids:
        raise InstanceError(Reason.PLAN_NOT_REALISED, "the DICOMDIR does not name the released files")
    if any(unseen.values()):
        raise InstanceError(Reason.PLAN_NOT_REALISED, "the DICOMDIR holds a value of no released file")


def _branches(records: Mapping[int, Dataset], first: int) -> Iterator[tuple[int, ...]]:
    """The offsets from the top down to each record that has none below it."""
    stack: list[tuple[int, ...]] = [(first,)]
    steps = 0
    while stack:
        offsets = stack.pop()
        steps += 1
        record = records.get(offsets[-1])
        if record is None or steps > len(records):
            raise InstanceError(Reason.PLAN_NOT_REALISED, "an offset of the DICOMDIR leads nowhere")
        following, lower = (
            int(record.OffsetOfTheNextDirectoryRecord),
            int(record.OffsetOfReferencedLowerLevelDirectoryEntity),
        )
        if following:
            stack.append((*offsets[:-1], following))
        if lower:
            stack.append((*offsets, lower))
        else:
            yield offsets


def _check_instance(record: Dataset, file: Dataset) -> None:
    named = (
        record.ReferencedSOPClassUIDInFile,
        record.ReferencedSOPInstanceUIDInFile,
        record.ReferencedTransferSyntaxUIDInFile,
    )
    if named != (file.SOPClassUID, file.SOPInstanceUID, file.file_meta.TransferSyntaxUID):
        raise InstanceError(Reason.PLAN_NOT_REALISED, "a record of the DICOMDIR names another instance")


def _is_of(record: Dataset, file: Dataset, tag: int) -> bool:
    """Whether a value of the record is the file's, or stands for one that the file does not have."""
    value = record[tag].value
    if not value or tag not in file or not file[tag].value:
        return True
    return all(item in file[tag].value for item in value) if tag == _CONTENT else bool(value == file[tag].value)
