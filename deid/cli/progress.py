"""How a run shows that it gets on: a bar on a terminal, a line now and then in a log, nothing when quiet."""

from __future__ import annotations

import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Self

from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

from deid.batch.runner import Silent
from deid.cli.console import error_console

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from deid.batch import Observer, Summary
    from deid.outcome import Outcome

_SECONDS_BETWEEN_LINES = 30.0


@contextmanager
def progress_for(*, quiet: bool) -> Iterator[Observer]:
    """An observer that fits where the output goes."""
    if quiet:
        yield Quiet()
    elif error_console.is_terminal:
        with Bar() as bar:
            yield bar
    else:
        yield Lines()


class Quiet(Silent):
    """Says nothing but what was lost."""

    def vault_repaired(self, path: Path, dropped: int) -> None:
        """Say what was cut off the vault."""
        error_console.print(
            f"deid: the last record of the vault {path} was not whole, and its {dropped} bytes were cut off. "
            "A run that is killed leaves it so, and releases no file whose record is not whole.",
            soft_wrap=True,
        )


class _Telling(Quiet):
    """What every observer says that is not quiet."""

    def key_made(self, path: Path) -> None:
        """Say that there is a new key, once in its life."""
        error_console.print(
            f"deid: made a secret key, {path}. Back it up: without it, the same pseudonyms can't be made again.",
            soft_wrap=True,
        )


class Bar(_Telling):
    """A progress bar with rate, time left and outcomes."""

    def __init__(self) -> None:
        self._progress = Progress(
            SpinnerColumn(),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[rate]:.1f}/s"),
            TimeElapsedColumn(),
            TextColumn("left"),
            TimeRemainingColumn(),
            TextColumn("{task.fields[state]}"),
            console=error_console,
            transient=True,
        )
        self._task: TaskID | None = None
        self._start = 0.0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

    def started(self, total: Callable[[], int | None]) -> None:
        """Show the bar; the total is counted beside the work."""
        self._start = time.monotonic()
        # Not before: it draws in a thread, and workers are forked while there is none.
        self._progress.start()
        task = self._task = self._progress.add_task("", total=None, rate=0.0, state="loading models")
        counting = threading.Thread(target=lambda: self._progress.update(task, total=total()), daemon=True)
        counting.start()

    def ended(self, outcome: Outcome, summary: Summary) -> None:  # noqa: ARG002 - the counts say it all
        """Move on by one."""
        if self._task is not None:
            rate = summary.total / max(time.monotonic() - self._start, 1e-9)
            self._progress.update(self._task, completed=summary.total, rate=rate, state=tally(summary))


class Lines(_Telling):
    """A plain line at most every half minute, for cron and log files."""

    def __init__(self) -> None:
        self._start = self._last = time.monotonic()

    def started(self, total: Callable[[], int | None]) -> None:  # noqa: ARG002 - counting would walk IN twice for a log line
        """Begin to measure."""
        self._start = self._last = time.monotonic()

    def ended(self, outcome: Outcome, summary: Summary) -> None:  # noqa: ARG002 - the counts say it all
        """Print a line if the last one is old enough."""
        now = time.monotonic()
        if now - self._last >= _SECONDS_BETWEEN_LINES:
            self._last = now
            rate = summary.total / (now - self._start)
            error_console.print(f"deid: {summary.total} done, {rate:.1f}/s; {tally(summary)}", soft_wrap=True)


def tally(summary: Summary) -> str:
    """`120 released, 2 quarantined; slowest step: pixels`: the outcomes that occurred, and what takes the time."""
    outcomes = ", ".join(f"{count} {name}" for name, count in summary.outcomes.most_common())
    return f"{outcomes}; slowest step: {summary.slowest_step}" if summary.slowest_step else outcomes
