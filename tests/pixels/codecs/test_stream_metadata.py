"""What codestreams carry beside their pixels is handed out, so that it can be looked into."""

from __future__ import annotations

import struct
from typing import Any

import imagecodecs
import numpy as np
import pytest

from deid.errors import InstanceError
from deid.pixels.frames.image import PixelImage

JPEG, LOSSLESS, JPEG_LS = (f"1.2.840.10008.1.2.4.{last}" for last in (50, 70, 80))
RLE, JPEG_2000, JPEG_XL, DEFLATED = (f"1.2.840.10008.1.2.{last}" for last in ("5", "4.90", "4.110", "8.1"))
SECRET = b"SMITH^JOHN"


def coded(make: Any, syntax: str) -> bytes:
    array = np.zeros((16, 16), "u1")
    return bytes(imagecodecs.jpeg8_encode(array)) if syntax == JPEG else bytes(make.encoder(syntax, 8)(array))


def metadata(make: Any, frame: bytes, syntax: str) -> tuple[bytes, ...]:
    image = PixelImage.of(make.coded([frame], (16, 16), syntax))
    assert image is not None
    image.decode(0)
    return image.metadata(0)


@pytest.mark.parametrize("syntax", [JPEG, LOSSLESS, JPEG_LS])
def test_jpeg_comments_and_application_data(make: Any, syntax: str) -> None:
    array = np.zeros((16, 16), "u1")
    frame = bytes(imagecodecs.jpeg8_encode(array)) if syntax == JPEG else make.encoder(syntax, 8)(array)
    assert metadata(make, frame, syntax) == ()
    segments = b"\xff\xfe\x00\x06text\xff\xe1\x00\x06Exif"
    assert metadata(make, frame[:2] + segments + frame[2:], syntax) == (b"text", b"Exif")


def test_jpeg_2000_comments(make: Any) -> None:
    frame = make.encoder(JPEG_2000, 8)(np.zeros((16, 16), "u1"))
    place = frame.index(b"\xff\x52")
    commented = frame[:place] + b"\xff\x64\x00\x08\x00\x01text" + frame[place:]
    assert b"\x00\x01text" in metadata(make, commented, JPEG_2000)


def test_jp2_files_hand_out_what_is_around_the_codestream(make: Any) -> None:
    frame = bytes(imagecodecs.jpeg2k_encode(np.zeros((16, 16), "u1"), codecformat="jp2", resolutions=3))
    assert b"ftyp" in metadata(make, frame, JPEG_2000)[0]


@pytest.mark.parametrize("syntax", [JPEG, LOSSLESS, JPEG_LS, JPEG_2000])
@pytest.mark.parametrize("padding", [b"", b"\0\0", b"\xff" * 6, b"\xff\xd9\0\0"])
def test_padding_behind_the_image_is_nothing(make: Any, syntax: str, padding: bytes) -> None:
    assert SECRET not in b"".join(metadata(make, coded(make, syntax) + padding, syntax))


@pytest.mark.parametrize("slack", [b"\0E\x14QE", b"\xd3\x0c\x99\xfa", b"\0\0\0\x14QE\x14", b"\x7f\xd9\0\0("])
def test_a_few_bytes_of_the_encoders_buffer_are_padding(make: Any, slack: bytes) -> None:
    """Some fill frames up to four or eight bytes with whatever stood there."""
    assert metadata(make, coded(make, JPEG) + slack, JPEG) == ()
    for text in (b"SMITH", b"\0\0SMIT", b"S\0M\0I\0T"):
        with pytest.raises(InstanceError, match="behind its end"):
            metadata(make, coded(make, JPEG) + text, JPEG)


@pytest.mark.parametrize("syntax", [JPEG, LOSSLESS, JPEG_LS, JPEG_2000, JPEG_XL, DEFLATED])
def test_nothing_may_stand_behind_the_image(make: Any, syntax: str) -> None:
    frame = coded(make, syntax)
    for surplus in (SECRET, b"\0\0" + SECRET, frame):
        with pytest.raises(InstanceError, match="behind its end"):
            metadata(make, frame + surplus, syntax)


def test_a_second_picture_in_the_fragments_of_one_frame_is_refused(make: Any) -> None:
    frame = coded(make, JPEG)
    dataset = make.coded([frame, frame], (16, 16), JPEG)
    dataset.NumberOfFrames = 1
    image = PixelImage.of(dataset)
    assert image is not None
    with pytest.raises(InstanceError, match="behind its end"):
        image.metadata(0)


@pytest.mark.parametrize("measured", [True, False])
def test_jpeg_2000_comments_of_tile_parts(make: Any, measured: bool) -> None:
    frame = coded(make, JPEG_2000)
    start = frame.index(b"\xff\x90")
    comment = b"\xff\x64\x00\x08\x00\x01text"
    length = len(frame) - 2 - start + len(comment) if measured else 0
    head = frame[: start + 6] + length.to_bytes(4, "big") + frame[start + 10 : start + 12]
    commented = head + comment + frame[start + 12 :]
    assert b"\x00\x01text" in metadata(make, commented, JPEG_2000)
    with pytest.raises(InstanceError, match="behind its end"):
        metadata(make, commented + SECRET, JPEG_2000)


def test_jp2_files_hand_out_what_follows_the_codestream(make: Any) -> None:
    frame = bytes(imagecodecs.jpeg2k_encode(np.zeros((16, 16), "u1"), codecformat="jp2", resolutions=3))
    box = (8 + len(SECRET)).to_bytes(4, "big") + b"xml " + SECRET
    place = frame.index(b"jp2c") - 4
    measured = frame[:place] + (len(frame) - place).to_bytes(4, "big") + frame[place + 4 :]
    assert SECRET in b"".join(metadata(make, measured + box, JPEG_2000))


def test_nothing_may_stand_behind_a_segment_of_rle(make: Any) -> None:
    varied = np.arange(256, dtype="u1").reshape(16, 16)
    for frame in (coded(make, RLE), bytes(make.encoder(RLE, 8)(varied))):
        for surplus in (b"", b"\0", b"\0\0", b"\x80\0"):
            assert metadata(make, frame + surplus, RLE) == ()
        for surplus in (SECRET, b"\0\0" + SECRET, b"\x09" + SECRET, frame):
            with pytest.raises(InstanceError, match="behind its end"):
                metadata(make, frame + surplus, RLE)


def test_the_last_run_of_rle_may_not_go_on_behind_the_frame(make: Any) -> None:
    header = struct.pack("<16I", 1, 64, *[0] * 14)
    exact = header + b"\x81\0" + b"\x7f" + bytes(128 - len(SECRET) - 1) + SECRET + b"!"
    assert metadata(make, exact, RLE) == ()  # 128 repeated and 128 copied bytes are the 256 of the frame
    hidden = header + b"\x81\0" + b"\xa0\0" + b"\x7f" + bytes(31) + SECRET + bytes(87)
    with pytest.raises(InstanceError, match="behind its end"):
        metadata(make, hidden, RLE)


@pytest.mark.parametrize("table", [True, False])
def test_a_second_frame_of_rle_that_number_of_frames_denies_is_refused(make: Any, table: bool) -> None:
    frame = coded(make, RLE)
    dataset = make.coded([frame, frame], (16, 16), RLE)
    dataset.NumberOfFrames = 1
    if not table:
        dataset.PixelData = b"\xfe\xff\x00\xe0\0\0\0\0" + dataset.PixelData[8 + dataset.PixelData[4] :]
    image = PixelImage.of(dataset)
    assert image is not None
    with pytest.raises(InstanceError, match="behind its end"):
        image.decode(0)
