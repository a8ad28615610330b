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

from tests.bench.commands import DEFAULT_PEERS, SLOW, Measurement, deid, own_peak, peers
from tests.bench.night import write_night, write_studies_of_many, write_tiny

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "performance.md"
MEMORY = Path("/dev/shm")  # noqa: S108 - a file system in memory
WORKERS = (1, 2)
ROUNDS = 3
COPIES = 30
FEW = 200
"""Files for slow tools."""
_BYTES = 530_660
"""Of one file."""
_SPARE = 2 << 30
_Command = tuple[str, int | str]
"""Its name and workers."""


@dataclass(frozen=True)
class Setting:
    """What to measure, and where."""

    key: Path
    folder: Path
    """For small things."""
    disk: Path
    files: tuple[int, ...]
    """How many, in turn; on the disk, and of slow tools, the first alone."""
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
        setting = Setting(key, folder, arguments.disk or folder, tuple(arguments.files), tiny, arguments.peers)
        sections = [header_section(setting), many_section(setting)]
        sections += [] if arguments.no_pixels else [pixel_section(setting)]
    measured = "\n\n".join([_head(), *sections])
    page = PAGE.read_text().split("\n## Measured")[0].rstrip()
    PAGE.write_text(f"{page}\n\n{measured}\n")
    sys.stdout.write(measured + "\n")


def header_section(setting: Setting) -> str:
    """Header only, against a copy and other tools, in memory and on disk."""
    in_memory = os.access(MEMORY, os.W_OK)
    nights = [("memory", MEMORY, files) for files in setting.files if in_memory and _fits(files)]
    nights += [("disk", setting.disk, setting.files[0])]
    rows: list[tuple[object, ...]] = []
    in_turn: dict[_Command, list[tuple[int, float]]] = {}
    for number, (place, where, files) in enumerate(nights):
        for command, result in _night(setting, where, files, again=number > 0).items():
            rows.append(_header_row(command, place, files, result))
            if place == "memory" and not isinstance(result, str):
                in_turn.setdefault(command, []).append((files, result.cpu))
    starts = [f"{_start(setting, workers):.1f} s with {workers}" for workers in WORKERS]
    return _table(
        "### Header only: CT files of 530 kB, 259 elements each",
        f"Whole commands, with their start; CPU is that of all processes. Best of {ROUNDS} rounds in which all took "
        f"turns; slow tools went once, over {FEW} files. Its start takes deid {' and '.join(starts)} workers. "
        f"{_one_more(in_turn)}".rstrip(),
        ("command", "workers", "where", "files", "files/s", "MB/s", "CPU ms a file", "peak MiB"),
        rows,
    )


def _fits(files: int) -> bool:
    """Whether there is room in memory for so many files, twice."""
    lines = Path("/proc/meminfo").read_text().splitlines()
    available = next(int(line.split()[1]) << 10 for line in lines if line.startswith("MemAvailable"))
    return 2 * files * _BYTES + _SPARE < available


def _one_more(in_turn: dict[_Command, list[tuple[int, float]]]) -> str:
    """What a file more costs, by the CPU seconds of the least and the most files."""
    costs = []
    for (name, workers), measured in in_turn.items():
        (few, before), (many, after) = measured[0], measured[-1]
        if many > few:
            with_workers = f" with {workers}" if isinstance(workers, int) else ""
            costs.append(f"{name.strip('*')}{with_workers} {(after - before) / (many - few) * 1e3:.2f}")
    if not costs:
        return ""
    return f"Without it, by the two numbers of files, one file more takes, in ms CPU: {', '.join(costs)}."


def _start(setting: Setting, workers: int) -> float:
    """CPU seconds of a run over as many files as there are workers: what a large run takes besides its files."""
    with _scratch(setting.folder) as scratch:
        write_night(scratch / "in", workers)
        options = ("--no-pixels", "--workers", str(workers))
        runs = [deid(scratch / "in", scratch / f"out{number}", setting.key, *options) for number in range(ROUNDS)]
        return min(run.cpu for run in runs)


def _night(setting: Setting, where: Path, files: int, *, again: bool) -> dict[_Command, Measurement | str]:
    """The best of each command over so many files, or why there is none; slow ones are not asked again."""
    with _scratch(where) as scratch:
        source = scratch / "in"
        write_night(source, files)
        best: dict[_Command, Measurement | str] = {}
        on_disk = where == setting.disk
        commands = _commands(setting, source, _few(source, scratch / "few"), again=again, on_disk=on_disk)
        for number in range(ROUNDS):
            for command, (run, once) in commands.items():
                before = best.get(command)
                if isinstance(before, str) or (number and once):
                    continue
                with _scratch(scratch) as target:
                    try:
                        best[command] = _better(before, run(target))
                    except FileNotFoundError:
                        best[command] = "not installed"
                    except RuntimeError as error:
                        best[command] = str(error)
        return best


def _header_row(command: _Command, place: str, files: int, result: Measurement | str) -> tuple[object, ...]:
    if isinstance(result, str):
        return *command, place, files, result, "", "", ""
    files = min(files, FEW) if command[0] in SLOW else files
    rate = files / result.seconds
    peak = f"{result.peak:.0f}" if result.peak > own_peak() else f"< {own_peak():.0f}"
    speed, cpu = f"{rate * _BYTES / 1e6:.0f}", f"{result.cpu / files * 1e3:.2f}"
    return *command, place, files, f"{rate:.0f}", speed, cpu, peak


def _few(source: Path, folder: Path) -> Path:
    """A folder with the first files of another."""
    folder.mkdir()
    for path in sorted(source.iterdir())[:FEW]:
        (folder / path.name).hardlink_to(path)
    return folder


def _commands(
    setting: Setting, source: Path, few: Path, *, again: bool, on_disk: bool
) -> dict[_Command, tuple[Callable[[Path], Measurement], bool]]:
    """What runs a command into an empty folder, and whether once is enough."""
    commands: dict[_Command, tuple[Callable[[Path], Measurement], bool]] = {}
    for peer in peers(setting.folder, setting.environments):
        slow = peer.name in SLOW
        if not (slow and again) and (on_disk or not peer.on_disk_only):
            commands[peer.name, "–"] = partial(peer.run, few if slow else source), slow
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
    parser.add_argument(
        "--files", type=int, nargs="+", default=[4000, 12_000], help="how many CT files (530 kB each), in turn"
    )
    parser.add_argument("--long", action="store_true", help="also 100,000 small files")
    parser.add_argument("--no-pixels", action="store_true", help="leave out the studies with pixels")
    parser.add_argument("--disk", type=Path, help="a folder on the disk to measure; default: that of temporary files")
    parser.add_argument("--peers", type=Path, default=DEFAULT_PEERS, help="virtual environments of peers in Python")
    return parser.parse_args()


if __name__ == "__main__":
    main()
