"""How an instance ended: a closed set of outcomes, and the exit code of a run that follows from them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, assert_never

from deid.errors import ExitCode, InstanceError, Reason
from deid.plain import Plain

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Released(Plain):
    """Verified and, unless it was a dry run, in OUT under `name` (relative, made from new UIDs)."""

    name: str


@dataclass(frozen=True, slots=True)
class Quarantined:
    """It may not be released: it stays in IN and nothing of it is in OUT."""

    reason: Reason
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Skipped:
    """Nothing to release: not DICOM, a DICOMDIR, a link, the same instance again, or left out by the profile."""

    reason: Reason
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Failed:
    """Something broke on the way: the file, the worker, or deid itself. Nothing of it is in OUT."""

    reason: Reason
    detail: str = ""


Outcome = Released | Quarantined | Skipped | Failed

_SKIPS = frozenset(
    {
        Reason.NOT_DICOM,
        Reason.PACKED,
        Reason.DICOMDIR,
        Reason.DICOMDIR_REBUILT,
        Reason.SYMLINK,
        Reason.SPECIAL_FILE,
        Reason.SAME_INSTANCE,
        Reason.LEFT_OUT,
    }
)
_FAILURES = frozenset({Reason.OUTSIDE_IN, Reason.UNREADABLE, Reason.TIME_LIMIT, Reason.WORKER_DIED, Reason.INTERNAL})


def outcome_of(error: InstanceError) -> Outcome:
    """The outcome that an instance error leads to; the reason alone decides."""
    if error.reason in _SKIPS:
        return Skipped(error.reason, error.detail)
    if error.reason in _FAILURES:
        return Failed(error.reason, error.detail)
    return Quarantined(error.reason, error.detail)


OUTCOMES = ("released", "quarantined", "skipped", "failed")
"""Their words, in the order in which they are told."""


def outcome_name(outcome: Outcome) -> str:
    """The word for the audit log and the console: released, quarantined, skipped or failed."""
    match outcome:
        case Released():
            return "released"
        case Quarantined():
            return "quarantined"
        case Skipped():
            return "skipped"
        case Failed():
            return "failed"
        case _:
            assert_never(outcome)


def exit_code(counts: Mapping[str, int]) -> ExitCode:
    """The exit code of a run from how many instances ended in each `outcome_name`."""
    tally = Counter(counts)
    return ExitCode.INCOMPLETE if tally["quarantined"] or tally["failed"] else ExitCode.OK
