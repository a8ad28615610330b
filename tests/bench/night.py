"""What the speed is measured on: CT instances that differ as those of a series do, and many tiny ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pydicom.data
from pydicom import dcmread
from pydicom.uid import UID, generate_uid

from deid.demo import write_studies

if TYPE_CHECKING:
    from pathlib import Path

    from pydicom.dataset import FileDataset

SERIES = 200
_SIDE = 512
_BYTE = 8
"""Bits."""
_PLACE = "1.2.9.100000"


def write_night(folder: Path, files: int) -> int:
    """Write CT instances of 530 kB, with the header of a scanner; returns their size in bytes.

    259 elements each, 180 of them private; ten and more differ from slice to slice.
    """
    folder.mkdir(parents=True)
    dataset = _ct(_SIDE)
    noise = np.random.default_rng(0)
    for number in range(files):
        _place(dataset, number)
        dataset.PixelData = noise.integers(0, 2000, _SIDE * _SIDE, np.int16).tobytes()
        dataset.save_as(folder / f"{number:06}.dcm")
    return sum(path.stat().st_size for path in folder.iterdir())


def write_studies_of_many(folder: Path, copies: int) -> None:
    """Write the example studies many times, with UIDs of their own and, where pixels are not coded, noise of their own.

    Without the noise, what was read once would not be read again.
    """
    write_studies(folder / "0")
    noise = np.random.default_rng(0)
    for number in range(1, copies):
        for path in sorted((folder / "0").rglob("*.dcm")):
            dataset = dcmread(path)
            dataset.SOPInstanceUID = dataset.file_meta.MediaStorageSOPInstanceUID = generate_uid()
            if "PixelData" in dataset and not dataset.file_meta.TransferSyntaxUID.is_encapsulated:
                words = np.frombuffer(dataset.PixelData, np.uint8 if dataset.BitsAllocated == _BYTE else np.uint16)
                dataset.PixelData = (words ^ noise.integers(0, 2, words.size, words.dtype)).tobytes()
            copy = folder / str(number) / path.relative_to(folder / "0")
            copy.parent.mkdir(parents=True, exist_ok=True)
            dataset.save_as(copy)


def write_tiny(folder: Path, files: int) -> None:
    """Write instances of 6 kB that differ in their UID alone, in folders of a thousand."""
    folder.mkdir(parents=True)
    dataset = _ct(8)
    dataset.SOPInstanceUID = dataset.file_meta.MediaStorageSOPInstanceUID = UID(_PLACE)
    dataset.save_as(folder / "template")
    template = (folder / "template").read_bytes()
    (folder / "template").unlink()
    for number in range(files):
        if not number % 1000:
            inner = folder / f"{number // 1000:03}"
            inner.mkdir()
        (inner / f"{number:06}.dcm").write_bytes(template.replace(_PLACE.encode(), f"1.2.9.{number + 100000}".encode()))


def _ct(side: int) -> FileDataset:
    dataset = dcmread(str(pydicom.data.get_testdata_file("CT_small.dcm", download=False)))
    dataset.Rows = dataset.Columns = side
    dataset.PixelData = bytes(2 * side * side)
    del dataset[0xFFFCFFFC]
    return dataset


def _place(dataset: FileDataset, number: int) -> None:
    """What a scanner writes anew for each slice."""
    uid = generate_uid(entropy_srcs=[str(number)])
    dataset.SOPInstanceUID = dataset.file_meta.MediaStorageSOPInstanceUID = uid
    dataset.SeriesInstanceUID = generate_uid(entropy_srcs=["series", str(number // SERIES)])
    dataset.SeriesNumber = number // SERIES
    dataset.InstanceNumber = number % SERIES
    dataset.SliceLocation = f"{-500 + number % SERIES * 1.25:.2f}"
    dataset.ImagePositionPatient = ["-158.1", "-179.0", str(dataset.SliceLocation)]
    time = f"{7 + number // 3600 % 12:02}{number // 60 % 60:02}{number % 60:02}.{number % 7}"
    dataset.AcquisitionTime = dataset.ContentTime = time
    dataset.AcquisitionDateTime = f"20040119{time}"
    dataset.XRayTubeCurrent = 100 + number % 57
    dataset.Exposure = 1000 + number % 91
    dataset.WindowCenter = 40 + number % 5
