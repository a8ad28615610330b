"""The example studies: eight invented patients, several modalities and transfer syntaxes, the truth about each file."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence
from pydicom.uid import (
    UID,
    BasicTextSRStorage,
    ComputedRadiographyImageStorage,
    CTImageStorage,
    DeflatedExplicitVRLittleEndian,
    DigitalXRayImageStorageForPresentation,
    ImplicitVRLittleEndian,
    JPEG2000Lossless,
    JPEGBaseline8Bit,
    JPEGLosslessSV1,
    JPEGLSLossless,
    MRImageStorage,
    RLELossless,
    SecondaryCaptureImageStorage,
    UltrasoundImageStorage,
    UltrasoundMultiFrameImageStorage,
)

from deid.demo.encode import describe_pixels, put_encapsulated, put_native
from deid.demo.headers import new_instance, uid
from deid.demo.lettering import burn
from deid.demo.people import VISITS, Visit
from deid.demo.phantom import chest_radiograph, ct_chest, knee_radiograph, mr_head, ultrasound_sector
from deid.demo.truth import BurnedLine, Example, Truth

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from numpy.typing import NDArray
    from pydicom.dataset import FileDataset

    Frame = NDArray[np.number]

CINE_FRAMES = 5


def write_studies(folder: Path) -> list[Path]:
    """Write all example studies below `folder`; returns the files. The same files every time."""
    paths = []
    for example in examples():
        path = folder / example.name
        path.parent.mkdir(parents=True, exist_ok=True)
        example.dataset.save_as(path, enforce_file_format=True)
        paths.append(path)
    (folder / "README.txt").write_text("Exported for the referring physician. Not a DICOM file.\n")
    return paths


def examples() -> Iterator[Example]:
    """Make the examples one by one."""
    yield from _ct(VISITS["ct"])
    yield from _mr(VISITS["mr"])
    yield _dx(VISITS["dx"])
    yield _cine(VISITS["us"])
    yield _us_colour(VISITS["us-rgb"])
    yield _cr(VISITS["cr"])
    yield _sc(VISITS["sc"])
    yield _sr(VISITS["sr"])


def _example(visit: Visit, dataset: FileDataset, lines: list[BurnedLine]) -> Example:
    name = (
        f"{visit.person.folder}/{visit.date}_{visit.accession}/{dataset.Modality}_{int(dataset.InstanceNumber):03}.dcm"
    )
    return Example(name, dataset, Truth(visit.secrets, tuple(lines)))


def _plain_name(visit: Visit) -> str:
    """The name as a machine prints it: the alphabetic group, upper case."""
    return " ".join(visit.person.name.split("=")[0].upper().replace("^", " ").split())


def _printed_date(text: str) -> str:
    return f"{text[4:6]}.{text[6:]}.{text[:4]}"


def _ct(visit: Visit) -> Iterator[Example]:
    syntaxes = ("1.2.840.10008.1.2.1", str(ImplicitVRLittleEndian), str(DeflatedExplicitVRLittleEndian))
    for number, syntax in enumerate(syntaxes, 1):
        dataset = new_instance(visit, CTImageStorage, "CT", 3, number)
        dataset.FrameOfReferenceUID = uid(visit.label, "frame of reference")
        dataset.PositionReferenceIndicator = ""
        dataset.ImagePositionPatient = [-160, -160, -40.0 + 5 * number]
        dataset.ImageOrientationPatient = [1, 0, 0, 0, 1, 0]
        dataset.PixelSpacing = [1.25, 1.25]
        dataset.SliceThickness = 5
        dataset.KVP = 120
        dataset.AcquisitionNumber = 1
        dataset.ImageType = ["ORIGINAL", "PRIMARY", "AXIAL"]
        dataset.RescaleIntercept, dataset.RescaleSlope, dataset.RescaleType = 0, 1, "HU"
        dataset.WindowCenter, dataset.WindowWidth = 40, 400
        dataset.SeriesDescription = "Thorax 5mm soft tissue"
        frame = np.rint(ct_chest(256, 256, number / 3, number)).astype(np.int16)
        describe_pixels(dataset, frame[None], "MONOCHROME2", 16)
        put_native(dataset, frame[None])
        dataset.file_meta.TransferSyntaxUID = UID(syntax)
        if number == 1:
            _add_overlay_and_icon(dataset, visit)
        yield _example(visit, dataset, [])


def _add_overlay_and_icon(dataset: FileDataset, visit: Visit) -> None:
    """An overlay plane and an icon that show the patient's name (PS3.3 C.9.2, C.7.6.1.1.6)."""
    plane = np.zeros((256, 256), np.uint8)
    burn(plane, _plain_name(visit), (8, 8), 10, 1)
    dataset.add_new(0x60000010, "US", 256)
    dataset.add_new(0x60000011, "US", 256)
    dataset.add_new(0x60000040, "CS", "G")
    dataset.add_new(0x60000050, "SS", [1, 1])
    dataset.add_new(0x60000100, "US", 1)
    dataset.add_new(0x60000102, "US", 0)
    dataset.add_new(0x60003000, "OW", np.packbits(plane, bitorder="little").tobytes())
    icon = Dataset()
    small = np.zeros((1, 64, 128), np.uint8)
    burn(small[0], visit.person.folder[:12].upper(), (2, 20), 10, 255)
    describe_pixels(icon, small, "MONOCHROME2", 8)
    icon.PixelData = small.tobytes()
    dataset.IconImageSequence = Sequence([icon])


def _mr(visit: Visit) -> Iterator[Example]:
    for number, syntax in enumerate((RLELossless, JPEGLosslessSV1), 1):
        dataset = new_instance(visit, MRImageStorage, "MR", 5, number)
        dataset.FrameOfReferenceUID = uid(visit.label, "frame of reference")
        dataset.PositionReferenceIndicator = ""
        dataset.ImagePositionPatient = [-110, -110, 5.0 * number]
        dataset.ImageOrientationPatient = [1, 0, 0, 0, 1, 0]
        dataset.PixelSpacing = [0.86, 0.86]
        dataset.SliceThickness = 4
        dataset.ScanningSequence, dataset.SequenceVariant, dataset.ScanOptions = "SE", "SK", ""
        dataset.MRAcquisitionType = "2D"
        dataset.RepetitionTime, dataset.EchoTime, dataset.EchoTrainLength = 4000, 96, 9
        dataset.ImageType = ["ORIGINAL", "PRIMARY", "M"]
        dataset.SeriesDescription = "t2_tse_tra"
        frame = np.rint(mr_head(256, 256, number / 2, number)).astype(np.uint16)
        describe_pixels(dataset, frame[None], "MONOCHROME2", 12)
        put_encapsulated(dataset, frame[None], syntax)
        yield _example(visit, dataset, [])


def _dx(visit: Visit) -> Example:
    dataset = new_instance(visit, DigitalXRayImageStorageForPresentation, "DX", 1, 1)
    full = (1 << 14) - 1
    frame = np.rint(full * (1 - chest_radiograph(1000, 820, 7))).astype(np.uint16)
    lines = [
        _burned(frame, _plain_name(visit), (30, 24), 24, 0, identifying=True),
        _burned(frame, _printed_date(visit.date), (30, 56), 22, 0, identifying=True),
        _burned(frame, f"DOB: {_printed_date(visit.person.birth_date)}", (30, 88), 22, 0, identifying=True),
        _burned(frame, "JT", (-60, 200), 26, 0, identifying=True),
        _burned(frame, "L", (-70, 140), 40, 0, identifying=False),
        _burned(frame, "PORTABLE", (30, -30), 24, 0, identifying=False),
    ]
    describe_pixels(dataset, frame[None], "MONOCHROME1", 14)
    dataset.ImageType = ["DERIVED", "PRIMARY"]
    dataset.PresentationIntentType = "FOR PRESENTATION"
    dataset.PixelIntensityRelationship, dataset.PixelIntensityRelationshipSign = "LOG", 1
    dataset.RescaleIntercept, dataset.RescaleSlope, dataset.RescaleType = 0, 1, "US"
    dataset.PresentationLUTShape = "INVERSE"
    dataset.LossyImageCompression = "00"
    dataset.BurnedInAnnotation = "NO"  # as headers often say, wrongly
    dataset.WindowCenter, dataset.WindowWidth = 8192, 16384
    dataset.ImageLaterality, dataset.BodyPartExamined = "U", "CHEST"
    dataset.ViewPosition, dataset.PatientOrientation = "PA", ["L", "F"]
    dataset.ImagerPixelSpacing = [0.4, 0.4]
    dataset.SeriesDescription = "Chest PA"
    put_encapsulated(dataset, frame[None], JPEG2000Lossless)
    return _example(visit, dataset, lines)


def _cine(visit: Visit) -> Example:
    dataset = new_instance(visit, UltrasoundMultiFrameImageStorage, "US", 1, 1)
    frames, lines = [], []
    for index in range(CINE_FRAMES):
        grey = ultrasound_sector(480, 640, index / CINE_FRAMES, 11)
        frame = np.repeat(np.rint(grey * 255).astype(np.uint8)[:, :, None], 3, axis=2)
        lines = _ultrasound_text(frame, visit, range(CINE_FRAMES))
        frames.append(frame)
    cine = np.stack(frames)
    describe_pixels(dataset, cine, "RGB", 8)
    dataset.NumberOfFrames = CINE_FRAMES
    dataset.FrameTime = 33
    dataset.FrameIncrementPointer = 0x00181063
    dataset.ImageType = ["ORIGINAL", "PRIMARY", "", "0001"]
    dataset.SeriesDescription = "Apical four chamber"
    put_encapsulated(dataset, cine, JPEGBaseline8Bit)
    return _example(visit, dataset, lines)


def _us_colour(visit: Visit) -> Example:
    dataset = new_instance(visit, UltrasoundImageStorage, "US", 1, 1)
    grey = ultrasound_sector(480, 640, 0.3, 23, beating=False)
    frame = np.repeat(np.rint(grey * 255).astype(np.uint8)[:, :, None], 3, axis=2)
    y, x = np.mgrid[0:480, 0:640]
    flow = np.hypot(x - 360, y - 260) < 34  # noqa: PLR2004
    frame[flow] = frame[flow] // 3 + np.array([140, 20, 10], np.uint8)
    lines = _ultrasound_text(frame, visit, range(1))
    describe_pixels(dataset, frame[None], "RGB", 8)
    dataset.ImageType = ["ORIGINAL", "PRIMARY"]
    dataset.SeriesDescription = "Liver with colour Doppler"
    put_native(dataset, frame[None], planar=True)
    return _example(visit, dataset, lines)


def _ultrasound_text(frame: Frame, visit: Visit, frames: range) -> list[BurnedLine]:
    white, yellow = (255.0, 255.0, 255.0), (240.0, 220.0, 60.0)
    placed = (
        (_plain_name(visit), (10, 8), 18, white, True),
        (visit.person.patient_id, (10, 32), 16, white, True),
        (visit.hospital, (-10, 8), 16, white, True),
        (f"{_printed_date(visit.date)} 16:09:27", (-10, 32), 16, white, True),
        ("MI 0.8", (560, 120), 16, yellow, False),
        ("TIS 0.3", (560, 142), 16, yellow, False),
        ("FR 46Hz", (10, 120), 16, yellow, False),
        ("15 cm", (560, 420), 16, yellow, False),
        ("LEFT VENTRICLE" if visit.label == "us" else "LIVER", (10, -14), 18, yellow, False),
    )
    return [
        BurnedLine(text, burn(frame, text, at, size, colour), frames, identifying)
        for text, at, size, colour, identifying in placed
    ]


def _cr(visit: Visit) -> Example:
    dataset = new_instance(visit, ComputedRadiographyImageStorage, "CR", 1, 1)
    frame = np.rint(1023 * knee_radiograph(640, 480, 5)).astype(np.uint16)
    lines = [
        _burned(frame, "KAKUUNIN HANAKO", (14, 14), 20, 1023, identifying=True),
        _burned(frame, "R", (400, 60), 36, 1023, identifying=False),
        _burned(frame, "AP", (420, -16), 20, 1023, identifying=False),
    ]
    describe_pixels(dataset, frame[None], "MONOCHROME2", 10)
    dataset.ImageType = ["ORIGINAL", "PRIMARY"]
    dataset.BodyPartExamined, dataset.ViewPosition = "KNEE", "AP"
    dataset.PixelSpacing = [0.5, 0.5]
    dataset.SeriesDescription = "Knee AP right"
    put_encapsulated(dataset, frame[None], JPEGLSLossless)
    return _example(visit, dataset, lines)


def _sc(visit: Visit) -> Example:
    dataset = new_instance(visit, SecondaryCaptureImageStorage, "OT", 9, 1)
    levels = np.linspace(0, 63, 64).astype(np.uint8)
    frame = (mr_head(320, 320, 0.5, 3) / 4096 * 60).astype(np.uint8)
    lines = [
        _burned(frame, _plain_name(visit), (12, 10), 16, 63, identifying=True),
        _burned(frame, "AXIAL T2", (12, -10), 16, 63, identifying=False),
    ]
    describe_pixels(dataset, frame[None], "PALETTE COLOR", 8)
    for colour, shift in (("Red", 2), ("Green", 2), ("Blue", 3)):
        table = np.zeros(256, np.uint8)
        table[:64] = np.minimum(levels.astype(np.uint16) << shift, 255)
        setattr(dataset, f"{colour}PaletteColorLookupTableDescriptor", [256, 0, 8])
        setattr(dataset, f"{colour}PaletteColorLookupTableData", table.tobytes())
    dataset.ConversionType = "WSD"
    dataset.SeriesDescription = "Key images"
    put_encapsulated(dataset, frame[None], RLELossless)
    return _example(visit, dataset, lines)


def _sr(visit: Visit) -> Example:
    dataset = new_instance(visit, BasicTextSRStorage, "SR", 2, 1)
    del dataset.ImageType
    dataset.ReferencedPerformedProcedureStepSequence = Sequence([])
    dataset.PerformedProcedureCodeSequence = Sequence([])
    dataset.CompletionFlag, dataset.VerificationFlag = "COMPLETE", "UNVERIFIED"
    dataset.ValueType = "CONTAINER"
    dataset.ConceptNameCodeSequence = Sequence([_code("18748-4", "LN", "Diagnostic imaging report")])
    dataset.ContinuityOfContent = "SEPARATE"
    observer = Dataset()
    observer.RelationshipType, observer.ValueType = "HAS OBS CONTEXT", "PNAME"
    observer.ConceptNameCodeSequence = Sequence([_code("121008", "DCM", "Person Observer Name")])
    observer.PersonName = visit.performer
    text = Dataset()
    text.RelationshipType, text.ValueType = "CONTAINS", "TEXT"
    text.ConceptNameCodeSequence = Sequence([_code("121071", "DCM", "Finding")])
    text.TextValue = f"{visit.person.name.split('=')[0]} seen by {visit.referrer}. Ejection fraction 55 percent."
    dataset.ContentSequence = Sequence([observer, text])
    return _example(visit, dataset, [])


def _code(value: str, scheme: str, meaning: str) -> Dataset:
    item = Dataset()
    item.CodeValue, item.CodingSchemeDesignator, item.CodeMeaning = value, scheme, meaning
    return item


def _burned(frame: Frame, text: str, at: tuple[int, int], size: int, value: float, *, identifying: bool) -> BurnedLine:
    return BurnedLine(text, burn(frame, text, at, size, value), range(1), identifying)
