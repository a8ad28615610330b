"""The file meta information of a released file (PS3.10 7.1): made anew, because the old one names systems and people.

Source, sending and receiving AE titles, private information and the implementation that wrote the original are left
out.
"""

from __future__ import annotations

import struct
from functools import lru_cache
from typing import TYPE_CHECKING

from pydicom._uid_dict import UID_dictionary
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import (
    UID,
    ExplicitVRBigEndian,
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
)

from deid import __version__
from deid.errors import InstanceError, Reason

if TYPE_CHECKING:
    from collections.abc import Mapping

IMPLEMENTATION_CLASS_UID = "2.25.229031883616487968120426946845286589032"
"""Names deid as the writer: a UUID-derived UID (PS3.5 B.2), made once, the same for all versions."""
IMPLEMENTATION_VERSION_NAME = f"DEID {__version__}"[:16]
_NATIVE: Mapping[tuple[bool, bool], UID] = {
    (True, True): ImplicitVRLittleEndian,
    (False, True): ExplicitVRLittleEndian,
    (False, False): ExplicitVRBigEndian,
}


def new_file_meta(original_meta: Dataset | None, dataset: Dataset) -> FileMetaDataset:
    """The file meta for a de-identified data set.

    Args:
        original_meta: The meta of the original, of which only the transfer syntax is taken.
        dataset: The de-identified data set, with its new SOP Instance UID.

    Returns:
        (0002,0001) to (0002,0003), (0002,0010), (0002,0012) and (0002,0013); nothing else.

    Raises:
        InstanceError: NO_SOP_INSTANCE, or UNSUPPORTED_SYNTAX when there is no transfer syntax.
    """
    sop_class, instance = dataset.get("SOPClassUID"), dataset.get("SOPInstanceUID")
    if not sop_class or not instance:
        raise InstanceError(Reason.NO_SOP_INSTANCE)
    meta = FileMetaDataset()
    meta.FileMetaInformationVersion = b"\0\1"
    meta.MediaStorageSOPClassUID = UID(str(sop_class))
    meta.MediaStorageSOPInstanceUID = UID(str(instance))
    meta.TransferSyntaxUID = _transfer_syntax(original_meta, dataset)
    meta.ImplementationClassUID = UID(IMPLEMENTATION_CLASS_UID)
    meta.ImplementationVersionName = IMPLEMENTATION_VERSION_NAME
    return meta


def file_meta_bytes(sop_class: bytes, instance: bytes, syntax: bytes) -> bytes:
    """The same meta as `new_file_meta`, as it is written; the UIDs are given without padding."""
    before, after = _around_instance(sop_class, syntax)
    body = before + _meta_element(0x0003, b"UI", instance) + after
    return _meta_element(0x0000, b"UL", struct.pack("<I", len(body))) + body


@lru_cache(maxsize=64)
def _around_instance(sop_class: bytes, syntax: bytes) -> tuple[bytes, bytes]:
    """The elements before and behind the Media Storage SOP Instance UID: those of a series are the same."""
    before = _meta_element(0x0001, b"OB", b"\0\1") + _meta_element(0x0002, b"UI", sop_class)
    after = (
        _meta_element(0x0010, b"UI", syntax),
        _meta_element(0x0012, b"UI", IMPLEMENTATION_CLASS_UID.encode("ascii")),
        _meta_element(0x0013, b"SH", IMPLEMENTATION_VERSION_NAME.encode("ascii")),
    )
    return before, b"".join(after)


def _meta_element(element: int, vr: bytes, value: bytes) -> bytes:
    value += (b" " if vr == b"SH" else b"\0") * (len(value) % 2)
    length = struct.pack("<HI", 0, len(value)) if vr == b"OB" else struct.pack("<H", len(value))
    return struct.pack("<HH", 0x0002, element) + vr + length + value


def _transfer_syntax(original_meta: Dataset | None, dataset: Dataset) -> UID:
    """The original's; where a file with native pixels was really encoded in another way than it said, that one."""
    implicit, little = dataset.original_encoding
    actual = None if implicit is None or little is None else _NATIVE.get((implicit, little))
    declared = original_meta.get("TransferSyntaxUID") if original_meta is not None else None
    if declared is None:
        if actual is None:
            raise InstanceError(Reason.UNSUPPORTED_SYNTAX, "no transfer syntax")
        return actual
    declared = UID(str(declared))
    if not is_known_syntax(declared):
        raise InstanceError(Reason.UNSUPPORTED_SYNTAX, "the transfer syntax is private or none")
    return actual if actual is not None and declared in _NATIVE.values() else declared


def is_known_syntax(uid: UID) -> bool:
    """Whether the standard lists the UID as a transfer syntax (PS3.6 Annex A); a private one can't be written right."""
    return uid in UID_dictionary and UID_dictionary[uid][1] == "Transfer Syntax"
