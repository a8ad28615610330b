"""`python -m deid.demo FOLDER`: make the example studies, de-identify them, and say where to look."""

from __future__ import annotations

import argparse
import json
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from deid.audit.records import source_digest
from deid.batch import run
from deid.batch.reporting import page_on, report_on
from deid.batch.sources.discovery import discover
from deid.cli.console import console
from deid.cli.progress import progress_for
from deid.cli.run import show
from deid.demo import contact_sheet, write_studies
from deid.identity.key import Key, load_or_create
from deid.options import RunOptions

if TYPE_CHECKING:
    from collections.abc import Sequence

_MADE_HERE = ("in", "out", "demo.key", "contact-sheet.png", "report.html")


def main(folder: Path) -> int:
    """Run the demonstration in `folder`, replacing an earlier one; returns the exit code of the run."""
    source, target, key_file, png, page = (folder / name for name in _MADE_HERE)
    for path in (source, target):
        shutil.rmtree(path, ignore_errors=True)
    key_file.unlink(missing_ok=True)
    files = write_studies(source)
    key, _ = load_or_create(key_file)
    console.print(f"Made {len(files)} example files of invented patients in {source}; de-identifying them …")
    options = RunOptions(source=source, target=target, key_file=key_file)
    with progress_for(quiet=False) as observer:
        summary = run(options, observer)
    show(summary, options)
    drawn = contact_sheet(released_pairs(source, target, key), png)
    console.print(f"Before and after: {png} ({drawn} images)")
    page.write_text(page_on(target, report_on(target, most_pictures=len(files))), encoding="utf-8")
    console.print(f"Report:           {page}")
    console.print(f"Look into one:    .venv/bin/deid inspect {files[-3]} --key-file {key_file}", soft_wrap=True)
    return int(summary.exit_code)


def released_pairs(source: Path, target: Path, key: Key) -> list[tuple[Path, Path]]:
    """Each released file beside the file it was made of, by the digests of the audit log."""
    paths = {source_digest(found.relative_bytes, key): found.path for found in discover(source)}
    lines = [json.loads(line) for line in (target / "deid-audit.jsonl").read_text().splitlines()]
    return [(paths[line["source"]], target / line["name"]) for line in lines if line.get("outcome") == "released"]


def folder_of(arguments: Sequence[str]) -> Path:
    """The folder that the command line names; exits with the usage where it is asked for or not understood."""
    parser = argparse.ArgumentParser("python -m deid.demo", description=(__doc__ or "").partition(": ")[2])
    parser.add_argument("folder", nargs="?", type=Path, default=Path("demo"), help="made if need be; default: demo")
    folder: Path = parser.parse_args(arguments).folder
    return folder


if __name__ == "__main__":
    sys.exit(main(folder_of(sys.argv[1:])))
