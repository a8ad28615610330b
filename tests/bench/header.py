"""`make bench-header`: an answer key in the style of MIDI-B over real files with synthetic PHI; prints the score.

`python -m tests.bench.header SEED` asks about other people and texts.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from tests.bench.answer_key.checks import CheckType, read_key
from tests.bench.answer_key.generator import generate, sources
from tests.bench.answer_key.scorer import read_mappings, score

if TYPE_CHECKING:
    from tests.bench.answer_key.scorer import Score

_SHOWN = 400


def main(seed: int) -> None:
    """Generate, de-identify, score, print."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        generate(folder / "in", folder / "key.csv", tuple(sources()), seed)
        start = time.perf_counter()
        deidentify(folder)
        seconds = time.perf_counter() - start
        result = score(read_key(folder / "key.csv"), folder / "out", read_mappings(folder / "map"))
        files = sum(1 for _ in (folder / "in").rglob("*.dcm"))
    sys.stdout.write(f"{report(result)}\n{files} files in {seconds:.0f} s\n")


def deidentify(folder: Path) -> None:
    """Run the command over `folder`/in into `folder`/out, and export the mappings into `folder`/map."""
    key, vault = ("--key-file", folder / "key"), folder / "map.vault"
    _deid("keys", "new", *key)
    _deid("run", folder / "in", folder / "out", "--profile", "tcia", "--no-pixels", "--quiet", "--vault", vault, *key)
    _deid("vault", "export", vault, "--csv", folder / "map", *key)


def _deid(*arguments: object) -> None:
    process = subprocess.run(
        [sys.executable, "-m", "deid", *map(str, arguments)], check=False, stdout=subprocess.DEVNULL
    )
    if process.returncode not in {0, 3}:  # a file that is not released fails all its checks
        raise RuntimeError(f"deid ended with status {process.returncode}")


def report(result: Score) -> str:
    """The failures, most frequent kinds of place first, and the counts by type of check."""
    lines = [failure.line() for failure in result.failures[:_SHOWN]]
    places = Counter((failure.check.type, failure.check.path) for failure in result.failures)
    lines += [f"{count:>6} {kind} {path}" for (kind, path), count in places.most_common(25)]
    lines.append(f"{'':24}{'instance level':>20}{'series level':>20}")
    for kind in CheckType:
        instances = f"{result.passed[kind]}/{result.total[kind]}"
        lines.append(f"{kind:24}{instances:>20}{f'{result.series_passed[kind]}/{result.series_total[kind]}':>20}")
    lines.append(f"{'score':24}{result.instances:>20.4%}{result.series:>20.4%}")
    return "\n".join(lines)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 0)
