"""`make bench`: speed on this machine, written to docs/performance.md. Minutes, not seconds; not part of the tests."""

from __future__ import annotations

import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pydicom.data
from pydicom import dcmread
from pydicom.uid import generate_uid

from deid.demo import write_studies

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "performance.md"
HEADER_FILES = 600
SIDE = 512


@dataclass(frozen=True)
class Measurement:
    """One command: wall seconds, the summary it printed, and the peak memory of its largest process in MiB."""

    seconds: float
    summary: dict[str, Any]
    peak: float


def main() -> None:
    """Measure and write the page."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        key = folder / "key"
        subprocess.run([sys.executable, "-m", "deid", "keys", "new", "--key-file", str(key)], check=True)
        rows = [*header_rows(folder, key), *pixel_rows(folder, key)]
    page = PAGE.read_text().split("\n## Measured")[0].rstrip()
    PAGE.write_text(f"{page}\n\n{measured(rows)}\n")
    sys.stdout.write(measured(rows) + "\n")


def header_rows(folder: Path, key: Path) -> list[str]:
    """Header only, against a plain copy of the same files."""
    night = folder / "night"
    size = write_night(night)
    start = time.perf_counter()
    shutil.copytree(night, folder / "copy")
    copy = time.perf_counter() - start
    speed = f"{HEADER_FILES / copy:.0f} files/s, {size / copy / 1e6:.0f} MB/s"
    rows = [f"| `cp -r`, {HEADER_FILES} CT files | – | {speed} | – |"]
    for workers in (1, 2):
        run = deid(night, folder / f"header{workers}", key, "--no-pixels", "--workers", str(workers))
        rate = HEADER_FILES / run.summary["seconds"]
        speed = f"{rate:.0f} files/s, {rate * size / HEADER_FILES / 1e6:.0f} MB/s"
        rows.append(f"| `deid run --no-pixels`, the same files | {workers} | {speed} | {run.peak:.0f} |")
    return rows


def pixel_rows(folder: Path, key: Path) -> list[str]:
    """The demo studies with pixels."""
    studies = folder / "studies"
    write_studies(studies)
    rows = []
    for workers in (1, 2):
        out = folder / f"pixels{workers}"
        run = deid(studies, out, key, "--workers", str(workers))
        lines = [json.loads(line) for line in (out / "deid-audit.jsonl").read_text().splitlines()]
        looked_at = [line["pixels"].split() for line in lines if str(line.get("pixels", "")).startswith("checked")]
        frames = sum(int(words[1]) for words in looked_at)
        speed = f"{run.seconds:.0f} s in all, {run.summary['step_seconds']['pixels'] / frames:.2f} s a frame and worker"
        rows.append(f"| `deid run`, demo studies, {frames} frames | {workers} | {speed} | {run.peak:.0f} |")
    return rows


def write_night(folder: Path) -> int:
    """CT instances of 530 kB with a full header; returns their size in bytes."""
    folder.mkdir()
    dataset = dcmread(str(pydicom.data.get_testdata_file("CT_small.dcm", download=False)))
    dataset.Rows = dataset.Columns = SIDE
    noise = np.random.default_rng(0)
    for number in range(HEADER_FILES):
        dataset.SOPInstanceUID = dataset.file_meta.MediaStorageSOPInstanceUID = generate_uid(entropy_srcs=[str(number)])
        dataset.PixelData = noise.integers(0, 2000, SIDE * SIDE, np.int16).tobytes()
        dataset.save_as(folder / f"{number:05}.dcm")
    return sum(path.stat().st_size for path in folder.iterdir())


def deid(source: Path, target: Path, key: Path, *options: str) -> Measurement:
    """Run the command and measure it."""
    command = [
        sys.executable,
        "-m",
        "deid",
        "run",
        str(source),
        str(target),
        "--json",
        "--key-file",
        str(key),
        *options,
    ]
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    output = process.stdout.read() if process.stdout else ""
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - start
    if status:
        raise RuntimeError(f"deid ended with status {status}")
    return Measurement(seconds, json.loads(output), usage.ru_maxrss / 1024)


def measured(rows: list[str]) -> str:
    """The section that the command writes."""
    cores = len(os.sched_getaffinity(0))
    machine = f"{cores} cores ({platform.machine()}), Python {platform.python_version()}"
    return "\n".join(
        [
            "## Measured",
            "",
            f"By `make bench`, {datetime.now(UTC).date()}, {machine}; compare rows, not machines.",
            "",
            "| what | workers | speed | peak MiB of a process |",
            "|---|---|---|---|",
            *rows,
        ]
    )


if __name__ == "__main__":
    main()
