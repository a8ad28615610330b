"""Everything that a run writes to: OUT, the ledger, the audit log, the vault. Opened together, kept consistent."""

from __future__ import annotations

import contextlib
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

from deid.audit.log import AuditLog, belongs_to
from deid.batch.output.ledger import Ledger
from deid.batch.output.quarantine import Quarantine
from deid.batch.output.target import Target
from deid.errors import DeidError, InputOutputError

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import ExitStack
    from pathlib import Path
    from typing import Any

    from deid.identity.key import Key
    from deid.identity.vault import Vault
    from deid.options import RunOptions
    from deid.profile import Profile

_LOG = "audit log"
_LOG_END = "end of the audit log"


@dataclass(frozen=True, slots=True)
class Books:
    """What a run writes to; what it does not write is None.

    At any moment, killed or not, one of two things holds for a file in OUT: the ledger holds it and the audit log tells
    of it, or the ledger holds the intent to release it, and `roll_back` takes it away.
    """

    ledger: Ledger
    target: Target | None = None
    log: AuditLog | None = None
    vault: Vault | None = None
    quarantine: Quarantine | None = None

    def write(self, line: dict[str, Any]) -> None:
        """Record a line of the audit log that tells of no source, a run's first or last."""
        if self.log is not None:
            self.log.write(line)
            self.sync()
        self.ledger.record((), (), self.log_facts())

    @property
    def log_id(self) -> str:
        """What tells the audit log from others; empty when none is written."""
        return "" if self.log is None else self.log.id

    def log_facts(self) -> dict[str, str]:
        """How far the audit log has come, for the ledger to record."""
        return {} if self.log is None else {_LOG_END: str(self.log.end)}

    def sync(self) -> None:
        """Bring everything down to the disk."""
        if self.log is not None:
            self.log.sync()
        if self.target is not None:
            self.target.sync()

    def roll_back(self) -> None:
        """Take back what was begun and not recorded."""
        _withdraw_interrupted(self.ledger, self.target)
        if self.log is not None:
            self.log.cut(int(self.ledger.facts().get(_LOG_END, "0")))

    def try_to_roll_back(self) -> None:
        """As `roll_back`; where that fails, as on a broken disk, the next run does it."""
        with contextlib.suppress(DeidError, OSError):
            self.roll_back()

    def discard(self) -> None:
        """Leave no trace of a run that did nothing: another try may use other options."""
        if self.log is not None:
            self.log.discard()
        self.ledger.close()
        if self.target is not None:
            self.target.forget()


def open_books(
    options: RunOptions, profile: Profile, key: Key, stack: ExitStack, repaired: Callable[[Path, int], None]
) -> Books:
    """Open what the run writes to, and take back what a killed run left half done.

    Args:
        options: Says what is written, and where.
        profile: The compiled profile, which must be the one that OUT was begun with.
        key: The secret key, likewise.
        stack: Closes everything in the end.
        repaired: Is told of a vault that ended with a record that is not whole, and of its length.

    Raises:
        InputOutputError: Something can't be written, or OUT was begun by a run of another kind.
    """
    # Before OUT is made: a vault that does not open must leave nothing behind.
    vault = _vault(options, key, stack, repaired)
    if options.dry_run:
        log = stack.enter_context(AuditLog(options.audit, secrets.token_hex(8))) if options.audit is not None else None
        return Books(stack.enter_context(Ledger(None)), log=log, vault=vault)
    target = stack.enter_context(Target(options.target))
    ledger = stack.enter_context(Ledger(target.ledger))
    kind = _kind(options, profile, key)
    if not ledger.is_empty():
        _refuse_other_kind(kind, ledger.facts(), options.target)
    _withdraw_interrupted(ledger, target)
    return Books(ledger, target, stack.enter_context(_log(options, ledger, kind)), vault, _quarantine(options))


def _vault(options: RunOptions, key: Key, stack: ExitStack, repaired: Callable[[Path, int], None]) -> Vault | None:
    """The vault, open, if one is wanted; a dry run writes none."""
    if options.vault is None:
        return None
    from deid.identity.vault import Vault
    from deid.identity.vault_secret import load_passphrase

    secret = key if options.vault_passphrase_file is None else load_passphrase(options.vault_passphrase_file)
    if options.dry_run:
        return None
    vault = stack.enter_context(Vault(options.vault, secret))
    if vault.dropped:
        repaired(options.vault, vault.dropped)
    return vault


def _quarantine(options: RunOptions) -> Quarantine | None:
    if options.quarantine is None:
        return None
    quarantine = Quarantine(options.quarantine.resolve(), copies=options.quarantine_copies)
    quarantine.prepare()
    return quarantine


def _kind(options: RunOptions, profile: Profile, key: Key) -> dict[str, str]:
    """What must be the same for all runs into one OUT, or its files would not belong together."""
    return {
        "key": key.id,
        "profile": profile.name,
        "list of options": ", ".join(option.name for option in profile.options),
        "version of the profile": profile.digest,
        "setting of --no-pixels": "off" if options.pixels else "on",
    }


def _refuse_other_kind(kind: dict[str, str], earlier: dict[str, str], root: Path) -> None:
    other = [name for name, value in kind.items() if earlier.get(name) != value]
    if other:
        raise InputOutputError(
            f"OUT was begun with another {other[0]}: {root}",
            remedy="run with the same key, profile and options as before, or name a new folder",
        )


def _withdraw_interrupted(ledger: Ledger, target: Target | None) -> None:
    names = ledger.interrupted()
    if target is not None:
        for name in names:
            target.withdraw(name)
    ledger.record((), (), {})


def _log(options: RunOptions, ledger: Ledger, kind: dict[str, str]) -> AuditLog:
    """The audit log: the one that the ledger knows, or a new one where that was moved away."""
    facts, path = ledger.facts(), options.audit_path
    log_id = facts.get(_LOG, "")
    if log_id and path.exists() and belongs_to(path, log_id, begun=facts[_LOG_END] != "0"):
        ledger.state(kind)
        return AuditLog(path, log_id, resume_at=int(facts[_LOG_END]))
    log = AuditLog(path, secrets.token_hex(8))
    log.refuse_existing()
    # The ledger first: a log that it does not know could not be told from somebody else's file after a kill.
    ledger.state({**kind, _LOG: log.id, _LOG_END: "0"})
    return log
