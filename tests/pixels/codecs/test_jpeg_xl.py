"""JPEG XL: the head is read before the decoder, recompressed JPEG streams stay JPEG streams, nothing hides in boxes."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import imagecodecs
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deid.errors import InstanceError, Reason
from deid.pixels.codecs.jpeg_xl_stream import read_head
from deid.pixels.frames.image import PixelImage
from deid.pixels.redaction.redact import redact
from deid.plan import Box, Region
from deid.verify.pixels import check_pixels

LOSSLESS, RECOMPRESSED, LOSSY = (f"1.2.840.10008.1.2.4.{last}" for last in (110, 111, 112))


def slope(rows: int, columns: int, samples: int = 1, kind: str = "u1") -> Any:
    grey = np.add.outer(np.arange(rows), np.arange(columns)).astype(kind)
    return grey if samples == 1 else np.stack([grey, grey[::-1], grey], axis=-1)


def image_of(dataset: Any) -> PixelImage:
    image = PixelImage.of(dataset)
    assert image is not None
    return image


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 700), st.integers(1, 700), st.sampled_from([("u1", 8), ("u2", 16), ("u2", 10), ("u2", 12)]))
def test_the_head_says_size_and_precision(rows: int, columns: int, kind: tuple[str, int]) -> None:
    dtype, bits = kind
    encoded = bytes(imagecodecs.jpegxl_encode(np.zeros((rows, columns), dtype), lossless=True, bitspersample=bits))
    head = read_head(encoded)
    assert (head.rows, head.columns, head.precision) == (rows, columns, bits)


@pytest.mark.parametrize("samples", [1, 3])
@pytest.mark.parametrize("syntax", [RECOMPRESSED, LOSSY])
def test_a_recompressed_jpeg_stays_one(make: Any, syntax: str, samples: int) -> None:
    frame = make.encoder(RECOMPRESSED, 8)(slope(48, 64, samples))
    photometric = "MONOCHROME2" if samples == 1 else "YBR_FULL_422"
    shape = (48, 64) if samples == 1 else (48, 64, 3)
    dataset = make.coded([frame, frame], shape, syntax, PhotometricInterpretation=photometric)
    before, image = make.coded([frame, frame], shape, syntax, PhotometricInterpretation=photometric), image_of(dataset)
    redaction = redact(dataset, image, [Region(Box(10, 10, 20, 20), range(1), ())])
    redaction.apply_to(dataset)
    check_pixels(before, image, dataset, redaction)
    jpeg = bytes(imagecodecs.jpegxl_decode_jpeg(image_of(dataset).encoded_frame(0), numthreads=1))
    assert jpeg.startswith(b"\xff\xd8\xff")
    assert image_of(dataset).encoded_frame(1) == image.encoded_frame(1)


def test_samples_are_not_legal_where_only_jpeg_streams_are(make: Any) -> None:
    dataset = make.coded([make.encoder(LOSSLESS, 8)(slope(16, 16))], (16, 16), RECOMPRESSED)
    with pytest.raises(InstanceError) as refused:
        image_of(dataset).decode(0)
    assert refused.value.reason is Reason.UNDECODABLE_PIXELS


def test_comments_of_a_recompressed_jpeg_are_handed_out(make: Any) -> None:
    jpeg = bytes(imagecodecs.jpeg8_encode(slope(16, 16)))
    frame = bytes(imagecodecs.jpegxl_encode_jpeg(jpeg[:2] + b"\xff\xfe\x00\x06text" + jpeg[2:]))
    assert b"text" in image_of(make.coded([frame], (16, 16), RECOMPRESSED)).metadata(0)


def test_boxes_beside_the_picture_are_handed_out(make: Any) -> None:
    frame = bytes(imagecodecs.jpegxl_encode(slope(16, 16), lossless=True, usecontainer=True))
    assert image_of(make.coded([frame], (16, 16), LOSSLESS)).metadata(0) == ()
    with_text = frame + b"\0\0\0\x0cxml text"
    assert image_of(make.coded([with_text], (16, 16), LOSSLESS)).metadata(0) == (b"xml text",)
    with pytest.raises(InstanceError):
        image_of(make.coded([frame + b"\0\0\0\x0cbrobxml "], (16, 16), LOSSLESS)).metadata(0)


@pytest.mark.parametrize("container", [True, False])
@pytest.mark.parametrize("kind", ["u1", "u2"])
def test_nothing_may_stand_behind_the_codestream(make: Any, kind: str, container: bool) -> None:
    frame = bytes(imagecodecs.jpegxl_encode(slope(16, 16, kind=kind), lossless=True, usecontainer=container))
    attributes = {"BitsAllocated": 16, "BitsStored": 16} if kind == "u2" else {}
    assert image_of(make.coded([frame + b"\0"], (16, 16), LOSSLESS, **attributes)).metadata(0) == ()
    with pytest.raises(InstanceError):
        image_of(make.coded([frame + b"SMITH^JOHN 1950"], (16, 16), LOSSLESS, **attributes)).metadata(0)


def test_an_xyb_image_is_rgb_once_it_is_redacted(make: Any) -> None:
    frame = make.encoder(LOSSY, 8)(slope(32, 32, 3))
    dataset = make.coded([frame], (32, 32, 3), LOSSY, PhotometricInterpretation="XYB")
    redact(dataset, image_of(dataset), [Region(Box(0, 0, 9, 9), range(1), ())]).apply_to(dataset)
    assert dataset.PhotometricInterpretation == "RGB"
    assert not image_of(dataset).decode(0)[:9, :9].any()


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_broken_streams_are_refused(make: Any, data: st.DataObject) -> None:
    syntax = data.draw(st.sampled_from([LOSSLESS, RECOMPRESSED]))
    frame = bytearray(make.encoder(syntax, 8)(slope(40, 24)))
    for _ in range(data.draw(st.integers(1, 6))):
        frame[data.draw(st.integers(0, len(frame) - 1))] = data.draw(st.integers(0, 255))
    damaged = bytes(frame[: data.draw(st.integers(2, len(frame)))])
    image = image_of(make.coded([damaged], (40, 24), syntax))
    with suppress(InstanceError):
        assert image.decode(0).shape == (40, 24)
        image.metadata(0)
