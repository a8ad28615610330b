"""`deid report`: what the runs into an OUT came to, on the screen or as a page."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from deid.audit.report import Report
from deid.batch.reporting import page_on, report_on
from deid.cli.console import console
from deid.cli.parameters import Json
from deid.errors import InputOutputError
from deid.outcome import OUTCOMES

_MOST_REASONS = 8
_PAGE = b"<!doctype html>"


def report_command(
    out: Annotated[Path, typer.Argument(metavar="OUT", help="The OUT folder of a run, or its audit log.")],
    page: Annotated[
        Path | None, typer.Argument(metavar="[HTML]", help="Write a page to look at: one file that needs nothing else.")
    ] = None,
    pictures: Annotated[
        int, typer.Option(metavar="N", min=0, help="How many released images with boxes the page shows.")
    ] = 24,
    as_json: Json = False,
) -> None:
    """Sum up what became of the files of all runs into OUT: outcomes, reasons, attributes, boxes, time.

    The report holds nothing of a patient: it is made of the audit log, and of released images.

    Examples:
      [bold]deid report out/[/bold]   on the screen

      [bold]deid report out/ report.html[/bold]   a page, with pictures
    """
    report = report_on(out, most_pictures=pictures if page is not None else 0)
    if page is not None:
        _write(page, page_on(out, report))
    if as_json:
        print(json.dumps(_fields(report)))
        return
    _show(report)
    if page is not None:
        console.print(f"Page: {page}", soft_wrap=True)


def _write(page: Path, text: str) -> None:
    try:
        if page.is_file() and not page.read_bytes().startswith(_PAGE):
            raise InputOutputError(f"the file exists and is no page: {page}", remedy="name another file")
        page.write_text(text, encoding="utf-8")
    except OSError as error:
        raise InputOutputError(
            f"the page can't be written: {page} ({os.strerror(error.errno or 0)})", remedy="name another file"
        ) from None


def _fields(report: Report) -> dict[str, object]:
    return {
        "outcomes": {name: report.outcomes[name] for name in OUTCOMES},
        "not_released": {name: entry.count for name, entry in report.not_released.items()},
        "subjects": len(report.subjects),
        "regions": report.regions,
        "files_with_regions": report.redacted,
        "hidden": dict(report.hidden.most_common()),
        "complete": report.complete,
    }


def _show(report: Report) -> None:
    table = Table(show_edge=False, pad_edge=False)
    for name in (*OUTCOMES, "patients", "boxes", "lines kept"):
        table.add_column(name, justify="right")
    counts = [report.outcomes[name] for name in OUTCOMES]
    table.add_row(*map(str, (*counts, len(report.subjects), report.regions, report.lines_kept)))
    console.print(table)
    if report.not_released:
        _table("not released because", [(entry.meaning, entry.count) for entry in report.not_released.values()])
    if report.hidden:
        _table("hidden because", report.hidden.most_common(_MOST_REASONS))
    if not report.complete:
        console.print("The last run did not come to its end: run the same command again.")


def _table(title: str, rows: list[tuple[str, int]]) -> None:
    table = Table(show_edge=False, pad_edge=False)
    table.add_column("", justify="right")
    table.add_column(title)
    for name, count in sorted(rows, key=lambda row: -row[1]):
        table.add_row(str(count), name)
    console.print(table)
