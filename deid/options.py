"""What a run is asked to do: one value that the CLI and the Python API both take, validated once."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from deid.errors import InputOutputError, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

AUDIT_NAME = "deid-audit.jsonl"
TIME_LIMIT = 900.0
"""Seconds."""
GIB = 1 << 30
MEMORY_LIMIT = 12 * GIB
"""Bytes of address space."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunOptions:
    """The parameters of a run.

    Attributes:
        source: A folder, walked to any depth, or one file. Never modified.
        target: The folder for the released instances; made if missing. Otherwise it must be empty, or hold what earlier
            runs with the same key, profile and options released.
        profile: The name of a built-in profile or the path of a YAML file.
        options: Names of options that are laid over the profile.
        devices: Files or names of known devices, besides those of the profile.
        key_file: The file with the secret key; None for the default one, made at the first run.
        audit: Where the audit log goes; None for `deid-audit.jsonl` in `target`.
        vault: The file to which the encrypted re-identification map is appended; None for no map.
        vault_passphrase_file: The file with the passphrase that locks the vault; None to lock it with the key.
        pixels: Whether burned-in text is looked for. Without, instances are not marked as cleaned.
        dry_run: Do everything, verification too, but write nothing.
        retry: Do again what an earlier run quarantined or failed at.
        rehash: Tell by content, not by size and time, whether a source has changed since an earlier run.
        paths: The files to take, as the file system names them, instead of walking `source`, in which they must lie.
        since: Take only files that were written at this time or later, in seconds since 1970.
        limit: The most sources to be done, without those that an earlier run finished; None for all.
        stop_on_error: End the run, as a signal would, when an instance is quarantined or fails.
        quarantine: A folder of links to what is not released; None for none.
        quarantine_copies: Put copies there instead of links.
        scheduler: The address of a Dask scheduler whose workers do the work; None for processes of this machine.
        workers: Worker processes; 0 for one a core.
        time_limit: Seconds that one instance may take before it is given up.
        memory_limit: Bytes of address space of one worker; 0 for no limit.
    """

    source: Path
    target: Path
    profile: str = "basic"
    options: tuple[str, ...] = ()
    devices: tuple[str, ...] = ()
    key_file: Path | None = None
    audit: Path | None = None
    vault: Path | None = None
    vault_passphrase_file: Path | None = None
    pixels: bool = True
    dry_run: bool = False
    retry: bool = False
    rehash: bool = False
    paths: Iterable[bytes] | None = field(default=None, repr=False)
    since: float | None = None
    limit: int | None = None
    stop_on_error: bool = False
    quarantine: Path | None = None
    quarantine_copies: bool = False
    scheduler: str | None = None
    workers: int = 0
    time_limit: float = TIME_LIMIT
    memory_limit: int = MEMORY_LIMIT

    @property
    def audit_path(self) -> Path:
        """Where the audit log goes."""
        return self.audit or self.target / AUDIT_NAME

    @property
    def worker_count(self) -> int:
        """How many worker processes to start."""
        return self.workers or max(1, len(os.sched_getaffinity(0)))

    def check(self) -> None:
        """Refuse what can't work before anything is written.

        Raises:
            InputOutputError: IN is missing, or can't be read.
            UsageError: IN and OUT overlap, the log or the vault lies in the wrong place, or a number is out of range.
        """
        # `os.path`, as `Path` raises where a folder on the way may not be entered.
        if not os.path.exists(self.source):  # noqa: PTH110
            raise InputOutputError(f"IN does not exist: {self.source}", remedy="check the path and its permissions")
        if not os.access(self.source, os.R_OK):
            raise InputOutputError(f"IN can't be read: {self.source}", remedy="check its permissions")
        self._check_overlap()
        self._check_vault()
        self._check_quarantine()
        if self.scheduler is not None and (self.dry_run or self.workers):
            raise UsageError(
                "a scheduler goes neither with --workers nor with --dry-run",
                remedy="leave them out, or do without --scheduler",
            )
        if self.limit is not None and self.limit < 1:
            raise UsageError("the limit is less than one file", remedy="see `deid run --help`")
        if self.workers < 0 or self.time_limit <= 0 or self.memory_limit < 0:
            raise UsageError("workers, time limit and memory limit can't be negative", remedy="see `deid run --help`")

    def _check_overlap(self) -> None:
        if os.path.exists(self.target) and not self.target.is_dir():  # noqa: PTH110
            raise UsageError(f"OUT is no folder: {self.target}", remedy="name a new or empty folder")
        source, target = self.source.resolve(), self.target.resolve()
        if source == target:
            raise UsageError("IN and OUT are the same", remedy="name another folder for OUT")
        if source in target.parents:
            raise UsageError(f"OUT lies inside IN: {self.target}", remedy="name a folder outside IN")
        if target in source.parents:
            raise UsageError(f"IN lies inside OUT: {self.source}", remedy="name a folder for OUT that does not hold IN")
        audit = self.audit_path.resolve()
        if source in audit.parents or source == audit:
            raise UsageError(f"the audit log lies inside IN: {self.audit_path}", remedy="name a file outside IN")

    def _check_quarantine(self) -> None:
        if self.quarantine is None:
            if self.quarantine_copies:
                raise UsageError("copies, but no quarantine folder", remedy="name one with --quarantine DIR")
            return
        quarantine = self.quarantine.resolve()
        for name, folder in (("IN", self.source.resolve()), ("OUT", self.target.resolve())):
            if folder == quarantine or folder in quarantine.parents or quarantine in folder.parents:
                raise UsageError(
                    f"the quarantine folder and {name} overlap: {self.quarantine}", remedy="name a folder of its own"
                )

    def _check_vault(self) -> None:
        if self.vault is None:
            if self.vault_passphrase_file is not None:
                raise UsageError("a passphrase for the vault, but no vault", remedy="name the vault with --vault FILE")
            return
        vault = self.vault.resolve()
        for name, folder in (("IN", self.source.resolve()), ("OUT", self.target.resolve())):
            if folder == vault or folder in vault.parents:
                raise UsageError(f"the vault lies inside {name}: {self.vault}", remedy="name a file outside IN and OUT")
        others = (self.audit_path, self.key_file, self.vault_passphrase_file)
        if vault in {other.resolve() for other in others if other is not None}:
            raise UsageError(f"the vault is another file of this run: {self.vault}", remedy="name a file of its own")
