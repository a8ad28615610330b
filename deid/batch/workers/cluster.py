"""The workers of a Dask cluster behind the interface of the local pool (`docs/cluster.md`)."""

from __future__ import annotations

import logging
import secrets
import time
from collections import deque
from concurrent.futures import CancelledError
from contextlib import contextmanager
from typing import TYPE_CHECKING, Self

from deid.batch.output.staging import stage
from deid.batch.processed import Processed, Unchanged
from deid.batch.workers.cluster_worker import Setup, Task, work
from deid.batch.workers.pool import Lost
from deid.batch.workers.sealing import seal, unseal
from deid.errors import DeidError, EnvironmentFault, Reason

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path
    from types import TracebackType

    from distributed import Client, Future

    from deid.batch.sources.source import Source

_WINDOW_PER_THREAD = 8
_SECONDS_BETWEEN_COUNTS = 5.0
_SECONDS_TO_CONNECT = 10.0


class Cluster:
    """Runs tasks on the workers of a scheduler and yields results in the order of the tasks; a context manager.

    At most eight tasks for each thread of the workers are handed out at a time. A task whose worker is lost goes to
    another one; one that loses several workers ends as `Lost`. The scheduler sees sealed bytes under meaningless names.
    """

    def __init__(self, address: str, setup: Setup, folder: Path) -> None:
        """Name the scheduler, how to work, and a folder of OUT that all workers see."""
        self._address = address
        self._setup = setup
        self._key = setup.processing.key
        self._folder = folder
        self._client: Client | None = None
        self._window = 0
        self._counted = 0.0

    def __enter__(self) -> Self:
        """Connect.

        Raises:
            EnvironmentFault: `distributed` is not installed, or no scheduler answers.
        """
        try:
            from distributed import Client
        except ImportError:
            raise EnvironmentFault(
                "Dask is not installed", remedy="pip install 'deid-dicom[cluster]', on the workers too"
            ) from None
        # What is wrong with the connection is said once, as an error of the run.
        logging.getLogger("distributed").setLevel(logging.CRITICAL)
        try:
            self._client = Client(self._address, timeout=_SECONDS_TO_CONNECT, set_as_default=False)  # type: ignore[no-untyped-call]
        except (OSError, ValueError):
            raise self._gone("no scheduler answers at") from None
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._client is not None:
            self._client.close(timeout=2)  # type: ignore[no-untyped-call]

    def run(self, tasks: Iterable[Source]) -> Iterator[tuple[Source, Processed | Unchanged | Lost]]:
        """Yield each source with its result, in order.

        Raises:
            DeidError: The scheduler is gone, or a worker met trouble that concerns the whole run.
        """
        source, name = enumerate(tasks), secrets.token_hex(8)
        setup = stage(seal(self._setup.without_key(), self._key), self._folder)
        pending: deque[tuple[Source, Future[bytes]]] = deque()
        while True:
            for number, task in source:
                sealed = seal(Task(task, setup), self._key)
                with self._connected() as client:
                    future = client.submit(work, sealed, key=f"deid-{name}-{number}", pure=False)
                pending.append((task, future))
                if len(pending) >= self._room():
                    break
            if not pending:
                return
            task, future = pending.popleft()
            yield task, self._result(future)

    def _room(self) -> int:
        """How many tasks may be handed out, by the workers that there are now."""
        now = time.monotonic()
        if not self._window or now - self._counted > _SECONDS_BETWEEN_COUNTS:
            with self._connected() as client:
                threads = sum(client.nthreads().values())  # type: ignore[no-untyped-call]
            self._window = _WINDOW_PER_THREAD * max(1, threads)
            self._counted = now
        return self._window

    def _result(self, future: Future[bytes]) -> Processed | Unchanged | Lost:
        from distributed import KilledWorker

        try:
            with self._connected():
                sealed = future.result()
        except KilledWorker:
            return Lost(Reason.WORKER_DIED)
        result = unseal(sealed, self._key)
        if isinstance(result, DeidError):
            raise result
        if not isinstance(result, Processed | Unchanged | Lost):
            raise TypeError
        return result

    @contextmanager
    def _connected(self) -> Iterator[Client]:
        if self._client is None:
            raise RuntimeError("the cluster is not entered")
        try:
            yield self._client
        except (OSError, CancelledError, RuntimeError):
            raise self._gone("lost the scheduler at") from None

    def _gone(self, what: str) -> EnvironmentFault:
        return EnvironmentFault(
            f"{what} {self._address}", remedy="start it, with workers that see IN and OUT, then run again to go on"
        )
