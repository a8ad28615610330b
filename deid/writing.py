"""From a data set to the bytes of a DICOM file (PS3.10 §7.1), in the encoding it came in."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from pydicom import dcmwrite
from pydicom.dataelem import DataElement, RawDataElement

from deid.errors import InstanceError, Reason

if TYPE_CHECKING:
    from pydicom.dataset import Dataset, FileMetaDataset

_PIXEL_DATA = 0x7FE00010
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
    _keep_odd_fragments(dataset)
    stream = io.BytesIO()
    try:
        dcmwrite(stream, dataset, enforce_file_format=True)
    except (ValueError, TypeError, AttributeError, KeyError, OverflowError, NotImplementedError, UnicodeError) as error:
        raise InstanceError(Reason.MALFORMED, f"can't be encoded: {type(error).__name__}") from None
    return stream.getvalue()


class _AsItIs(DataElement):
    """Encapsulated pixel data that pydicom writes as it is: behind an odd fragment it would add a stray byte."""

    is_raw = True
    length = 0xFFFFFFFF


def _keep_odd_fragments(dataset: Dataset) -> None:
    if _PIXEL_DATA not in dataset:
        return
    element = dataset.get_item(_PIXEL_DATA)
    value = element.value
    if _is_encapsulated(element) and isinstance(value, bytes) and len(value) % 2:
        dataset[_PIXEL_DATA] = _AsItIs(_PIXEL_DATA, element.VR, value, is_undefined_length=True)


def _is_encapsulated(element: DataElement | RawDataElement) -> bool:
    if isinstance(element, RawDataElement):
        return element.length == _AsItIs.length
    return bool(element.is_undefined_length)
