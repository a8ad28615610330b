"""A run: discover, hand out to workers, commit and record in the order of discovery."""

from __future__ import annotations

import time
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from deid.audit.log import AuditLog
from deid.audit.records import InstanceRecord
from deid.audit.run_lines import run_line, summary_line
from deid.batch.dicomdir import DICOMDIR, rebuild_dicomdir
from deid.batch.discovery import Source, discover
from deid.batch.pool import Lost, Pool
from deid.batch.processing import Processed, Processing
from deid.batch.signals import uninterrupted
from deid.batch.summary import Summary
from deid.batch.target import Commit, Target
from deid.errors import InputOutputError, InstanceError, Reason
from deid.identity.key import default_key_path, load_key, load_or_create
from deid.identity.vault import Vault
from deid.identity.vault_secret import load_passphrase
from deid.outcome import Outcome, Quarantined, Released, Skipped, outcome_of
from deid.pixels.ocr import model_digests
from deid.profile import load_profile

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from deid.identity.key import Key
    from deid.identity.mapping import InstanceMapping
    from deid.options import RunOptions
    from deid.profile import Profile


class Observer(Protocol):
    """Is told how a run gets on; the CLI shows it, others may ignore it."""

    def started(self, total: Callable[[], int]) -> None:
        """The run begins; `total` walks the input once more and counts its files."""

    def ended(self, outcome: Outcome, summary: Summary) -> None:
        """One more source has ended."""

    def key_made(self, path: Path) -> None:
        """There was no key yet; one was made at `path`."""

    def vault_repaired(self, path: Path, dropped: int) -> None:
        """The vault ended with a record that is not whole; its `dropped` bytes were cut off."""


class Silent:
    """An observer that shows nothing."""

    def started(self, total: Callable[[], int]) -> None:
        """Ignore it."""

    def ended(self, outcome: Outcome, summary: Summary) -> None:
        """Ignore it."""

    def key_made(self, path: Path) -> None:
        """Ignore it."""

    def vault_repaired(self, path: Path, dropped: int) -> None:
        """Ignore it."""


@dataclass(slots=True)
class _Run:
    options: RunOptions
    profile: Profile
    key: Key
    target: Target | None
    log: AuditLog | None
    vault: Vault | None
    observer: Observer
    summary: Summary = field(default_factory=Summary)
    seen: set[str] = field(default_factory=set)
    directories: list[InstanceRecord] = field(default_factory=list)
    """The DICOMDIRs of IN: they end last, when it is known what a new one must name."""

    def finish(self, source: Source, processed: Processed | Lost) -> None:
        """Commit, record and count one source."""
        if isinstance(processed, Lost):
            record = InstanceRecord.of_source(source.relative_bytes, self.key)
            outcome = outcome_of(InstanceError(processed.reason))
        else:
            record = processed.record
            outcome = self._commit(processed)
        if self.target is not None and outcome == Skipped(Reason.DICOMDIR):
            self.directories.append(record)
        else:
            self._end(record, outcome)

    def finish_directories(self) -> None:
        """Make the DICOMDIR of OUT, if IN has one or an earlier run made one; end those of IN."""
        if self.target is None or not (self.directories or self.target.holds(DICOMDIR)):
            return
        outcome = rebuild_dicomdir(self.options.target, self.target.staging, self.key)
        for record in self.directories:
            self._end(record, outcome)

    def _end(self, record: InstanceRecord, outcome: Outcome) -> None:
        self.summary.add(outcome)
        self.summary.step_seconds.update(record.seconds)
        if isinstance(outcome, Released):
            self.summary.regions += record.regions
            self.summary.frames_redacted += record.frames_redacted
        self._record(record, outcome)
        self.observer.ended(outcome, self.summary)

    def _commit(self, processed: Processed) -> Outcome:
        outcome = processed.outcome
        if not isinstance(outcome, Released):
            return outcome
        repeated = processed.instance_digest in self.seen
        self.seen.add(processed.instance_digest)
        if self.target is None or processed.staged is None:
            return Quarantined(Reason.DUPLICATE_INSTANCE) if repeated else outcome
        if repeated and not self.target.holds(outcome.name):
            # The same instance under another patient, study or series: not the same content.
            processed.staged.unlink()
            return Quarantined(Reason.DUPLICATE_INSTANCE)
        self._remember(self.target, processed.mapping, outcome)
        return self._place(self.target, processed.staged, outcome)

    def _remember(self, target: Target, mapping: InstanceMapping | None, outcome: Released) -> None:
        """Write the mapping down before the file appears: no crash leaves a released file without it."""
        if self.vault is not None and mapping is not None and not target.holds(outcome.name):
            self.vault.append(mapping)

    def _place(self, target: Target, staged: Path, outcome: Released) -> Outcome:
        match target.commit(staged, outcome.name):
            case Commit.RELEASED:
                return outcome
            case Commit.SAME:
                return Skipped(Reason.SAME_INSTANCE)
            case Commit.CONFLICT:
                return Quarantined(Reason.DUPLICATE_INSTANCE)

    def _record(self, record: InstanceRecord, outcome: Outcome) -> None:
        if self.log is None:
            return
        try:
            self.log.write(record.line(self.summary.total, outcome))
        except InputOutputError:
            if self.target is not None and isinstance(outcome, Released):
                self.target.withdraw(outcome.name)
            raise


def run(options: RunOptions, observer: Observer | None = None) -> Summary:
    """De-identify everything below `options.source` into `options.target`.

    Returns:
        The sums of the run; its `exit_code` says whether everything was released.

    Raises:
        DeidError: The run can't start or can't go on: bad paths, profile or key, a full disk, a missing model. What
            was released until then is verified and recorded.
    """
    options.check()
    observer = observer or Silent()
    profile = load_profile(options.profile, options.options, options.devices)
    key = run_key(options, observer)
    models = model_digests() if options.pixels else {}
    with ExitStack() as stack:
        # Before OUT is made: a vault that does not open must leave nothing behind.
        vault = _vault(options, key, observer, stack)
        target = None if options.dry_run else stack.enter_context(Target(options.target))
        log = stack.enter_context(AuditLog(options.audit_path)) if _logs(options) else None
        state = _Run(options, profile, key, target, log, vault, observer)
        if log is not None:
            log.write(run_line(options, profile, key, models))
        _process(state)
    return state.summary


def run_key(options: RunOptions, observer: Observer) -> Key:
    """The key that was named, which must exist, or the default one, made when there is none yet."""
    if options.key_file is not None:
        return load_key(options.key_file)
    key, made = load_or_create(default_key_path())
    if made:
        observer.key_made(default_key_path())
    return key


def _vault(options: RunOptions, key: Key, observer: Observer, stack: ExitStack) -> Vault | None:
    """The vault, open, if one is wanted; a dry run writes none."""
    if options.vault is None:
        return None
    secret = key if options.vault_passphrase_file is None else load_passphrase(options.vault_passphrase_file)
    if options.dry_run:
        return None
    vault = stack.enter_context(Vault(options.vault, secret))
    if vault.dropped:
        observer.vault_repaired(options.vault, vault.dropped)
    return vault


def _logs(options: RunOptions) -> bool:
    """A dry run writes an audit log only where one was asked for."""
    return not options.dry_run or options.audit is not None


def _process(state: _Run) -> None:
    """Work through the sources; however it ends, the log gets its summary line."""
    options, summary = state.options, state.summary
    staging = state.target.staging if state.target is not None else None
    pool: Pool[Source, Processed] = Pool(
        Processing(state.profile, state.key, options.pixels, staging, vault=state.vault is not None),
        size=options.worker_count,
        time_limit=options.time_limit,
        memory_limit=options.memory_limit,
    )
    start = time.monotonic()
    complete = False
    try:
        with pool:
            state.observer.started(lambda: sum(1 for _ in discover(options.source)))
            for source, processed in pool.run(discover(options.source)):
                with uninterrupted():
                    state.finish(source, processed)
        state.finish_directories()
        complete = True
    finally:
        summary.seconds = time.monotonic() - start
        if state.log is not None and not complete and not summary.total:
            # Nothing was done: without a log in it, OUT is empty, and the next try can use it.
            state.log.discard()
        elif state.log is not None:
            state.log.write(summary_line(summary.fields(), complete=complete))
