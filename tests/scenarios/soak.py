"""`python -m tests.scenarios.soak [KILLS [SEED]]`: kill runs and workers at random moments, and look at what is left.

Runs are forked from this process, so that a hundred of them cost little more than the work they do.
"""

from __future__ import annotations

import ctypes
import json
import multiprocessing
import os
import random
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import pydicom.data
from pydicom import dcmread
from pydicom.uid import UID

import deid.batch.processing
import deid.profile.reading.loader  # noqa: F401
from deid.batch import run
from deid.batch.output import committing
from deid.batch.workers import hiring
from deid.identity.key import Key, write_key
from deid.options import RunOptions

FILES = 120
NAME = "Featherstonehaugh^Marjoribanks"
_PR_SET_CHILD_SUBREAPER = 36


def write_night(folder: Path, files: int = FILES) -> None:
    """Small instances of one patient: most are good, some come twice, some are cut short, some are no DICOM."""
    folder.mkdir(parents=True)
    dataset = dcmread(str(pydicom.data.get_testdata_file("CT_small.dcm", download=False)))
    dataset.PatientName = NAME
    for number in range(files):
        dataset.SOPInstanceUID = dataset.file_meta.MediaStorageSOPInstanceUID = UID(f"1.2.840.9999.{number}")
        path = folder / f"{number // 15:03}" / f"{NAME}-{number:06}.dcm"
        path.parent.mkdir(exist_ok=True)
        dataset.save_as(path)
        if number % 20 == 7:
            shutil.copy(path, path.with_suffix(".again"))
        if number % 20 == 11:
            path.with_suffix(".cut").write_bytes(path.read_bytes()[:-1000])
        if number % 20 == 13:
            path.with_suffix(".txt").write_text(NAME)


@dataclass
class Soak:
    """What was done to a night's work."""

    source: Path
    folder: Path
    key_file: Path
    randomness: random.Random
    whole: dict[str, bytes] = field(default_factory=dict)
    """What an undisturbed run releases."""
    outcomes: dict[str, str] = field(default_factory=dict)
    """How every source ends in it."""
    events: Counter[str] = field(default_factory=Counter)

    def prepare(self) -> None:
        """Let one run go undisturbed."""
        process = self._start(self.folder / "whole")
        assert self._wait(process) in {0, 3}
        self.whole, self.outcomes = files(self.folder / "whole"), outcomes(self.folder / "whole")

    def kill(self, kills: int) -> None:
        """Kill runs at random moments until there were that many kills; each OUT is worked on to its end."""
        while self.events["runs killed"] < kills:
            out = self.folder / "out"
            shutil.rmtree(out, ignore_errors=True)
            while not self._interrupted_run(out) and self.events["runs killed"] < kills:
                self._look(out)
            self._wait(self._start(out))
            self._look(out)
            assert files(out) == self.whole
            assert (ended := outcomes(out)) == self.outcomes, set(ended.items()) ^ set(self.outcomes.items())
            assert not (out / ".deid/staging").exists()
            self.events["nights that came to their end"] += 1

    def _look(self, out: Path) -> None:
        """Whatever is in OUT under a name is whole."""
        assert all(self.whole.get(name) == data for name, data in files(out).items())
        for path in out.rglob("*"):
            assert "Feather" not in path.name
            assert path.is_dir() or b"eatherstonehaugh" not in path.read_bytes()

    def _interrupted_run(self, out: Path) -> bool:
        """Whether the run came to its end before it was killed."""
        before = len(files(out))
        process = self._start(out)
        ended = self._until_some_work_is_done(out, process)
        if not ended and self.randomness.random() < 0.3:
            self._kill_workers(process)
            ended = self._until_some_work_is_done(out, process)
        if not ended:
            time.sleep(self.randomness.uniform(0, 0.02))
            os.kill(process, signal.SIGKILL)
            self.events["runs killed"] += 1
        self._reap()
        self.events["kills in the midst of the work"] += before < len(files(out)) < len(self.whole)
        return ended

    def _until_some_work_is_done(self, out: Path, process: int) -> bool:
        """Wait for a random piece of the audit log; whether the run came to its end before that."""
        log = out / "deid-audit.jsonl"
        wanted = size(log) + self.randomness.uniform(0, 0.25) * size(self.folder / "whole/deid-audit.jsonl")
        while not (ended := os.waitpid(process, os.WNOHANG)[0] == process) and size(log) < wanted:
            time.sleep(0.001)
        return ended

    def _kill_workers(self, process: int) -> None:
        nurseries = children(process)
        workers = [worker for nursery in nurseries for worker in children(nursery)]
        # Now and then the nursery, with which all end; those that come after it are started afresh.
        for worker in nurseries if self.randomness.random() < 0.2 else workers:
            with suppress(ProcessLookupError):
                os.kill(worker, signal.SIGKILL)
                self.events["workers killed"] += 1

    def _start(self, out: Path) -> int:
        child = os.fork()
        if child:
            return child
        code = 1
        try:
            options = RunOptions(source=self.source, target=out, key_file=self.key_file, pixels=False, workers=2)
            code = run(options).exit_code
        finally:
            os._exit(code)

    def _wait(self, process: int) -> int:
        code = os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])
        self._reap()
        return code

    def _reap(self) -> None:
        """Wait for all that is left of a run, so that the next one finds OUT unlocked."""
        try:
            while True:
                os.waitpid(-1, 0)
        except ChildProcessError:
            return


def children(process: int) -> list[int]:
    """The processes that one has started."""
    try:
        return [int(child) for child in Path(f"/proc/{process}/task/{process}/children").read_text().split()]
    except FileNotFoundError:
        return []


def files(out: Path) -> dict[str, bytes]:
    """What is in OUT."""
    return {path.relative_to(out).as_posix(): path.read_bytes() for path in sorted(out.rglob("*.dcm"))}


def outcomes(out: Path) -> dict[str, str]:
    """How each source ended, by the audit log. What ended well stands in it once."""
    lines = [json.loads(line) for line in (out / "deid-audit.jsonl").read_text().splitlines()]
    instances = [line for line in lines if line["type"] == "instance"]
    times = Counter(line["source"] for line in instances if line["outcome"] in {"released", "skipped"})
    assert set(times.values()) <= {1}
    return {line["source"]: line["outcome"] for line in instances}


def size(path: Path) -> int:
    """Bytes of a file, none if it is not there."""
    return path.stat().st_size if path.exists() else 0


def soak(kills: int, folder: Path, seed: int) -> Counter[str]:
    """Kill that often; returns what happened.

    Raises:
        AssertionError: Something was lost, doubled, damaged or leaked.
    """
    ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1)
    hiring.CONTEXT = multiprocessing.get_context("fork")
    # A night so short would be over with the first batch.
    committing.SECONDS_TO_GATHER = 0.005
    key_file = folder / "key"
    write_key(key_file, Key.generate())
    write_night(folder / "in")
    trial = Soak(folder / "in", folder, key_file, random.Random(seed))  # noqa: S311 - moments, not secrets
    trial.prepare()
    trial.kill(kills)
    return trial.events


def main() -> None:
    """Run from the command line."""
    kills = int(sys.argv[1]) if len(sys.argv) > 1 else 500
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else time.time_ns()
    with tempfile.TemporaryDirectory() as folder:
        for event, count in soak(kills, Path(folder), seed).items():
            print(f"{count:6} {event}")  # noqa: T201
    assert multiprocessing.active_children() == []


if __name__ == "__main__":
    main()
