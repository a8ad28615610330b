"""A full run looks nothing up and sends nothing: every socket is refused, and the home folder can't be written."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pydicom.data
import pytest

from deid.errors import ExitCode
from tests.scenarios.conftest import deid

pytestmark = pytest.mark.slow

# Run by Python at start-up, in the command and in each of its workers that is not forked.
GUARD = """
import os, socket, sys

def refuse(event, arguments):
    if event in ("socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto"):
        address = arguments[1] if event == "socket.connect" else arguments[0]
        with open(os.environ["DEID_TEST_CALLS"], "a") as calls:
            calls.write(f"{event} {address!r}\\n")
        raise OSError("no network in this test")

def guard():
    with open(os.environ["DEID_TEST_CALLS"] + ".guarded", "a") as guarded:
        guarded.write("x")

sys.addaudithook(refuse)
guard()
# What is forked keeps the hook.
os.register_at_fork(after_in_child=guard)
"""


def test_a_full_run_needs_no_network_and_no_home(tmp_path: Path, key_file: Path) -> None:
    (tmp_path / "guard").mkdir()
    (tmp_path / "guard/sitecustomize.py").write_text(GUARD)
    source = tmp_path / "in"
    source.mkdir()
    for name in ("CT_small.dcm", "examples_rgb_color.dcm"):
        shutil.copy(str(pydicom.data.get_testdata_file(name, download=False)), source)
    calls = tmp_path / "calls"
    path = os.pathsep.join([str(tmp_path / "guard"), *filter(None, [os.environ.get("PYTHONPATH"), str(Path.cwd())])])
    environment = {**os.environ, "PYTHONPATH": path, "HOME": "/proc/nowhere", "DEID_TEST_CALLS": str(calls)}
    for name in ("XDG_CACHE_HOME", "XDG_CONFIG_HOME"):
        environment.pop(name, None)
    process = deid("run", source, tmp_path / "out", "--key-file", key_file, env=environment)
    assert process.returncode == ExitCode.OK, process.stderr
    assert not calls.exists(), calls.read_text()
    # The command and its workers, not just one of them.
    assert len((tmp_path / "calls.guarded").read_text()) >= 2
