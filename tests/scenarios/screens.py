"""Screens with burned-in text, as files: what a modality or a viewer would have sent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image, ImageDraw, ImageFont
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.encaps import encapsulate
from pydicom.uid import UID, generate_uid

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

EXPLICIT = "1.2.840.10008.1.2.1"
SECONDARY_CAPTURE = "1.2.840.10008.5.1.4.1.1.7"
NAME, LABEL = (20, 20), (20, 150)
"""Where the two lines of `screen` begin: column, row."""


def screen(rows: int = 200, columns: int = 320, lines: Sequence[tuple[tuple[int, int], str]] | None = None) -> Any:
    """A dim slope with text on it, (rows, columns), uint8: the patient's name, and a side that anyone may see."""
    slope = np.add.outer(np.arange(rows), np.arange(columns)) % 64
    picture = Image.fromarray(slope.astype(np.uint8))
    font = ImageFont.load_default(22)
    for place, text in [(NAME, "DOEBERT^JANINE"), (LABEL, "LEFT LATERAL")] if lines is None else lines:
        ImageDraw.Draw(picture).text(place, text, fill=255, font=font)
    return np.asarray(picture)


def write_screen(
    path: Path, frames: Sequence[Any], syntax: str = EXPLICIT, encode: Callable[[Any], bytes] | None = None, **more: Any
) -> Dataset:
    """Write an instance of these frames; `encode` codes one for an encapsulated transfer syntax."""
    dataset = Dataset()
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.TransferSyntaxUID = UID(syntax)
    dataset.file_meta.MediaStorageSOPClassUID = dataset.SOPClassUID = UID(SECONDARY_CAPTURE)
    dataset.file_meta.MediaStorageSOPInstanceUID = dataset.SOPInstanceUID = generate_uid()
    dataset.StudyInstanceUID, dataset.SeriesInstanceUID = generate_uid(), generate_uid()
    dataset.PatientName, dataset.PatientID, dataset.PatientBirthDate = "Doebert^Janine", "QX-4711-83", "19610305"
    dataset.PatientSex = dataset.StudyID = dataset.AccessionNumber = ""
    dataset.StudyDate, dataset.StudyTime, dataset.Modality = "20190722", "101500", "OT"
    dataset.Rows, dataset.Columns = frames[0].shape[:2]
    dataset.SamplesPerPixel = 3 if frames[0].ndim > 2 else 1
    dataset.PhotometricInterpretation = "RGB" if frames[0].ndim > 2 else "MONOCHROME2"
    if frames[0].ndim > 2:
        dataset.PlanarConfiguration = 0
    dataset.BitsAllocated = dataset.BitsStored = frames[0].dtype.itemsize * 8
    dataset.PixelRepresentation = 0
    if len(frames) > 1:
        dataset.NumberOfFrames = len(frames)
    for keyword, value in more.items():
        setattr(dataset, keyword, value)
    dataset.HighBit = dataset.BitsStored - 1
    value = (
        encapsulate([encode(frame) for frame in frames])
        if encode
        else b"".join(map(bytes, map(np.ascontiguousarray, frames)))
    )
    dataset.add_new(0x7FE00010, "OB" if encode or dataset.BitsAllocated == 8 else "OW", value)
    dataset["PixelData"].is_undefined_length = encode is not None
    dataset.save_as(path, enforce_file_format=True)
    return dataset
