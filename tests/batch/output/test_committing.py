from __future__ import annotations

import os
import time
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest

from deid.audit.log import AuditLog
from deid.batch.output import committing
from deid.batch.output.committing import Committer, Earlier
from deid.batch.output.ledger import Ledger
from deid.batch.output.target import Target
from deid.batch.summary import Summary
from deid.errors import InputOutputError, Reason
from deid.outcome import Failed, Quarantined, Released
from tests.batch.books import commit, files, opened, recorded, result

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from deid.batch.output.books import Books
    from deid.batch.output.committing import Ended

KILLED = 9
STEPS = [
    (AuditLog, "write"),
    (Ledger, "intend"),
    (Target, "sync"),
    (Target, "place"),
    (Ledger, "record"),
    (Target, "withdraw"),
]


def first_night(books: Books) -> list[Ended]:
    return [
        result(books, "1", "p/1.dcm", b"one"),
        result(books, "2", Quarantined(Reason.TRUNCATED)),
        result(books, "3", "p/3.dcm", b"three"),
    ]


def second_night(books: Books) -> list[Ended]:
    """The first instance has changed, the third belongs to another patient now, and two are new."""
    return [
        result(books, "1", "p/1.dcm", b"one, anew"),
        result(books, "3", "q/3.dcm", b"three, of q", instance="p/3.dcm"),
        result(books, "4", "p/4.dcm", b"four"),
        result(books, "5", Failed(Reason.TIME_LIMIT)),
    ]


def in_a_child(work: Callable[[], object]) -> int:
    """The exit code of a process that does the work: there, nothing is tidied up when it is killed."""
    child = os.fork()
    if not child:
        try:
            work()
        finally:
            os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def die_at(step: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the process end before and after each call that changes something, at the one of that number."""
    met = 0

    def count() -> None:
        nonlocal met
        met += 1
        if met == step:
            os._exit(KILLED)

    def mortal(function: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any, **options: Any) -> Any:
            count()
            value = function(*arguments, **options)
            count()
            return value

        return call

    for kind, name in STEPS:
        monkeypatch.setattr(kind, name, mortal(getattr(kind, name)))


def night(folder: Path, work: Callable[[Books], list[Ended]]) -> None:
    """One run: what the ledger holds in its present state is left alone."""
    with opened(folder) as books:
        results = [(one, books.ledger.entry(one.source)) for one in work(books)]
        commit(books, [one for one, entry in results if entry is None or entry.state != one.state])


@pytest.mark.parametrize("nights", [[first_night], [first_night, second_night]], ids=["first", "second"])
def test_killed_between_any_two_steps_nothing_is_lost_doubled_or_unrecorded(
    tmp_path: Path, nights: list[Callable[[Books], list[Ended]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    # It outlives a power cut, not a kill.
    monkeypatch.setattr("deid.batch.output.target.sync_file_system", lambda _: None)
    *earlier, last = nights
    for work in nights:
        night(tmp_path / "whole", work)
    step, ended = 0, KILLED
    while ended == KILLED:
        step += 1
        folder = tmp_path / str(step)
        for work in earlier:
            night(folder, work)
        before = files(folder)
        with monkeypatch.context() as patched:
            die_at(step, patched)
            ended = in_a_child(partial(night, folder, last))
        with opened(folder) as books:
            assert all(books.ledger.releases_among([name], []) for name in files(folder))
        assert {line["name"] for line in recorded(folder) if "name" in line} >= set(files(folder))
        assert set(files(folder)) >= set(before) - {"p/3.dcm"}
        night(folder, last)
        assert files(folder) == files(tmp_path / "whole")
        assert recorded(folder) == recorded(tmp_path / "whole")
    assert step > 10


def test_the_same_instance_is_released_once(tmp_path: Path) -> None:
    with opened(tmp_path) as books:
        summary = commit(
            books,
            [
                result(books, "1", "p/1.dcm", b"one"),
                result(books, "2", "p/1.dcm", b"one"),
                result(books, "3", "p/1.dcm", b"other"),
                result(books, "4", "q/1.dcm", b"one", instance="p/1.dcm"),
            ],
        )
        assert not list(books.target.staging.iterdir()) if books.target else False
    assert files(tmp_path) == {"p/1.dcm": b"one"}
    assert summary.reasons == {Reason.SAME_INSTANCE: 1, Reason.DUPLICATE_INSTANCE: 2}


def test_a_later_run_knows_what_is_in_out(tmp_path: Path) -> None:
    for source in ("1", "2"):
        with opened(tmp_path) as books:
            summary = commit(books, [result(books, source, "p/1.dcm", source.encode())])
    assert summary.reasons == {Reason.DUPLICATE_INSTANCE: 1}
    assert files(tmp_path) == {"p/1.dcm": b"1"}


def test_a_disk_that_fails_in_a_batch_leaves_what_was_recorded_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise InputOutputError("the disk is full", remedy="make room")

    with opened(tmp_path) as books:
        commit(books, [result(books, "1", "p/1.dcm", b"one")])
        monkeypatch.setattr(Target, "place", fail)
        with pytest.raises(InputOutputError, match="disk is full"):
            commit(books, [result(books, str(number), f"p/{number}.dcm", b"more") for number in range(2, 400)])
    assert files(tmp_path) == {"p/1.dcm": b"one"}
    assert [line["source"] for line in recorded(tmp_path)] == ["1"]


def test_a_full_batch_is_committed_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(committing, "SECONDS_TO_GATHER", 20.0)
    start = time.monotonic()
    with opened(tmp_path) as books, Committer(books, summary := Summary(), lambda *_: None) as committer:
        for number in range(600):
            committer.put(Earlier(Released(f"p/{number}.dcm")))
            if not number:
                time.sleep(0.5)  # the first is in hand when the others come
    assert summary.earlier == 600
    assert time.monotonic() - start < 15
