"""Redacted frames as other tools read them: Pillow, and DCMTK, where it is installed, find nothing else changed."""

from __future__ import annotations

import io
import shutil
import subprocess
from typing import TYPE_CHECKING, Any

import imagecodecs
import numpy as np
import pytest
from pydicom import dcmread
from pydicom.encaps import get_frame
from pydicom.pixels.utils import pixel_array

from deid.pixels.frames.image import PixelImage
from deid.pixels.redaction.redact import redact
from deid.plan import Box, Region
from tests.scenarios.screens import NAME, screen, write_screen

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


def planes_of(path: Path) -> dict[str, Any]:
    """Luma and chroma of a JPEG frame, by decoder."""
    from PIL import Image

    dataset = dcmread(path)
    picture = Image.open(io.BytesIO(get_frame(dataset.PixelData, 0, number_of_frames=1)))
    picture.draft("YCbCr", picture.size)
    planes = {"Pillow": np.asarray(picture), "pydicom": pixel_array(dataset, raw=True)}
    if shutil.which("dcmdjpeg") is not None:
        target = path.with_suffix(".raw")
        subprocess.run(
            ["dcmdjpeg", "--conv-never", str(path), str(target)], check=True, capture_output=True, timeout=60
        )
        planes["DCMTK"] = pixel_array(target, raw=True)
    return planes


@pytest.mark.parametrize(("subsampling", "unit"), [("422", (16, 8)), ("420", (16, 16)), ("444", (8, 8))])
def test_of_coloured_print_no_decoder_shows_anything(tmp_path: Path, subsampling: str, unit: tuple[int, int]) -> None:
    """Yellow on blue, beside a label: luma goes by its own blocks, chroma by those that cover them."""
    empty, name = screen(lines=[]), screen(lines=[(NAME, "DOEBERT^JANINE")])
    share = ((screen() - empty) / (255.0 - empty))[..., np.newaxis]
    picture = np.rint(share * (250, 240, 0) + (1 - share) * (10, 20, 160)).astype(np.uint8)

    def encode(frame: Any) -> bytes:
        return bytes(imagecodecs.jpeg8_encode(frame, level=90, outcolorspace="YCBCR", subsampling=subsampling))

    write_screen(tmp_path / "before.dcm", [picture], "1.2.840.10008.1.2.4.50", encode)
    dataset = dcmread(tmp_path / "before.dcm")
    dataset.PhotometricInterpretation = "YBR_FULL_422"
    dataset.save_as(tmp_path / "before.dcm")
    image = PixelImage.of(dataset)
    assert image is not None
    rows, columns = np.nonzero(name != empty)
    ink = Box(int(columns.min()), int(rows.min()), int(columns.max()) + 1, int(rows.max()) + 1)
    redaction = redact(dataset, image, [Region(ink, range(1), ("name",))])
    redaction.apply_to(dataset)
    dataset.save_as(tmp_path / "after.dcm")
    (region,) = redaction.regions
    box, ring = region.box, max(unit) // 8 - 1
    before, after = planes_of(tmp_path / "before.dcm"), planes_of(tmp_path / "after.dcm")
    for decoder, old in before.items():
        new = after[decoder]
        luma = old[..., 0] != new[..., 0]
        assert np.all(new[box.y0 : box.y1, box.x0 : box.x1, 0] == 0), decoder
        luma[box.y0 : box.y1, box.x0 : box.x1] = False
        assert not luma.any(), decoder
        x0, y0 = box.x0 // unit[0] * unit[0], box.y0 // unit[1] * unit[1]
        x1, y1 = -(-box.x1 // unit[0]) * unit[0], -(-box.y1 // unit[1]) * unit[1]
        assert np.all(new[y0 + ring : y1 - ring, x0 + ring : x1 - ring, 1:] == 128), decoder
        chroma = (old != new)[..., 1:]
        chroma[y0 - ring : y1 + ring, x0 - ring : x1 + ring] = False
        assert not chroma.any(), decoder
