"""`make bench`: speed and memory on this machine, written to docs/performance.md. Minutes; not part of the tests."""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from tests.bench.commands import DEFAULT_PEERS, Measurement, deid, own_peak, peers
from tests.bench.night import write_night, write_studies_of_many, write_tiny

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "performance.md"
MEMORY = Path("/dev/shm")  # noqa: S108 - a file system in memory
WORKERS = (1, 2)
ROUNDS = 3
COPIES = 10
FEW = 200
"""Files for slow tools."""


@dataclass(frozen=True)
class Setting:
    """What to measure, and where."""

    key: Path
    folder: Path
    """For small things."""
    disk: Path
    files: int
    tiny: tuple[int, ...]
    environments: Path


def main() -> None:
    """Measure and write the page."""
    arguments = _arguments()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        key = folder / "key"
        subprocess.run([sys.executable, "-m", "deid", "keys", "new", "--key-file", str(key)], check=True)
        tiny = (1_000, 10_000, 100_000) if arguments.long else (1_000, 10_000)
        setting = Setting(key, folder, arguments.disk or folder, arguments.files, tiny, arguments.peers)
        sections = [header_section(setting), many_section(setting)]
        sections += [] if arguments.no_pixels else [pixel_section(setting)]
    measured = "\n\n".join([_head(), *sections])
    page = PAGE.read_text().split("\n## Measured")[0].rstrip()
    PAGE.write_text(f"{page}\n\n{measured}\n")
    sys.stdout.write(measured + "\n")


def header_section(setting: Setting) -> str:
    """Header only, against a copy and other tools, in memory and on disk."""
    places = {"memory": MEMORY, "disk": setting.disk} if os.access(MEMORY, os.W_OK) else {"disk": setting.disk}
    rows = [row for place, where in places.items() for row in _header_rows(setting, place, where)]
    starts = [f"{_start(setting, workers):.1f} s with {workers}" for workers in WORKERS]
    return _table(
        f"### Header only: {setting.files} CT files of 530 kB, 259 elements each",
        f"Whole commands, with their start; CPU is that of all processes. Best of {ROUNDS} rounds in which all took "
        f"turns; slow tools went once, over {FEW} files. Its start takes deid {' and '.join(starts)} workers.",
        ("command", "workers", "where", "files/s", "MB/s", "CPU ms a file", "peak MiB"),
        rows,
    )


def _start(setting: Setting, workers: int) -> float:
    """CPU seconds of a run over as many files as there are workers: what a large run takes besides its files."""
    with _scratch(setting.folder) as scratch:
        write_night(scratch / "in", workers)
        options = ("--no-pixels", "--workers", str(workers))
        runs = [deid(scratch / "in", scratch / f"out{number}", setting.key, *options) for number in range(ROUNDS)]
        return min(run.cpu for run in runs)


def _header_rows(setting: Setting, place: str, where: Path) -> Iterator[tuple[object, ...]]:
    with _scratch(where) as scratch:
        source = scratch / "in"
        size = write_night(source, setting.files)
        best: dict[tuple[str, int | str], Measurement] = {}
        errors: dict[tuple[str, int | str], str] = {}
        few = _few(source, scratch / "few")
        commands = _commands(setting, source, few, again=place == "disk" and os.access(MEMORY, os.W_OK))
        for number in range(ROUNDS):
            for command, (run, once) in commands.items():
                if command in errors or (number and once):
                    continue
                with _scratch(scratch) as target:
                    try:
                        best[command] = _better(best.get(command), run(target))
                    except (RuntimeError, FileNotFoundError) as error:
                        errors[command] = "not installed" if isinstance(error, FileNotFoundError) else str(error)
        for name, workers in commands:
            if (name, workers) in errors:
                yield name, workers, place, errors[name, workers], "", "", ""
                continue
            result = best[name, workers]
            files = FEW if commands[name, workers][1] else setting.files
            rate = files / result.seconds
            cpu = f"{result.cpu / files * 1e3:.2f}"
            speed = f"{rate * size / setting.files / 1e6:.0f}"
            peak = f"{result.peak:.0f}" if result.peak > own_peak() else f"< {own_peak():.0f}"
            yield name, workers, place, f"{rate:.0f}", speed, cpu, peak


def _few(source: Path, folder: Path) -> Path:
    """A folder with the first files of another."""
    folder.mkdir()
    for path in sorted(source.iterdir())[:FEW]:
        (folder / path.name).hardlink_to(path)
    return folder


def _commands(
    setting: Setting, source: Path, few: Path, *, again: bool
) -> dict[tuple[str, int | str], tuple[Callable[[Path], Measurement], bool]]:
    """By name and workers: what runs a command into an empty folder, and whether once is enough."""
    commands: dict[tuple[str, int | str], tuple[Callable[[Path], Measurement], bool]] = {}
    for peer in peers(setting.folder, setting.environments):
        if not (peer.slow and again):
            commands[peer.name, "–"] = partial(peer.run, few if peer.slow else source), peer.slow
    for workers in WORKERS:
        options = ("--no-pixels", "--workers", str(workers))
        commands["**deid run --no-pixels**", workers] = partial(_into, source, setting.key, options), False
    return commands


def _into(source: Path, key: Path, options: tuple[str, ...], target: Path) -> Measurement:
    return deid(source, target / "out", key, *options)


def _better(one: Measurement | None, other: Measurement) -> Measurement:
    """The least of both in each respect: what else the machine does can only add to it."""
    if one is None:
        return other
    return Measurement(min(one.seconds, other.seconds), min(one.cpu, other.cpu), max(one.peak, other.peak))


def many_section(setting: Setting) -> str:
    """Memory by the number of files, and how long a run takes that finds everything done."""
    rows = []
    for files in setting.tiny:
        with _scratch(setting.disk) as scratch:
            write_tiny(scratch / "in", files)
            options = ("--no-pixels", "--workers", "2")
            first = deid(scratch / "in", scratch / "out", setting.key, *options)
            again = deid(scratch / "in", scratch / "out", setting.key, *options)
            rows.append((files, f"{first.seconds:.1f} s", f"{first.peak:.0f}", f"{again.seconds:.1f} s"))
    return _table(
        "### Many files of 6 kB, 2 workers",
        "Memory is that of the largest process. The second run finds every file done.",
        ("files", "first run", "peak MiB", "second run"),
        rows,
    )


def pixel_section(setting: Setting) -> str:
    """The demo studies, several times, with pixels."""
    rows = []
    with _scratch(setting.disk) as scratch:
        studies = scratch / "in"
        write_studies_of_many(studies, COPIES)
        for workers in WORKERS:
            out = scratch / f"out{workers}"
            result = deid(studies, out, setting.key, "--workers", str(workers))
            lines = [json.loads(line) for line in (out / "deid-audit.jsonl").read_text().splitlines()]
            looked_at = [line["pixels"].split() for line in lines if str(line.get("pixels", "")).startswith("checked")]
            frames = sum(int(words[1]) for words in looked_at)
            seconds = result.summary["step_seconds"]["pixels"] / frames
            rows.append((frames, workers, f"{result.seconds:.0f} s", f"{seconds:.2f} s", f"{result.peak:.0f}"))
    return _table(
        f"### With pixels: the demo studies, {COPIES} times with noise of their own",
        "Models are loaded first, once for all workers.",
        ("frames", "workers", "whole command", "a frame and worker", "peak MiB"),
        rows,
    )


@contextmanager
def _scratch(where: Path) -> Iterator[Path]:
    """An empty folder that is removed behind."""
    folder = Path(tempfile.mkdtemp(dir=where, prefix="deid-bench-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


def _head() -> str:
    cores = len(os.sched_getaffinity(0))
    machine = f"{cores} cores ({platform.machine()}), Python {platform.python_version()}"
    load = f"load {os.getloadavg()[1]:.1f}"
    return f"## Measured\n\nBy `make bench`, {datetime.now(UTC).date()}, {machine}, {load}; compare rows, not machines."


def _table(title: str, note: str, heads: tuple[str, ...], rows: Sequence[tuple[object, ...]]) -> str:
    lines = [f"| {' | '.join(map(str, row))} |" for row in (heads, ["---"] * len(heads), *rows)]
    return "\n".join([title, "", note, "", *lines])


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=4000, help="how many CT files (530 kB each)")
    parser.add_argument("--long", action="store_true", help="also 100,000 small files")
    parser.add_argument("--no-pixels", action="store_true", help="leave out the studies with pixels")
    parser.add_argument("--disk", type=Path, help="a folder on the disk to measure; default: that of temporary files")
    parser.add_argument("--peers", type=Path, default=DEFAULT_PEERS, help="virtual environments of peers in Python")
    return parser.parse_args()


if __name__ == "__main__":
    main()
