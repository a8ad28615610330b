"""A run that is killed or stopped leaves whole, verified files or none, and goes on when it is started again."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest

from deid.errors import ExitCode
from tests.scenarios.conftest import deid
from tests.scenarios.soak import files, size, write_night

if TYPE_CHECKING:
    from pathlib import Path

KILLS = 20
FILES = 1000
SECONDS_TO_END = 60


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("stopped") / "in"
    write_night(folder, FILES)
    return folder


def started(source: Path, out: Path, key_file: Path) -> subprocess.Popen[bytes]:
    """A run that has finished something, and has more to do."""
    command = [sys.executable, "-m", "deid", "run", source, out, "--no-pixels", "--key-file", key_file, "--json"]
    process = subprocess.Popen(
        list(map(str, command)), stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True
    )
    log = out / "deid-audit.jsonl"
    while not any(out.rglob("*.dcm")) and process.poll() is None:
        time.sleep(0.002)
    first = size(log)
    # The lines of the second batch are written when the first is recorded.
    while size(log) == first and process.poll() is None:
        time.sleep(0.002)
    return process


def audit(out: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (out / "deid-audit.jsonl").read_text().splitlines()]


def recorded(out: Path) -> int:
    """How many instances the ledger of a killed run calls finished; the next run takes back what it does not know."""
    with closing(sqlite3.connect(out / ".deid/ledger.sqlite")) as ledger:
        return int(ledger.execute("SELECT count(*) FROM releases").fetchone()[0])


def assert_recorded(out: Path) -> None:
    assert {line["name"] for line in audit(out) if line.get("outcome") == "released"} == set(files(out))
    assert not (out / ".deid/staging").exists()


def test_killed_at_twenty_moments() -> None:
    command = [sys.executable, "-m", "tests.scenarios.soak", str(KILLS), "20261121"]
    process = subprocess.run(command, capture_output=True, text=True, check=False)
    assert process.returncode == 0, process.stderr
    events = {event: int(count) for count, event in (line.split(maxsplit=1) for line in process.stdout.splitlines())}
    assert events["runs killed"] == KILLS
    assert events["kills in the midst of the work"] > KILLS / 4  # on a busy machine many come before the work
    assert events["nights that came to their end"]


def test_killed_and_run_again(source: Path, key_file: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    process = started(source, out, key_file)
    process.kill()
    process.communicate()
    finished = recorded(out)
    assert 0 < finished <= len(files(out)) < FILES
    again = deid("run", source, out, "--no-pixels", "--key-file", key_file, "--json")
    assert again.returncode == ExitCode.INCOMPLETE, again.stderr  # the night holds files that are cut short
    summary = json.loads(again.stdout)
    assert summary["outcomes"]["released"] == len(files(out)) == FILES
    assert summary["earlier"] >= finished
    assert_recorded(out)
    assert [line["type"] for line in audit(out) if line["type"] != "instance"] == ["run", "run", "summary"]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP], ids=["terminated", "hung-up"])
def test_stopped_in_an_orderly_way(source: Path, key_file: Path, tmp_path: Path, number: signal.Signals) -> None:
    out = tmp_path / "out"
    process = started(source, out, key_file)
    before = size(out / "deid-audit.jsonl")
    signal_all(process, number)
    output, message = process.communicate(timeout=SECONDS_TO_END)
    assert process.returncode == ExitCode.STOPPED, message
    summary = audit(out)[-1]
    assert (summary["type"], summary["complete"]) == ("summary", False)
    assert summary["outcomes"] == json.loads(output)["outcomes"]
    assert summary["outcomes"]["failed"] == 0, "an instance at work was not finished"
    assert size(out / "deid-audit.jsonl") > before
    assert_recorded(out)


def signal_all(process: subprocess.Popen[bytes], number: signal.Signals) -> None:
    """As a service manager or a terminal does: to the run and to its workers."""
    os.killpg(process.pid, number)


def test_interrupted_by_the_keyboard(source: Path, key_file: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    process = started(source, out, key_file)
    signal_all(process, signal.SIGINT)
    _, message = process.communicate(timeout=SECONDS_TO_END)
    assert process.returncode == ExitCode.INTERRUPTED, message
    assert b"run the same command again" in message
    assert audit(out)[-1]["complete"] is False
    assert_recorded(out)
