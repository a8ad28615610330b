from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from pydicom.dataset import Dataset

from deid.pixels.frames.image import PixelImage
from deid.pixels.frames.views import views_of

Values = np.ndarray[tuple[int, ...], np.dtype[Any]]


def image(
    values: np.ndarray[tuple[int, ...], np.dtype[np.generic]], **attributes: object
) -> tuple[PixelImage, Dataset]:
    dataset = Dataset()
    dataset.Rows, dataset.Columns = values.shape[:2]
    dataset.SamplesPerPixel = 1
    dataset.PhotometricInterpretation = "MONOCHROME2"
    dataset.BitsAllocated = dataset.BitsStored = values.dtype.itemsize * 8
    dataset.HighBit = dataset.BitsStored - 1
    dataset.PixelRepresentation = int(values.dtype.kind == "i")
    for keyword, value in attributes.items():
        setattr(dataset, keyword, value)
    dataset.set_original_encoding(is_implicit_vr=False, is_little_endian=True)
    dataset.add_new(0x7FE00010, "OW", values.tobytes())
    made = PixelImage.of(dataset)
    assert made is not None
    return made, dataset


def seen(
    values: np.ndarray[tuple[int, ...], np.dtype[np.generic]], **attributes: object
) -> list[np.ndarray[tuple[int, ...], np.dtype[np.uint8]]]:
    made, dataset = image(values, **attributes)
    return views_of(made, made.decode(0), dataset)


def test_eight_bits_are_shown_as_they_are() -> None:
    values = np.arange(256, dtype=np.uint8).reshape(16, 16)
    (view,) = seen(values)
    assert view.shape == (16, 16, 3)
    assert (view[:, :, 0] == values).all()


def test_print_at_the_end_of_a_wide_range_is_seen_in_one_of_the_views() -> None:
    values = np.random.default_rng(0).integers(900, 1100, (64, 64)).astype(np.int16)
    values[20:24, 20:40] = 32767
    assert any(int(view[22, 30, 0]) - int(np.median(view)) > 60 for view in seen(values))


def test_dark_print_in_shadow_is_seen_in_one_of_the_views() -> None:
    values = np.full((64, 64), 4000, np.uint16)
    values[:32] = 60
    values[10:14, 10:40] = 0
    assert any(int(view[5, 5, 0]) - int(view[12, 20, 0]) > 20 for view in seen(values))


def test_the_stored_window_is_used_when_it_shows_something_else() -> None:
    values = np.linspace(0, 4000, 64 * 64).reshape(64, 64).astype(np.uint16)
    with_window = seen(values, WindowCenter=3000, WindowWidth=100, RescaleSlope=1, RescaleIntercept=0)
    assert len(with_window) == len(seen(values)) + 1


@pytest.mark.parametrize("window", ["", "bright", ["", "40"], None])
def test_a_bad_window_is_passed_over(window: object) -> None:
    values = np.linspace(0, 4000, 64 * 64).reshape(64, 64).astype(np.uint16)
    made, dataset = image(values)
    if window is not None:
        dataset.add_new(0x00281050, "LO", window)
        dataset.add_new(0x00281051, "LO", window)
    assert views_of(made, made.decode(0), dataset)


@pytest.mark.parametrize("shape", [(1, 1), (3, 200), (200, 2)])
def test_any_shape_and_a_constant_frame_can_be_looked_at(shape: tuple[int, int]) -> None:
    assert all(view.shape == (*shape, 3) for view in seen(np.zeros(shape, np.uint16)))
