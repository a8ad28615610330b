"""A Dask cluster: the same files as on one machine, whatever dies, and nothing of a patient where others can look."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

from deid.errors import ExitCode
from tests.scenarios.conftest import deid
from tests.scenarios.soak import files, outcomes, size, write_night

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FILES = 120
WORKERS = 2
SECONDS = 120.0
DASK = (sys.executable, "-c", "from dask.__main__ import main; main()")
LOOK = """
import pickle
from distributed import Client

def tasks(dask_scheduler):
    return [pickle.dumps((task.key, task.run_spec, task.annotations)) for task in dask_scheduler.tasks.values()]

client = Client({address!r})
while not (found := client.run_on_scheduler(tasks)):
    pass
print(b"".join(found).hex())
"""


class Cluster:
    """A scheduler and its workers, as processes, with what they print."""

    def __init__(self, folder: Path, key_file: Path | None) -> None:
        self.folder = folder
        environment = {key: value for key, value in os.environ.items() if key != "DEID_KEY_FILE"}
        environment["XDG_CONFIG_HOME"] = str(folder / "config")
        if key_file is not None:
            environment["DEID_KEY_FILE"] = str(key_file)
        self.environment = environment
        contact = folder / "scheduler.json"
        self.scheduler = self._start("scheduler", "--host", "127.0.0.1", "--port", "0", "--scheduler-file", contact)
        while not contact.exists():
            assert self.scheduler.poll() is None
            time.sleep(0.05)
        self.address: str = json.loads(contact.read_text())["address"]
        options = ("--no-nanny", "--nthreads", "1", "--local-directory", folder / "scratch")
        self.workers = [self._start("worker", self.address, *options) for _ in range(WORKERS)]

    def _start(self, *arguments: object) -> subprocess.Popen[bytes]:
        command = [*DASK, *map(str, arguments), "--no-dashboard"]
        with (self.folder / f"{arguments[0]}-{time.monotonic_ns()}.log").open("wb") as log:
            return subprocess.Popen(command, stdout=log, stderr=log, env=self.environment)

    def logs(self) -> str:
        return "".join(path.read_text() for path in self.folder.glob("*.log"))

    def end(self) -> None:
        for process in (*self.workers, self.scheduler):
            process.kill()
            process.wait()


@pytest.fixture
def cluster(tmp_path: Path, key_file: Path) -> Iterator[Cluster]:
    pytest.importorskip("distributed")
    (tmp_path / "cluster").mkdir()
    started = Cluster(tmp_path / "cluster", key_file)
    yield started
    started.end()


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("archive") / "in"
    write_night(folder, FILES)
    return folder


@pytest.fixture(scope="module")
def whole(source: Path, key_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The OUT of a local run."""
    out = tmp_path_factory.mktemp("local") / "out"
    assert deid("run", source, out, "--no-pixels", "--key-file", key_file).returncode == ExitCode.INCOMPLETE
    return out


def start(cluster: Cluster, source: Path, out: Path, key_file: Path) -> subprocess.Popen[str]:
    command = ["run", source, out, "--no-pixels", "--key-file", key_file, "--scheduler", cluster.address]
    return subprocess.Popen(
        [sys.executable, "-m", "deid", *map(str, command)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def wait_for_work(out: Path, process: subprocess.Popen[str]) -> None:
    end = time.monotonic() + SECONDS
    while process.poll() is None and not any(out.rglob("*.dcm")):
        assert time.monotonic() < end
        time.sleep(0.01)


def test_a_lost_worker_costs_nothing_and_nobody_is_named_where_others_can_look(
    cluster: Cluster, source: Path, whole: Path, key_file: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    look = [sys.executable, "-c", LOOK.format(address=cluster.address)]
    looking = subprocess.Popen(look, stdout=subprocess.PIPE, text=True)
    process = start(cluster, source, out, key_file)
    wait_for_work(out, process)
    cluster.workers[0].kill()
    assert len(files(out)) < len(files(whole))
    output, message = process.communicate(timeout=SECONDS)
    tasks = bytes.fromhex(looking.communicate(timeout=SECONDS)[0])
    assert process.returncode == ExitCode.INCOMPLETE, message
    assert files(out) == files(whole)
    assert outcomes(out) == outcomes(whole)
    assert b"deid-" in tasks
    for shown in (tasks, cluster.logs().encode(), output.encode(), message.encode()):
        assert b"eatherstonehaugh" not in shown
        assert str(source).encode() not in shown
        assert key_file.read_bytes().strip() not in shown
        assert bytes.fromhex(key_file.read_text()) not in shown


def test_a_lost_scheduler_ends_the_run_and_it_goes_on_without(
    cluster: Cluster, source: Path, whole: Path, key_file: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    process = start(cluster, source, out, key_file)
    wait_for_work(out, process)
    os.kill(cluster.scheduler.pid, signal.SIGKILL)
    _, message = process.communicate(timeout=SECONDS)
    assert process.returncode == ExitCode.ENVIRONMENT, message
    assert "lost the scheduler" in message
    assert size(out / "deid-audit.jsonl")
    assert deid("run", source, out, "--no-pixels", "--key-file", key_file).returncode == ExitCode.INCOMPLETE
    assert files(out) == files(whole)
    assert outcomes(out) == outcomes(whole)


def test_workers_without_the_key_are_told_so(source: Path, key_file: Path, tmp_path: Path) -> None:
    pytest.importorskip("distributed")
    other = tmp_path / "other.key"
    assert deid("keys", "new", "--key-file", other).returncode == ExitCode.OK
    (tmp_path / "cluster").mkdir()
    cluster = Cluster(tmp_path / "cluster", other)
    try:
        process = start(cluster, source, tmp_path / "out", key_file)
        _, message = process.communicate(timeout=SECONDS)
    finally:
        cluster.end()
    assert process.returncode == ExitCode.KEY, message
    assert "another key" in message
    assert not files(tmp_path / "out")


def test_no_scheduler(source: Path, key_file: Path, tmp_path: Path) -> None:
    pytest.importorskip("distributed")
    command = ("run", source, tmp_path / "out", "--key-file", key_file, "--no-pixels", "--scheduler")
    process = deid(*command, "tcp://127.0.0.1:9")
    assert process.returncode == ExitCode.ENVIRONMENT, process.stderr
    assert "no scheduler answers" in process.stderr
    assert deid(*command, "tcp://127.0.0.1:9", "--workers", 2).returncode == ExitCode.USAGE
