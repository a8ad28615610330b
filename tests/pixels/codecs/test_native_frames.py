"""Uncompressed pixel data: what is decoded, what redaction changes, and what it must not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydicom.dataelem import RawDataElement
from pydicom.pixels.utils import pixel_array
from pydicom.tag import BaseTag

from deid.errors import InstanceError, Reason
from deid.pixels.frames.image import PixelImage
from deid.pixels.frames.views import views_of
from deid.pixels.redaction.redact import redact
from deid.plan import Box, Region

if TYPE_CHECKING:
    from pydicom.dataset import Dataset

EXPLICIT, BIG_ENDIAN = "1.2.840.10008.1.2.1", "1.2.840.10008.1.2.2"


def image_of(dataset: Dataset) -> PixelImage:
    image = PixelImage.of(dataset)
    assert image is not None
    return image


def boxes(columns: int, rows: int) -> st.SearchStrategy[Box]:
    return st.builds(
        lambda x, y, width, height: Box(x, y, x + width, y + height),
        st.integers(-3, columns),
        st.integers(-3, rows),
        st.integers(0, columns + 3),
        st.integers(0, rows + 3),
    )


def inside(shape: tuple[int, ...], regions: tuple[Region, ...]) -> np.ndarray[Any, Any]:
    """Which pixels (frames, rows, columns) lie in a region."""
    mask = np.zeros(shape, bool)
    for region in regions:
        for frame in region.frames:
            mask[frame, region.box.y0 : region.box.y1, region.box.x0 : region.box.x1] = True
    return mask


FORMATS = [
    (1, 1, False, "MONOCHROME2", 0, EXPLICIT, "OW"),
    (1, 1, False, "MONOCHROME1", 0, BIG_ENDIAN, "OW"),
    (8, 8, False, "MONOCHROME1", 0, EXPLICIT, "OB"),
    (8, 8, False, "MONOCHROME2", 0, BIG_ENDIAN, "OW"),
    (8, 8, False, "MONOCHROME2", 0, BIG_ENDIAN, "OB"),
    (8, 8, False, "RGB", 0, EXPLICIT, "OB"),
    (8, 8, False, "RGB", 1, EXPLICIT, "OB"),
    (8, 8, False, "RGB", 1, BIG_ENDIAN, "OW"),
    (8, 8, False, "YBR_FULL", 0, EXPLICIT, "OB"),
    (16, 16, True, "MONOCHROME2", 0, EXPLICIT, "OW"),
    (16, 12, False, "MONOCHROME1", 0, BIG_ENDIAN, "OW"),
    (16, 12, True, "MONOCHROME2", 0, BIG_ENDIAN, "OW"),
    (16, 16, False, "RGB", 0, BIG_ENDIAN, "OW"),
    (32, 32, False, "MONOCHROME2", 0, EXPLICIT, "OW"),
    (32, 24, True, "MONOCHROME1", 0, BIG_ENDIAN, "OW"),
]


@pytest.mark.parametrize(("allocated", "stored", "signed", "photometric", "planar", "syntax", "vr"), FORMATS)
@settings(deadline=None)
@given(data=st.data())
def test_only_boxes_change(
    make: Any,
    allocated: int,
    stored: int,
    signed: bool,
    photometric: str,
    planar: int,
    syntax: str,
    vr: str,
    data: st.DataObject,
) -> None:
    frames, rows, columns = (data.draw(st.integers(1, high)) for high in (3, 9, 11))
    samples = 3 if photometric in {"RGB", "YBR_FULL"} else 1
    size = -(-frames * rows * columns * samples * allocated // 8)
    value = data.draw(st.binary(min_size=size, max_size=size)) + b"\0" * (size % 2)
    shape = (rows, columns, samples) if samples > 1 else (rows, columns)
    dataset = make.instance(
        value,
        shape,
        syntax,
        BitsAllocated=allocated,
        BitsStored=stored,
        PixelRepresentation=int(signed),
        PhotometricInterpretation=photometric,
        NumberOfFrames=frames,
    )
    if samples > 1:
        dataset.PlanarConfiguration = planar
    dataset["PixelData"].VR = vr
    regions = [
        Region(data.draw(boxes(columns, rows)), range(first, first + 2), ())
        for first in range(data.draw(st.integers(0, 2)))
    ]
    before = image_of(dataset)
    redaction = redact(dataset, before, regions)
    redaction.apply_to(dataset)
    after = image_of(dataset)
    assert len(dataset.PixelData) == len(value)
    old = np.stack([before.decode(index) for index in range(frames)])
    new = np.stack([after.decode(index) for index in range(frames)])
    mask = inside(old.shape[:3], redaction.regions)
    assert np.array_equal(old[~mask], new[~mask])
    for index in range(frames):
        covered = [region.box for region in redaction.regions if index in region.frames]
        assert before.changed_outside(after, index, covered) == 0
        assert after.are_blank(index, covered)
        black = np.unique(new[index][mask[index]].reshape(-1, samples), axis=0)
        assert len(black) <= 1
        if photometric == "YBR_FULL" and len(black):
            assert black[0].tolist() == [0, 128, 128]
        if photometric == "RGB" and len(black):
            assert black[0].tolist() == [0, 0, 0]
        if not signed and samples == 1 and len(black):
            assert black[0, 0] == ((1 << stored) - 1 if photometric == "MONOCHROME1" else 0)
        if not mask[index].any():
            assert before.encoded_frame(index) == after.encoded_frame(index)


@pytest.mark.parametrize(
    ("allocated", "photometric", "planar", "syntax", "vr"),
    [
        (1, "MONOCHROME2", 0, EXPLICIT, "OW"),
        (8, "MONOCHROME2", 0, BIG_ENDIAN, "OW"),
        (8, "RGB", 1, BIG_ENDIAN, "OW"),
        (16, "RGB", 1, EXPLICIT, "OW"),
        (16, "MONOCHROME2", 0, BIG_ENDIAN, "OW"),
        (32, "MONOCHROME2", 0, BIG_ENDIAN, "OW"),
    ],
)
def test_decodes_as_pydicom_does(
    make: Any, allocated: int, photometric: str, planar: int, syntax: str, vr: str
) -> None:
    samples = 3 if photometric == "RGB" else 1
    shape = (6, 4, 3) if samples > 1 else (6, 4)
    value = np.random.default_rng(1).bytes(2 * 6 * 4 * samples * allocated // 8)
    dataset = make.instance(
        value,
        shape,
        syntax,
        BitsAllocated=allocated,
        BitsStored=allocated,
        PhotometricInterpretation=photometric,
        NumberOfFrames=2,
    )
    if samples > 1:
        dataset.PlanarConfiguration = planar
    dataset["PixelData"].VR = vr
    expected = pixel_array(dataset, raw=True)
    image = image_of(dataset)
    assert np.array_equal(np.stack([image.decode(0), image.decode(1)]), expected)


def test_decoding_is_a_view_on_the_bytes(make: Any) -> None:
    value = bytes(range(64)) * 2
    image = image_of(make.instance(value, (8, 8), NumberOfFrames=2))
    frame = image.decode(1)
    assert np.shares_memory(frame, np.frombuffer(value, np.uint8))
    assert not frame.flags.writeable


def test_high_bits_stay_outside_and_go_inside(make: Any) -> None:
    words = np.full((4, 4), 0xF123, "<u2")
    dataset = make.instance(words.tobytes(), (4, 4), BitsAllocated=16, BitsStored=12)
    image = image_of(dataset)
    assert np.unique(image.decode(0)).tolist() == [0x123]
    redact(dataset, image, [Region(Box(0, 0, 2, 2), range(1), ())]).apply_to(dataset)
    after = np.frombuffer(dataset.PixelData, "<u2").reshape(4, 4)
    assert np.unique(after[:2, :2]).tolist() == [0]
    assert np.unique(after[2:]).tolist() == [0xF123]


def test_values_in_the_middle_of_their_words(make: Any) -> None:
    words = np.full((4, 4), 0x0FF0, "<u2")
    attributes = {"BitsAllocated": 16, "BitsStored": 8, "HighBit": 11, "PhotometricInterpretation": "MONOCHROME1"}
    dataset = make.instance(np.zeros_like(words).tobytes(), (4, 4), **attributes)
    redact(dataset, image_of(dataset), [Region(Box(0, 0, 4, 4), range(1), ())]).apply_to(dataset)
    assert dataset.PixelData == words.tobytes()


def test_shared_chroma_widens_to_even_columns(make: Any) -> None:
    value = np.random.default_rng(2).bytes(2 * 4 * 6 * 2)
    dataset = make.instance(value, (4, 6, 3), PhotometricInterpretation="YBR_FULL_422", NumberOfFrames=2)
    before = image_of(dataset)
    redaction = redact(dataset, before, [Region(Box(1, 1, 3, 2), range(1, 2), ("why",))])
    assert redaction.regions == (Region(Box(0, 1, 4, 2), range(1, 2), ("why",)),)
    redaction.apply_to(dataset)
    after = image_of(dataset)
    assert after.encoded_frame(0) == before.encoded_frame(0)
    assert before.changed_outside(after, 1, [Box(0, 1, 4, 2)]) == 0
    assert np.unique(after.decode(1)[1, :4], axis=0).tolist() == [[0, 128, 128]]
    assert np.array_equal(after.decode(1), pixel_array(dataset, raw=True)[1])


@pytest.mark.parametrize("keyword", ["FloatPixelData", "DoubleFloatPixelData"])
def test_floating_point(make: Any, keyword: str) -> None:
    bits = 32 if keyword == "FloatPixelData" else 64
    values = np.linspace(-2.5, 9, 16, dtype=f"<f{bits // 8}").reshape(4, 4)
    values[3, 3] = np.nan
    dataset = make.instance(b"", (4, 4), BitsAllocated=bits, BitsStored=bits)
    del dataset.PixelData, dataset.BitsStored, dataset.HighBit, dataset.PixelRepresentation
    setattr(dataset, keyword, values.tobytes())
    before = image_of(dataset)
    redact(dataset, before, [Region(Box(2, 2, 4, 4), range(1), ())]).apply_to(dataset)
    after = image_of(dataset)
    assert np.unique(after.decode(0)[2:, 2:]).tolist() == [-2.5]
    assert before.changed_outside(after, 0, [Box(2, 2, 4, 4)]) == 0
    assert before.changed_outside(after, 0, [Box(2, 2, 4, 3)]) == 2


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (b"\1" * 31, Reason.TRUNCATED),
        (b"", Reason.TRUNCATED),
        (b"\1" * 64, Reason.MALFORMED),
    ],
)
def test_wrong_length(make: Any, value: bytes, reason: Reason) -> None:
    with pytest.raises(InstanceError) as caught:
        PixelImage.of(make.instance(value, (4, 4), NumberOfFrames=2))
    assert caught.value.reason is reason


def test_zero_padding_is_no_frame(make: Any) -> None:
    image = image_of(make.instance(b"\1" * 16 + b"\0" * 20, (4, 4)))
    assert np.unique(image.decode(0)).tolist() == [1]


@pytest.mark.parametrize(
    ("keyword", "value"),
    [
        ("Rows", 0),
        ("BitsAllocated", 12),
        ("BitsStored", 9),
        ("HighBit", 8),
        ("PlanarConfiguration", 2),
        ("SamplesPerPixel", 3),
        ("PhotometricInterpretation", "RGB"),
        ("PhotometricInterpretation", "CMYK"),
        ("NumberOfFrames", -1),
    ],
)
def test_contradicting_attributes(make: Any, keyword: str, value: Any) -> None:
    dataset = make.instance(b"\1" * 16, (4, 4))
    setattr(dataset, keyword, value)
    with pytest.raises(InstanceError):
        PixelImage.of(dataset)


def test_no_pixel_data(make: Any) -> None:
    dataset = make.instance(b"\1" * 16, (4, 4))
    del dataset.PixelData
    assert PixelImage.of(dataset) is None


def test_extremes_are_recomputed(make: Any) -> None:
    dataset = make.instance(bytes(range(10, 26)), (4, 4), SmallestImagePixelValue=10, LargestImagePixelValue=25)
    redact(dataset, image_of(dataset), [Region(Box(3, 3, 4, 4), range(1), ())]).apply_to(dataset)
    assert (dataset.SmallestImagePixelValue, dataset.LargestImagePixelValue) == (0, 24)


def test_the_original_element_is_not_edited(make: Any) -> None:
    dataset = make.instance(b"\1" * 16, (4, 4))
    element = dataset["PixelData"]
    redact(dataset, image_of(dataset), [Region(Box(0, 0, 4, 4), range(1), ())]).apply_to(dataset)
    assert element.value == b"\1" * 16
    assert dataset["PixelData"].VR == element.VR


def test_regions_beyond_the_picture_do_nothing(make: Any) -> None:
    dataset = make.instance(b"\1" * 16, (4, 4))
    redaction = redact(dataset, image_of(dataset), [Region(Box(9, 9, 12, 12), range(1), ())])
    assert redaction.regions == ()
    assert redaction.changes == ()


@pytest.mark.parametrize("syntax", [EXPLICIT, BIG_ENDIAN])
def test_overlays_in_free_bits_are_cleared_everywhere(make: Any, syntax: str) -> None:
    words = np.full((4, 4), 0xF123, "<u2" if syntax == EXPLICIT else ">u2")
    dataset = make.instance(words.tobytes(), (4, 4), syntax, BitsAllocated=16, BitsStored=12)
    dataset.add_new(0x60000100, "US", 16)
    dataset.add_new(0x60000102, "US", 12)
    before = image_of(dataset)
    redact(dataset, before, []).apply_to(dataset)
    assert np.unique(np.frombuffer(dataset.PixelData, words.dtype)).tolist() == [0x0123]
    assert before.changed_outside(image_of(dataset), 0, []) == 0


@pytest.mark.parametrize(("group", "position", "own_data", "embedded"), [
    (0x60200000, 12, False, True),
    (0x60000000, 12, True, True),
    (0x60000000, 0, True, False),
])  # fmt: skip
def test_overlays_that_lie_in_the_words(make: Any, group: int, position: int, own_data: bool, embedded: bool) -> None:
    dataset = make.instance(bytes(32), (4, 4), EXPLICIT, BitsAllocated=16, BitsStored=12)
    dataset.add_new(group | 0x0102, "US", position)
    if own_data:
        dataset.add_new(group | 0x3000, "OW", bytes(2))
    assert image_of(dataset).format.clears_free_bits is embedded


@pytest.mark.parametrize("tag", [0x00280010, 0x00280004, 0x00280100, 0x7FE00010])
def test_attributes_of_no_vr_or_a_broken_length_are_malformed(make: Any, tag: int) -> None:
    for vr, value in (("U\1", b"\4\0"), ("US", b"\4")):
        dataset = make.instance(bytes(16), (4, 4), EXPLICIT)
        dataset[tag] = RawDataElement(BaseTag(tag), vr, len(value), value, 0, False, True)  # noqa: FBT003
        with pytest.raises(InstanceError):
            PixelImage.of(dataset)


def test_a_window_that_can_not_be_read_is_none(make: Any) -> None:
    dataset = make.instance(bytes(16), (4, 4), EXPLICIT, SmallestImagePixelValue=0)
    for tag, vr in ((0x00281050, "D\1"), (0x00281051, "DS"), (0x00281053, "FD"), (0x00280106, "UX")):
        dataset[tag] = RawDataElement(BaseTag(tag), vr, 4, b"wide", 0, False, True)  # noqa: FBT003
    image = image_of(dataset)
    assert len(views_of(image, image.decode(0), dataset)) >= 1
    assert redact(dataset, image, [Region(Box(0, 0, 2, 2), range(1), ())]).regions


def test_an_unreadable_number_of_frames_is_not_one_frame(make: Any) -> None:
    dataset = make.instance(bytes(16), (4, 4), EXPLICIT)
    dataset[0x00280008] = RawDataElement(BaseTag(0x00280008), "IS", 4, b"two ", 0, False, True)  # noqa: FBT003
    with pytest.raises(InstanceError, match="NumberOfFrames"):
        PixelImage.of(dataset)
