"""What runs inside a worker process: silence, limits, and a loop over tasks."""

from __future__ import annotations

import ctypes
import faulthandler
import gc
import logging
import os
import resource
import signal
import sys
import time
import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeAlias, TypeVar

from deid.errors import DeidError

if TYPE_CHECKING:
    from collections.abc import Callable
    from multiprocessing.connection import Connection

Task = TypeVar("Task")
Result = TypeVar("Result")
Task_contra = TypeVar("Task_contra", contravariant=True)
Result_co = TypeVar("Result_co", covariant=True)

STOPS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_PR_SET_PDEATHSIG = 1
_SECONDS_UNTOLD = 0.02
GARBAGE = (10_000, 20, 50)


class Handler(Protocol[Task_contra, Result_co]):
    """Does one task; raises DeidError for trouble that concerns the whole run."""

    def __call__(self, task: Task_contra, /) -> Result_co:
        """Do the task."""

    def share(self) -> None:
        """Load what all workers can have in common: nothing that starts threads, or is made anew for each task."""


Factory: TypeAlias = "Callable[[], Handler[Any, Any]]"
"""Makes the handler of a process; pickled where that is not forked."""


@dataclass(frozen=True, slots=True)
class Ready:
    """The handler is made; the time of the first task counts from here."""


@dataclass(frozen=True, slots=True)
class Done(Generic[Result]):
    """The results of the next tasks, in order."""

    results: list[Result]


@dataclass(frozen=True, slots=True)
class Fault:
    """The run can't go on."""

    error: DeidError


def serve(connection: Connection, factory: Factory, memory_limit: int, begun: ctypes.c_ulong, parent: int) -> None:
    """Make the handler, then answer lists of tasks until the connection closes.

    Args:
        connection: To the run.
        factory: Makes the handler.
        memory_limit: Bytes of address space; 0 for no limit.
        begun: Counts the tasks that were begun with: after a crash, it tells which one was at hand.
        parent: The process with which this one ends.
    """
    if not bound_to(parent):
        return
    ignore_stops()
    silence()
    leave_no_core()
    try:
        handler = factory()
        _limit_memory(memory_limit)
        # Models and vocabularies stay: to look through them again and again for garbage takes a tenth of the time.
        gc.freeze()
        gc.set_threshold(*GARBAGE)
        connection.send(Ready())
        while True:
            _answer(connection, handler, connection.recv(), begun)
    except DeidError as error:
        connection.send(Fault(error))
    except (EOFError, BrokenPipeError):
        return


def _answer(connection: Connection, handler: Handler[Task, Result], tasks: list[Task], begun: ctypes.c_ulong) -> None:
    """Do the tasks, and tell of what is done now and then: of each one would take longer than to do it."""
    done: list[Result] = []
    told = time.monotonic()
    try:
        for task in tasks:
            begun.value += 1
            done.append(handler(task))
            if time.monotonic() - told > _SECONDS_UNTOLD:
                connection.send(Done(done))
                done, told = [], time.monotonic()
    finally:
        if done:
            connection.send(Done(done))


def bound_to(parent: int) -> bool:
    """See to it that this process ends with `parent`; false where that has ended already."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    return parent == os.getppid()


def ignore_stops() -> None:
    """A terminal and a service manager send these to all processes of a run; what they mean, the run decides."""
    for number in STOPS:
        signal.signal(number, signal.SIG_IGN)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, STOPS)


def silence() -> None:
    """Let nothing that a library prints, warns or logs reach the console: it may quote values of the input."""
    faulthandler.disable()
    warnings.simplefilter("ignore")
    logging.disable(logging.CRITICAL)
    sink = os.open(os.devnull, os.O_WRONLY)
    for descriptor in (1, 2):
        os.dup2(sink, descriptor)
    # What was forked may have streams that go elsewhere.
    sys.stdout = sys.stderr = os.fdopen(sink, "w")


def leave_no_core() -> None:
    """Let no crash of a decoder write this process, in which an original lies, to a disk, whatever the limits were."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _limit_memory(limit: int) -> None:
    if limit:
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
