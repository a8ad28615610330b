from __future__ import annotations

from deid.audit.records import InstanceRecord
from deid.batch.summary import Summary
from deid.errors import ExitCode, Reason
from deid.outcome import Quarantined, Released


def test_what_earlier_runs_did_counts_in_the_exit_code() -> None:
    summary = Summary()
    summary.add(Released("a.dcm"), InstanceRecord("1", seconds={"read": 1.0, "pixels": 2.0, "total": 3.0}))
    assert summary.exit_code is ExitCode.OK
    summary.add_earlier(Quarantined(Reason.TRUNCATED))
    assert (summary.total, summary.earlier, summary.exit_code) == (2, 1, ExitCode.INCOMPLETE)
    assert summary.slowest_step == "pixels"


def test_a_run_that_was_stopped_says_so() -> None:
    assert Summary(stopped=True).exit_code is ExitCode.STOPPED
    assert Summary().slowest_step == ""
