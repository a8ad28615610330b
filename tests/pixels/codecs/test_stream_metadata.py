"""What codestreams carry beside their pixels is handed out, so that it can be looked into."""

from __future__ import annotations

from typing import Any

import imagecodecs
import numpy as np
import pytest

from deid.pixels.image import PixelImage

JPEG, LOSSLESS, JPEG_LS = (f"1.2.840.10008.1.2.4.{last}" for last in (50, 70, 80))
JPEG_2000 = "1.2.840.10008.1.2.4.90"


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
