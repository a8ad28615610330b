"""Putting frames into a data set: native, RLE, JPEG, JPEG-LS and JPEG 2000."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import imagecodecs
import numpy as np
from pydicom.encaps import encapsulate
from pydicom.uid import (
    UID,
    ExplicitVRLittleEndian,
    JPEG2000Lossless,
    JPEGBaseline8Bit,
    JPEGLosslessSV1,
    JPEGLSLossless,
    RLELossless,
)

if TYPE_CHECKING:
    from pydicom.dataset import Dataset, FileDataset

    Frames = np.ndarray[Any, np.dtype[Any]]


def describe_pixels(dataset: Dataset, frames: Frames, photometric: str, bits_stored: int) -> None:
    """Fill the Image Pixel module (PS3.3 C.7.6.3) for `frames`: (frames, rows, columns[, 3])."""
    samples = frames.shape[3] if frames.ndim == 4 else 1  # noqa: PLR2004
    dataset.SamplesPerPixel = samples
    dataset.PhotometricInterpretation = photometric
    if samples > 1:
        dataset.PlanarConfiguration = 0
    dataset.Rows, dataset.Columns = frames.shape[1:3]
    dataset.BitsAllocated = frames.dtype.itemsize * 8
    dataset.BitsStored = bits_stored
    dataset.HighBit = bits_stored - 1
    dataset.PixelRepresentation = int(frames.dtype.kind == "i")


def put_native(dataset: FileDataset, frames: Frames, *, planar: bool = False) -> None:
    """Store `frames` uncompressed; `planar` writes colour by plane (Planar Configuration 1)."""
    if planar:
        dataset.PlanarConfiguration = 1
        frames = np.moveaxis(frames, 3, 1)
    data = np.ascontiguousarray(frames).astype(frames.dtype.newbyteorder("<")).tobytes()
    dataset.PixelData = data + b"\0" * (len(data) % 2)
    dataset["PixelData"].VR = "OW" if frames.dtype.itemsize > 1 else "OB"


def put_encapsulated(dataset: FileDataset, frames: Frames, syntax: str) -> None:
    """Store `frames` under the transfer syntax `syntax`, one fragment a frame, and say so in the file meta.

    RLE, JPEG Lossless SV1, JPEG-LS Lossless and JPEG 2000 Lossless keep every value; JPEG Baseline makes YCbCr 4:2:2
    of RGB and marks the data set as lossily compressed.

    Raises:
        ValueError: No encoder for this transfer syntax.
    """
    if syntax in (RLELossless, JPEG2000Lossless, JPEGLSLossless):
        put_native(dataset, frames)
        dataset.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
        # A new SOP Instance UID is pydicom's default here; the examples have their own.
        dataset.compress(syntax, generate_instance_uid=False)
        return
    if syntax == JPEGLosslessSV1:
        options = {"lossless": True, "predictor": 1, "bitspersample": dataset.BitsStored}
        streams = [bytes(imagecodecs.jpeg8_encode(frame, **options)) for frame in frames]
    elif syntax == JPEGBaseline8Bit:
        streams = [_baseline(frame, "422") for frame in frames]
        dataset.PhotometricInterpretation = "YBR_FULL_422"
        dataset.LossyImageCompression = "01"
        dataset.LossyImageCompressionRatio = f"{frames.nbytes / sum(map(len, streams)):.1f}"
        dataset.LossyImageCompressionMethod = "ISO_10918_1"
    else:
        raise ValueError("no encoder for this transfer syntax")
    dataset.PixelData = encapsulate(streams, has_bot=True)
    dataset["PixelData"].VR = "OB"
    dataset["PixelData"].is_undefined_length = True
    dataset.file_meta.TransferSyntaxUID = UID(syntax)


def _baseline(frame: Frames, subsampling: str) -> bytes:
    return bytes(imagecodecs.jpeg8_encode(np.ascontiguousarray(frame), level=92, subsampling=subsampling))
