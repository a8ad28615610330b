"""Bits of the words that Bits Stored leaves free: cleared where something hides in them, kept where values overflow."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from deid.errors import InstanceError, Reason
from deid.pixels.frames.free_bits import with_free_bits_seen
from deid.pixels.frames.image import PixelImage
from deid.pixels.redaction.redact import redact
from deid.plan import Box, Region
from deid.verify.pixels import check_pixels

EXPLICIT, BIG_ENDIAN, RLE = "1.2.840.10008.1.2.1", "1.2.840.10008.1.2.2", "1.2.840.10008.1.2.5"
LOSSLESS, JPEG_LS, J2K = "1.2.840.10008.1.2.4.70", "1.2.840.10008.1.2.4.80", "1.2.840.10008.1.2.4.90"
WORDS = {"BitsAllocated": 16, "BitsStored": 12}
MARK = np.zeros((24, 40), bool)
MARK[8:16:2, 4:30:3] = True


def picture(offset: int = 0) -> Any:
    """A slope with some noise in 12 bits."""
    noise = np.random.default_rng(1).integers(0, 20, (24, 40))
    return (np.add.outer(np.arange(24), np.arange(40)) * 50 + noise + offset).astype(np.uint16)


def instance(make: Any, words: np.ndarray[Any, Any], syntax: str, **attributes: Any) -> Any:
    if syntax in {EXPLICIT, BIG_ENDIAN}:
        order = ">" if syntax == BIG_ENDIAN else "<"
        return make.instance(words.astype(f"{order}u2").tobytes(), words.shape, syntax, **WORDS, **attributes)
    return make.coded([make.encoder(syntax, 16)(words)], words.shape, syntax, **WORDS, **attributes)


def seen(dataset: Any) -> PixelImage:
    image = PixelImage.of(dataset)
    assert image is not None
    return with_free_bits_seen(image)


def words_of(dataset: Any) -> np.ndarray[Any, Any]:
    image = PixelImage.of(dataset)
    assert image is not None
    return image.frames.words(0)[0]


@pytest.mark.parametrize("syntax", [EXPLICIT, BIG_ENDIAN, RLE, LOSSLESS, JPEG_LS, J2K])
@pytest.mark.parametrize("regions", [[], [Region(Box(2, 2, 9, 5), range(1), ("name",))]])
def test_a_plane_of_bits_without_any_attribute_is_cleared(make: Any, syntax: str, regions: list[Region]) -> None:
    below = picture()
    dataset = instance(make, below | np.uint16(0x2000) * MARK.astype(np.uint16), syntax)
    image = seen(dataset)
    assert image.format.clears_free_bits
    assert np.array_equal(image.decode(0), below), "the picture is seen without it"
    before = type(dataset)(dataset)
    before.file_meta = dataset.file_meta
    redaction = redact(dataset, image, regions)
    redaction.apply_to(dataset)
    after = words_of(dataset)
    assert not (after & 0xF000).any()
    expected = below.copy()
    for region in regions:
        box = region.box
        expected[box.y0 : box.y1, box.x0 : box.x1] = 0
    assert np.array_equal(after, expected)
    check_pixels(before, image, dataset, redaction)


def test_of_signed_words_the_sign_is_kept(make: Any) -> None:
    below = picture(offset=-1500).view(np.int16)
    dataset = instance(make, below.view(np.uint16) ^ np.uint16(0x4000) * MARK.astype(np.uint16), EXPLICIT)
    dataset.PixelRepresentation = 1
    redact(dataset, seen(dataset), []).apply_to(dataset)
    assert np.array_equal(words_of(dataset).view(np.int16), below)


@pytest.mark.parametrize("syntax", [EXPLICIT, RLE])
def test_signed_words_whose_sign_fills_no_free_bits_stay(make: Any, syntax: str) -> None:
    below = picture(offset=-1500).view(np.int16)
    dataset = instance(make, below.view(np.uint16) & np.uint16(0x0FFF), syntax, PixelRepresentation=1)
    image = seen(dataset)
    assert np.array_equal(image.decode(0), below)
    assert redact(dataset, image, []).changes == ()
    before = words_of(dataset)
    redaction = redact(dataset, image, [Region(Box(2, 2, 9, 5), range(1), ("name",))])
    redaction.apply_to(dataset)
    box = (slice(2, 5), slice(2, 9))
    assert not (words_of(dataset)[box] & 0xF000).any()
    changed = words_of(dataset) != before
    changed[box] = False
    assert not changed.any()


def test_what_lies_above_signed_words_without_sign_is_cleared(make: Any) -> None:
    below = picture(offset=-1500) & np.uint16(0x0FFF)
    dataset = instance(make, below | np.uint16(0x4000) * MARK.astype(np.uint16), EXPLICIT, PixelRepresentation=1)
    redact(dataset, seen(dataset), []).apply_to(dataset)
    assert np.array_equal(words_of(dataset), below)


@pytest.mark.parametrize("signed", [0, 1])
def test_values_beyond_bits_stored_are_looked_at_and_kept(make: Any, signed: int) -> None:
    dataset = instance(make, picture(offset=-500 if signed else 2500), EXPLICIT, PixelRepresentation=signed)
    image = seen(dataset)
    assert not image.format.clears_free_bits
    assert int(image.decode(0).max()) == int(picture(offset=-500 if signed else 2500).view(np.int16).max())


def test_an_overlay_above_values_that_overflow_is_cleared(make: Any) -> None:
    below = picture(offset=2500)
    dataset = instance(make, below | np.uint16(0x8000) * MARK.astype(np.uint16), EXPLICIT)
    redact(dataset, seen(dataset), []).apply_to(dataset)
    assert np.array_equal(words_of(dataset), below)


@pytest.mark.parametrize("signed", [0, 1])
def test_words_in_order_stay(make: Any, signed: int) -> None:
    dataset = instance(make, picture(offset=-1000 if signed else 0), EXPLICIT, PixelRepresentation=signed)
    assert not seen(dataset).format.clears_free_bits
    assert redact(dataset, seen(dataset), []).changes == ()


def test_an_overlay_that_is_announced_but_empty_costs_nothing(make: Any) -> None:
    dataset = instance(make, picture(), JPEG_LS)
    dataset.add_new(0x60000100, "US", 16)
    dataset.add_new(0x60000102, "US", 12)
    assert redact(dataset, seen(dataset), []).changes == ()


def test_bits_below_the_values_are_cleared_too(make: Any) -> None:
    words = (picture() << 4) | np.uint16(0x4) * MARK.astype(np.uint16)
    dataset = instance(make, words, EXPLICIT, HighBit=15)
    redact(dataset, seen(dataset), []).apply_to(dataset)
    assert np.array_equal(words_of(dataset), picture() << 4)


def test_a_high_bit_that_the_frames_do_not_have_is_refused(make: Any) -> None:
    frame = make.encoder(LOSSLESS, 12)(picture())
    dataset = make.coded([frame], (24, 40), LOSSLESS, BitsAllocated=16, BitsStored=8, HighBit=15)
    with pytest.raises(InstanceError) as refused:
        seen(dataset)
    assert refused.value.reason is Reason.MALFORMED
