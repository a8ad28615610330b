"""The real files that pydicom brings: decoded as pydicom decodes them, redacted exactly."""

from __future__ import annotations

import copy
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pydicom
import pydicom.data
import pytest
from pydicom.pixels.utils import pixel_array

from deid.errors import InstanceError, Reason
from deid.pixels.frames.image import PixelImage
from deid.pixels.redaction.redact import redact
from deid.plan import Box, Region

FOLDER = Path(pydicom.data.__file__).parent / "test_files"
FILES = sorted(FOLDER.glob("*.dcm"))
REFUSED = {
    "MR_truncated.dcm": Reason.TRUNCATED,
    "badVR.dcm": Reason.MALFORMED,
    "meta_missing_tsyntax.dcm": Reason.MALFORMED,
    "nested_priv_SQ.dcm": Reason.MALFORMED,
    "JPEG2000-embedded-sequence-delimiter.dcm": Reason.UNDECODABLE_PIXELS,
}


def read(path: Path) -> pydicom.Dataset:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return pydicom.dcmread(path, force=True)


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_real_file(path: Path) -> None:
    dataset = read(path)
    try:
        image = PixelImage.of(dataset)
        if image is None:
            return
        frames = [image.decode(index) for index in range(image.format.frames)]
    except InstanceError as error:
        assert REFUSED[path.name] is error.reason  # noqa: PT017
        return
    assert path.name not in REFUSED
    compare_with_pydicom(dataset, frames)
    fmt = image.format
    box = Box(fmt.columns // 4, fmt.rows // 4, fmt.columns // 2 + 1, fmt.rows // 2 + 1)
    touched = range(max(1, fmt.frames - 1))
    redaction = redact(dataset, image, [Region(box, touched, ("test",))])
    new = copy.deepcopy(dataset)
    redaction.apply_to(new)
    after = PixelImage.of(new)
    assert after is not None
    (region,) = redaction.regions
    for index in range(fmt.frames):
        boxes = [region.box] if index in touched else []
        assert image.changed_outside(after, index, boxes) == 0
        assert after.are_blank(index, boxes)
        if index not in touched:
            assert image.encoded_frame(index) == after.encoded_frame(index)
    differs = dataset[fmt.keyword].value != new[fmt.keyword].value
    assert differs


def compare_with_pydicom(dataset: pydicom.Dataset, frames: list[np.ndarray[Any, Any]]) -> None:
    try:
        expected = pixel_array(dataset, raw=True)
    except (AttributeError, RuntimeError, NotImplementedError):
        return  # pydicom has no decoder of ours for lossless and 12-bit JPEG
    stack = np.stack(frames) if len(frames) > 1 else frames[0]
    assert np.array_equal(stack, expected)
