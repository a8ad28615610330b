"""The sums of a run: what the last audit line, the console and `--json` show."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from deid.errors import ExitCode
from deid.outcome import OUTCOMES, Released, exit_code, outcome_name

if TYPE_CHECKING:
    from deid.audit.records import InstanceRecord
    from deid.outcome import Outcome


@dataclass(slots=True)
class Summary:
    """Counts that grow while a run goes on; they include what earlier runs finished and this one met again."""

    outcomes: Counter[str] = field(default_factory=Counter)
    """How many sources ended as released, quarantined, skipped, failed."""
    earlier: int = 0
    """How many of them were finished by an earlier run."""
    stopped: bool = False
    """Whether the run was asked to stop before it came to its end."""
    reasons: Counter[str] = field(default_factory=Counter)
    """How many were not released, by reason."""
    regions: int = 0
    """Boxes blacked out."""
    frames_redacted: int = 0
    lacking_pixels: int = 0
    """Images that came without pixel data."""
    split_studies: int = 0
    """Studies in OUT that came apart: released under more than one pseudonym."""
    seconds: float = 0.0
    step_seconds: defaultdict[str, float] = field(default_factory=lambda: defaultdict(float))
    """Worker seconds by step, summed over all instances."""

    def add(self, outcome: Outcome, record: InstanceRecord) -> None:
        """Count one outcome, and what it took."""
        self._count(outcome)
        for step, seconds in record.seconds.items():
            self.step_seconds[step] += seconds
        if isinstance(outcome, Released):
            self.regions += record.regions
            self.frames_redacted += record.frames_redacted
            self.lacking_pixels += record.lacks_pixels

    def add_earlier(self, outcome: Outcome) -> None:
        """Count an outcome of an earlier run."""
        self._count(outcome)
        self.earlier += 1

    def _count(self, outcome: Outcome) -> None:
        self.outcomes[outcome_name(outcome)] += 1
        if not isinstance(outcome, Released):
            self.reasons[outcome.reason.value] += 1

    @property
    def total(self) -> int:
        """How many sources have ended."""
        return self.outcomes.total()

    @property
    def slowest_step(self) -> str:
        """The step that took most of the workers' time, empty when nothing was timed."""
        steps = {step: seconds for step, seconds in self.step_seconds.items() if step != "total"}
        return max(steps, key=steps.__getitem__, default="")

    @property
    def exit_code(self) -> ExitCode:
        """The exit code that follows from the outcomes."""
        return ExitCode.STOPPED if self.stopped else exit_code(self.outcomes)

    def fields(self) -> dict[str, Any]:
        """The summary as JSON fields."""
        return {
            "outcomes": {name: self.outcomes[name] for name in OUTCOMES},
            "earlier": self.earlier,
            "reasons": dict(sorted(self.reasons.items())),
            "regions": self.regions,
            "frames_redacted": self.frames_redacted,
            "lacking_pixels": self.lacking_pixels,
            "split_studies": self.split_studies,
            "seconds": round(self.seconds, 3),
            "step_seconds": {step: round(seconds, 3) for step, seconds in sorted(self.step_seconds.items())},
        }
