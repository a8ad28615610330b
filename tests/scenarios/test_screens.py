"""A burned-in name goes, and nothing else, whatever way the pixels are stored."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING, Any

import imagecodecs
import numpy as np
import pytest

from deid.identity.key import Key
from deid.instance import Deidentifier, Timings
from deid.pixels.frames.image import PixelImage
from deid.profile import load_profile
from deid.reading import parse_instance
from tests.scenarios.screens import LABEL, NAME, screen, write_screen

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def deidentifier() -> Deidentifier:
    return Deidentifier(load_profile("basic"), Key.generate())


def deflated(frame: Any) -> bytes:
    deflater = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return deflater.compress(np.ascontiguousarray(frame).tobytes()) + deflater.flush()


@pytest.mark.parametrize(("syntax", "encode"), [
    ("1.2.840.10008.1.2.4.110", lambda frame: imagecodecs.jpegxl_encode(frame, lossless=True)),
    ("1.2.840.10008.1.2.4.111", lambda frame: imagecodecs.jpegxl_encode_jpeg(imagecodecs.jpeg8_encode(frame, 95))),
    ("1.2.840.10008.1.2.8.1", deflated),
])  # fmt: skip
def test_a_syntax_that_pydicom_does_not_know(
    deidentifier: Deidentifier, tmp_path: Path, syntax: str, encode: Any
) -> None:
    write_screen(tmp_path / "a.dcm", [screen(), screen(lines=[])], syntax, encode)
    done = deidentifier.deidentify(tmp_path / "a.dcm", Timings())
    released = parse_instance(done.data)
    assert released.file_meta.TransferSyntaxUID == syntax
    after = PixelImage.of(released)
    before = PixelImage.of(done.original)
    assert after is not None
    assert before is not None
    assert not after.decode(0)[NAME[1] + 4 : NAME[1] + 16, NAME[0] : NAME[0] + 100].any()
    label = np.s_[LABEL[1] :, LABEL[0] : LABEL[0] + 150]
    assert np.array_equal(after.decode(0)[label], before.decode(0)[label])
    assert after.encoded_frame(1) == before.encoded_frame(1)
