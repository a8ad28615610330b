"""Coded frames that were damaged on the way: each ends in an outcome within the limits, and costs no other."""

from __future__ import annotations

import json
import time
import zlib
from typing import TYPE_CHECKING, Any

import imagecodecs
import jpeg_ls
import numpy as np
import pytest
from rle import rle

from deid.errors import ExitCode
from tests.scenarios.conftest import deid
from tests.scenarios.screens import screen, write_screen

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

pytestmark = pytest.mark.slow
PROFILE = """extends: basic
pixels: {mode: regions-only}
devices: [all.yaml]
"""
DEVICES = """devices:
  - name: every screen
    when: {Modality: OT}
    regions: [[10, 10, 90, 60]]
"""
LIMIT = 20


def deflate(frame: Any) -> bytes:
    deflater = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return deflater.compress(np.ascontiguousarray(frame).tobytes()) + deflater.flush()


ENCODERS: dict[str, Callable[[Any], bytes]] = {
    "1.2.840.10008.1.2.5": lambda a: bytes(rle.encode_frame(a.tobytes(), *a.shape, 1, 8, "<")),
    "1.2.840.10008.1.2.4.50": lambda a: bytes(imagecodecs.jpeg8_encode(a, 90)),
    "1.2.840.10008.1.2.4.70": lambda a: bytes(imagecodecs.jpeg8_encode(a, lossless=True, predictor=1)),
    "1.2.840.10008.1.2.4.80": lambda a: bytes(jpeg_ls.encode_buffer(a.tobytes(), *a.shape, 1, 8, lossy_error=0)),
    "1.2.840.10008.1.2.4.90": lambda a: bytes(imagecodecs.jpeg2k_encode(a, codecformat="j2k", reversible=True)),
    "1.2.840.10008.1.2.4.201": lambda a: bytes(imagecodecs.htj2k_encode(a, reversible=True)),
    "1.2.840.10008.1.2.4.110": lambda a: bytes(imagecodecs.jpegxl_encode(a, lossless=True)),
    "1.2.840.10008.1.2.8.1": deflate,
}


def damaged(stream: bytes, random: np.random.Generator) -> bytes:
    """Some bytes changed; now and then cut off, or a part left out."""
    data = bytearray(stream)
    for place in random.integers(0, len(data), random.integers(1, 12)):
        data[place] = random.integers(0, 256)
    start, stop = sorted(random.integers(0, len(data), 2).tolist())
    match random.integers(0, 4):
        case 0:
            del data[start:]
        case 1:
            del data[start:stop]
        case _:
            pass
    return bytes(data) or b"\0"


def always(stream: bytes) -> Callable[[Any], bytes]:
    return lambda _: stream


def test_damaged_frames_cost_only_themselves(tmp_path: Path) -> None:
    source = tmp_path / "in"
    source.mkdir()
    random = np.random.default_rng(7)
    picture = screen()
    for number, (syntax, encode) in enumerate(ENCODERS.items()):
        stream = encode(picture)
        write_screen(source / f"{number}-whole.dcm", [picture], syntax, always(stream))
        for copy in range(8):
            write_screen(source / f"{number}-{copy}.dcm", [picture], syntax, always(damaged(stream, random)))
    (tmp_path / "mine.yaml").write_text(PROFILE)
    (tmp_path / "all.yaml").write_text(DEVICES)
    assert deid("keys", "new", "--key-file", tmp_path / "key").returncode == 0
    arguments = ("-p", tmp_path / "mine.yaml", "--key-file", tmp_path / "key", "--time-limit", LIMIT, "--quiet")
    start = time.monotonic()
    process = deid("run", source, tmp_path / "out", *arguments)
    assert process.returncode == ExitCode.INCOMPLETE
    assert time.monotonic() - start < LIMIT * 10
    log = (tmp_path / "out" / "deid-audit.jsonl").read_text().splitlines()
    outcomes = [line["outcome"] for line in map(json.loads, log) if line["type"] == "instance"]
    assert len(outcomes) == len(ENCODERS) * 9
    assert outcomes.count("released") >= len(ENCODERS), "the whole ones, and those in which only pixels differ"
    assert not [line for line in map(json.loads, log) if line.get("reason") == "internal-error"]
    assert len(list((tmp_path / "out").rglob("*.dcm"))) == outcomes.count("released")
