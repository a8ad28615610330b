"""Releasing and recording what workers have done, in batches, beside the work that goes on.

A batch is whatever has ended since the last one, within a tenth of a second at least: one instance where each takes
seconds, a hundred where each takes a millisecond. So what a commit costs, above all the wait for the disk, is shared
when it matters. Each batch goes

    audit lines → intent in the ledger → all down to the disk → renames into OUT → record in the ledger

and a kill at any point leaves either a recorded batch or an intent, which the next run takes back (`Books.roll_back`).
"""

from __future__ import annotations

import queue
import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Self

from deid import __version__
from deid.batch.output.ledger import Entry
from deid.batch.output.placing import Placement, Placing
from deid.outcome import Outcome, Released, outcome_name

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

    from deid.batch.output.books import Books
    from deid.batch.processed import Processed
    from deid.batch.summary import Summary

_LARGEST_BATCH = 256
SECONDS_TO_GATHER = 0.1


@dataclass(frozen=True, slots=True)
class Ended:
    """A source that a worker is done with."""

    source: bytes
    """Keyed digest of its path."""
    state: bytes
    """Keyed digest of its size and time."""
    processed: Processed
    path: Path = field(repr=False)
    in_archive: bool = False
    """Whether `path` is that of the archive that it is a member of."""


@dataclass(frozen=True, slots=True)
class Earlier:
    """A source that an earlier run was done with, and that has not changed since."""

    outcome: Outcome


@dataclass(frozen=True, slots=True)
class _Settled:
    """A source that has ended, with its place in the run and in OUT."""

    ended: Ended
    number: int
    placement: Placement

    def line(self) -> bytes:
        return self.ended.processed.record.line(self.number, self.placement.outcome)

    def entry(self) -> Entry:
        outcome = self.placement.outcome
        reason, name = ("", outcome.name) if isinstance(outcome, Released) else (outcome.reason.value, "")
        content = self.ended.processed.content
        return Entry(self.ended.source, self.ended.state, outcome_name(outcome), reason, name, __version__, content)


class Committer:
    """Takes what has ended, in the order of discovery, and commits it in a thread of its own; a context manager.

    On leaving it, everything that was put is committed, also when the run was interrupted.
    """

    def __init__(self, books: Books, summary: Summary, counted: Callable[[Outcome, Summary], None]) -> None:
        """Take what is written to, the sums to add to, and who is told of each source once it is recorded."""
        self._books = books
        self._summary = summary
        self._counted = counted
        self._queue: queue.SimpleQueue[Ended | Earlier | None] = queue.SimpleQueue()
        self._room = threading.Semaphore(_LARGEST_BATCH)
        self._hurry = threading.Event()
        """Set when there is enough for a batch, or no more to come."""
        self._closing = False
        self._thread = threading.Thread(target=self._work, name="commit", daemon=True)
        self._error: BaseException | None = None

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._closing = True
        self._queue.put(None)
        self.hurry()
        self._thread.join()
        if error is None:
            self._raise()

    def hurry(self) -> None:
        """Commit what was put without waiting for more."""
        self._hurry.set()

    def put(self, ended: Ended | Earlier) -> None:
        """Hand in one source; waits while the disk is slower than the workers.

        Raises:
            InputOutputError: OUT, the ledger, the audit log or the vault can't be written any more.
        """
        self._raise()
        if not self._room.acquire(blocking=False):
            # A batch is full: what waits for the next moment would wait for nothing.
            self.hurry()
            self._room.acquire()
        self._queue.put(ended)

    def _raise(self) -> None:
        if self._error is not None:
            raise self._error

    def _work(self) -> None:
        more = True
        while more:
            batch, more = self._next_batch()
            # After an error the queue is emptied all the same, so that `put` never waits for ever.
            if self._error is None:
                try:
                    self._commit(batch)
                except BaseException as error:  # noqa: BLE001 - raised again in the thread of the run
                    self._error = error

    def _next_batch(self) -> tuple[list[Ended | Earlier], bool]:
        """What ends in the next moment, at least one unless that was all, and whether there may be more."""
        batch: list[Ended | Earlier] = []
        item = self._queue.get()
        # One wait for all: to be woken for each would take longer than to commit it.
        self._hurry.wait(SECONDS_TO_GATHER)
        if not self._closing:
            self._hurry.clear()
        while item is not None:
            batch.append(item)
            if len(batch) == _LARGEST_BATCH or self._queue.empty():
                break
            item = self._queue.get()
        if batch:
            self._room.release(len(batch))
        return batch, item is not None

    def _commit(self, batch: list[Ended | Earlier]) -> None:
        results = [item.processed for item in batch if isinstance(item, Ended)]
        placing = Placing(self._books.target, self._books.ledger, results)
        settled = [
            _Settled(item, number, placing.decide(item.source, item.processed))
            for number, item in enumerate(batch, self._summary.total + 1)
            if isinstance(item, Ended)
        ]
        if settled:
            try:
                self._write(settled)
            except BaseException:
                self._books.try_to_roll_back()
                raise
        placements = {item.number: item.placement for item in settled}
        for number, item in enumerate(batch, self._summary.total + 1):
            self._count(item, placements.get(number))

    def _write(self, batch: list[_Settled]) -> None:
        books = self._books
        for settled in batch:
            mapping = settled.ended.processed.mapping
            if books.vault is not None and mapping is not None and settled.placement.move:
                books.vault.append(mapping)
        if books.log is not None:
            books.log.write(*(settled.line() for settled in batch))
        self._release(batch)
        self._show_quarantined(batch)
        releases = [settled.placement.release for settled in batch if settled.placement.release is not None]
        withdrawn = [settled.placement.withdrawn for settled in batch if settled.placement.withdrawn]
        books.ledger.record([settled.entry() for settled in batch], releases, books.log_facts(), withdrawn)
        if books.target is not None:
            for name in withdrawn:
                books.target.withdraw(name)

    def _show_quarantined(self, batch: list[_Settled]) -> None:
        if self._books.quarantine is not None:
            for settled in batch:
                source = settled.ended.processed.record.source
                ended = settled.ended
                self._books.quarantine.update(
                    source, ended.path, settled.placement.outcome, may_copy=not ended.in_archive
                )

    def _release(self, batch: list[_Settled]) -> None:
        target = self._books.target
        if target is None:
            return
        moves: dict[str, str] = {}
        for settled in batch:
            staged, release = settled.ended.processed.staged, settled.placement.release
            if staged is not None and release is not None and settled.placement.move:
                moves[release.name] = staged
            elif staged is not None:
                Path(staged).unlink()
        self._books.ledger.intend(moves)
        self._books.sync()
        for name, staged in moves.items():
            target.place(staged, name)

    def _count(self, item: Ended | Earlier, placement: Placement | None) -> None:
        if isinstance(item, Earlier):
            self._summary.add_earlier(item.outcome)
            self._counted(item.outcome, self._summary)
        elif placement is not None:
            self._summary.add(placement.outcome, item.processed.record)
            self._counted(placement.outcome, self._summary)
