"""From a file to a data set: what is DICOM, what is whole, what is not for us."""

from __future__ import annotations

import io
import struct
import zlib
from typing import TYPE_CHECKING

from pydicom import dcmread
from pydicom.datadict import dictionary_has_tag
from pydicom.dataelem import RawDataElement
from pydicom.dataset import Dataset
from pydicom.errors import BytesLengthException, InvalidDicomError
from pydicom.tag import BaseTag
from pydicom.uid import UID, MediaStorageDirectoryStorage

from deid.attributes.attribute import UNDEFINED_LENGTH
from deid.errors import InstanceError, Reason
from deid.plan import tag_text
from deid.quiet import quiet_pydicom
from deid.syntaxes import register_syntaxes

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from pydicom.dataelem import DataElement
    from pydicom.dataset import FileDataset

_PREAMBLE = 132
_META_START = _PREAMBLE + 12
"""Where what the group length of the file meta counts begins (PS3.10 7.1)."""
_SEQUENCE_DELIMITERS = (b"\xfe\xff\xdd\xe0\0\0\0\0", b"\xff\xfe\xe0\xdd\0\0\0\0")
_SHORTEST = 16
_LONGEST_HEAD_READ = 8
"""Bytes of the head of an attribute that are read at once."""
_PACKED = (b"\x1f\x8b", b"BZh", b"\xfd7zXZ\0", b"\x28\xb5\x2f\xfd", b"7z\xbc\xaf\x27\x1c", b"Rar!\x1a\x07")
"""How files begin that hold another, or several: gzip, bzip2, xz, zstd, 7z, rar."""
_FIRST_GROUPS = {0x0002, 0x0008}
_LAST_FIRST_ELEMENT = 0x0100
_PARSE_ERRORS = (
    InvalidDicomError,
    BytesLengthException,
    EOFError,
    ValueError,
    KeyError,
    TypeError,
    AttributeError,
    IndexError,
    NotImplementedError,
    struct.error,
    zlib.error,
    RecursionError,
    OSError,
    LookupError,
)

register_syntaxes()


def read_instance(path: Path) -> FileDataset:
    """Read the instance in `path` (PS3.10 §7; also without preamble and file meta, as old senders write).

    Returns:
        The data set with its values still raw, its transfer syntax set in `file_meta`.

    Raises:
        InstanceError: NOT_DICOM, PACKED, DICOMDIR, NO_SOP_INSTANCE, TRUNCATED, MALFORMED or UNREADABLE.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise InstanceError(Reason.UNREADABLE, f"errno {error.errno}") from None
    return parse_instance(data)


def parse_instance(data: bytes) -> FileDataset:
    """Parse the bytes of a DICOM file; see `read_instance`."""
    has_preamble = data[128:_PREAMBLE] == b"DICM"
    if not has_preamble and not _looks_like_data_set(data):
        raise InstanceError(Reason.PACKED if data.startswith(_PACKED) else Reason.NOT_DICOM)
    stream = _WatchedBytes(data)
    with quiet_pydicom():
        dataset = _parse(stream, has_preamble=has_preamble)
        if has_preamble:
            _refuse_lost(dataset, data)
        _refuse_other_objects(dataset, has_preamble=has_preamble)
    _refuse_truncated(dataset, stream, data)
    return dataset


def view_of(dataset: FileDataset) -> Dataset:
    """A data set of the same elements, which may be looked at without converting those of `dataset`."""
    return part_of(dataset, dataset.keys())


def part_of(dataset: Dataset, tags: Iterable[int]) -> Dataset:
    """A data set of those elements of `dataset` that have these tags, unconverted."""
    # Iterating a Dataset itself, or setting elements one by one, would convert them.
    view = Dataset({BaseTag(tag): dataset.get_item(tag, keep_deferred=True) for tag in tags if tag in dataset})
    implicit, little = dataset.original_encoding
    view.set_original_encoding(bool(implicit), bool(little), dataset.original_character_set)
    view.file_meta = dataset.file_meta
    return view


class _WatchedBytes(io.BytesIO):
    """Notices a read that the file could answer only in part: pydicom takes that for the end of the data set.

    Zeros in place of a head are none: files are filled up to a whole block.
    """

    cut_short = False

    def read(self, size: int | None = -1, /) -> bytes:
        data = super().read(size)
        if size is not None and 0 < len(data) < size and (size > _LONGEST_HEAD_READ or data.strip(b"\0")):
            self.cut_short = True
        return data


def _looks_like_data_set(data: bytes) -> bool:
    """Whether bytes without preamble begin with a plausible first attribute: group 0002 or 0008, a sane length."""
    if len(data) < _SHORTEST:
        return False
    tags = [struct.unpack_from(order, data) for order in ("<HH", ">HH")]
    return any(group in _FIRST_GROUPS and element <= _LAST_FIRST_ELEMENT for group, element in tags) and b"\0" in data


def _parse(stream: _WatchedBytes, *, has_preamble: bool) -> FileDataset:
    try:
        return dcmread(stream, force=not has_preamble)
    except _PARSE_ERRORS as error:
        if not has_preamble:
            raise InstanceError(Reason.NOT_DICOM, type(error).__name__) from None
        if isinstance(error, RecursionError):
            raise InstanceError(Reason.MALFORMED, "sequences nest too deep") from None
        if isinstance(error, OSError | EOFError) and not stream.read(1):
            raise InstanceError(Reason.TRUNCATED, "inside a sequence") from None
        raise InstanceError(Reason.MALFORMED, type(error).__name__) from None


def _refuse_lost(dataset: FileDataset, data: bytes) -> None:
    """Where a value of undefined length has no end, pydicom hands out none of the elements before it either."""
    meta_length = dataset.file_meta.get("FileMetaInformationGroupLength")
    # Where the meta itself is broken it may be several numbers.
    if len(dataset) == 0 and isinstance(meta_length, int) and meta_length and len(data) > _META_START + meta_length:
        raise InstanceError(Reason.TRUNCATED, "in a value of undefined length")


def _refuse_other_objects(dataset: FileDataset, *, has_preamble: bool) -> None:
    meta = dataset.file_meta
    if not _uid(meta, "TransferSyntaxUID"):
        meta.TransferSyntaxUID = _guessed_syntax(dataset)
    if _uid(meta, "MediaStorageSOPClassUID") == MediaStorageDirectoryStorage or (0x0004, 0x1220) in dataset:
        raise InstanceError(Reason.DICOMDIR)
    if not (_uid(dataset, "SOPClassUID") and _uid(dataset, "SOPInstanceUID")):
        raise InstanceError(Reason.NO_SOP_INSTANCE if has_preamble else Reason.NOT_DICOM)


def _uid(dataset: Dataset, keyword: str) -> str:
    try:
        return str(dataset.get(keyword) or "")
    except _PARSE_ERRORS:
        return ""


def _guessed_syntax(dataset: FileDataset) -> UID:
    implicit, little = dataset.original_encoding
    if implicit:
        return UID("1.2.840.10008.1.2")
    return UID("1.2.840.10008.1.2.1" if little else "1.2.840.10008.1.2.2")


def _refuse_truncated(dataset: FileDataset, stream: _WatchedBytes, data: bytes) -> None:
    last = None
    for element in dataset.values():
        last = element
        if isinstance(element, RawDataElement) and not _is_whole(element):
            raise InstanceError(Reason.TRUNCATED, _where(element.tag))
    if stream.cut_short:
        raise InstanceError(Reason.TRUNCATED, "in the head of an attribute")
    if last is not None and _is_undefined_length(last) and not _ends_with_delimiter(data):
        raise InstanceError(Reason.TRUNCATED, _where(last.tag))


def _where(tag: int) -> str:
    """The attribute, if there is such a one: where a file is broken, the bytes of a value are taken for tags."""
    return f"at {tag_text(tag)}" if dictionary_has_tag(tag) else "at an unknown attribute"


def _is_whole(element: RawDataElement) -> bool:
    return element.value is None or element.length in {UNDEFINED_LENGTH, len(element.value)}


def _is_undefined_length(element: RawDataElement | DataElement) -> bool:
    if isinstance(element, RawDataElement):
        return element.length == UNDEFINED_LENGTH
    return bool(element.is_undefined_length)


def _ends_with_delimiter(data: bytes) -> bool:
    tail = data[-24:]
    return any(delimiter in tail for delimiter in _SEQUENCE_DELIMITERS)
