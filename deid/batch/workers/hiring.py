"""How a worker process comes to be: started afresh, or forked from a nursery (`deid.batch.workers.nursery`)."""

from __future__ import annotations

import ctypes
import multiprocessing
import os
import signal
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from deid.batch.workers.worker import STOPS, serve

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from multiprocessing.connection import Connection
    from multiprocessing.context import ForkContext, SpawnContext

    from deid.batch.workers.worker import Factory

CONTEXT: SpawnContext | ForkContext = multiprocessing.get_context("spawn")
"""How workers are started in the midst of a run: forked then, they would hold its locks and descriptors."""
_THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


@dataclass(frozen=True, slots=True)
class Hired:
    """A worker process."""

    connection: Connection
    begun: ctypes.c_ulong
    """How many tasks it has begun with; shared with it."""
    end: Callable[[], int | None]
    """Kills it, waits until it is gone, and tells its exit code: the negative number of a signal; None if unknown."""


def started_afresh(factory: Factory, memory_limit: int) -> Hired:
    """A worker that loads for itself what it needs."""
    ours, theirs = CONTEXT.Pipe()
    begun = CONTEXT.RawValue(ctypes.c_ulong)
    arguments = (theirs, factory, memory_limit, begun, os.getpid())
    process = CONTEXT.Process(target=serve, args=arguments, daemon=True)
    with deaf_to_stops(), one_thread_each():
        process.start()
    theirs.close()

    def end() -> int | None:
        process.kill()
        process.join()
        return process.exitcode

    return Hired(ours, begun, end)


@contextmanager
def deaf_to_stops() -> Iterator[None]:
    """Start processes so that a signal to all does not end them before they have learnt to ignore it."""
    blocked = signal.pthread_sigmask(signal.SIG_BLOCK, STOPS)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, blocked)


@contextmanager
def one_thread_each() -> Iterator[None]:
    """Let processes that start now compute in one thread: as many workers as cores would get in each other's way."""
    before = {name: os.environ.get(name) for name in _THREADS}
    os.environ.update(dict.fromkeys(_THREADS, "1"))
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
