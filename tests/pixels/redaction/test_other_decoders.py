"""Redacted frames as other tools read them: DCMTK, where it is installed, finds nothing else changed."""

from __future__ import annotations

import shutil
import subprocess
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from pydicom import dcmread

from deid.pixels.frames.image import PixelImage
from deid.pixels.redaction.redact import redact
from deid.plan import Box, Region
from tests.scenarios.screens import screen, write_screen

if TYPE_CHECKING:
    from pathlib import Path

TOOLS = {
    "1.2.840.10008.1.2.5": ["dcmdrle"],
    "1.2.840.10008.1.2.4.50": ["dcmdjpeg", "--conv-never"],
    "1.2.840.10008.1.2.4.57": ["dcmdjpeg"],
    "1.2.840.10008.1.2.4.70": ["dcmdjpeg"],
    "1.2.840.10008.1.2.4.80": ["dcmdjpls"],
    "1.2.840.10008.1.2.4.81": ["dcmdjpls"],
    "1.2.840.10008.1.2.4.90": ["gdcmconv", "--raw"],
    "1.2.840.10008.1.2.4.91": ["gdcmconv", "--raw"],
}


def decoded(path: Path, tool: list[str]) -> Any:
    target = path.with_suffix(".raw")
    subprocess.run([*tool, str(path), str(target)], check=True, capture_output=True, timeout=60)
    return dcmread(target).pixel_array


COLOUR = ["1.2.840.10008.1.2.5", "1.2.840.10008.1.2.4.70", "1.2.840.10008.1.2.4.80", "1.2.840.10008.1.2.4.90"]


@pytest.mark.parametrize(
    ("syntax", "colour"), [*((syntax, False) for syntax in sorted(TOOLS)), *((syntax, True) for syntax in COLOUR)]
)
def test_another_decoder_agrees(make: Any, tmp_path: Path, syntax: str, colour: bool) -> None:
    tool = TOOLS[syntax]
    if shutil.which(tool[0]) is None:
        pytest.skip(f"{tool[0]} is not installed")
    encode = make.encoder(syntax, 8)
    frames = [screen(), screen(lines=[])]
    if colour:
        frames = [np.ascontiguousarray(np.stack([frame, frame // 2, frame[::-1]], axis=-1)) for frame in frames]
    write_screen(tmp_path / "before.dcm", frames, syntax, encode)
    dataset = dcmread(tmp_path / "before.dcm")
    image = PixelImage.of(dataset)
    assert image is not None
    redaction = redact(dataset, image, [Region(Box(17, 19, 190, 44), range(1), ("name",))])
    redaction.apply_to(dataset)
    dataset.save_as(tmp_path / "after.dcm")
    before, after = (decoded(tmp_path / f"{name}.dcm", tool) for name in ("before", "after"))
    (region,) = redaction.regions
    box = region.box
    assert np.unique(after[0][box.y0 : box.y1, box.x0 : box.x1]).tolist() == [0]
    before[0][box.y0 : box.y1, box.x0 : box.x1] = 0
    assert np.array_equal(before, after)
