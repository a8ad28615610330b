"""A run that is killed or stopped leaves whole, verified files or none, and no process behind."""

from __future__ import annotations

import json
import random
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pydicom.data
import pytest
from pydicom import dcmread
from pydicom.uid import generate_uid

from deid.errors import ExitCode

if TYPE_CHECKING:
    from pathlib import Path

KILLS = 12
FILES = 1500
NAME = "Featherstonehaugh^Marjoribanks"


@pytest.fixture(scope="module")
def night(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of small instances of one patient."""
    folder = tmp_path_factory.mktemp("night")
    dataset = dcmread(str(pydicom.data.get_testdata_file("CT_small.dcm", download=False)))
    dataset.PatientName = NAME
    for number in range(FILES):
        dataset.SOPInstanceUID = dataset.file_meta.MediaStorageSOPInstanceUID = generate_uid()
        dataset.save_as(folder / f"{NAME}-{number}.dcm")
    return folder


def start(night: Path, out: Path, key_file: Path) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "deid", "run", str(night), str(out), "--no-pixels", "--key-file", str(key_file)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def wait_for(condition: Path, process: subprocess.Popen[bytes]) -> None:
    while not condition.exists() and process.poll() is None:
        time.sleep(0.01)


def released(out: Path) -> list[Path]:
    return sorted(out.rglob("*.dcm"))


def assert_clean(out: Path) -> None:
    for path in out.rglob("*"):
        assert "Feather" not in path.name
        if path.is_file():
            assert b"eatherstonehaugh" not in path.read_bytes()
    for path in released(out):
        assert dcmread(path).PatientIdentityRemoved == "NO"  # header only: burned-in text was not looked at


@pytest.fixture(scope="module")
def key_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("key") / "key"
    subprocess.run([sys.executable, "-m", "deid", "keys", "new", "--key-file", str(path)], check=True)
    return path


def test_killed_at_any_moment(night: Path, key_file: Path, tmp_path: Path) -> None:
    randomness = random.Random(20261121)  # noqa: S311 - moments, not secrets
    interrupted = 0
    for kill in range(KILLS):
        out = tmp_path / f"out{kill}"
        process = start(night, out, key_file)
        wait_for(out / "deid-audit.jsonl", process)
        time.sleep(randomness.uniform(0.0, 3.0))
        process.kill()
        process.communicate()
        assert_clean(out)
        interrupted += 0 < len(released(out)) < FILES
        again = start(night, out, key_file)
        _, message = again.communicate()
        assert again.returncode == ExitCode.INPUT_OUTPUT
        assert b"not empty" in message
        assert not (out / ".deid-staging").exists()
    assert interrupted, "no kill fell into the work itself"


def test_stopped_by_a_service_manager(night: Path, key_file: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    process = start(night, out, key_file)
    wait_for(out / "deid-audit.jsonl", process)
    while not released(out) and process.poll() is None:
        time.sleep(0.01)
    process.send_signal(signal.SIGTERM)
    _, message = process.communicate()
    assert process.returncode == ExitCode.INTERRUPTED, message
    lines = [json.loads(line) for line in (out / "deid-audit.jsonl").read_text().splitlines()]
    assert lines[-1]["type"] == "summary"
    assert lines[-1]["complete"] is False
    recorded = {line["name"] for line in lines if line.get("outcome") == "released"}
    assert recorded == {path.relative_to(out).as_posix() for path in released(out)}
    assert not (out / ".deid-staging").exists()
