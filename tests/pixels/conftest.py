"""Instances made in memory, in every transfer syntax that the tests need."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING, Any

import imagecodecs
import jpeg_ls
import pytest
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.encaps import encapsulate
from pydicom.uid import UID
from rle import rle

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import numpy as np

EXPLICIT = "1.2.840.10008.1.2.1"
BIG_ENDIAN = "1.2.840.10008.1.2.2"


class Maker:
    """Makes data sets and encodes frames. A session fixture, so that hypothesis may use it."""

    def instance(self, value: bytes, shape: tuple[int, ...], syntax: str = EXPLICIT, **attributes: Any) -> Dataset:
        """A data set with this pixel data; `shape` is that of a frame, (rows, columns[, samples])."""
        dataset = Dataset()
        dataset.file_meta = FileMetaDataset()
        dataset.file_meta.TransferSyntaxUID = UID(syntax)
        dataset.Rows, dataset.Columns = shape[:2]
        dataset.SamplesPerPixel = shape[2] if len(shape) > 2 else 1
        dataset.PhotometricInterpretation = "RGB" if len(shape) > 2 else "MONOCHROME2"
        dataset.BitsAllocated = dataset.BitsStored = 8
        dataset.PixelRepresentation = 0
        if len(shape) > 2:
            dataset.PlanarConfiguration = 0
        for keyword, attribute in attributes.items():
            setattr(dataset, keyword, attribute)
        if "HighBit" not in attributes:
            dataset.HighBit = dataset.BitsStored - 1
        encapsulated = syntax.startswith(
            ("1.2.840.10008.1.2.4", "1.2.840.10008.1.2.5", "1.2.840.10008.1.2.8", "1.2.840.10008.1.2.1.98")
        )
        dataset.add_new(0x7FE00010, "OB" if encapsulated or dataset.BitsAllocated == 8 else "OW", value)
        dataset["PixelData"].is_undefined_length = encapsulated
        return dataset

    def coded(
        self, frames: Sequence[bytes], shape: tuple[int, ...], syntax: str, *, table: bool = True, **attributes: Any
    ) -> Dataset:
        """A data set of encapsulated frames."""
        attributes.setdefault("NumberOfFrames", len(frames))
        return self.instance(encapsulate(list(frames), has_bot=table), shape, syntax, **attributes)

    def encoder(self, syntax: str, bits: int) -> Callable[[np.ndarray[Any, Any]], bytes]:
        """A lossless encoder of one frame for a transfer syntax."""
        return {
            "1.2.840.10008.1.2.5": _rle,
            "1.2.840.10008.1.2.4.50": lambda a: bytes(imagecodecs.jpeg8_encode(a, level=90)),
            "1.2.840.10008.1.2.4.57": lambda a: _lossless(a, bits, predictor=6),
            "1.2.840.10008.1.2.4.70": lambda a: _lossless(a, bits, predictor=1),
            "1.2.840.10008.1.2.4.80": lambda a: _jpeg_ls(a, bits, 0),
            "1.2.840.10008.1.2.4.81": lambda a: _jpeg_ls(a, bits, 3),
            "1.2.840.10008.1.2.4.90": lambda a: _jpeg_2000(a, bits),
            "1.2.840.10008.1.2.4.91": lambda a: _jpeg_2000(a, bits, level=35, reversible=False),
            "1.2.840.10008.1.2.4.201": lambda a: bytes(imagecodecs.htj2k_encode(a, reversible=True)),
            "1.2.840.10008.1.2.4.110": lambda a: bytes(imagecodecs.jpegxl_encode(a, lossless=True, bitspersample=bits)),
            "1.2.840.10008.1.2.4.111": lambda a: bytes(
                imagecodecs.jpegxl_encode_jpeg(imagecodecs.jpeg8_encode(a, level=90))
            ),
            "1.2.840.10008.1.2.4.112": lambda a: bytes(
                imagecodecs.jpegxl_encode(a, distance=1.5, lossless=False, bitspersample=bits)
            ),
            "1.2.840.10008.1.2.8.1": _deflated,
            "1.2.840.10008.1.2.1.98": lambda a: a.tobytes(),
        }[syntax]


def _deflated(array: np.ndarray[Any, Any]) -> bytes:
    deflater = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return deflater.compress(array.tobytes()) + deflater.flush()


def _rle(array: np.ndarray[Any, Any]) -> bytes:
    samples = array.shape[2] if array.ndim > 2 else 1
    return bytes(rle.encode_frame(array.tobytes(), *array.shape[:2], samples, array.dtype.itemsize * 8, "<"))


def _lossless(array: np.ndarray[Any, Any], bits: int, predictor: int) -> bytes:
    space = "RGB" if array.ndim > 2 else None
    return bytes(
        imagecodecs.jpeg8_encode(
            array, lossless=True, predictor=predictor, bitspersample=bits, colorspace=space, outcolorspace=space
        )
    )


def _jpeg_2000(array: np.ndarray[Any, Any], bits: int, **options: Any) -> bytes:
    options = {"reversible": True, "mct": False} | options
    return bytes(
        imagecodecs.jpeg2k_encode(
            array,
            codecformat="j2k",
            bitspersample=bits,
            resolutions=min(6, min(array.shape[:2]).bit_length()),
            **options,
        )
    )


def _jpeg_ls(array: np.ndarray[Any, Any], bits: int, near: int) -> bytes:
    samples = array.shape[2] if array.ndim > 2 else 1
    encoded = jpeg_ls.encode_buffer(
        array.tobytes(), *array.shape[:2], samples, bits, lossy_error=near, interleave_mode=2 if samples > 1 else 0
    )
    return bytes(encoded)


@pytest.fixture(scope="session")
def make() -> Maker:
    """Makes instances."""
    return Maker()
