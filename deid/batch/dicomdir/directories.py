"""The DICOMDIRs of IN: they end last, when it is known what a new one must name."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from deid.batch.output.committing import Earlier, Ended
from deid.batch.output.naming import DICOMDIR
from deid.errors import Reason
from deid.outcome import Outcome, Skipped

if TYPE_CHECKING:
    from deid.batch.output.target import Target
    from deid.identity.key import Key

_REASONS = {Reason.DICOMDIR, Reason.DICOMDIR_REBUILT}


@dataclass(slots=True)
class Directories:
    """Holds back the results for DICOMDIRs, and makes that of OUT."""

    target: Target
    key: Key = field(repr=False)
    _waiting: list[Ended] = field(default_factory=list)
    _met: bool = False

    def hold_back(self, result: Ended | Earlier) -> bool:
        """Whether the result waits for `finish`."""
        outcome = result.outcome if isinstance(result, Earlier) else result.processed.outcome
        if not (isinstance(outcome, Skipped) and outcome.reason in _REASONS):
            return False
        self._met = True
        if isinstance(result, Ended):
            self._waiting.append(result)
        return isinstance(result, Ended)

    def finish(self, *, changed: bool) -> list[Ended]:
        """Make the DICOMDIR of OUT, if IN has one or an earlier run made one; returns what waited, with its outcome.

        Args:
            changed: Whether this run has released anything. If not, one that is there stays as it is.

        Raises:
            InputOutputError: OUT can't be read or written.
        """
        there = self.target.size(DICOMDIR) is not None
        wanted = self._met or there
        if not wanted or (there and not changed and not self._waiting):
            return []
        from deid.batch.dicomdir.rebuilding import rebuild_dicomdir

        outcome = rebuild_dicomdir(self.target.root, self.target.staging, self.key)
        return [_with(ended, outcome) for ended in self._waiting]


def _with(ended: Ended, outcome: Outcome) -> Ended:
    return replace(ended, processed=replace(ended.processed, outcome=outcome))
