"""Worker processes under supervision: one that crashes or hangs costs one task, never the run."""

from __future__ import annotations

import time
from collections import deque
from dataclasses import dataclass, field
from itertools import islice
from multiprocessing.connection import wait
from typing import TYPE_CHECKING, Generic, Self, TypeVar

from deid.batch.workers.hiring import Hired, started_afresh
from deid.batch.workers.nursery import Nursery
from deid.batch.workers.worker import Done, Fault, Handler, Ready
from deid.errors import DeidError, EnvironmentFault, Reason

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from multiprocessing.connection import Connection

Task = TypeVar("Task")
Result = TypeVar("Result")

_START_LIMIT = 300.0
_WINDOW_PER_WORKER = 128
_MOST_IDLE_DEATHS = 3
_MOST_AT_ONCE = 16
"""Tasks handed over in one message. Two of these must fit in a pipe, or both ends could wait for each other."""
_SECONDS_AT_ONCE = 0.1
"""So long a worker's tasks may keep it busy: more would make the end of a run wait for the last worker."""


@dataclass(frozen=True, slots=True)
class Lost:
    """What a task comes to when its worker was killed for time, or two died on it: `TIME_LIMIT` or `WORKER_DIED`."""

    reason: Reason


@dataclass(slots=True)
class _Worker(Generic[Task]):
    hired: Hired
    deadline: float
    given: deque[tuple[int, Task]] = field(default_factory=deque)
    """The tasks it has and has not answered, by their number, in the order it takes them."""
    answered: int = 0
    ready: bool = False
    since: float = 0.0
    """When it answered last, or began."""
    room: int = 1
    """How many tasks it may have: more than one where waiting for the next one would count."""

    @property
    def connection(self) -> Connection:
        """To it."""
        return self.hired.connection

    @property
    def wants(self) -> int:
        """How many tasks to hand over now: half of what it has room for, so that it works on the other half meanwhile.

        Nothing while it has more than that.
        """
        return (self.room + 1) // 2 if len(self.given) <= self.room // 2 else 0

    def took(self, seconds: float, tasks: int) -> None:
        """Learn from an answer how many tasks to hand over."""
        self.room = max(1, min(2 * _MOST_AT_ONCE, int(_SECONDS_AT_ONCE * tasks / max(seconds, 1e-6))))


class Pool(Generic[Task, Result]):
    """Runs a handler over tasks in `size` processes and yields results in the order of the tasks.

    Order makes a run repeatable: what is committed first does not depend on which worker was quicker. At most
    `128 × size` tasks are under way or waiting for an earlier one, so memory does not grow with the number of tasks.
    Slow tasks are handed out one by one, as a worker is free; quick ones several at a time.
    """

    def __init__(
        self,
        factory: Callable[[], Handler[Task, Result]],
        *,
        size: int,
        time_limit: float,
        memory_limit: int = 0,
        nursery: Nursery | None = None,
    ) -> None:
        """Prepare; a process starts when there is a task for it.

        Args:
            factory: Makes what handles the tasks; called in a process of its own, so it is pickled.
            size: The most processes at a time.
            time_limit: Seconds a task may take.
            memory_limit: Bytes of address space a process may have; 0 for no limit.
            nursery: What forks workers, if there is one already; it stays.
        """
        self._factory = factory
        self._size = size
        self._time_limit = time_limit
        self._memory_limit = memory_limit
        self._workers: list[_Worker[Task]] = []
        self._again: deque[tuple[int, Task]] = deque()
        """Tasks that a lost worker had not answered, to be given to another one."""
        self._suspects: set[int] = set()
        """Numbers of tasks that were at hand when a worker died."""
        self._idle_deaths = 0
        """How many workers died one after the other before they began with a task."""
        self._faulty = False
        self._nursery = nursery
        self._nursery_stays = nursery is not None

    def __enter__(self) -> Self:
        """As `prepare`."""
        self.prepare()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def prepare(self) -> None:
        """Make it possible to fork workers, if there is one thread: to be called before anything is opened."""
        if self._nursery is None:
            self._nursery = Nursery.if_possible()

    def close(self) -> None:
        """End all processes."""
        for worker in list(self._workers):
            self._dismiss(worker)
        if self._nursery is not None and not self._nursery_stays:
            self._nursery.close()
            self._nursery = None

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
                self._suspects.discard(index)
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
        while (worker := self._hungriest()) is not None or len(self._workers) < self._size:
            tasks = self._next(source, waiting, worker.wants if worker is not None else 1)
            if not tasks:
                break
            self._give(worker or self._hire(), tasks)
            fed = True
        return fed

    def _hungriest(self) -> _Worker[Task] | None:
        """The worker to give tasks to; None where a new one would begin with them earlier, or all have enough."""
        worker = min((one for one in self._workers if one.wants > 0), key=lambda one: len(one.given), default=None)
        return None if worker is not None and worker.given and len(self._workers) < self._size else worker

    def _next(
        self, source: Iterator[tuple[int, Task]], waiting: deque[tuple[int, Task]], wanted: int
    ) -> list[tuple[int, Task]]:
        tasks = [self._again.popleft() for _ in range(min(wanted, len(self._again)))]
        if not self._faulty:
            free = _WINDOW_PER_WORKER * self._size - len(waiting)
            new = list(islice(source, max(0, min(wanted - len(tasks), free))))
            waiting.extend(new)
            tasks += new
        return tasks

    def _hire(self) -> _Worker[Task]:
        hired = self._nursery.hire(self._factory, self._memory_limit) if self._nursery is not None else None
        if hired is None:
            hired = started_afresh(self._factory, self._memory_limit)
        worker: _Worker[Task] = _Worker(hired, time.monotonic() + _START_LIMIT)
        self._workers.append(worker)
        return worker

    def _give(self, worker: _Worker[Task], tasks: list[tuple[int, Task]]) -> None:
        if worker.ready and not worker.given:
            self._begins(worker)
        worker.given.extend(tasks)
        try:
            worker.connection.send([task for _, task in tasks])
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
            case Done(done):
                self._idle_deaths = 0
                for result in done:
                    results[worker.given.popleft()[0]] = result
                worker.answered += len(done)
                worker.took(time.monotonic() - worker.since, len(done))
                self._begins(worker)
            case Fault():
                self._faulty = True
                results[worker.given.popleft()[0]] = message
                self._dismiss(worker)

    def _lose(self, worker: _Worker[Task], reason: Reason, results: dict[int, Result | Lost | Fault]) -> None:
        exit_code = self._dismiss(worker)
        if not worker.ready and (reason is Reason.TIME_LIMIT or not self._may_be_replaced(exit_code)):
            raise _no_start(exit_code)
        # What it had done and not told yet, and what it had not begun with, is done by another one. So is what was at
        # hand, once: a worker that was killed, perhaps for want of memory, says nothing against its task.
        at_hand = worker.hired.begun.value - worker.answered - 1
        self._idle_deaths = self._idle_deaths + 1 if at_hand < 0 else 0
        if at_hand >= 0 or self._idle_deaths > _MOST_IDLE_DEATHS:
            at_hand = max(0, at_hand)
            index, _ = worker.given[at_hand]
            if reason is not Reason.WORKER_DIED or index in self._suspects:
                del worker.given[at_hand]
                results[index] = Lost(reason)
            else:
                self._suspects.add(index)
        self._again.extend(worker.given)

    def _may_be_replaced(self, exit_code: int | None) -> bool:
        """Whether a worker that died before it was ready was killed, and was no more than bad luck."""
        return (exit_code is None or exit_code < 0) and self._idle_deaths < _MOST_IDLE_DEATHS

    def _dismiss(self, worker: _Worker[Task]) -> int | None:
        """End a worker; returns its exit code."""
        self._workers.remove(worker)
        worker.connection.close()
        return worker.hired.end()


def _no_start(exit_code: int | None) -> DeidError:
    return EnvironmentFault(
        f"a worker process did not start (exit code {exit_code})",
        remedy="run `deid run` with --workers 1; look for want of memory in the system log",
    )
