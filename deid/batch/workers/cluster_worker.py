"""What a Dask worker runs: one task at a time in a process of its own, as on a single machine.

The scheduler sees sealed bytes and numbers. The key comes from the file that `DEID_KEY_FILE` names on the worker.
"""

from __future__ import annotations

import multiprocessing
import os
import threading
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from deid import __version__
from deid.batch.processed import Processed, Processing, Unchanged, place_of
from deid.batch.workers.pool import Lost, Pool
from deid.batch.workers.sealing import seal, unseal
from deid.errors import DeidError, EnvironmentFault
from deid.identity.key import Key, default_key_path, load_key

if TYPE_CHECKING:
    from deid.batch.sources.source import Source

_NO_KEY = Key(bytes(32))
_local = threading.local()


@dataclass(frozen=True, slots=True)
class Setup:
    """How instances are worked on; sealed into a file that all workers read, without the secret key."""

    processing: Processing
    time_limit: float
    memory_limit: int
    version: str = __version__

    def without_key(self) -> Setup:
        """What may lie in a file."""
        return replace(self, processing=replace(self.processing, key=_NO_KEY))


@dataclass(frozen=True, slots=True)
class Task:
    """One source, and the file with the setup."""

    source: Source
    setup: Path


def work(sealed: bytes) -> bytes:
    """Do a sealed `Task`; returns a sealed `Processed`, `Unchanged`, `Lost` or, for trouble of the run, `DeidError`.

    Raises:
        KeyFileError: This worker has no key, or another one than the run.
        EnvironmentFault: Something else is wrong with this worker. No message holds a value of the input.
    """
    try:
        key = _key()
        task = unseal(sealed, key)
        if not isinstance(task, Task):
            raise TypeError  # noqa: TRY301 - told as any other fault of a worker
        return seal(_done(task, key), key)
    except DeidError:
        raise
    except Exception as error:  # noqa: BLE001 - Dask logs what is raised, and a message may quote the input
        raise EnvironmentFault(
            f"a worker of the cluster failed: {place_of(error)}", remedy="look at its log, and whether it sees OUT"
        ) from None


def _done(task: Task, key: Key) -> Processed | Unchanged | Lost | DeidError:
    try:
        pool = _pool(task.setup, key)
        for _, result in pool.run([task.source]):
            if isinstance(result, Processed) and result.staged is not None:
                _sync(result.staged)
            return result
    except DeidError as error:
        return error
    raise RuntimeError("the pool gave no result")


def _sync(staged: str) -> None:
    # The run that places the file is on another machine: it can't wait for this one's disk cache.
    descriptor = os.open(staged, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _key() -> Key:
    named = os.environ.get("DEID_KEY_FILE")
    return load_key(Path(named) if named else default_key_path())


def _pool(path: Path, key: Key) -> Pool[Source, Processed | Unchanged]:
    """The process of this thread; another run's is let go."""
    if getattr(_local, "setup", None) != path:
        if multiprocessing.current_process().daemon:
            raise EnvironmentFault(
                "the workers of the cluster may not start processes",
                remedy="start them with `dask worker --no-nanny`, or DASK_DISTRIBUTED__WORKER__DAEMON=false",
            )
        setup = unseal(path.read_bytes(), key)
        if not isinstance(setup, Setup):
            raise TypeError
        if setup.version != __version__:
            raise EnvironmentFault(
                f"a worker of the cluster has deid {__version__}, the run has {setup.version}",
                remedy="install the same version on all machines",
            )
        if getattr(_local, "pool", None) is not None:
            _local.pool.__exit__()
        processing = replace(setup.processing, key=key)
        _local.pool = Pool(processing, size=1, time_limit=setup.time_limit, memory_limit=setup.memory_limit)
        _local.setup = path
    pool: Pool[Source, Processed | Unchanged] = _local.pool
    return pool
