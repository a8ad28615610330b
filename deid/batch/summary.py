"""The sums of a run: what the last audit line, the console and `--json` show."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from deid.outcome import Outcome, Released, exit_code, outcome_name

if TYPE_CHECKING:
    from deid.errors import ExitCode


@dataclass(slots=True)
class Summary:
    """Counts that grow while a run goes on."""

    outcomes: Counter[str] = field(default_factory=Counter)
    """How many sources ended as released, quarantined, skipped, failed."""
    reasons: Counter[str] = field(default_factory=Counter)
    """How many were not released, by reason."""
    regions: int = 0
    """Boxes blacked out."""
    frames_redacted: int = 0
    seconds: float = 0.0
    step_seconds: Counter[str] = field(default_factory=Counter)
    """Worker seconds by step, summed over all instances."""

    def add(self, outcome: Outcome) -> None:
        """Count one outcome."""
        self.outcomes[outcome_name(outcome)] += 1
        if not isinstance(outcome, Released):
            self.reasons[outcome.reason.value] += 1

    @property
    def total(self) -> int:
        """How many sources have ended."""
        return self.outcomes.total()

    @property
    def exit_code(self) -> ExitCode:
        """The exit code that follows from the outcomes."""
        return exit_code(self.outcomes)

    def fields(self) -> dict[str, Any]:
        """The summary as JSON fields."""
        return {
            "outcomes": {name: self.outcomes[name] for name in ("released", "quarantined", "skipped", "failed")},
            "reasons": dict(sorted(self.reasons.items())),
            "regions": self.regions,
            "frames_redacted": self.frames_redacted,
            "seconds": round(self.seconds, 3),
            "step_seconds": {step: round(seconds, 3) for step, seconds in sorted(self.step_seconds.items())},
        }
