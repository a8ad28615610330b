"""A process that loads once what all workers share, and forks them: the second one starts in no time.

It is forked from the run while that has one thread and nothing open. So what is forked from it holds no lock and no
descriptor of OUT's either. It begins to load at once, beside the run, which reads its profile meanwhile. It ends with
the run, and its workers with it, however that ends.
"""

from __future__ import annotations

import ctypes
import gc
import mmap
import multiprocessing
import os
import signal
import sys
import threading
import warnings
from contextlib import contextmanager, suppress
from functools import partial
from multiprocessing.connection import Connection
from multiprocessing.reduction import recv_handle, send_handle
from typing import TYPE_CHECKING, Any, Self

from deid.batch.workers import blas
from deid.batch.workers.hiring import Hired, deaf_to_stops, one_thread_each
from deid.batch.workers.worker import GARBAGE, bound_to, ignore_stops, serve, silence
from deid.errors import DeidError
from deid.loading import hidden

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from deid.batch.workers.worker import Factory

_SECONDS_TO_ANSWER = 2.0
_COUNTER = ctypes.sizeof(ctypes.c_ulong)
_MOST_WORKERS = 4096


class Nursery:
    """Forks workers, as the run asks for them; a context manager, which ends it and those that there still are."""

    def __init__(self, preload: Callable[[], object] | None = None) -> None:
        """Fork it.

        Args:
            preload: Loads what any worker will need; called at once. The rest is loaded when the first is wanted.
        """
        # Pages that nobody touches take no memory.
        self._begun = mmap.mmap(-1, _MOST_WORKERS * _COUNTER)
        self._free = list(reversed(range(_MOST_WORKERS)))
        self._connection, theirs = multiprocessing.Pipe()
        self._told_what_to_make = False
        keeper = _Keeper(theirs, self._begun)
        arguments = (keeper, self._connection, os.getpid(), preload)
        self._process = multiprocessing.get_context("fork").Process(target=_run, args=arguments, daemon=True)
        with deaf_to_stops(), blas.one_thread(), warnings.catch_warnings():
            # Python 3.12 warns of threads. There are those of OpenBLAS alone, which ends them itself before a fork.
            warnings.simplefilter("ignore", DeprecationWarning)
            self._process.start()
        theirs.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @classmethod
    def if_possible(cls, preload: Callable[[], object] | None = None) -> Self | None:
        """One, if a fork is safe and there may be one more process; `preload` as for the class."""
        try:
            return cls(preload) if cls.is_possible() else None
        except OSError:
            return None

    @staticmethod
    def is_possible() -> bool:
        """Whether a fork is safe: no other thread holds a lock that nobody would ever free, and numpy's are known."""
        return sys.platform == "linux" and threading.active_count() == 1 and blas.threads_are_known()

    def hire(self, factory: Factory, memory_limit: int) -> Hired | None:
        """A worker; None where the nursery has died.

        Args:
            factory: Makes what handles the tasks; called once, for the first worker, and the same for all.
            memory_limit: Bytes of address space of a worker, the same for all; 0 for no limit.
        """
        if not self._free:
            return None
        number = self._free.pop()
        ours, theirs = multiprocessing.Pipe()
        begun = _counter(self._begun, number)
        begun.value = 0
        try:
            if not self._told_what_to_make:
                self._connection.send((factory, memory_limit))
                self._told_what_to_make = True
            self._connection.send((number, True))
            send_handle(self._connection, theirs.fileno(), self._process.pid)
        except OSError:
            ours.close()
            self._free.append(number)
            return None
        finally:
            theirs.close()
        return Hired(ours, begun, partial(self._end, number))

    def close(self) -> None:
        """End it, and the workers that there still are."""
        self._connection.close()
        if len(self._free) < _MOST_WORKERS:
            self._process.join(_SECONDS_TO_ANSWER)
        # Without workers there is nothing that it should end: nobody waits until it has loaded what nobody needs.
        self._process.kill()
        self._process.join()

    def _end(self, number: int) -> int | None:
        self._free.append(number)
        try:
            self._connection.send((number, False))
            if self._connection.poll(_SECONDS_TO_ANSWER):
                code: int = self._connection.recv()
                return code
        except (OSError, EOFError):
            return None
        # It hangs, or still loads: nobody waits for that.
        self._process.kill()
        return None


@contextmanager
def without_threads() -> Iterator[None]:
    """Load models without what would start threads by being imported, as forks are not safe with them.

    PaddleX brings pandas, and that pyarrow, where somebody has installed it; nothing here needs either.
    """
    with hidden({"pyarrow": None}):
        yield


class _ThreadsError(Exception):
    """Something that was loaded started threads, which forks would not have: the run must start workers afresh."""


class _Keeper:
    """What runs in the nursery."""

    def __init__(self, connection: Connection, begun: mmap.mmap) -> None:
        self._connection = connection
        self._begun = begun
        self._loaded: Callable[[], Any] | None = None
        self._workers: dict[int, int] = {}
        """Their process ids by their numbers."""

    def keep(self) -> None:
        """Do what the run asks for, until it has gone."""
        with suppress(EOFError, OSError, _ThreadsError):
            factory, memory_limit = self._connection.recv()
            while True:
                number, wanted = self._connection.recv()
                if wanted:
                    self._fork(factory, memory_limit, number, recv_handle(self._connection))
                else:
                    self._connection.send(self._end(number))
        for number in list(self._workers):
            self._end(number)

    def _fork(self, factory: Factory, memory_limit: int, number: int, handle: int) -> None:
        if self._loaded is None:
            self._loaded = _shared_by_all(factory)
            # They would be copied for each worker as soon as its collector looks at them. Nothing is collected before:
            # that takes longer than the little garbage there is would cost.
            gc.freeze()
        keeper = os.getpid()
        worker = os.fork()
        if worker:
            os.close(handle)
            self._workers[number] = worker
            return
        code = 1
        try:
            self._connection.close()
            serve(Connection(handle), self._loaded, memory_limit, _counter(self._begun, number), keeper)
            code = 0
        finally:
            os._exit(code)

    def _end(self, number: int) -> int:
        worker = self._workers.pop(number)
        os.kill(worker, signal.SIGKILL)
        return os.waitstatus_to_exitcode(os.waitpid(worker, 0)[1])


def _run(keeper: _Keeper, others_end: Connection, parent: int, preload: Callable[[], object] | None) -> None:
    if not bound_to(parent):
        return
    ignore_stops()
    silence()
    others_end.close()
    with one_thread_each(), without_threads():
        if preload is not None:
            preload()
        gc.set_threshold(*GARBAGE)
        gc.enable()  # the command line starts without
        keeper.keep()


def _counter(shared: mmap.mmap, number: int) -> ctypes.c_ulong:
    """How many tasks the worker of that number has begun with."""
    return ctypes.c_ulong.from_buffer(shared, number * _COUNTER)


def _shared_by_all(factory: Factory) -> Callable[[], Any]:
    """What gives a worker its handler; where none can be made, the worker finds that out again, and tells."""
    try:
        handler = factory()
        handler.share()
    except DeidError:
        return factory
    if len(os.listdir("/proc/self/task")) > 1:  # noqa: PTH208
        raise _ThreadsError
    return lambda: handler
