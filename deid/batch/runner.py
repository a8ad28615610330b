"""A run: discover, hand out to workers, commit and record in the order of discovery."""

from __future__ import annotations

import time
from contextlib import ExitStack, nullcontext
from dataclasses import dataclass, field
from functools import partial
from itertools import islice, takewhile
from typing import TYPE_CHECKING, Protocol

from deid.audit.records import InstanceRecord
from deid.audit.run_lines import run_line, summary_line
from deid.batch.backlog import Backlog
from deid.batch.dicomdir.directories import Directories
from deid.batch.output.books import open_books
from deid.batch.output.committing import Committer, Earlier, Ended
from deid.batch.output.target import Target
from deid.batch.processed import Processed, Processing, Unchanged, preload
from deid.batch.signals import Stop
from deid.batch.sources.selection import count, selected
from deid.batch.sources.spool import Spool
from deid.batch.summary import Summary
from deid.batch.workers.nursery import Nursery
from deid.batch.workers.pool import Lost, Pool
from deid.errors import InstanceError
from deid.identity.key import default_key_path, load_key, load_or_create
from deid.outcome import Failed, Outcome, Quarantined, outcome_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from deid.batch.output.books import Books
    from deid.batch.sources.source import Source
    from deid.batch.workers.cluster import Cluster
    from deid.identity.key import Key
    from deid.options import RunOptions
    from deid.profile import Profile


class Observer(Protocol):
    """Is told how a run gets on; the CLI shows it, others may ignore it."""

    def started(self, total: Callable[[], int | None]) -> None:
        """The run begins; `total` walks the input once more and counts its files, if it can."""

    def ended(self, outcome: Outcome, summary: Summary) -> None:
        """One more source has ended."""

    def key_made(self, path: Path) -> None:
        """There was no key yet; one was made at `path`."""

    def vault_repaired(self, path: Path, dropped: int) -> None:
        """The vault ended with a record that is not whole; its `dropped` bytes were cut off."""


class Silent:
    """An observer that shows nothing."""

    def started(self, total: Callable[[], int | None]) -> None:
        """Ignore it."""

    def ended(self, outcome: Outcome, summary: Summary) -> None:
        """Ignore it."""

    def key_made(self, path: Path) -> None:
        """Ignore it."""

    def vault_repaired(self, path: Path, dropped: int) -> None:
        """Ignore it."""


def run(options: RunOptions, observer: Observer | None = None, nursery: Nursery | None = None) -> Summary:
    """De-identify everything below `options.source` into `options.target`.

    Where an earlier run into the same OUT was killed or stopped, this one goes on: finished sources that have not
    changed are counted and left alone.

    Args:
        options: What to do.
        observer: Is told how it gets on.
        nursery: What forks the workers, if there is one already.

    Returns:
        The sums of the run; its `exit_code` says whether everything was released.

    Raises:
        DeidError: The run can't start or can't go on: bad paths, profile or key, a full disk, a missing model. What
            was released until then is verified and recorded.
    """
    options.check()
    observer = observer or Silent()
    with ExitStack() as stack:
        if nursery is None and options.scheduler is None:
            # While there is one thread and nothing open: what is forked from here on holds no lock of OUT.
            nursery = stack.enter_context(Nursery.if_possible(preload) or nullcontext())
        # Workers come by here without running anything.
        from deid.profile import load_profile

        profile = load_profile(options.profile, options.options, options.devices)
        key = run_key(options, observer)
        models = _model_digests() if options.pixels else {}
        workers = _workers(options, profile, key, nursery)
        books = open_books(options, profile, key, stack, observer.vault_repaired)
        books.write(run_line(options, profile, key, models, books.log_id))
        directories = Directories(books.target, key) if books.target is not None else None
        return _Run(options, key, books, workers, observer, directories).work()


def _workers(
    options: RunOptions, profile: Profile, key: Key, nursery: Nursery | None
) -> Cluster | Pool[Source, Processed | Unchanged]:
    staging = None if options.dry_run else Target(options.target).staging.absolute()
    vault = options.vault is not None and not options.dry_run
    processing = Processing(profile, key, options.pixels, staging, vault=vault, rehash=options.rehash)
    if options.scheduler is not None and staging is not None:
        from deid.batch.workers.cluster import Cluster
        from deid.batch.workers.cluster_worker import Setup

        return Cluster(options.scheduler, Setup(processing, options.time_limit, options.memory_limit), staging)
    return Pool(
        processing,
        size=options.worker_count,
        time_limit=options.time_limit,
        memory_limit=options.memory_limit,
        nursery=nursery,
    )


def _model_digests() -> dict[str, str]:
    from deid.pixels.ocr import model_digests

    return model_digests()


def run_key(options: RunOptions, observer: Observer) -> Key:
    """The key that was named, which must exist, or the default one, made when there is none yet."""
    if options.key_file is not None:
        return load_key(options.key_file)
    key, made = load_or_create(default_key_path())
    if made:
        observer.key_made(default_key_path())
    return key


@dataclass(frozen=True, slots=True)
class _Run:
    options: RunOptions
    key: Key
    books: Books
    workers: Cluster | Pool[Source, Processed | Unchanged]
    observer: Observer
    directories: Directories | None
    """None for a dry run."""
    summary: Summary = field(default_factory=Summary)

    def work(self) -> Summary:
        """Work through the sources; however it ends, the log gets its summary line."""
        start = time.monotonic()
        complete = False
        try:
            with Stop() as stop:
                self._process(stop)
                self.summary.stopped = stop.by_signal
                if not stop.requested:
                    self._finish_directories(stop)
            self.summary.split_studies = self.books.ledger.split_studies()
            complete = not stop.requested
        finally:
            self.summary.seconds = time.monotonic() - start
            if complete or not self.books.ledger.is_empty():
                self.books.write(summary_line(self.summary.fields(), complete=complete))
            else:
                self.books.discard()
        return self.summary

    def _process(self, stop: Stop) -> None:
        options = self.options
        backlog = Backlog(self.books, self.key, retry=options.retry, rehash=options.rehash)
        self.observer.started(partial(count, options))
        # The spool goes last: workers read what is in it.
        with Spool() as spool, self._committer(stop) as committer, self.workers as workers:
            sources = takewhile(lambda _: not stop.requested, selected(options))
            pending = backlog.pending(sources, partial(self._end, committer))
            wanted = islice(pending, options.limit)
            here = isinstance(workers, Pool)
            for source, processed in workers.run(map(spool.unpacked, wanted) if here else wanted):
                spool.release(source)
                self._end(committer, backlog.ended(source, self._whole(source, processed)))
            # While the workers are ended.
            committer.hurry()

    def _committer(self, stop: Stop) -> Committer:
        return Committer(self.books, self.summary, partial(self._ended, stop))

    def _ended(self, stop: Stop, outcome: Outcome, summary: Summary) -> None:
        if self.options.stop_on_error and isinstance(outcome, Quarantined | Failed):
            stop.request()
        self.observer.ended(outcome, summary)

    def _end(self, committer: Committer, result: Ended | Earlier) -> None:
        if self.directories is None or not self.directories.hold_back(result):
            committer.put(result)

    def _finish_directories(self, stop: Stop) -> None:
        if self.directories is not None:
            with self._committer(stop) as committer:
                for ended in self.directories.finish(changed=self.summary.total > self.summary.earlier):
                    committer.put(ended)

    def _whole(self, source: Source, result: Processed | Unchanged | Lost) -> Processed | Unchanged:
        if not isinstance(result, Lost):
            return result
        record = InstanceRecord.of_source(source.relative_bytes, self.key)
        return Processed(outcome_of(InstanceError(result.reason)), record)
