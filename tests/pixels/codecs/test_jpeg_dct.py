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
from deid.pixels.codecs.jpeg_bits import BitWriter
from deid.pixels.codecs.jpeg_blocks import ScanGrid
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


def widened(box: Box, unit: tuple[int, int]) -> Box:
    """To whole blocks that cover so many columns and rows."""
    across, down = unit
    return Box(
        box.x0 // across * across, box.y0 // down * down, -(-box.x1 // across) * across, -(-box.y1 // down) * down
    )


def check(dataset: Dataset, boxes: list[Box], unit: tuple[int, int], black: list[int]) -> None:
    """Redact the boxes in the first frame, and look at the result with libjpeg-turbo.

    Luma is black in its own blocks and the same everywhere else; chroma is neutral, and the same, by its blocks, which
    are `unit` large. At their borders an interpolating decoder mixes in what is beside them.
    """
    before = image_of(dataset)
    redaction = redact(dataset, before, [Region(box, range(1), ()) for box in boxes])
    redaction.apply_to(dataset)
    after = image_of(dataset)
    snapped = [region.box for region in redaction.regions]
    fmt = before.format
    assert snapped == [widened(box, (8, 8)).clipped(fmt.columns, fmt.rows) for box in boxes]
    assert before.changed_outside(after, 0, snapped) == 0
    assert after.are_blank(0, snapped)
    old, new = (image.decode(0).reshape(fmt.rows, fmt.columns, -1) for image in (before, after))
    outside = outside_mask(fmt.rows, fmt.columns, snapped)
    assert np.array_equal(old[outside, 0], new[outside, 0])
    assert np.all(new[~outside, 0] == black[0])
    ring = max(unit) // 8 - 1
    of_chroma = [widened(box, unit) for box in boxes]
    far = outside_mask(fmt.rows, fmt.columns, of_chroma, ring)
    assert np.array_equal(old[far], new[far])
    for box in of_chroma:
        inner = new[
            box.y0 + ring if box.y0 else 0 : box.y1 - ring if box.y1 < fmt.rows else None,
            box.x0 + ring if box.x0 else 0 : box.x1 - ring if box.x1 < fmt.columns else None,
            1:,
        ]
        assert np.all(inner == black[1:])


def box_strategy(columns: int, rows: int) -> st.SearchStrategy[Box]:
    return st.builds(
        lambda x, y, width, height: Box(x, y, min(columns, x + width), min(rows, y + height)),
        st.integers(0, columns - 1),
        st.integers(0, rows - 1),
        st.integers(1, columns),
        st.integers(1, rows),
    )


KINDS = [
    ("grey", {}, (8, 8), [0]),
    ("colour", {"subsampling": "444"}, (8, 8), [0, 128, 128]),
    ("colour", {"subsampling": "422"}, (16, 8), [0, 128, 128]),
    ("colour", {"subsampling": "420"}, (16, 16), [0, 128, 128]),
    ("colour", {"subsampling": "440"}, (8, 16), [0, 128, 128]),
    ("colour", {"subsampling": "411"}, (32, 8), [0, 128, 128]),
    ("colour", {"colour": "RGB"}, (8, 8), [0, 0, 0]),
    ("grey", {"optimize": True}, (8, 8), [0]),
    ("colour", {"subsampling": "420", "optimize": True}, (16, 16), [0, 128, 128]),
]


@pytest.mark.parametrize(("kind", "options", "unit", "black"), KINDS)
@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_only_covered_blocks_change(
    make: Any, kind: str, options: dict[str, Any], unit: tuple[int, int], black: list[int], data: st.DataObject
) -> None:
    rows, columns = data.draw(st.integers(1, 70)), data.draw(st.integers(1, 70))
    shape = (rows, columns) if kind == "grey" else (rows, columns, 3)
    array = picture(data.draw(st.integers(0, 99)), shape)
    frame = encoded(array, data.draw(st.sampled_from([20, 75, 95, 100])), **options)
    photometric = "MONOCHROME2" if kind == "grey" else "RGB" if black == [0, 0, 0] else "YBR_FULL"
    dataset = make.coded([frame], shape, BASELINE, PhotometricInterpretation=photometric)
    check(dataset, data.draw(st.lists(box_strategy(columns, rows), min_size=1, max_size=3)), unit, black)


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
    check(dataset, [data.draw(box_strategy(columns, rows))], (8, 8), [black])


@pytest.mark.parametrize("interval", [1, 3, 7])
@settings(max_examples=15, deadline=None)
@given(data=st.data())
def test_restart_intervals(make: Any, interval: int, data: st.DataObject) -> None:
    rows, columns = data.draw(st.integers(1, 70)), data.draw(st.integers(1, 70))
    array = picture(data.draw(st.integers(0, 99)), (rows, columns, 3))
    frame = with_restarts(array, interval, subsampling=2, quality=90)
    assert parse(frame).scans[0].restart_interval == interval
    dataset = make.coded([frame], (rows, columns, 3), BASELINE, PhotometricInterpretation="YBR_FULL_422")
    check(dataset, [data.draw(box_strategy(columns, rows))], (16, 16), [0, 128, 128])


def in_scans(frame: bytes) -> bytes:
    """An interleaved stream with each component in a scan of its own, without blocks beyond the picture's edge."""
    stream = parse(frame)
    (scan,) = stream.scans
    grid = ScanGrid(stream, scan)
    index = grid.indexed(grid.intervals[0])
    out = bytearray(frame[: scan.header])
    for number, component in enumerate(scan.components):
        factors = stream.frame.components[component.index]
        mine = np.flatnonzero(np.asarray(grid.blocks) == number)
        places = np.arange(grid.count * len(mine)).reshape(*grid.size[::-1], factors.vertical, factors.horizontal)
        raster = places.swapaxes(1, 2).reshape(grid.size[1] * factors.vertical, -1)
        across, down = (
            -(-size * own // (8 * most))
            for size, own, most in (
                (stream.frame.columns, factors.horizontal, stream.frame.max_horizontal),
                (stream.frame.rows, factors.vertical, stream.frame.max_vertical),
            )
        )
        assert component.dc is not None
        codes, writer, last = component.dc.codes(), BitWriter(), 0
        for place in raster[:down, :across].reshape(-1).tolist():
            mcu, block = place // len(mine), int(mine[place % len(mine)])
            difference = int(index.dc[mcu, block]) - last
            last += difference
            category = abs(difference).bit_length()
            writer.put(*codes[category])
            writer.put(difference if difference >= 0 else difference + (1 << category) - 1, category)
            writer.copy(index.data, int(index.ac_starts[mcu, block]), int(index.ends[mcu, block]))
        tables = component.dc_id << 4 | component.ac_id
        out += bytes([0xFF, 0xDA, 0, 8, 1, factors.id, tables, 0, 63, 0]) + writer.finish()
    return bytes(out + frame[scan.end :])


@pytest.mark.parametrize(("subsampling", "unit"), [("422", (16, 8)), ("420", (16, 16)), ("444", (8, 8))])
@settings(max_examples=10, deadline=None)
@given(data=st.data())
def test_each_component_in_its_own_scan(
    make: Any, subsampling: str, unit: tuple[int, int], data: st.DataObject
) -> None:
    rows, columns = data.draw(st.integers(1, 70)), data.draw(st.integers(1, 70))
    interleaved = encoded(picture(data.draw(st.integers(0, 99)), (rows, columns, 3)), 85, subsampling=subsampling)
    frame = in_scans(interleaved)
    assert len(parse(frame).scans) == 3
    dataset = make.coded([frame], (rows, columns, 3), BASELINE, PhotometricInterpretation="YBR_FULL_422")
    decoded = image_of(make.coded([interleaved], (rows, columns, 3), BASELINE)).decode(0)
    assert np.array_equal(image_of(dataset).decode(0), decoded)
    check(dataset, [data.draw(box_strategy(columns, rows))], unit, [0, 128, 128])


def test_boxes_snap_to_blocks_of_luma(make: Any) -> None:
    frame = encoded(picture(1, (50, 50, 3)), 80, subsampling="420")
    dataset = make.coded([frame] * 2, (50, 50, 3), BASELINE, PhotometricInterpretation="YBR_FULL_422")
    redaction = redact(dataset, image_of(dataset), [Region(Box(17, 3, 20, 33), range(2), ("why",))])
    assert redaction.regions == (Region(Box(16, 0, 24, 40), range(2), ("why",)),)


def test_halved_red_or_blue_is_blanked_by_whole_units(make: Any) -> None:
    """Without luma, green alone would be left beside the box: blocks of all components go together."""
    pillow = pytest.importorskip("PIL.Image")
    buffer = io.BytesIO()
    pillow.fromarray(picture(2, (48, 48, 3))).save(buffer, "JPEG", subsampling=2)
    jfif = buffer.getvalue()
    adobe = jfif[:2] + b"\xff\xee\x00\x0eAdobe\x00\x64\x00\x00\x00\x00\x00" + jfif[20:]
    dataset = make.coded([adobe], (48, 48, 3), BASELINE)
    image = image_of(dataset)
    assert image.frames.colour_space() == "RGB"
    redaction = redact(dataset, image, [Region(Box(17, 3, 20, 33), range(1), ())])
    redaction.apply_to(dataset)
    (region,) = redaction.regions
    assert region.box == Box(16, 0, 32, 48)
    assert image.changed_outside(image_of(dataset), 0, [region.box]) == 0
    assert image_of(dataset).decode(0)[1:-1, 17:31].max() == 0


def coefficients(frame: bytes) -> set[tuple[int, int, int]]:
    """Of all blocks, those beyond the edges of the picture included: component, DC coefficient, bits of AC codes."""
    found = set()
    stream = parse(frame)
    for scan in stream.scans:
        grid = ScanGrid(stream, scan)
        for interval in grid.intervals:
            index = grid.indexed(interval)
            bits = index.ends - index.ac_starts
            for block, owner in enumerate(grid.blocks):
                pairs = zip(index.dc[:, block].tolist(), bits[:, block].tolist(), strict=True)
                found |= {(scan.components[owner].index, dc, length) for dc, length in pairs}
    return found


@pytest.mark.parametrize("size", [(48, 64), (33, 41), (57, 49)])
@pytest.mark.parametrize("subsampling", ["420", "422", "440", "411", "444"])
def test_nothing_of_coloured_print_is_left_in_any_block(size: tuple[int, int], subsampling: str) -> None:
    """Blocks beyond the edge repeat what is at the edge: no decoder shows them, but they go, too."""
    rows, columns = size
    plain = np.full((*size, 3), 40, np.uint8)
    printed = plain.copy()
    printed[9:17:2, 18:23] = (250, 240, 0)
    printed[::3, columns - 4 :] = (255, 255, 0)
    printed[rows - 4 :, ::3] = (0, 0, 255)
    boxes = [Box(18, 9, 23, 17), Box(columns - 4, 0, columns, rows), Box(0, rows - 4, columns, rows)]
    frame, unprinted = (encoded(array, 90, subsampling=subsampling) for array in (printed, plain))
    assert len(coefficients(frame)) > 3 * len(coefficients(unprinted))
    assert coefficients(blank(frame, boxes, [40, 128, 128])) == coefficients(unprinted)


def test_a_change_outside_is_seen() -> None:
    frame = encoded(picture(3, (64, 64, 3)), 90, subsampling="420")
    box = Box(16, 16, 32, 32)
    for more in (Box(16, 16, 48, 32), Box(16, 16, 33, 32)):
        assert changed_units(frame, blank(frame, [more], [0, 128, 128]), [box]) == 1
    assert changed_units(frame, encoded(picture(3, (64, 64, 3)), 80, subsampling="420"), [box]) == 16


def test_a_change_of_luma_beside_a_box_is_seen_where_chroma_is_shared() -> None:
    frame = encoded(picture(3, (64, 64, 3)), 90, subsampling="420")
    box = Box(16, 16, 24, 24)
    after = blank(frame, [box], [0, 128, 128])
    assert changed_units(frame, after, [box]) == 0
    for more in (Box(24, 16, 32, 24), Box(16, 24, 24, 32), Box(24, 24, 32, 32)):
        assert changed_units(frame, blank(frame, [box, more], [0, 128, 128]), [box]) == 1
        assert changed_units(frame, blank(after, [more], [0, 128, 128]), [box]) == 1


def test_grey_print_beside_a_box_is_the_same_bit_for_bit(make: Any) -> None:
    """Chroma that was neutral stays as it is, so beyond the blocks of luma nothing changes for any decoder."""
    grey = np.repeat(picture(6, (64, 80))[..., np.newaxis], 3, axis=2)
    dataset = make.coded([encoded(grey, 90, subsampling="420")], (64, 80, 3), BASELINE)
    dataset.PhotometricInterpretation = "YBR_FULL_422"
    before = image_of(dataset)
    redact(dataset, before, [Region(Box(25, 17, 47, 31), range(1), ())]).apply_to(dataset)
    old, new = before.decode(0), image_of(dataset).decode(0)
    outside = outside_mask(64, 80, [Box(24, 16, 48, 32)])
    assert np.array_equal(old[outside], new[outside])
    assert np.unique(new[~outside], axis=0).tolist() == [[0, 128, 128]]


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
