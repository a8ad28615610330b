"""The ledger: what has become of every source so far, so that a run that was killed goes on where it ended.

A SQLite database in `OUT/.deid`, because an archive has more files than fit in memory. It holds no value of the input:
sources stand there by keyed digests of their paths, sizes, times and contents, instances by their new names.
"""

from __future__ import annotations

import sqlite3
import threading
from contextlib import closing, contextmanager
from dataclasses import dataclass, fields
from operator import attrgetter
from typing import TYPE_CHECKING, Self

from deid.errors import InputOutputError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path
    from types import TracebackType

_FORMAT = 2
"""Of the ledger and of the audit log that it tells of."""
_SCHEMA = """
CREATE TABLE facts (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE sources (
    source BLOB PRIMARY KEY, state BLOB NOT NULL, outcome TEXT NOT NULL, reason TEXT NOT NULL, name TEXT NOT NULL,
    version TEXT NOT NULL, content BLOB NOT NULL
) WITHOUT ROWID;
CREATE TABLE releases (
    name TEXT PRIMARY KEY, size INTEGER NOT NULL, instance BLOB NOT NULL, source BLOB NOT NULL
) WITHOUT ROWID;
CREATE INDEX instances ON releases (instance);
CREATE TABLE intents (name TEXT PRIMARY KEY) WITHOUT ROWID;
"""
_SPLIT_STUDIES = """
WITH parts AS (SELECT substr(name, 1, instr(name, '/') - 1) AS patient, substr(name, instr(name, '/') + 1) AS rest
               FROM releases),
     studies AS (SELECT DISTINCT patient, substr(rest, 1, instr(rest, '/') - 1) AS study FROM parts)
SELECT count(*) FROM (SELECT 1 FROM studies WHERE study GLOB '[0-9]*.*' GROUP BY study HAVING count(*) > 1)
"""
"""Names are `patient/study/series/instance.dcm`; an instance without a Study Instance UID has no study."""


@dataclass(frozen=True, slots=True)
class Entry:
    """How a source ended, and by what it is known that it has not changed since."""

    source: bytes
    """Keyed digest of its path."""
    state: bytes
    """Keyed digest of its size and time."""
    outcome: str
    """`released`, `quarantined`, `skipped` or `failed`."""
    reason: str
    """The code of the reason, empty where it was released."""
    name: str
    """Where it was released below OUT, empty where it was not."""
    version: str
    """The version of deid that did it."""
    content: bytes = b""
    """Keyed digest of all its bytes, where one was taken (`--rehash`)."""


@dataclass(frozen=True, slots=True)
class Release:
    """A file in OUT."""

    name: str
    """Its path below OUT."""
    size: int
    """Bytes."""
    instance: bytes
    """Keyed digest of its SOP Instance UID."""
    source: bytes
    """The source it was made from, as in `Entry`."""


_ENTRY = attrgetter(*(field.name for field in fields(Entry)))
_RELEASE = attrgetter(*(field.name for field in fields(Release)))


class Ledger:
    """The entries of all runs into one OUT, as a context manager; used from several threads, by one process.

    A batch is recorded in two steps. `intend` notes the names that are about to appear; `record` notes that they have,
    together with all outcomes of the batch and the length of the audit log that tells of them. Whatever is intended
    but not recorded when the ledger is opened was interrupted in between: `interrupted` names it.
    """

    def __init__(self, path: Path | None) -> None:
        """Name the file; None for a ledger that is forgotten at the end, for a dry run."""
        self._path = path
        self._connection: sqlite3.Connection | None = None
        self._lock = threading.Lock()

    def __enter__(self) -> Self:
        """Open it; it is made when there is none.

        Raises:
            InputOutputError: It can't be read or written, is damaged, or is of another format.
        """
        with self._guarded():
            self._connection = sqlite3.connect(self._path or "", isolation_level=None, check_same_thread=False)
            # One process at a time, which the lock of OUT sees to: so no shared memory, hence also on network disks.
            self._connection.execute("PRAGMA locking_mode = EXCLUSIVE")
            self._connection.execute("PRAGMA journal_mode = WAL")
            # What is committed survives a kill at once, and a power cut after the next `Target.sync`.
            self._connection.execute("PRAGMA synchronous = NORMAL")
            self._make_tables(self._connection)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            if self._connection is not None:
                self._connection.close()
                self._connection = None

    def facts(self) -> dict[str, str]:
        """What `state` has set: with what the runs were made, and which audit log tells of them."""
        with self._guarded():
            return dict(self._open.execute("SELECT name, value FROM facts"))

    def state(self, facts: Mapping[str, str]) -> None:
        """Set facts."""
        with self._guarded(), self._transaction():
            self._set(facts)

    def is_empty(self) -> bool:
        """Whether no source has ended yet."""
        with self._guarded():
            return self._open.execute("SELECT 1 FROM sources LIMIT 1").fetchone() is None

    def entry(self, source: bytes) -> Entry | None:
        """How that source ended, None if it has not."""
        with self._guarded():
            row = self._open.execute("SELECT * FROM sources WHERE source = ?", (source,)).fetchone()
        return Entry(*row) if row else None

    def ended(self, source: bytes) -> tuple[Entry, int | None] | None:
        """How that source ended, and the bytes of its release, if there is one of that name; None if it has not."""
        query = "SELECT sources.*, size FROM sources LEFT JOIN releases USING (name) WHERE sources.source = ?"
        with self._guarded():
            row = self._open.execute(query, (source,)).fetchone()
        return (Entry(*row[:-1]), row[-1]) if row else None

    def releases_among(self, names: Sequence[str], instances: Sequence[bytes]) -> list[Release]:
        """The releases of these names or instances; of an instance, more than one only where its UID was given twice.

        Instances that are empty are nobody's.
        """
        instances = [*filter(None, instances)]
        of = ("name", names), ("instance", instances)
        parts = [f"SELECT * FROM releases WHERE {column} IN ({_marks(values)})" for column, values in of]  # noqa: S608
        with self._guarded():
            rows = self._open.execute(" UNION ".join(parts), (*names, *instances)).fetchall()
        return [Release(*row) for row in rows]

    def split_studies(self) -> int:
        """How many studies were released under more than one pseudonym."""
        with self._guarded():
            return int(self._open.execute(_SPLIT_STUDIES).fetchone()[0])

    def intend(self, names: Iterable[str]) -> None:
        """Note the names that are about to appear in OUT."""
        with self._guarded(), self._transaction():
            self._intend(names)

    def interrupted(self) -> list[str]:
        """The names that are intended but not recorded: they may be in OUT, and must not stay there."""
        with self._guarded():
            rows = self._open.execute("SELECT name FROM intents WHERE name NOT IN (SELECT name FROM releases)")
            return [name for (name,) in rows]

    def record(
        self,
        entries: Iterable[Entry],
        releases: Iterable[Release],
        facts: Mapping[str, str],
        withdrawn: Sequence[str] = (),
    ) -> None:
        """Note, all at once, that sources have ended, what was released, and facts; what was intended is done.

        The releases named by `withdrawn` are struck out, and may still be in OUT until the next call.
        """
        with self._guarded(), self._transaction():
            self._open.execute("DELETE FROM intents")
            self._open.executemany("INSERT OR REPLACE INTO sources VALUES (?, ?, ?, ?, ?, ?, ?)", map(_ENTRY, entries))
            self._open.executemany("INSERT OR REPLACE INTO releases VALUES (?, ?, ?, ?)", map(_RELEASE, releases))
            self._open.executemany("DELETE FROM releases WHERE name = ?", ((name,) for name in withdrawn))
            self._intend(withdrawn)
            self._set(facts)

    @property
    def _open(self) -> sqlite3.Connection:
        if self._connection is None:
            raise RuntimeError("the ledger is not open")
        return self._connection

    def _intend(self, names: Iterable[str]) -> None:
        self._open.executemany("INSERT OR IGNORE INTO intents VALUES (?)", ((name,) for name in names))

    def _set(self, facts: Mapping[str, str]) -> None:
        self._open.executemany("INSERT OR REPLACE INTO facts VALUES (?, ?)", facts.items())

    def _make_tables(self, connection: sqlite3.Connection) -> None:
        version = connection.execute("PRAGMA user_version").fetchone()[0]
        if version == 0:
            connection.executescript(f"BEGIN; {_SCHEMA} PRAGMA user_version = {_FORMAT}; COMMIT;")
        elif version != _FORMAT:
            raise InputOutputError(
                f"the ledger in OUT was written by another version of deid: {self._path}",
                remedy="go on with that version, or name a new folder",
            )

    @contextmanager
    def _guarded(self) -> Iterator[None]:
        try:
            with self._lock:
                yield
        except sqlite3.Error as error:
            raise self._unusable(error) from None

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self._open.execute("BEGIN IMMEDIATE")
        try:
            yield
            self._open.execute("COMMIT")
        except BaseException:
            if self._open.in_transaction:
                self._open.execute("ROLLBACK")
            raise

    def _unusable(self, error: sqlite3.Error) -> InputOutputError:
        code = getattr(error, "sqlite_errorname", type(error).__name__)
        return InputOutputError(
            f"the ledger in OUT can't be used: {self._path} ({code})",
            remedy="check the space on its disk (`df -h`) and run again; if it is damaged, name a new folder",
        )


def names_released(path: Path) -> frozenset[str]:
    """The names of the files in OUT by its ledger, which is only looked at; empty where there is none to read."""
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)) as connection:
            return frozenset(name for (name,) in connection.execute("SELECT name FROM releases"))
    except sqlite3.Error:
        return frozenset()


def _marks(values: Sequence[object]) -> str:
    return ",".join("?" * len(values))
