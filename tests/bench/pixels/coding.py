"""Pictures as pixel data: bit depths, photometric interpretations and transfer syntaxes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import imagecodecs
import numpy as np
from pydicom.dataset import Dataset, FileDataset, FileMetaDataset
from pydicom.encaps import encapsulate
from pydicom.uid import (
    UID,
    CTImageStorage,
    DeflatedExplicitVRLittleEndian,
    DigitalXRayImageStorageForPresentation,
    ExplicitVRLittleEndian,
    HTJ2KLossless,
    ImplicitVRLittleEndian,
    JPEG2000Lossless,
    JPEGBaseline8Bit,
    JPEGLosslessSV1,
    JPEGLSLossless,
    MRImageStorage,
    RLELossless,
    UltrasoundImageStorage,
    UltrasoundMultiFrameImageStorage,
    generate_uid,
)

from deid.demo.encode import describe_pixels, put_encapsulated, put_native

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.bench.pixels.anatomy import Picture
    from tests.bench.pixels.people import Patient

_CLASSES = {
    "CT": CTImageStorage,
    "MR": MRImageStorage,
    "DX": DigitalXRayImageStorageForPresentation,
    "US": UltrasoundImageStorage,
}
_NATIVE = {ExplicitVRLittleEndian, ImplicitVRLittleEndian, DeflatedExplicitVRLittleEndian}


@dataclass(frozen=True, slots=True)
class Coding:
    """How a picture is stored."""

    name: str
    photometric: str
    bits: int
    syntax: str
    low: int = 0
    """The stored value of black."""
    high: int = 255
    """That of white; print may be brighter."""
    signed: bool = False

    @property
    def colour(self) -> bool:
        """Whether samples are red, green and blue."""
        return self.photometric == "RGB"

    @property
    def brightest(self) -> float:
        """The largest value that can be stored, in the picture's range."""
        return (self._most - self.low) / (self.high - self.low)

    @property
    def _most(self) -> int:
        return (1 << (self.bits - self.signed)) - 1

    def stored(self, pictures: Sequence[Picture]) -> np.ndarray[Any, np.dtype[Any]]:
        """Stored values, (frames, rows, columns[, 3])."""
        least = -(1 << (self.bits - 1)) if self.signed else 0
        values = np.rint(np.stack(pictures) * (self.high - self.low) + self.low).clip(least, self._most)
        if self.photometric == "MONOCHROME1":
            values = self._most - values
        kind = ("i" if self.signed else "u") + ("1" if self.bits <= 8 else "2")
        return values.astype(kind)


CODINGS = (
    Coding("8 bits, native", "MONOCHROME2", 8, ExplicitVRLittleEndian),
    Coding("RGB, native", "RGB", 8, ImplicitVRLittleEndian),
    Coding("12 bits, native", "MONOCHROME2", 12, ExplicitVRLittleEndian, 0, 1400),
    Coding("YBR_FULL_422, JPEG Baseline", "RGB", 8, JPEGBaseline8Bit),
    Coding("16 bits signed, RLE", "MONOCHROME2", 16, RLELossless, -1000, 1600, signed=True),
    Coding("MONOCHROME1 12 bits, JPEG 2000", "MONOCHROME1", 12, JPEG2000Lossless, 0, 4095),
    Coding("RGB, RLE", "RGB", 8, RLELossless),
    Coding("PALETTE COLOR, native", "PALETTE COLOR", 8, ExplicitVRLittleEndian),
    Coding("12 bits, JPEG-LS", "MONOCHROME2", 12, JPEGLSLossless, 0, 3000),
    Coding("8 bits, JPEG Baseline", "MONOCHROME2", 8, JPEGBaseline8Bit),
    Coding("16 bits signed, native", "MONOCHROME2", 16, ImplicitVRLittleEndian, -1000, 1600, signed=True),
    Coding("RGB, JPEG 2000", "RGB", 8, JPEG2000Lossless),
    Coding("16 bits, HTJ2K", "MONOCHROME2", 16, HTJ2KLossless, 0, 20000),
    Coding("12 bits, JPEG Lossless", "MONOCHROME2", 12, JPEGLosslessSV1, 0, 2048),
    Coding("MONOCHROME1 10 bits, native", "MONOCHROME1", 10, DeflatedExplicitVRLittleEndian, 0, 1023),
    Coding("PALETTE COLOR, RLE", "PALETTE COLOR", 8, RLELossless),
)


def new_dataset(modality: str, coding: Coding, pictures: Sequence[Picture], name: str) -> FileDataset:
    """An instance that shows the pictures; its header names nobody yet."""
    meta = FileMetaDataset()
    meta.TransferSyntaxUID = UID(coding.syntax)
    several = modality == "US" and len(pictures) > 1
    meta.MediaStorageSOPClassUID = UltrasoundMultiFrameImageStorage if several else _CLASSES[modality]
    meta.MediaStorageSOPInstanceUID = UID(generate_uid(entropy_srcs=["bench-pixels", name]))
    dataset = FileDataset("", Dataset(), file_meta=meta, preamble=bytes(128))
    dataset.SpecificCharacterSet = "ISO_IR 192"
    dataset.SOPClassUID = meta.MediaStorageSOPClassUID
    dataset.SOPInstanceUID = meta.MediaStorageSOPInstanceUID
    dataset.StudyInstanceUID = generate_uid(entropy_srcs=["bench-pixels study", name])
    dataset.SeriesInstanceUID = generate_uid(entropy_srcs=["bench-pixels series", name])
    dataset.Modality = modality
    dataset.ImageType = ["ORIGINAL", "PRIMARY"]
    dataset.PatientName = dataset.PatientID = dataset.PatientBirthDate = dataset.AccessionNumber = ""
    if len(pictures) > 1:
        dataset.NumberOfFrames = len(pictures)
    _put(dataset, coding, coding.stored(pictures))
    return dataset


def name_patient(dataset: Dataset, patient: Patient) -> None:
    """Put into the header who the patient is."""
    dataset.PatientName = f"{patient.last}^{patient.first}^{patient.middle}"
    dataset.PatientID = patient.mrn
    dataset.PatientBirthDate = f"{patient.birth:%Y%m%d}"
    dataset.StudyDate = f"{patient.study:%Y%m%d}"
    dataset.AccessionNumber = patient.accession
    dataset.ReferringPhysicianName = f"{patient.physician_last}^{patient.physician_first}"
    dataset.InstitutionName = patient.hospital


def _put(dataset: FileDataset, coding: Coding, frames: np.ndarray[Any, np.dtype[Any]]) -> None:
    describe_pixels(dataset, frames, coding.photometric, coding.bits)
    if coding.photometric == "PALETTE COLOR":
        _put_palette(dataset)
    elif not coding.colour and coding.bits > 8:
        inverse = coding.photometric == "MONOCHROME1"
        top = (1 << coding.bits) - 1
        low, high = (top - coding.high, top - coding.low) if inverse else (coding.low, coding.high)
        dataset.WindowCenter, dataset.WindowWidth = (low + high) // 2, high - low
    if coding.syntax in _NATIVE:
        put_native(dataset, frames)
    elif coding.syntax == HTJ2KLossless:
        streams = [bytes(imagecodecs.htj2k_encode(frame, reversible=True, tlm=True)) for frame in frames]
        dataset.PixelData = encapsulate(streams, has_bot=True)
        dataset["PixelData"].VR = "OB"
        dataset["PixelData"].is_undefined_length = True
    elif coding.syntax == JPEGBaseline8Bit and not coding.colour:
        streams = [bytes(imagecodecs.jpeg8_encode(frame, level=92)) for frame in frames]
        dataset.PixelData = encapsulate(streams, has_bot=False)
        dataset["PixelData"].VR = "OB"
        dataset["PixelData"].is_undefined_length = True
        dataset.LossyImageCompression = "01"
    else:
        put_encapsulated(dataset, frames, coding.syntax)


def _put_palette(dataset: Dataset) -> None:
    """A ramp from black over amber to white."""
    ramp = np.arange(256, dtype=np.float64) / 255
    for colour, power in (("Red", 0.8), ("Green", 1.0), ("Blue", 1.5)):
        setattr(dataset, f"{colour}PaletteColorLookupTableDescriptor", [256, 0, 16])
        table = np.rint(ramp**power * 65535).astype("<u2")
        setattr(dataset, f"{colour}PaletteColorLookupTableData", table.tobytes())
