"""Encapsulated pixel data: which fragments make which frame, and what is written back."""

from __future__ import annotations

import struct
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydicom.encaps import encapsulate, encapsulate_extended, generate_frames, parse_basic_offsets

from deid.errors import InstanceError, Reason
from deid.pixels.codecs.fragments import EncapsulatedFrames
from deid.pixels.frames.image import PixelImage
from deid.pixels.redaction.redact import redact
from deid.plan import Box, Region

RLE = "1.2.840.10008.1.2.5"
streams = st.binary(min_size=5, max_size=40).map(lambda b: b"\xff\xd8\xff" + b)
frame_lists = st.lists(streams, min_size=1, max_size=5)


def padded(frame: bytes) -> bytes:
    return frame + b"\0" * (len(frame) % 2)


@given(frames=frame_lists, pieces=st.integers(1, 2), table=st.booleans())
def test_frames_are_found_and_kept(frames: list[bytes], pieces: int, table: bool) -> None:
    value = encapsulate(frames, fragments_per_frame=pieces, has_bot=table)
    found = EncapsulatedFrames(value, len(frames))
    assert [found.frame(index) for index in range(len(found))] == [padded(frame) for frame in frames]
    assert found.rebuilt({}).value == value


@given(frames=frame_lists, table=st.booleans(), data=st.data())
def test_changed_frames_get_their_place(frames: list[bytes], table: bool, data: st.DataObject) -> None:
    changed = data.draw(st.dictionaries(st.integers(0, len(frames) - 1), streams))
    value = encapsulate(frames, fragments_per_frame=2, has_bot=table)
    rebuilt = EncapsulatedFrames(value, len(frames)).rebuilt(changed).value
    expected = [padded(changed.get(index, frame)) for index, frame in enumerate(frames)]
    again = EncapsulatedFrames(rebuilt, len(frames))
    assert [again.frame(index) for index in range(len(frames))] == expected
    if table:
        assert list(generate_frames(rebuilt, number_of_frames=len(frames))) == expected
    offsets = parse_basic_offsets(rebuilt)
    assert len(offsets) == (len(frames) if table else 0)
    for offset, frame in zip(offsets, expected, strict=False):
        start = 8 + 4 * len(offsets) + offset
        assert rebuilt[start : start + 4] == b"\xfe\xff\x00\xe0"
        assert rebuilt[start + 8 :].startswith(frame[:3])


def test_extended_offset_tables_are_rebuilt(make: Any) -> None:
    random = np.random.default_rng(1)
    encode = make.encoder(RLE, 8)
    frames = [encode(random.integers(0, 255, (9, 9)).astype("u1")) for _ in range(3)]
    dataset = make.coded(frames, (9, 9), RLE)
    dataset.PixelData, dataset.ExtendedOffsetTable, dataset.ExtendedOffsetTableLengths = encapsulate_extended(frames)
    before = PixelImage.of(dataset)
    assert before is not None
    redact(dataset, before, [Region(Box(0, 0, 9, 9), range(1, 2), ())]).apply_to(dataset)
    after = PixelImage.of(dataset)
    assert after is not None
    offsets, lengths = (
        struct.unpack("<3Q", table) for table in (dataset.ExtendedOffsetTable, dataset.ExtendedOffsetTableLengths)
    )
    for index, (offset, length) in enumerate(zip(offsets, lengths, strict=True)):
        start = 8 + offset + 8
        assert padded(dataset.PixelData[start : start + length]) == after.encoded_frame(index)
    assert np.unique(after.decode(1)).tolist() == [0]
    assert after.encoded_frame(2) == before.encoded_frame(2)
    assert dataset["PixelData"].VR == "OB"
    assert dataset["PixelData"].is_undefined_length


@pytest.mark.parametrize(
    ("value", "frames", "reason"),
    [
        (encapsulate([b"ab", b"cd"]), 3, Reason.TRUNCATED),
        (encapsulate([b"ab", b"cd", b"ef"], has_bot=False), 2, Reason.MALFORMED),
        (encapsulate([b"abcd"])[:-1], 1, Reason.TRUNCATED),
        (b"\xfe\xff\x00\xe0\0\0\0\0", 1, Reason.TRUNCATED),
        (b"", 1, Reason.TRUNCATED),
        (b"\1" * 20, 1, Reason.MALFORMED),
        (b"\xfe\xff\x00\xe0\x03\0\0\0abc\xfe\xff\x00\xe0\x02\0\0\0xy", 1, Reason.MALFORMED),
    ],
)
def test_broken_items(value: bytes, frames: int, reason: Reason) -> None:
    with pytest.raises(InstanceError) as caught:
        EncapsulatedFrames(value, frames)
    assert caught.value.reason is reason


@given(value=st.binary(max_size=80), frames=st.integers(1, 4))
def test_anything_ends_in_frames_or_an_instance_error(value: bytes, frames: int) -> None:
    try:
        found = EncapsulatedFrames(b"\xfe\xff\x00\xe0" + value, frames)
    except InstanceError:
        return
    assert len(found) == frames


def test_tables_that_hold_something_else_than_offsets_are_refused() -> None:
    frames = [b"\xff\xd8\xff" + bytes(41), b"\xff\xd8\xff" + bytes(41)]
    value = encapsulate(frames, has_bot=False)
    text = b"SMITH^JOHN".ljust(16)
    with pytest.raises(InstanceError, match="beyond the pixel data"):
        EncapsulatedFrames(b"\xfe\xff\x00\xe0\x10\0\0\0" + text + value[8:], 2)
    for tables in ((text, bytes(16)), (bytes(16), text)):
        with pytest.raises(InstanceError, match="beyond the pixel data"):
            EncapsulatedFrames(value, 2, *tables)


def test_tables_of_writers_that_miscount_are_let_be() -> None:
    """They count a byte more for each fragment, and the end as a further frame; the fragments tell the frames."""
    frames = [b"\xff\xd8\xff" + bytes(41), b"\xff\xd8\xff" + bytes(41)]
    value = encapsulate(frames, has_bot=False)
    table = struct.pack("<3I", 0, 53, 106)
    found = EncapsulatedFrames(b"\xfe\xff\x00\xe0\x0c\0\0\0" + table + value[8:], 2)
    assert [found.frame(0), found.frame(1)] == frames


@pytest.mark.parametrize("native", [True, False])
def test_extended_tables_without_fragments_are_refused(make: Any, native: bool) -> None:
    dataset = make.coded([b"\xff\xd8\xff"], (9, 9), RLE)
    dataset.ExtendedOffsetTable = b"SMITH^JOHN".ljust(16)
    if native:
        dataset.file_meta.TransferSyntaxUID = "1.2.840.10008.1.2.1"
    else:
        del dataset.PixelData
    with pytest.raises(InstanceError, match="without encapsulated"):
        PixelImage.of(dataset)
