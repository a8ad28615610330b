"""The finder as a whole, with its models: print is found in every kind of frame, and clean frames stay clean."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import cv2
import numpy as np
import pydicom.data
import pytest
from pydicom import dcmread
from pydicom.dataset import Dataset

from deid.demo.lettering import burn
from deid.demo.phantom import ultrasound_sector
from deid.identity.known_values import KnownValue, ValueKind
from deid.pixels.finding.machine_codes import REASON
from deid.pixels.frames.image import PixelImage
from deid.pixels.planning import PixelFindings, PixelPlanner
from deid.plan import Box
from deid.text import TextEngine
from tests.pixels.finding.test_machine_codes import bar_code, page

pytestmark = pytest.mark.slow
KNOWN = (KnownValue("QUILLFEATHER^AMARA", ValueKind.PATIENT_NAME, "PatientName"),)
Frames = np.ndarray[Any, np.dtype[Any]]


@pytest.fixture(scope="module")
def planner() -> PixelPlanner:
    return PixelPlanner(TextEngine())


def dataset_of(frames: Frames, photometric: str, bits: int) -> Dataset:
    dataset = Dataset()
    dataset.Rows, dataset.Columns = frames.shape[1:3]
    dataset.NumberOfFrames = len(frames)
    dataset.SamplesPerPixel = 3 if frames.ndim == 4 else 1
    dataset.PhotometricInterpretation = photometric
    if frames.ndim == 4:
        dataset.PlanarConfiguration = 0
    dataset.BitsAllocated = frames.dtype.itemsize * 8
    dataset.BitsStored, dataset.HighBit = bits, bits - 1
    dataset.PixelRepresentation = int(frames.dtype.kind == "i")
    dataset.set_original_encoding(is_implicit_vr=False, is_little_endian=True)
    dataset.add_new(0x7FE00010, "OW", frames.tobytes())
    return dataset


def plan(planner: PixelPlanner, dataset: Dataset) -> PixelFindings:
    image = PixelImage.of(dataset)
    assert image is not None
    return planner.plan(image, dataset, KNOWN)


def inked(box: Box, picture: Frames) -> Box:
    """The letters in the box that they may stand in."""
    rows, columns = np.nonzero(picture[box.y0 : box.y1, box.x0 : box.x1] > 60)
    (x0, y0), (x1, y1) = (columns.min(), rows.min()), (columns.max() + 1, rows.max() + 1)
    return Box(box.x0 + int(x0), box.y0 + int(y0), box.x0 + int(x1), box.y0 + int(y1))


def is_covered(found: PixelFindings, box: Box, frame: int = 0) -> bool:
    return any(
        region.box.x0 <= box.x0 and region.box.y0 <= box.y0 and region.box.x1 >= box.x1 and region.box.y1 >= box.y1
        for region in found.regions
        if frame in region.frames
    )


@pytest.mark.parametrize(
    ("photometric", "kind", "bits", "ink"),
    [
        ("MONOCHROME2", np.uint8, 8, 255),
        ("MONOCHROME2", np.int16, 16, 3000),
        ("MONOCHROME1", np.uint16, 12, 0),
        ("RGB", np.uint8, 8, 255),
    ],
)
def test_a_name_goes_and_a_label_stays(
    planner: PixelPlanner, photometric: str, kind: type[np.generic], bits: int, ink: int
) -> None:
    shape = (1, 300, 400, 3) if photometric == "RGB" else (1, 300, 400)
    frames = np.random.default_rng(1).integers(90, 110, shape).astype(kind)
    name = burn(frames[0], "QUILLFEATHER AMARA", (20, 20), 18, ink)
    label = burn(frames[0], "LEFT VENTRICLE", (20, 200), 18, ink)
    found = plan(planner, dataset_of(frames, photometric, bits))
    assert is_covered(found, name)
    assert len(found.regions) == 1
    assert any(finding.box.y0 >= label.y0 - 9 and not finding.identifying for finding in found.findings)


def test_a_label_above_a_name_stays_where_a_jpeg_has_a_border_between_them(planner: PixelPlanner, make: Any) -> None:
    picture = np.random.default_rng(1).integers(18, 22, (304, 400)).astype(np.uint8)
    label = inked(burn(picture, "LEFT VENTRICLE", (20, 47), 14, 255), picture)
    name = inked(burn(picture, "QUILLFEATHER AMARA", (20, 67), 14, 255), picture)
    assert label.y1 <= 64 < name.y0 < 72  # the margin of the name reaches into the blocks of the label
    syntax = "1.2.840.10008.1.2.4.50"
    found = plan(planner, make.coded([make.encoder(syntax, 8)(picture)], picture.shape, syntax))
    assert is_covered(found, name)
    assert not any(region.box.overlap(label) for region in found.regions)


def heart_with_ecg(tint: tuple[int, int, int], period: int, thickness: int, high: int) -> Frames:
    heart = (np.asarray(ultrasound_sector(434, 636, 0.2, 7, beating=True)) * 255).clip(0, 255).astype(np.uint8)
    picture = np.repeat(heart[:, :, np.newaxis], 3, axis=2)
    beat = {0: 0.6, 6: 0.5, 12: 0.6, 20: 0.65, 23: 0.0, 27: 0.95, 30: 0.6, 42: 0.45, 52: 0.6}
    starts = range(4, 620 - period, period)
    points = [(at + round(x * period / 74), 300 + round(y * (high - 1))) for at in starts for x, y in beat.items()]
    for one, other in pairwise(points):
        cv2.line(picture, one, other, tint, thickness, cv2.LINE_AA)
    return picture


@pytest.mark.parametrize(
    ("tint", "period", "thickness", "high"),
    [
        ((60, 230, 90), 110, 2, 48),
        ((230, 230, 60), 110, 1, 48),
        ((60, 230, 90), 74, 1, 24),
        ((235, 235, 235), 74, 2, 48),
    ],
)
def test_a_name_that_an_ecg_crosses_goes_and_the_ecg_beside_it_stays(
    planner: PixelPlanner, tint: tuple[int, int, int], period: int, thickness: int, high: int
) -> None:
    picture = heart_with_ecg(tint, period, thickness, high)
    name = burn(picture, "QUILLFEATHER AMARA", (250, 290), 14, 255)
    found = plan(planner, dataset_of(picture[np.newaxis], "RGB", 8))
    assert is_covered(found, name)
    assert all(region.box.x0 >= name.x0 - 14 and region.box.x1 <= name.x1 + 14 for region in found.regions)


def test_a_name_in_one_frame_of_many_is_found(planner: PixelPlanner) -> None:
    frames = np.random.default_rng(2).integers(30, 60, (6, 256, 320)).astype(np.uint8)
    name = burn(frames[4], "QUILLFEATHER AMARA", (30, 40), 18, 255)
    found = plan(planner, dataset_of(frames, "MONOCHROME2", 8))
    assert is_covered(found, name, frame=4)
    assert {index for region in found.regions for index in region.frames} == {4}


def test_what_is_remembered_of_a_series_changes_nothing_and_a_name_in_one_slice_is_found(
    planner: PixelPlanner,
) -> None:
    random = np.random.default_rng(3)
    slices = np.zeros((3, 256, 320), np.uint8)
    for picture in slices:
        picture[120:220, 60:260] = random.integers(30, 90, (100, 200))
        burn(picture, "QUILLFEATHER AMARA", (20, 10), 16, 255)
        burn(picture, "kVp 120", (240, 235), 14, 255)
    name = burn(slices[1], "OKAFOR", (20, 232), 16, 255)
    found = [plan(planner, dataset_of(one[None], "MONOCHROME2", 8)) for one in slices]
    assert [is_covered(one, name) for one in found] == [False, True, False]
    assert all(is_covered(one, Box(22, 12, 180, 24)) for one in found)
    assert found[::-1] == [plan(planner, dataset_of(one[None], "MONOCHROME2", 8)) for one in slices[::-1]]
    assert found[1] == plan(PixelPlanner(TextEngine()), dataset_of(slices[1][None], "MONOCHROME2", 8))


@pytest.mark.parametrize(
    "name", ["CT_small.dcm", "MR_small.dcm", "liver_1frame.dcm", "JPEG-lossy.dcm", "rtdose_1frame.dcm"]
)
def test_frames_without_print_stay_untouched(planner: PixelPlanner, name: str) -> None:
    dataset = dcmread(str(pydicom.data.get_testdata_file(name, download=False)))
    assert plan(planner, dataset).regions == ()


def test_a_bar_code_on_a_scanned_form_goes_black_and_stripes_of_a_slice_stay(planner: PixelPlanner) -> None:
    form, _ = page(bar_code("Z778812", 2, 60))
    dataset = dataset_of(form[None], "MONOCHROME2", 8)
    dataset.SOPClassUID = "1.2.840.10008.5.1.4.1.1.7"
    (region,) = [one for one in plan(planner, dataset).regions if one.reasons == (REASON,)]
    assert region.frames == range(1)
    dataset.SOPClassUID, dataset.Modality = "1.2.840.10008.5.1.4.1.1.2", "CT"
    assert not [one for one in plan(planner, dataset).regions if one.reasons == (REASON,)]
