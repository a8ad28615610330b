"""JPEG Baseline and Extended: covered blocks are black, all other coefficients are the same."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import imagecodecs
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deid.errors import InstanceError, Reason
from deid.pixels.codecs.jpeg_compare import changed_units
from deid.pixels.codecs.jpeg_dct import blank, dc_of_level
from deid.pixels.codecs.jpeg_huffman import HuffmanTable, combined_lookup
from deid.pixels.codecs.jpeg_stream import parse
from deid.pixels.frames.image import PixelImage
from deid.pixels.redaction.redact import redact
from deid.plan import Box, Region

if TYPE_CHECKING:
    from pydicom.dataset import Dataset

BASELINE, EXTENDED = "1.2.840.10008.1.2.4.50", "1.2.840.10008.1.2.4.51"


def image_of(dataset: Dataset) -> PixelImage:
    image = PixelImage.of(dataset)
    assert image is not None
    return image


def picture(seed: int, shape: tuple[int, ...], bits: int = 8) -> np.ndarray[Any, Any]:
    """Smooth shades with noise: blocks with few and with many coefficients."""
    random = np.random.default_rng(seed)
    grid = np.add.outer(np.linspace(0, 1, shape[0]), np.linspace(0, 1, shape[1]))
    values = grid.reshape(*grid.shape, *[1] * (len(shape) - 2)) * random.random(shape[2:] or (1,)[:0])
    values = values + random.normal(0, random.choice([0.01, 0.3]), shape)
    return (np.clip(values, 0, 1) * ((1 << bits) - 1)).astype(np.uint8 if bits == 8 else np.uint16)


def encoded(array: np.ndarray[Any, Any], level: int, *, colour: str = "YCBCR", **options: Any) -> bytes:
    if array.ndim > 2:
        options |= {"colorspace": "RGB", "outcolorspace": colour}
    return bytes(imagecodecs.jpeg8_encode(array, level=level, **options))


def with_restarts(array: np.ndarray[Any, Any], interval: int, **options: Any) -> bytes:
    pillow = pytest.importorskip("PIL.Image")
    buffer = io.BytesIO()
    pillow.fromarray(array).save(buffer, "JPEG", restart_marker_blocks=interval, **options)
    return buffer.getvalue()


def outside_mask(rows: int, columns: int, boxes: list[Box], ring: int = 0) -> np.ndarray[Any, Any]:
    mask = np.ones((rows, columns), bool)
    for box in boxes:
        mask[max(0, box.y0 - ring) : box.y1 + ring, max(0, box.x0 - ring) : box.x1 + ring] = False
    return mask


def check(dataset: Dataset, boxes: list[Box], ring: int, black: list[int]) -> None:
    """Redact the boxes in the first frame, and look at the result with libjpeg-turbo."""
    before = image_of(dataset)
    redaction = redact(dataset, before, [Region(box, range(1), ()) for box in boxes])
    redaction.apply_to(dataset)
    after = image_of(dataset)
    snapped = [region.box for region in redaction.regions]
    assert before.changed_outside(after, 0, snapped) == 0
    assert after.are_blank(0, snapped)
    old, new = before.decode(0), after.decode(0)
    fmt = before.format
    far, near = (outside_mask(fmt.rows, fmt.columns, snapped, margin) for margin in (ring, 0))
    assert np.array_equal(old[far], new[far])
    if fmt.samples > 1:
        assert np.array_equal(old[near][:, 0], new[near][:, 0])
    core = ~outside_mask(fmt.rows, fmt.columns, boxes)
    # At a border of the box an interpolating decoder mixes in the chroma of the neighbour.
    shown = new[core].reshape(-1, fmt.samples)
    assert np.all(shown[:, 0] == black[0])
    if ring == 0:
        assert np.all(shown == black)


def box_strategy(columns: int, rows: int) -> st.SearchStrategy[Box]:
    return st.builds(
        lambda x, y, width, height: Box(x, y, min(columns, x + width), min(rows, y + height)),
        st.integers(0, columns - 1),
        st.integers(0, rows - 1),
        st.integers(1, columns),
        st.integers(1, rows),
    )


KINDS = [
    ("grey", {}, 0, [0]),
    ("colour", {"subsampling": "444"}, 0, [0, 128, 128]),
    ("colour", {"subsampling": "422"}, 1, [0, 128, 128]),
    ("colour", {"subsampling": "420"}, 1, [0, 128, 128]),
    ("colour", {"subsampling": "440"}, 1, [0, 128, 128]),
    ("colour", {"subsampling": "411"}, 3, [0, 128, 128]),
    ("colour", {"colour": "RGB"}, 0, [0, 0, 0]),
    ("grey", {"optimize": True}, 0, [0]),
    ("colour", {"subsampling": "420", "optimize": True}, 1, [0, 128, 128]),
]


@pytest.mark.parametrize(("kind", "options", "ring", "black"), KINDS)
@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_only_covered_blocks_change(
    make: Any, kind: str, options: dict[str, Any], ring: int, black: list[int], data: st.DataObject
) -> None:
    rows, columns = data.draw(st.integers(1, 70)), data.draw(st.integers(1, 70))
    shape = (rows, columns) if kind == "grey" else (rows, columns, 3)
    array = picture(data.draw(st.integers(0, 99)), shape)
    frame = encoded(array, data.draw(st.sampled_from([20, 75, 95, 100])), **options)
    photometric = "MONOCHROME2" if kind == "grey" else "RGB" if black == [0, 0, 0] else "YBR_FULL"
    dataset = make.coded([frame], shape, BASELINE, PhotometricInterpretation=photometric)
    check(dataset, data.draw(st.lists(box_strategy(columns, rows), min_size=1, max_size=3)), ring, black)


@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_twelve_bits(make: Any, data: st.DataObject) -> None:
    rows, columns = data.draw(st.integers(1, 50)), data.draw(st.integers(1, 50))
    array = picture(data.draw(st.integers(0, 99)), (rows, columns), 12)
    frame = encoded(array, data.draw(st.sampled_from([30, 90, 100])), bitspersample=12)
    photometric, black = data.draw(st.sampled_from([("MONOCHROME1", 4095), ("MONOCHROME2", 0)]))
    dataset = make.coded(
        [frame], (rows, columns), EXTENDED, BitsAllocated=16, BitsStored=12, PhotometricInterpretation=photometric
    )
    check(dataset, [data.draw(box_strategy(columns, rows))], 0, [black])


@pytest.mark.parametrize("interval", [1, 3, 7])
@settings(max_examples=15, deadline=None)
@given(data=st.data())
def test_restart_intervals(make: Any, interval: int, data: st.DataObject) -> None:
    rows, columns = data.draw(st.integers(1, 70)), data.draw(st.integers(1, 70))
    array = picture(data.draw(st.integers(0, 99)), (rows, columns, 3))
    frame = with_restarts(array, interval, subsampling=2, quality=90)
    assert parse(frame).scans[0].restart_interval == interval
    dataset = make.coded([frame], (rows, columns, 3), BASELINE, PhotometricInterpretation="YBR_FULL_422")
    check(dataset, [data.draw(box_strategy(columns, rows))], 1, [0, 128, 128])


def test_boxes_snap_to_minimum_coded_units(make: Any) -> None:
    frame = encoded(picture(1, (50, 50, 3)), 80, subsampling="420")
    dataset = make.coded([frame] * 2, (50, 50, 3), BASELINE, PhotometricInterpretation="YBR_FULL_422")
    redaction = redact(dataset, image_of(dataset), [Region(Box(17, 3, 20, 33), range(2), ("why",))])
    assert redaction.regions == (Region(Box(16, 0, 32, 48), range(2), ("why",)),)


def test_a_change_outside_is_seen() -> None:
    frame = encoded(picture(3, (64, 64, 3)), 90, subsampling="420")
    box = Box(16, 16, 32, 32)
    other = blank(frame, [Box(16, 16, 48, 32)], [0, 128, 128])
    assert changed_units(frame, other, [box]) == 1
    assert changed_units(frame, encoded(picture(3, (64, 64, 3)), 80, subsampling="420"), [box]) == 16


def test_a_lossy_copy_is_not_taken_for_the_same(make: Any) -> None:
    array = picture(4, (32, 32))
    first, second = (image_of(make.coded([encoded(array, level)], (32, 32), BASELINE)) for level in (90, 91))
    assert first.changed_outside(second, 0, []) > 0
    assert first.changed_outside(first, 0, []) == 0
    assert not first.are_blank(0, [Box(0, 0, 8, 8)])


def test_colour_follows_the_stream_not_the_attribute(make: Any) -> None:
    array = picture(5, (32, 32, 3))
    dataset = make.coded([encoded(array, 95, subsampling="444")], (32, 32, 3), BASELINE)
    assert dataset.PhotometricInterpretation == "RGB"
    image = image_of(dataset)
    difference = np.abs(image.display_rgb(image.decode(0)).astype(int) - array)
    assert difference.mean() < 20
    redact(dataset, image, [Region(Box(0, 0, 32, 32), range(1), ())]).apply_to(dataset)
    after = image_of(dataset)
    assert np.unique(after.display_rgb(after.decode(0))).tolist() == [0]


@pytest.mark.parametrize("precision", [8, 12])
@pytest.mark.parametrize("step", [1, 2, 3, 7, 16, 99, 255])
def test_fill_is_the_level_or_beyond_the_end(precision: int, step: int) -> None:
    top, half = (1 << precision) - 1, 1 << (precision - 1)
    assert dc_of_level(0, precision, step) * step / 8 + half <= 0
    assert dc_of_level(top, precision, step) * step / 8 + half >= top
    assert dc_of_level(half, precision, step) == 0
    level = half + 20
    assert abs(dc_of_level(level, precision, step) * step / 8 + half - level) <= step / 16


def test_tables_get_the_symbols_they_lack() -> None:
    table = HuffmanTable((0, 1, *[0] * 14), b"\x05")
    extended = table.extended(range(12))
    assert extended is not None
    codes = extended.codes()
    assert codes[5] == table.codes()[5]
    assert set(codes) == set(range(12))
    assert all(code != (1 << length) - 1 for code, length in codes.values())
    assert HuffmanTable((0,) * 15 + (3,), b"\1\2\3").extended(range(12)) is not None
    full = HuffmanTable((1,) * 15 + (1,), bytes(range(16)))
    assert full.extended(range(20)) is None


def test_lookups_hold_whole_symbols_only() -> None:
    table = HuffmanTable((0, 2, 1, *[0] * 13), b"\x00\x01\xf0")
    entry = int(combined_lookup(table)[0b01_1_01_0_00_0000000_0])
    assert (entry >> 12, entry >> 5 & 127, entry & 31) == (1, 2, 8)


def test_untouched_frames_keep_their_bytes(make: Any) -> None:
    frames = [encoded(picture(seed, (40, 40)), 85) for seed in range(4)]
    dataset = make.coded(frames, (40, 40), BASELINE)
    before = image_of(dataset)
    redact(dataset, before, [Region(Box(0, 0, 9, 9), range(2, 3), ())]).apply_to(dataset)
    after = image_of(dataset)
    same = [before.encoded_frame(index) == after.encoded_frame(index) for index in range(4)]
    assert same == [True, True, False, True]


def test_progressive_is_refused(make: Any) -> None:
    pillow = pytest.importorskip("PIL.Image")
    buffer = io.BytesIO()
    pillow.fromarray(picture(1, (40, 40))).save(buffer, "JPEG", progressive=True)
    dataset = make.coded([buffer.getvalue()], (40, 40), BASELINE)
    with pytest.raises(InstanceError) as caught:
        redact(dataset, image_of(dataset), [Region(Box(0, 0, 9, 9), range(1), ())])
    assert caught.value.reason is Reason.UNREDACTABLE_PIXELS


@settings(max_examples=300, deadline=None)
@given(data=st.data())
def test_damaged_streams_end_in_a_frame_or_an_instance_error(make: Any, data: st.DataObject) -> None:
    """Redaction of JPEG is all our own code: whatever the bytes, it raises nothing else."""
    frame = bytearray(encoded(picture(7, (40, 48)), 80, optimize=data.draw(st.booleans())))
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(2, len(frame) - 1))
        frame[place : place + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=4))
    image = image_of(make.coded([bytes(frame)], (40, 48), BASELINE))
    dataset = make.coded([bytes(frame)], (40, 48), BASELINE)
    try:
        redaction = redact(dataset, image, [Region(Box(9, 9, 20, 30), range(1), ())])
    except InstanceError as error:
        assert error.reason in {Reason.UNDECODABLE_PIXELS, Reason.UNREDACTABLE_PIXELS}  # noqa: PT017
    else:
        assert redaction.regions == (Region(Box(8, 8, 24, 32), range(1), ()),)
