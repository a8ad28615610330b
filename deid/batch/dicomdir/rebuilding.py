"""The DICOMDIR of OUT, made anew when there was one in IN (PS3.10 8.6, PS3.3 annex F).

The names of released files are too long for a DICOMDIR, which takes upper-case components of up to eight characters.
So it refers to a second set of names, `DICOM/PT000000/ST000000/SE000000/IM000000`: hard links to the released files,
copies where the file system has no links. All of it is made from released files alone, those of earlier runs included,
built beside OUT's visible names, read back, and put in place last.
"""

from __future__ import annotations

import os
import shutil
import struct
from dataclasses import dataclass, field
from io import BytesIO
from itertools import groupby
from typing import TYPE_CHECKING, Final, Self

from pydicom import dcmread, dcmwrite
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import UID, ExplicitVRLittleEndian, MediaStorageDirectoryStorage

from deid.batch.dicomdir.check import check_directory
from deid.batch.dicomdir.records import LEAF_PREFIX, PREFIXES, Node, directory_records, encoded, linked
from deid.batch.output.naming import DICOMDIR, DICOMDIR_FILES
from deid.batch.output.staging import stage
from deid.batch.signals import uninterrupted
from deid.errors import InputOutputError, InstanceError, Reason
from deid.header.meta import IMPLEMENTATION_CLASS_UID, IMPLEMENTATION_VERSION_NAME
from deid.identity.pseudonym import new_uid
from deid.outcome import Outcome, Skipped, outcome_of
from deid.quiet import quiet_pydicom
from deid.writing import PREAMBLE

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from pydicom.dataset import FileDataset

    from deid.identity.key import Key

_RELEASED: Final = "*/*/*/*.dcm"
_SEQUENCE_HEAD: Final = b"\x04\x00\x20\x12SQ\0\0"
_LENGTH: Final = struct.Struct("<L")
_UNDESCRIBABLE: Final = (
    ValueError,
    KeyError,
    TypeError,
    AttributeError,
    OverflowError,
    NotImplementedError,
    IndexError,
)


def rebuild_dicomdir(root: Path, staging: Path, key: Key) -> Outcome:
    """Make `root/DICOMDIR` for all files that were released into `root`, in place of an older one.

    Args:
        root: OUT.
        staging: A folder on the same file system, for what is not finished.
        key: Makes the UID of the file-set: the same for the same files.

    Returns:
        The outcome of the DICOMDIR in IN.

    Raises:
        InputOutputError: OUT can't be read or written.
    """
    try:
        with quiet_pydicom():
            return _rebuilt(root, staging, key)
    except InstanceError as error:
        return outcome_of(error)
    except OSError as error:
        raise InputOutputError(
            f"the DICOMDIR can't be made in OUT: {root} ({os.strerror(error.errno or 0)})",
            remedy="check the permissions and the space on its disk (`df -h`), then run again",
        ) from None


def is_of_released(root: Path, key: Key) -> bool:
    """Whether `root/DICOMDIR` is what this version of deid makes of the files that were released into `root`.

    Raises:
        OSError: A file can't be read.
    """
    with quiet_pydicom():
        return (root / DICOMDIR).read_bytes() == _Builder.of(root, key).file_bytes()


def _rebuilt(root: Path, staging: Path, key: Key) -> Outcome:
    builder = _Builder.of(root, key)
    if not builder.files:
        return Skipped(Reason.DICOMDIR, "nothing was released that a DICOMDIR could name")
    for file_id, name in builder.files.items():
        _link(root / name, staging / file_id)
    directory = stage(builder.file_bytes(), staging)
    check_directory(directory, staging, builder.files.keys())
    _put_in_place(root, staging, directory)
    missing = f"{builder.left_out} instances can't be described in it" if builder.left_out else ""
    return Skipped(Reason.DICOMDIR_REBUILT, missing)


@dataclass(slots=True)
class _Builder:
    """Makes the records, one series at a time."""

    root: Path
    key: Key
    released: Sequence[str]
    """The names of all released files."""
    roots: list[Node] = field(default_factory=list)
    files: dict[str, str] = field(default_factory=dict)
    """The names of the released files that are described, by file ID, its components joined by `/`."""
    left_out: int = 0
    _nodes: dict[tuple[str, ...], tuple[Node, str]] = field(default_factory=dict)
    """Each record above the instances and its component of the file ID, by the values that it is known by."""

    @classmethod
    def of(cls, root: Path, key: Key) -> Self:
        """Of the files that are released into `root`."""
        builder = cls(root, key, sorted(path.relative_to(root).as_posix() for path in root.glob(_RELEASED)))
        builder._add_all()
        return builder

    def file_bytes(self) -> bytes:
        """The DICOMDIR: file meta, the attributes of the file-set, then its records (PS3.3 F.3.2)."""
        uid = new_uid(self.key, "\n".join(self.released))
        start = len(_head(uid, 0, 0)) + len(_SEQUENCE_HEAD) + _LENGTH.size
        items, first, last = linked(self.roots, start)
        sequence = b"".join(items)
        return _head(uid, first, last) + _SEQUENCE_HEAD + _LENGTH.pack(len(sequence)) + sequence

    def _add_all(self) -> None:
        """Take the released files, in the order of their names, instances of a series by their numbers."""
        for folder, names in groupby(self.released, key=lambda name: name.rpartition("/")[0]):
            instances = [(name, self._read(name)) for name in names]
            for position, (name, dataset) in enumerate(sorted(instances, key=_number), 1):
                self._add(name, dataset, self._identity(folder, position))

    def _read(self, name: str) -> FileDataset:
        return dcmread(self.root / name, stop_before_pixels=True)

    def _identity(self, folder: str, position: int) -> dict[str, str]:
        """What stands for the values that an instance lacks: made from the names of its folders."""
        patient, study, series = folder.split("/")
        return {
            "PatientID": patient,
            "StudyInstanceUID": new_uid(self.key, study),
            "SeriesInstanceUID": new_uid(self.key, series),
            "InstanceNumber": str(position),
        }

    def _add(self, name: str, dataset: FileDataset, identity: dict[str, str]) -> None:
        try:
            *above, leaf = directory_records(dataset, identity)
            items = [encoded(record) for record in above]
            encoded(leaf)
        except _UNDESCRIBABLE:
            self.left_out += 1
            return
        siblings, components = self._branch(above, items)
        components = [DICOMDIR_FILES, *components, f"{LEAF_PREFIX}{len(siblings):06}"]
        leaf.ReferencedFileID = components
        siblings.append(Node(encoded(leaf)))
        self.files["/".join(components)] = name

    def _branch(self, above: Sequence[Dataset], items: Sequence[bytes]) -> tuple[list[Node], list[str]]:
        """Where the record of an instance goes, with the components of the file ID down to there."""
        siblings = self.roots
        known_by: tuple[str, ...] = ()
        components = []
        for record, item in zip(above, items, strict=True):
            kind = str(record.DirectoryRecordType)
            known_by = (*known_by, _known_by(record))
            if known_by not in self._nodes:
                self._nodes[known_by] = Node(item), f"{PREFIXES[kind]}{len(siblings):06}"
                siblings.append(self._nodes[known_by][0])
            node, component = self._nodes[known_by]
            siblings = node.children
            components.append(component)
        return siblings, components


def _known_by(record: Dataset) -> str:
    """What tells a patient, study or series from others of its kind (PS3.3 F.5.1 to F.5.3)."""
    match record.DirectoryRecordType:
        case "PATIENT":
            return str(record.PatientID)
        case "STUDY":
            return str(record.StudyInstanceUID)
        case _:
            return str(record.SeriesInstanceUID)


def _number(instance: tuple[str, FileDataset]) -> tuple[int, str]:
    name, dataset = instance
    try:
        return int(dataset.get("InstanceNumber") or 0), name
    except (TypeError, ValueError):  # not a number, or several
        return 0, name


def _link(file: Path, name: Path) -> None:
    name.parent.mkdir(parents=True, exist_ok=True)
    try:
        name.hardlink_to(file)
    except OSError:  # a file system without hard links, or no more of them
        shutil.copyfile(file, name)


def _head(uid: str, first: int, last: int) -> bytes:
    head = Dataset()
    head.FileSetID = ""
    head.OffsetOfTheFirstDirectoryRecordOfTheRootDirectoryEntity = first
    head.OffsetOfTheLastDirectoryRecordOfTheRootDirectoryEntity = last
    head.FileSetConsistencyFlag = 0
    head.preamble = PREAMBLE
    head.file_meta = FileMetaDataset()
    head.file_meta.MediaStorageSOPClassUID = MediaStorageDirectoryStorage
    head.file_meta.MediaStorageSOPInstanceUID = UID(uid)
    head.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    head.file_meta.ImplementationClassUID = UID(IMPLEMENTATION_CLASS_UID)
    head.file_meta.ImplementationVersionName = IMPLEMENTATION_VERSION_NAME
    stream = BytesIO()
    dcmwrite(stream, head, enforce_file_format=True)
    return stream.getvalue()


def _put_in_place(root: Path, staging: Path, directory: Path) -> None:
    """The index is taken away before its files change, and comes back last: it never names what is not there."""
    older = staging / "older"
    with uninterrupted():
        (root / DICOMDIR).unlink(missing_ok=True)
        if (root / DICOMDIR_FILES).exists():
            (root / DICOMDIR_FILES).rename(older)
        (staging / DICOMDIR_FILES).rename(root / DICOMDIR_FILES)
        directory.rename(root / DICOMDIR)
    shutil.rmtree(older, ignore_errors=True)
