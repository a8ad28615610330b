"""`verify`: what earlier runs released, checked again from the files as they are now.

The audit log says which file of OUT was made from which file of IN, and what was blacked out on it. Each pair goes
through the checks that it went through before its release, in a worker. What is in OUT beyond that is told as well.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING

from deid.audit.reading import AuditLines
from deid.audit.records import region_of, source_digest
from deid.batch.output.ledger import names_released
from deid.batch.output.naming import DICOMDIR
from deid.batch.output.strays import strays
from deid.batch.output.target import Target
from deid.batch.sources.discovery import discover
from deid.batch.sources.spool import Spool
from deid.batch.workers.pool import Lost, Pool
from deid.errors import KeyFileError, ProfileError
from deid.identity.key import default_key_path, load_key
from deid.plan import BLANKED, NOT_CHECKED, Region

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from typing import Any

    from deid.batch.rechecker import Rechecker
    from deid.batch.sources.source import Source
    from deid.batch.workers.nursery import Nursery
    from deid.identity.key import Key
    from deid.options import RunOptions
    from deid.profile import Profile


_OF_ANOTHER_LOG = "a run did, by the ledger, of which another audit log tells: name that with --audit"


class Verdict(Enum):
    """What became of the check of one file; the value is what a person reads."""

    VERIFIED = "verified"
    DIFFERS = "differs"
    MISSING = "missing in OUT"
    NO_ORIGINAL = "original not in IN"
    STRAY = "not released by deid"


@dataclass(frozen=True, slots=True)
class Claim:
    """What the audit log says of a released file."""

    name: str
    """Its path below OUT."""
    regions: tuple[Region, ...]
    """What was meant to be blacked out."""
    looked_at: bool
    """Whether its frames were; if not, they are the original's, byte by byte."""
    blank: bool
    """Whether all its frames went black."""


@dataclass(frozen=True, slots=True)
class Pair:
    """A released file and its original."""

    claim: Claim
    source: Source = field(repr=False)


@dataclass(frozen=True, slots=True)
class Checked:
    """The verdict on a file of OUT, and what was found."""

    name: str
    verdict: Verdict
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Rechecking:
    """Makes what checks pairs in a worker; pickled to it."""

    profile: Profile
    key: Key = field(repr=False)
    out: Path

    def __call__(self) -> Rechecker:
        """Load what is needed."""
        from deid.batch.rechecker import Rechecker

        return Rechecker(self)


class Recheck:
    """Checks one OUT again; iterate to get the verdicts."""

    def __init__(self, options: RunOptions, nursery: Nursery | None = None) -> None:
        """Read the audit log.

        Args:
            options: IN and OUT, profile and key as they were for the runs; the audit log; workers and limits.
            nursery: What forks the workers, if there is one already.

        Raises:
            DeidError: There is no such log, key or profile; or the runs had others.
        """
        # Workers come by here without checking anything.
        from deid.profile import load_profile

        options.check()
        self._options = options
        self._nursery = nursery
        self._lines = AuditLines.of(options.audit_path)
        self._profile = load_profile(options.profile, options.options, options.devices)
        self._key = load_key(options.key_file or default_key_path())
        for line in self._lines.runs():
            self._compare(line)
        self._released = dict.fromkeys(self._lines.released(), False)
        """The released files by name, and whether their originals were found."""
        before = set(self._lines.released_before()) - self._released.keys()
        self._before = sorted(name for name in before if (options.target / name).is_file())
        """Those in OUT whose sources were done again since and gave something else, or nothing."""

    @property
    def total(self) -> int:
        """How many files were released."""
        return len(self._released) + len(self._before)

    def __iter__(self) -> Iterator[Checked]:
        """Yield the verdict on each file: first on those whose originals are there, in the order of IN.

        Raises:
            DeidError: A library is missing.
        """
        options = self._options
        rechecking = Rechecking(self._profile, self._key, options.target)
        pool: Pool[Pair, Checked]
        with (
            Spool() as spool,
            Pool(
                rechecking,
                size=options.worker_count,
                time_limit=options.time_limit,
                memory_limit=options.memory_limit,
                nursery=self._nursery,
            ) as pool,
        ):
            for pair, result in pool.run(self._pairs(spool)):
                spool.release(pair.source)
                match result:
                    case Lost(reason):
                        yield Checked(pair.claim.name, Verdict.DIFFERS, reason.meaning)
                    case Checked():
                        yield result
        for name, found in self._released.items():
            if not found:
                there = (options.target / name).is_file()
                yield Checked(name, Verdict.NO_ORIGINAL if there else Verdict.MISSING)
        for name in self._before:
            yield Checked(name, Verdict.NO_ORIGINAL, "what it was made from holds something else now")
        told = {*self._released, *self._before}
        by_ledger = names_released(Target(options.target).ledger)
        for name in strays(options.target, options.audit_path, told):
            yield Checked(name, Verdict.STRAY, _OF_ANOTHER_LOG if name in by_ledger else "")
        yield from self._directory()

    def _directory(self) -> Iterator[Checked]:
        """The verdict on the DICOMDIR of OUT, where it is not what it should be."""
        out = self._options.target
        if (out / DICOMDIR).is_file():
            from deid.batch.dicomdir.rebuilding import is_of_released

            try:
                as_made = is_of_released(out, self._key)
            except Exception:  # noqa: BLE001 - of a file that was damaged since, nobody knows what reading it raises
                as_made = False
            if not as_made:
                yield Checked(DICOMDIR, Verdict.DIFFERS, "not what deid makes of the files that are here: delete it")

    def _pairs(self, spool: Spool) -> Iterator[Pair]:
        for source in discover(self._options.source.resolve()):
            line = self._lines.on(source_digest(source.relative_bytes, self._key))
            if line is not None and line["outcome"] == "released":
                self._released[line["name"]] = True
                yield Pair(_claim(line), spool.unpacked(source))

    def _compare(self, run: dict[str, Any]) -> None:
        if run["key"] != self._key.id:
            raise KeyFileError(
                f"OUT was made with the key {run['key']}, and this is {self._key.id}",
                remedy="name the key of the runs with --key-file",
            )
        if run["profile"]["digest"] != self._profile.digest:
            options = f" with {', '.join(run['options'])}" if run["options"] else ""
            raise ProfileError(
                f"OUT was made with another profile: {run['profile']['name']}{options}",
                remedy="give --profile, --option and --devices as for the runs",
            )


def _claim(line: dict[str, Any]) -> Claim:
    pixels = str(line["pixels"])
    regions = tuple(region_of(fields) for fields in line["regions"])
    return Claim(line["name"], regions, looked_at=pixels != NOT_CHECKED, blank=pixels.startswith(BLANKED))
