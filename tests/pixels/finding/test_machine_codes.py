"""Bar codes and matrix codes are found and wholly covered; stripes, grids and noise are none."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
import pytest
import zxingcpp
from pydicom.dataset import Dataset

from deid.pixels.finding.machine_codes import REASON, codes_in, may_show_labels, regions_of
from deid.plan import Box, Region

Grey = np.ndarray[Any, np.dtype[np.uint8]]
CODE_39 = {
    "1": "wnnwnnnnw",
    "2": "nnwwnnnnw",
    "7": "nnnwnnwnw",
    "8": "wnnwnnwnn",
    "Z": "nwwnwnnnn",
    "*": "nwnnwnwnn",
}
"""Nine bars and spaces for a sign, narrow and wide (ISO/IEC 16388)."""


def bar_code(text: str, narrow: int, height: int) -> Grey:
    row: list[int] = []
    for sign in f"*{text}*":
        for index, width in enumerate(CODE_39[sign]):
            row += [0 if index % 2 == 0 else 255] * (narrow * (3 if width == "w" else 1))
        row += [255] * narrow
    return np.tile(np.array(row, np.uint8), (height, 1))


def qr_code(text: str, module: int) -> Grey:
    modules = cv2.QRCodeEncoder.create().encode(text)
    return np.asarray(cv2.resize(modules, None, fx=module, fy=module, interpolation=cv2.INTER_NEAREST), np.uint8)


def matrix_code(kind: str, module: int) -> Grey:
    code = zxingcpp.create_barcode("ZQX-778812 Quillfeather", getattr(zxingcpp.BarcodeFormat, kind))
    image = np.array(zxingcpp.write_barcode_to_image(code, add_quiet_zones=False))
    return np.asarray(image.repeat(module, axis=0).repeat(module, axis=1), np.uint8)


def share_covered(picture: Grey, mask: Grey) -> float:
    covered = np.zeros_like(mask)
    for box in found_in(picture):
        covered[box.y0 : box.y1, box.x0 : box.x1] = 1
    return float(covered[mask == 1].mean())


def page(code: Grey, degrees: float = 0, blur: float = 0) -> tuple[Grey, Grey]:
    """A scanned page with a label, and where on it the code is."""
    rows, columns = 700, 900
    picture: Any = np.full((rows, columns), 225, np.float32)
    mask: Any = np.zeros((rows, columns), np.uint8)
    label = np.pad(code, 20, constant_values=255)
    y, x = (rows - label.shape[0]) // 2, (columns - label.shape[1]) // 2
    picture[y : y + label.shape[0], x : x + label.shape[1]] = label
    mask[y + 20 : y + 20 + code.shape[0], x + 20 : x + 20 + code.shape[1]] = 1
    turn = cv2.getRotationMatrix2D((columns / 2, rows / 2), degrees, 1)
    picture = cv2.warpAffine(picture, turn, (columns, rows), borderValue=(225,))
    mask = cv2.warpAffine(mask, turn, (columns, rows), flags=cv2.INTER_NEAREST)
    picture = cv2.GaussianBlur(picture, (0, 0), blur) if blur else picture
    noise = np.random.default_rng(7).normal(0, 4, picture.shape)
    return np.clip(picture + noise, 0, 255).astype(np.uint8), mask


def found_in(picture: Grey) -> list[Box]:
    return codes_in(np.repeat(picture[..., None], 3, axis=2))


@pytest.mark.parametrize("blur", [0, 1])
@pytest.mark.parametrize("degrees", [0, 4, 30, 90])
@pytest.mark.parametrize(
    "code", [bar_code("Z778812", 2, 60), bar_code("Z778812", 3, 120), qr_code("Z778812 QUILL", 3), qr_code("78", 6)]
)
def test_a_code_is_covered_and_little_else(code: Grey, degrees: float, blur: float) -> None:
    picture, mask = page(code, degrees, blur)
    covered = np.zeros_like(mask)
    for box in found_in(picture):
        covered[box.y0 : box.y1, box.x0 : box.x1] = 1
    assert covered[mask == 1].mean() > 0.97
    assert covered.sum() < 3.5 * mask.sum()


@pytest.mark.parametrize("degrees", [0, 4, 30, 90, 180])
@pytest.mark.parametrize("kind", ["DataMatrix", "Aztec", "QRCode"])
def test_a_matrix_code_is_covered_dark_or_bright_however_it_is_turned(kind: str, degrees: float) -> None:
    picture, mask = page(matrix_code(kind, 4), degrees)
    assert share_covered(picture, mask) > 0.97
    assert share_covered(np.bitwise_not(picture), mask) > 0.97


@pytest.mark.parametrize("degrees", [0, 90, 180, 270])
def test_a_pdf417_code_is_covered(degrees: float) -> None:
    picture, mask = page(matrix_code("PDF417", 4), degrees)
    assert share_covered(picture, mask) > 0.97


@pytest.mark.parametrize("height", [16, 22, 30])
@pytest.mark.parametrize("degrees", [0, 90, 180])
def test_low_bars_are_covered_also_bright_and_faint_ones(height: int, degrees: float) -> None:
    picture, mask = page(bar_code("Z778812", 2, height), degrees)
    assert share_covered(picture, mask) > 0.97
    assert share_covered(np.bitwise_not(picture), mask) > 0.97
    assert share_covered(np.asarray(100 + picture // 6, np.uint8), mask) > 0.97


def test_bars_that_are_read_aslant_are_covered_whole() -> None:
    """They are read along one row of the picture, which is a small part of them."""
    picture, mask = page(bar_code("78", 2, 40), 8)
    assert share_covered(picture, mask) > 0.97


def test_a_qr_code_that_cannot_be_read_is_covered() -> None:
    code = qr_code("Z778812 QUILL", 6)
    code[54:96, 54:96] = 255
    picture, mask = page(code)
    assert share_covered(picture, mask) > 0.97


def test_stripes_grids_noise_and_small_pictures_hold_no_code() -> None:
    x, y = np.meshgrid(np.arange(512), np.arange(512))
    noise = np.random.default_rng(3).integers(0, 255, (512, 512))
    stripes = np.where(x % 8 < 4, 0, 255)
    lines = np.where((x % 12 < 2) | (x % 60 < 4), 40, 230)  # as on the paper of an ECG, or on a ruler
    pictures = (
        stripes,
        stripes.T,
        lines,
        lines.T,
        np.where((x % 16 < 2) | (y % 16 < 2), 255, 0),
        noise,
        x // 2,
        stripes[:20, :20],
    )
    for picture in pictures:
        assert not found_in(picture.astype(np.uint8))


def test_a_code_in_a_very_wide_picture() -> None:
    """OpenCV turns none with a side of more than 32,767 pixels."""
    code = np.pad(bar_code("Z778812", 4, 120), 40, constant_values=255)
    picture = np.full((300, 33_000), 230, np.uint8)
    picture[50 : 50 + code.shape[0], 31_000 : 31_000 + code.shape[1]] = code
    (box,) = found_in(picture)
    assert box.x0 <= 31_040
    assert box.x1 >= 31_000 + code.shape[1] - 40
    assert (box.y0, box.y1) == pytest.approx((90, 210), abs=12)


@pytest.mark.parametrize("spacing", [5, 8, 12])
@pytest.mark.parametrize("heavy", [0, 1])
def test_lines_of_an_ecgs_paper_and_of_rulers_are_no_bars(spacing: int, heavy: int) -> None:
    """OpenCV takes most of them for bars."""
    x = np.arange(900)
    row = np.where((x % spacing < 2) | (x % (5 * spacing) < 2 + heavy), 40, 230)
    picture = np.tile(row, (700, 1)) + np.random.default_rng(5).normal(0, 4, (700, 900))
    assert not found_in(np.clip(picture, 0, 255).astype(np.uint8))


@pytest.mark.parametrize(
    ("sop_class", "modality", "may"),
    [
        ("1.2.840.10008.5.1.4.1.1.7", "CT", True),
        ("1.2.840.10008.5.1.4.1.1.7.4", "OT", True),
        ("1.2.840.10008.5.1.4.1.1.77.1.4", "XC", True),
        ("1.2.840.10008.5.1.4.1.1.1", "CR", True),
        ("1.2.840.10008.5.1.4.1.1.2", "CT", False),
        ("1.2.840.10008.5.1.4.1.1.6.1", "US", False),
    ],
)
def test_labels_are_looked_for_where_they_may_be(sop_class: str, modality: str, may: bool) -> None:
    dataset = Dataset()
    dataset.SOPClassUID, dataset.Modality = sop_class, modality
    assert may_show_labels(dataset) is may


def test_a_box_in_several_frames_is_one_region_for_each_stretch() -> None:
    box, other = Box(0, 0, 9, 9), Box(5, 5, 9, 9)
    codes = {3: [box], 0: [box], 1: [box, other], 2: []}
    assert set(regions_of(codes)) == {
        Region(box, range(2), (REASON,)),
        Region(box, range(3, 4), (REASON,)),
        Region(other, range(1, 2), (REASON,)),
    }
