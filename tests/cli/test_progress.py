"""What a run shows while it goes on."""

from __future__ import annotations

import io
import itertools
import re
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest
from rich.console import Console

from deid.audit.records import InstanceRecord
from deid.batch import Summary
from deid.cli import progress
from deid.errors import Reason
from deid.outcome import Quarantined, Released

if TYPE_CHECKING:
    from deid.batch import Observer
    from deid.outcome import Outcome

OUTCOMES: list[Outcome] = [Released("a"), Released("b"), Quarantined(Reason.TRUNCATED)]


@pytest.fixture
def screen(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> io.StringIO:
    """What is shown, on a terminal or in a log file."""
    text = io.StringIO()
    console = Console(file=text, force_terminal=request.param, width=160, color_system=None)
    monkeypatch.setattr(progress, "error_console", console)
    return text


def work(observer: Observer) -> None:
    """A run over three of five files, in which the pixels take most of the time."""
    summary = Summary()
    observer.started(lambda: 5)
    for outcome in OUTCOMES:
        summary.add(outcome, InstanceRecord("digest", seconds={"header": 0.1, "pixels": 0.9, "total": 1.0}))
        observer.ended(outcome, summary)


@pytest.mark.parametrize("screen", [True], indirect=True)
def test_a_terminal_shows_done_and_total_rate_time_left_outcomes_and_the_slowest_step(screen: io.StringIO) -> None:
    with progress.progress_for(quiet=False) as observer:
        work(observer)
    last = screen.getvalue()
    assert "3/5" in last
    assert re.search(r"[0-9.]+/s", last)
    assert re.search(r"left +[0-9-]:[0-9-]{2}:[0-9-]{2}", last)
    assert "2 released, 1 quarantined; slowest step: pixels" in last


@pytest.mark.parametrize("screen", [False], indirect=True)
def test_a_log_file_gets_a_plain_line_now_and_then(screen: io.StringIO, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = itertools.count(0, 20)
    monkeypatch.setattr(progress, "time", SimpleNamespace(monotonic=lambda: float(next(clock))))
    with progress.progress_for(quiet=False) as observer:
        work(observer)
    (line,) = screen.getvalue().splitlines()
    assert re.fullmatch(r"deid: [0-9]+ done, [0-9.]+/s; 2 released; slowest step: pixels", line)


@pytest.mark.parametrize("screen", [False, True], indirect=True)
def test_quiet_shows_nothing(screen: io.StringIO) -> None:
    with progress.progress_for(quiet=True) as observer:
        work(observer)
    assert screen.getvalue() == ""
