"""Preamble and file meta (PS3.10 §7.1): rewritten, and in step with the data set."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from deid.errors import InstanceError, Reason
from deid.header.meta import IMPLEMENTATION_CLASS_UID

if TYPE_CHECKING:
    from pydicom.dataset import FileDataset

_PREAMBLE_LENGTH = 128
_WRITER = re.compile(r"DEID [0-9A-Za-z.+]{1,11}")
_ALLOWED = frozenset({0x00020000, 0x00020001, 0x00020002, 0x00020003, 0x00020010, 0x00020012, 0x00020013})


def check_meta(data: bytes, original: FileDataset, released: FileDataset, new_syntax: str | None = None) -> None:
    """The preamble is zero, the meta holds only what names nobody, and its UIDs are those of the data set.

    Args:
        data: The bytes that would be written.
        original: The original instance.
        released: The new one, as it was read from `data`.
        new_syntax: The transfer syntax of frames that were blanked; None where it is to be the original's.

    Raises:
        InstanceError: PLAN_NOT_REALISED.
    """
    if data[:_PREAMBLE_LENGTH].strip(b"\0"):
        raise InstanceError(Reason.PLAN_NOT_REALISED, "the preamble is not empty")
    meta = released.file_meta
    if any(tag not in _ALLOWED for tag in meta.keys()):  # noqa: SIM118 - iterating a Dataset yields elements
        raise InstanceError(Reason.PLAN_NOT_REALISED, "file meta holds more than it should")
    writer = str(meta.get("ImplementationVersionName", ""))
    if meta.get("ImplementationClassUID") != IMPLEMENTATION_CLASS_UID or not _WRITER.fullmatch(writer):
        raise InstanceError(Reason.PLAN_NOT_REALISED, "file meta names another writer")
    named = (meta.MediaStorageSOPClassUID, meta.MediaStorageSOPInstanceUID)
    if named != (released.SOPClassUID, released.SOPInstanceUID):
        raise InstanceError(Reason.PLAN_NOT_REALISED, "file meta and data set name different instances")
    if meta.TransferSyntaxUID != (new_syntax or original.file_meta.TransferSyntaxUID):
        raise InstanceError(Reason.PLAN_NOT_REALISED, "the transfer syntax changed")
