"""What may take a place in OUT: each instance once, never over a file that came from another source."""

from __future__ import annotations

import filecmp
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from deid.batch.output.ledger import Release
from deid.errors import Reason
from deid.outcome import Outcome, Quarantined, Released, Skipped

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from deid.batch.output.ledger import Ledger
    from deid.batch.output.target import Target
    from deid.batch.processed import Processed


@dataclass(frozen=True, slots=True)
class Placement:
    """The outcome of a source after a look at what is in OUT already."""

    outcome: Outcome
    release: Release | None = None
    """What is in OUT from it, when all is done."""
    move: bool = False
    """Whether the staged file is to be moved to the release's name."""
    withdrawn: str = ""
    """A release of the same source and instance under another name, which the new one makes obsolete."""


class Placing:
    """Decides for the results of one batch, in their order; what it lets in counts for those that follow."""

    def __init__(self, target: Target | None, ledger: Ledger, batch: Sequence[Processed]) -> None:
        """Look up in the ledger, all at once, what a batch has to do with; OUT is None for a dry run."""
        self._target = target
        self._let_in: dict[str, tuple[Release, str | None]] = {}
        self._let_in_of: dict[bytes, list[Release]] = {}
        names = [processed.outcome.name for processed in batch if isinstance(processed.outcome, Released)]
        found = ledger.releases_among(names, [processed.instance for processed in batch])
        self._by_name = {release.name: release for release in found}
        self._by_instance: dict[bytes, list[Release]] = {}
        for release in found:
            self._by_instance.setdefault(release.instance, []).append(release)

    def decide(self, source: bytes, processed: Processed) -> Placement:
        """Say what becomes of a result.

        Args:
            source: The keyed digest of the source's path.
            processed: How it ended in the worker.
        """
        outcome = processed.outcome
        if not isinstance(outcome, Released):
            return Placement(outcome)
        there = self._release(outcome.name)
        elsewhere = [found for found in self._releases_of(processed.instance) if found.name != outcome.name]
        if any(found.source != source for found in elsewhere):
            # The same instance under another patient, study or series: not the same content.
            return Placement(Quarantined(Reason.DUPLICATE_INSTANCE))
        if self._target is None or processed.staged is None:
            refused = there is not None and there.source != source
            return self._let(source, processed, outcome, refused=refused)
        path = self._path(self._target, outcome.name)
        own = there is not None and there.source == source
        if path is not None and filecmp.cmp(processed.staged, path, shallow=False):
            return Placement(outcome, there) if own else Placement(Skipped(Reason.SAME_INSTANCE))
        withdrawn = elsewhere[0].name if elsewhere else ""
        return self._let(source, processed, outcome, refused=path is not None and not own, withdrawn=withdrawn)

    def _let(
        self, source: bytes, processed: Processed, outcome: Released, *, refused: bool, withdrawn: str = ""
    ) -> Placement:
        if refused:
            return Placement(Quarantined(Reason.DUPLICATE_INSTANCE))
        # As text: to make a Path takes longer than to look.
        size = os.stat(processed.staged).st_size if processed.staged is not None else 0  # noqa: PTH116
        release = Release(outcome.name, size, processed.instance, source)
        self._let_in[outcome.name] = release, processed.staged
        self._let_in_of.setdefault(processed.instance, []).append(release)
        return Placement(outcome, release, move=processed.staged is not None, withdrawn=withdrawn)

    def _release(self, name: str) -> Release | None:
        return self._let_in[name][0] if name in self._let_in else self._by_name.get(name)

    def _releases_of(self, instance: bytes) -> list[Release]:
        return self._let_in_of.get(instance) or self._by_instance.get(instance, [])

    def _path(self, target: Target, name: str) -> str | Path | None:
        staged = self._let_in[name][1] if name in self._let_in else None
        return staged or (target.path(name) if target.size(name) is not None else None)
