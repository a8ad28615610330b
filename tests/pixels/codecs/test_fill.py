"""What counts as black."""

from __future__ import annotations

import struct
from typing import Any

import numpy as np
import pytest

from deid.errors import InstanceError
from deid.pixels.codecs.palette import Palette
from deid.pixels.frames.image import PixelImage
from deid.pixels.redaction.redact import redact
from deid.plan import Box, Region


def filled(dataset: Any) -> list[Any]:
    """The stored values inside a region of frame 0, after redaction."""
    image = PixelImage.of(dataset)
    assert image is not None
    redact(dataset, image, [Region(Box(1, 1, 2, 2), range(1), ())]).apply_to(dataset)
    after = PixelImage.of(dataset)
    assert after is not None
    values: list[Any] = after.decode(0)[1:2, 1:2].reshape(-1).tolist()
    return values


def signed(make: Any, values: list[int], **attributes: Any) -> Any:
    return make.instance(
        np.array(values, "<i2").tobytes(), (2, 2), BitsAllocated=16, BitsStored=12, PixelRepresentation=1, **attributes
    )


@pytest.mark.parametrize(
    ("attributes", "black"),
    [
        ({}, -100),
        ({"WindowCenter": 0, "WindowWidth": 1000}, -500),
        ({"WindowCenter": [0, 0], "WindowWidth": [1000, 1600]}, -800),
        ({"WindowCenter": 0, "WindowWidth": 1000, "RescaleIntercept": -1024, "RescaleSlope": 2}, -100),
        ({"WindowCenter": 0, "WindowWidth": 99999}, -2048),
        ({"PhotometricInterpretation": "MONOCHROME1"}, 300),
        ({"RescaleSlope": -1}, 300),
        ({"RescaleSlope": -1, "WindowCenter": 0, "WindowWidth": 1000}, 500),
        ({"PhotometricInterpretation": "MONOCHROME1", "RescaleSlope": -1}, -100),
    ],
)
def test_signed_grey_is_the_darkest_of_data_and_window(make: Any, attributes: dict[str, Any], black: int) -> None:
    assert filled(signed(make, [-100, 0, 300, 7], **attributes)) == [black]


@pytest.mark.parametrize(
    ("attributes", "black"),
    [
        ({}, 0),
        ({"PhotometricInterpretation": "MONOCHROME1"}, 63),
        ({"RescaleSlope": -1}, 63),
    ],
)
def test_unsigned_grey_is_an_end_of_the_range(make: Any, attributes: dict[str, Any], black: int) -> None:
    assert filled(make.instance(b"\5" * 4, (2, 2), BitsStored=6, **attributes)) == [black]


def palette(dataset: Any, colours: list[tuple[int, int, int]], first: int, bits: int = 16) -> Any:
    dataset.PhotometricInterpretation = "PALETTE COLOR"
    for name, values in zip(("Red", "Green", "Blue"), zip(*colours, strict=True), strict=True):
        descriptor = [len(colours), first, bits]
        dataset.add_new({"Red": 0x00281101, "Green": 0x00281102, "Blue": 0x00281103}[name], "US", descriptor)
        code = "H" if bits == 16 else "B"
        setattr(dataset, f"{name}PaletteColorLookupTableData", struct.pack(f"<{len(values)}{code}", *values))
    return dataset


def test_palette_black_is_the_darkest_entry(make: Any) -> None:
    colours = [(0xFF00, 0, 0), (0, 0, 0x2000), (0x1000, 0x1000, 0x1000), (0, 0x8000, 0)]
    dataset = palette(make.instance(b"\x0b" * 4, (2, 2)), colours, 10)
    image = PixelImage.of(dataset)
    assert image is not None
    assert image.display_rgb(image.decode(0))[0, 0].tolist() == [0, 0, 0x20]
    assert image.display_rgb(np.array([[0, 255]]))[0].tolist() == [[0xFF, 0, 0], [0, 0x80, 0]]
    assert filled(dataset) == [11]


def test_segmented_palette(make: Any) -> None:
    dataset = palette(make.instance(b"\0" * 4, (2, 2)), [(0, 0, 0)] * 10, 0)
    segments = [0, 2, 100, 200, 1, 4, 1000, 2, 1, 8, 0]  # two entries, a ramp of four, the ramp's segment once more
    expected = [100, 200, 400, 600, 800, 1000, 1000, 1000, 1000, 1000]
    for name in ("Red", "Green", "Blue"):
        del dataset[f"{name}PaletteColorLookupTableData"]
        setattr(dataset, f"Segmented{name}PaletteColorLookupTableData", struct.pack(f"<{len(segments)}H", *segments))
    assert Palette.of(dataset).entries[:, 0].tolist() == expected


@pytest.mark.parametrize("segments", [[2, 1, 0, 0], [1, 3, 5], [0, 9], [7, 1, 1], [2, 1, 0xFFFF, 0xFFFF], []])
def test_a_broken_palette_is_an_instance_error(make: Any, segments: list[int]) -> None:
    dataset = palette(make.instance(b"\0" * 4, (2, 2)), [(0, 0, 0)] * 10, 0)
    del dataset["RedPaletteColorLookupTableData"]
    dataset.SegmentedRedPaletteColorLookupTableData = struct.pack(f"<{len(segments)}H", *segments)
    with pytest.raises(InstanceError):
        PixelImage.of(dataset)


def test_full_range_ybr_is_shown_in_its_colours(make: Any) -> None:
    value = bytes([76, 85, 255]) * 4
    image = PixelImage.of(make.instance(value, (2, 2, 3), PhotometricInterpretation="YBR_FULL"))
    assert image is not None
    shown = image.display_rgb(image.decode(0))[0, 0].astype(int)
    assert np.abs(shown - [255, 0, 0]).max() <= 2
