"""From a data set to the bytes of a DICOM file (PS3.10 §7.1), in the encoding it came in."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from pydicom import dcmwrite
from pydicom.dataset import Dataset, FileDataset
from pydicom.uid import UID

from deid.errors import InstanceError, Reason

if TYPE_CHECKING:
    from pydicom.dataset import FileMetaDataset

PREAMBLE = bytes(128)


def to_bytes(dataset: Dataset, file_meta: FileMetaDataset) -> bytes:
    """Encode `dataset` under the transfer syntax of `file_meta`, with a zeroed preamble.

    Raises:
        InstanceError: MALFORMED, when a value can't be encoded.
    """
    syntax = UID(file_meta.TransferSyntaxUID)
    implicit, little = syntax.is_implicit_VR, syntax.is_little_endian
    output = FileDataset(
        "", dataset, preamble=PREAMBLE, file_meta=file_meta, is_implicit_VR=implicit, is_little_endian=little
    )
    stream = io.BytesIO()
    try:
        dcmwrite(stream, output, enforce_file_format=True)
    except (ValueError, TypeError, AttributeError, KeyError, OverflowError, NotImplementedError, UnicodeError) as error:
        raise InstanceError(Reason.MALFORMED, f"can't be encoded: {type(error).__name__}") from None
    return stream.getvalue()
