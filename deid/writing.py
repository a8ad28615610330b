"""From a data set to the bytes of a DICOM file (PS3.10 §7.1), in the encoding it came in."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from pydicom import dcmwrite

from deid.errors import InstanceError, Reason

if TYPE_CHECKING:
    from pydicom.dataset import Dataset, FileMetaDataset

PREAMBLE = bytes(128)
"""Zeros instead of the original's 128 bytes, in which dual-personality files hide another file."""


def to_bytes(dataset: Dataset, file_meta: FileMetaDataset) -> bytes:
    """Encode `dataset` under the transfer syntax of `file_meta`, with a zeroed preamble.

    `dataset` gets both attached; values that are still raw are written as they are.

    Raises:
        InstanceError: MALFORMED, when a value can't be encoded.
    """
    # Not a new FileDataset: it would lose the original encoding, and pydicom would decode and re-encode every value.
    dataset.file_meta = file_meta
    dataset.preamble = PREAMBLE
    stream = io.BytesIO()
    try:
        dcmwrite(stream, dataset, enforce_file_format=True)
    except (ValueError, TypeError, AttributeError, KeyError, OverflowError, NotImplementedError, UnicodeError) as error:
        raise InstanceError(Reason.MALFORMED, f"can't be encoded: {type(error).__name__}") from None
    return stream.getvalue()
