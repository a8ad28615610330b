"""`deid verify`: check again what was released, from the files as they are now."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import track
from rich.table import Table

from deid.batch.rechecking import Checked, Recheck, Verdict
from deid.cli.console import console, error_console
from deid.cli.parameters import Devices, Json, KeyFile, Options, Profile, TimeLimit, options_of
from deid.cli.run_parameters import Audit, MemoryLimit, QuietFlag, Source, Workers
from deid.errors import ExitCode
from deid.options import GIB, MEMORY_LIMIT, TIME_LIMIT

_MOST_SHOWN = 50
Out = Annotated[Path, typer.Argument(metavar="OUT", help="The folder of the clean files.")]


def verify_command(
    context: typer.Context,
    source: Source,
    target: Out,
    profile: Profile = "basic",
    option: Options = None,
    devices: Devices = None,
    key_file: KeyFile = None,
    audit: Audit = None,
    workers: Workers = 0,
    memory_limit: MemoryLimit = MEMORY_LIMIT / GIB,
    time_limit: TimeLimit = TIME_LIMIT,
    quiet: QuietFlag = False,
    as_json: Json = False,
) -> None:
    """Check every file that was released into OUT against its original in IN once more. Nothing is written.

    Each attribute must be as the profile says, no identifying value of the original may be left, and no pixel may
    differ outside the boxes that the audit log names, nor show anything inside them. OUT may hold nothing else. Give
    key, profile and options as for the runs.

    Examples:
      [bold]deid verify in/ out/[/bold]   before OUT is handed on

      [bold]deid verify in/ out/ --profile tcia --key-file my.key --json[/bold]   for a program
    """
    options = options_of(source, target, profile, option, devices, key_file, audit, workers, time_limit, memory_limit)
    recheck = Recheck(options, context.obj)
    silent = quiet or as_json or not error_console.is_terminal
    counts: Counter[Verdict] = Counter()
    found: list[Checked] = []
    for checked in track(recheck, "", total=recheck.total, console=error_console, transient=True, disable=silent):
        counts[checked.verdict] += 1
        if checked.verdict is not Verdict.VERIFIED:
            found.append(checked)
    found.sort(key=lambda checked: checked.name)
    if as_json:
        print(json.dumps(_fields(counts, found)))
    elif found or not quiet:
        _show(counts, found)
    raise typer.Exit(ExitCode.INCOMPLETE if found else ExitCode.OK)


def _fields(counts: Counter[Verdict], found: list[Checked]) -> dict[str, object]:
    return {
        "verdicts": {verdict.value: counts[verdict] for verdict in Verdict},
        "found": [
            {"name": checked.name, "verdict": checked.verdict.value, "detail": checked.detail} for checked in found
        ],
    }


def _show(counts: Counter[Verdict], found: list[Checked]) -> None:
    table = Table(show_edge=False, pad_edge=False)
    for verdict in Verdict:
        table.add_column(verdict.value, justify="right")
    table.add_row(*(str(counts[verdict]) for verdict in Verdict))
    console.print(table)
    if not found:
        return
    details = Table(show_edge=False, pad_edge=False)
    for title in ("file below OUT", "verdict", "what was found"):
        details.add_column(title, overflow="fold")
    for checked in found[:_MOST_SHOWN]:
        details.add_row(checked.name, checked.verdict.value, checked.detail)
    console.print(details)
    if len(found) > _MOST_SHOWN:
        console.print(f"… and {len(found) - _MOST_SHOWN} more; --json lists all.")
