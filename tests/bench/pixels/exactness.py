"""Whether a released file is the same outside what was hidden: by decoding, and frame for frame by its bytes."""

from __future__ import annotations

import io
import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import imagecodecs
import numpy as np
import pydicom
from pydicom.encaps import generate_frames
from pydicom.pixels.utils import pixel_array
from pydicom.uid import JPEGBaseline8Bit, JPEGLosslessSV1

from deid.plan import Box

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pydicom.dataset import Dataset

    from tests.bench.pixels.scoring import Hidden

_NEARLY = 3
"""Grey levels by which a black JPEG block may decode to other values than its neighbours."""


@dataclass(frozen=True, slots=True)
class Exactness:
    """What became of one instance's pixels."""

    changed_outside: int = 0
    """Samples outside all boxes that differ."""
    not_filled: int = 0
    """Boxes that are not of one value."""
    frames_changed: int = 0
    """Frames without a box whose bytes differ."""
    frames_kept: int = 0
    """Frames without a box."""
    syntax_changed: bool = False


def exactness(path: Path, hidden: Hidden) -> Exactness:
    """Compare a file with what was released of it; boxes of JPEG count as each plane's blocks that they touch."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        before, after = pydicom.dcmread(path), pydicom.dcmread(io.BytesIO(hidden.data))
        pixels = [_decoded(dataset) for dataset in (before, after)]
    syntax = before.file_meta.TransferSyntaxUID
    old_bytes, new_bytes = list(_frame_bytes(before)), list(_frame_bytes(after))
    outside = not_filled = changed = kept = 0
    for index, boxes in enumerate(hidden.boxes):
        old, new = pixels[0][index], pixels[1][index]
        if not boxes:
            kept += 1
            changed += old_bytes[index] != new_bytes[index]
        differ = (old != new).reshape(*old.shape[:2], -1)
        for box in boxes:
            for plane in range(differ.shape[2]):
                grown = _grown(box, plane, before) if syntax == JPEGBaseline8Bit else box
                differ[max(grown.y0, 0) : grown.y1, max(grown.x0, 0) : grown.x1, plane] = False
            not_filled += _spread(new, box, before) > (_NEARLY if syntax == JPEGBaseline8Bit else 0)
        outside += int(differ.sum())
    return Exactness(outside, not_filled, changed, kept, syntax != after.file_meta.TransferSyntaxUID)


def _spread(frame: np.ndarray[Any, np.dtype[Any]], box: Box, dataset: Dataset) -> int:
    """By how much samples in a box differ; of halved chroma those at its sides don't count, as decoders interpolate."""
    halved = _has_halved_chroma(dataset)
    planes = frame.reshape(*frame.shape[:2], -1)
    inner = planes[max(box.y0, 0) : box.y1, max(box.x0, 0) + halved : box.x1 - halved]
    luma = planes[max(box.y0, 0) : box.y1, max(box.x0, 0) : box.x1, :1]
    return max(int(np.ptp(part, axis=(0, 1)).max()) for part in (inner, luma))


def _has_halved_chroma(dataset: Dataset) -> bool:
    return bool(dataset.PhotometricInterpretation == "YBR_FULL_422")


def _grown(box: Box, plane: int, dataset: Dataset) -> Box:
    """To the blocks of a plane of a JPEG; of halved chroma they are wider, and decoders interpolate a pixel more."""
    across, ring = (16, 1) if plane and _has_halved_chroma(dataset) else (8, 0)
    return Box(
        box.x0 // across * across - ring,
        box.y0 // 8 * 8,
        -(-box.x1 // across) * across + ring,
        -(-box.y1 // 8) * 8,
    )


def _decoded(dataset: Dataset) -> list[np.ndarray[Any, np.dtype[Any]]]:
    """The frames as stored; by another decoder than deid's where there is one."""
    frames = int(dataset.get("NumberOfFrames") or 1)
    if dataset.file_meta.TransferSyntaxUID == JPEGLosslessSV1:
        return [imagecodecs.jpeg8_decode(frame) for frame in _frame_bytes(dataset)]
    values = pixel_array(dataset, raw=True)
    return list(values) if frames > 1 else [values]


def _frame_bytes(dataset: Dataset) -> Iterator[bytes]:
    frames = int(dataset.get("NumberOfFrames") or 1)
    if dataset.file_meta.TransferSyntaxUID.is_encapsulated:
        yield from generate_frames(dataset.PixelData, number_of_frames=frames)
        return
    size = dataset.Rows * dataset.Columns * dataset.SamplesPerPixel * dataset.BitsAllocated // 8
    yield from (dataset.PixelData[index * size : (index + 1) * size] for index in range(frames))
