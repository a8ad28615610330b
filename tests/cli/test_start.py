"""The first second of a command."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import nullcontext
from typing import TYPE_CHECKING

import pytest

from deid.batch.workers.nursery import Nursery
from deid.cli.early import nursery_for
from deid.errors import ExitCode

if TYPE_CHECKING:
    from pathlib import Path


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
from deid.pixels.frames.image import PixelImage
for name in ("CT_small.dcm", "JPEG2000.dcm", "SC_rgb_rle.dcm", "SC_rgb_jpeg_dcmtk.dcm"):
    image = PixelImage.of(pydicom.dcmread(pydicom.data.get_testdata_file(name, download=False)))
    print(image.decode(0).shape)
"""
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert ended.stdout == "(128, 128)\n(1024, 256)\n(100, 100, 3)\n(100, 100, 3)\n"


def test_workers_load_while_the_command_line_is_read_if_it_will_want_some(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Nursery, "is_possible", lambda: True)
    with nursery_for(["run", "in", "out"]) as nursery:
        assert nursery is not None
    for arguments in ([], ["inspect", "a.dcm"], ["run", "--help"], ["run", "in", "out", "--scheduler=tcp://a:1"]):
        with nursery_for(arguments) as nursery:
            assert nursery is None
    monkeypatch.setattr(Nursery, "is_possible", lambda: False)
    assert isinstance(nursery_for(["run", "in", "out"]), nullcontext)


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["IN"], ExitCode.USAGE, "Missing argument 'OUT'"),
        (["missing", "OUT"], ExitCode.INPUT_OUTPUT, "missing"),
        (["IN", "OUT", "--profile", "basics"], ExitCode.PROFILE, "did you mean basic?"),
        (["IN", "OUT", "--key-file", "missing"], ExitCode.KEY, "missing"),
    ],
)
def test_a_command_that_comes_to_nothing_leaves_no_process(
    arguments: list[str], code: ExitCode, said: str, tmp_path: Path
) -> None:
    (tmp_path / "IN").mkdir()
    named = [str(tmp_path / one) if one in {"IN", "OUT"} else one for one in arguments]
    command = [sys.executable, "-m", "deid", "run", *named]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, start_new_session=True) as process:
        _, errors = process.communicate(timeout=60)
    assert process.returncode == code
    assert said in errors
    with pytest.raises(ProcessLookupError):
        os.killpg(process.pid, 0)
    assert not (tmp_path / "OUT").exists()


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
def test_streams_that_are_handed_over_closed_are_no_hindrance(tmp_path: Path, closed: str) -> None:
    """As of a cron job or a service. What takes their numbers then must not be a file of OUT."""
    code = """
import os, sys
from deid.cli.early import open_standard_streams
open_standard_streams()
print("said", flush=True)
print("said", file=sys.stderr, flush=True)
numbers = [os.open(sys.argv[1], os.O_RDWR | os.O_CREAT) for _ in range(2)]
os.write(1, b"said"), os.write(2, b"said")
raise SystemExit(0 if min(numbers) > 2 and not os.path.getsize(sys.argv[1]) else 5)
"""
    command = f'exec "$0" -c "$1" "$2" {closed}'
    ended = subprocess.run(["sh", "-c", command, sys.executable, code, tmp_path / "file"], check=False, timeout=60)
    assert ended.returncode == 0
    shown = subprocess.run(["sh", "-c", f'exec "$0" -m deid --version {closed}', sys.executable], check=False)
    assert shown.returncode == 0


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no device that is full")  # noqa: PTH110
@pytest.mark.parametrize("arguments", ["profiles list", "profiles schema"])
def test_an_output_that_is_full_is_named(arguments: str) -> None:
    command = f'exec "$0" -m deid {arguments} > /dev/full'
    ended = subprocess.run(
        ["sh", "-c", command, sys.executable], capture_output=True, text=True, check=False, timeout=60
    )
    assert ended.returncode == ExitCode.INPUT_OUTPUT
    assert "output can't be written (No space left on device)" in ended.stderr
    assert "internal error" not in ended.stderr
