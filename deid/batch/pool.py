"""Worker processes under supervision: one that crashes or hangs costs one task, never the run."""

from __future__ import annotations

import multiprocessing
import signal
import time
from collections import deque
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from typing import TYPE_CHECKING, Generic, Self, TypeVar

from deid.batch.worker import STOPS, Done, Fault, Handler, Ready, serve
from deid.errors import DeidError, EnvironmentFault, Reason

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from multiprocessing.context import ForkContext, SpawnContext

Task = TypeVar("Task")
Result = TypeVar("Result")

CONTEXT: SpawnContext | ForkContext = multiprocessing.get_context("spawn")
"""How workers are started: forked, they would hold the locks and descriptors of the run."""
_START_LIMIT = 300.0
_WINDOW_PER_WORKER = 32
_TASKS_IF_QUICK = 4
_QUICK = 0.05


@dataclass(frozen=True, slots=True)
class Lost:
    """What a task comes to when its worker was killed for time or died: `TIME_LIMIT` or `WORKER_DIED`."""

    reason: Reason


@dataclass(slots=True)
class _Worker(Generic[Task]):
    process: multiprocessing.process.BaseProcess
    connection: Connection
    given: deque[tuple[int, Task]] = field(default_factory=deque)
    """The tasks it has, by their number: it is busy with the first; the others wait there, not here."""
    ready: bool = False
    deadline: float = 0.0
    since: float = 0.0
    """When it began with its first task."""
    quick: bool = False
    """Whether its last task took so little that waiting for the next one would count."""

    @property
    def has_room(self) -> bool:
        """Whether it may have one more task."""
        return len(self.given) < (_TASKS_IF_QUICK if self.quick else 1)


class Pool(Generic[Task, Result]):
    """Runs a handler over tasks in `size` processes and yields results in the order of the tasks.

    Order makes a run repeatable: what is committed first does not depend on which worker was quicker. At most
    `32 × size` tasks are under way or waiting for an earlier one, so memory does not grow with the number of tasks.
    """

    def __init__(
        self,
        factory: Callable[[], Handler[Task, Result]],
        *,
        size: int,
        time_limit: float,
        memory_limit: int = 0,
    ) -> None:
        """Prepare; a process starts when there is a task for it.

        Args:
            factory: Called once in each process (so it is pickled); makes what handles the tasks.
            size: The most processes at a time.
            time_limit: Seconds a task may take.
            memory_limit: Bytes of address space a process may have; 0 for no limit.
        """
        self._factory = factory
        self._size = size
        self._time_limit = time_limit
        self._memory_limit = memory_limit
        self._workers: list[_Worker[Task]] = []
        self._again: deque[tuple[int, Task]] = deque()
        """Tasks that a worker had not begun with when it was lost."""
        self._faulty = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for worker in list(self._workers):
            self._dismiss(worker)

    def run(self, tasks: Iterable[Task]) -> Iterator[tuple[Task, Result | Lost]]:
        """Yield each task with its result, in order.

        Raises:
            DeidError: The handler can't be made, or it met trouble that concerns the whole run.
        """
        source = enumerate(tasks)
        waiting: deque[tuple[int, Task]] = deque()
        results: dict[int, Result | Lost | Fault] = {}
        while True:
            self._feed(source, waiting)
            while waiting and waiting[0][0] in results:
                index, task = waiting.popleft()
                result = results.pop(index)
                # Only now: what was done before the fault is not thrown away.
                if isinstance(result, Fault):
                    raise result.error
                yield task, result
            if any(worker.given for worker in self._workers):
                self._collect(results)
            elif not waiting and not self._feed(source, waiting):
                return

    def _feed(self, source: Iterator[tuple[int, Task]], waiting: deque[tuple[int, Task]]) -> bool:
        fed = False
        while self._again or (not self._faulty and len(waiting) < _WINDOW_PER_WORKER * self._size):
            worker = min((one for one in self._workers if one.has_room), key=lambda one: len(one.given), default=None)
            if (worker is None or worker.given) and len(self._workers) < self._size:
                worker = None
            elif worker is None:
                break
            if self._again:
                following = self._again.popleft()
            else:
                taken = next(source, None)
                if taken is None:
                    break
                waiting.append(taken)
                following = taken
            self._give(worker or self._hire(), following)
            fed = True
        return fed

    def _hire(self) -> _Worker[Task]:
        ours, theirs = CONTEXT.Pipe()
        process = CONTEXT.Process(target=serve, args=(theirs, self._factory, self._memory_limit), daemon=True)
        # Inherited, so that a signal to all processes does not end this one before it has learnt to ignore it.
        blocked = signal.pthread_sigmask(signal.SIG_BLOCK, STOPS)
        try:
            process.start()
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, blocked)
        theirs.close()
        worker: _Worker[Task] = _Worker(process, ours, deadline=time.monotonic() + _START_LIMIT)
        self._workers.append(worker)
        return worker

    def _give(self, worker: _Worker[Task], task: tuple[int, Task]) -> None:
        worker.given.append(task)
        if worker.ready and len(worker.given) == 1:
            self._begins(worker)
        try:
            worker.connection.send(task[1])
        except OSError:
            # It died; `_collect` finds its connection at the end and replaces it.
            worker.deadline = time.monotonic()

    def _begins(self, worker: _Worker[Task]) -> None:
        worker.since = time.monotonic()
        worker.deadline = worker.since + self._time_limit

    def _collect(self, results: dict[int, Result | Lost | Fault]) -> None:
        busy = [worker for worker in self._workers if worker.given]
        nearest = min(worker.deadline for worker in busy)
        ready = set(wait([worker.connection for worker in busy], timeout=max(0.0, nearest - time.monotonic())))
        now = time.monotonic()
        for worker in busy:
            if worker.connection in ready:
                self._receive(worker, results)
            elif worker.deadline <= now:
                self._lose(worker, Reason.TIME_LIMIT, results)

    def _receive(self, worker: _Worker[Task], results: dict[int, Result | Lost | Fault]) -> None:
        try:
            message: Ready | Done[Result] | Fault = worker.connection.recv()
        except (EOFError, OSError):
            self._lose(worker, Reason.WORKER_DIED, results)
            return
        match message:
            case Ready():
                worker.ready = True
                self._begins(worker)
            case Done(result=result):
                index, _ = worker.given.popleft()
                results[index] = result
                worker.quick = time.monotonic() - worker.since < _QUICK
                self._begins(worker)
            case Fault():
                self._faulty = True
                results[worker.given.popleft()[0]] = message
                self._dismiss(worker)

    def _lose(self, worker: _Worker[Task], reason: Reason, results: dict[int, Result | Lost | Fault]) -> None:
        self._dismiss(worker)
        if not worker.ready:
            raise _no_start(worker.process.exitcode)
        # It does its tasks in order and answers each at once: the first one it has no answer to was at hand.
        index, _ = worker.given.popleft()
        results[index] = Lost(reason)
        self._again.extend(worker.given)

    def _dismiss(self, worker: _Worker[Task]) -> None:
        self._workers.remove(worker)
        worker.connection.close()
        worker.process.kill()
        worker.process.join()


def _no_start(exit_code: int | None) -> DeidError:
    return EnvironmentFault(
        f"a worker process did not start (exit code {exit_code})",
        remedy="run `deid run` with --workers 1; look for want of memory in the system log",
    )
