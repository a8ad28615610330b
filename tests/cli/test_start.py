"""The first second of a command."""

from __future__ import annotations

import subprocess
import sys

import pytest

from deid.errors import ExitCode


@pytest.mark.parametrize("loading", ["deid.loading.load_pydicom_for_headers", "deid.cli.app.make_app"])
def test_ctrl_c_while_the_command_loads_ends_it_with_one_line(loading: str) -> None:
    module = loading.rpartition(".")[0]
    code = f"""
import os, signal, sys, {module}, deid.cli
{loading} = lambda *_: os.kill(os.getpid(), signal.SIGINT)
sys.argv = ["deid", "run", "in", "out"]
signal.signal(signal.SIGINT, signal.default_int_handler)
deid.cli.main()
"""
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=60)
    assert ended.returncode == ExitCode.INTERRUPTED
    assert ended.stderr == "deid: interrupted\n"
    assert not ended.stdout


def test_pixels_are_decoded_though_pydicom_was_loaded_for_headers() -> None:
    code = """
from deid.loading import load_pydicom_for_headers
load_pydicom_for_headers()
import pydicom.data
from deid.pixels.image import PixelImage
for name in ("CT_small.dcm", "JPEG2000.dcm", "SC_rgb_rle.dcm", "SC_rgb_jpeg_dcmtk.dcm"):
    image = PixelImage.of(pydicom.dcmread(pydicom.data.get_testdata_file(name, download=False)))
    print(image.decode(0).shape)
"""
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert ended.stdout == "(128, 128)\n(1024, 256)\n(100, 100, 3)\n(100, 100, 3)\n"
