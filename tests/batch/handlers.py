"""Handlers that the pool tests run in worker processes; a module of its own because they are pickled by name."""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import sys
import time
import warnings
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from deid.batch.workers import blas
from deid.errors import EnvironmentFault

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True)
class Doubling:
    """Makes the handler below; `fault` and `death` stand for what can go wrong at the start."""

    fault: bool = False
    death: bool = False

    def __call__(self) -> DoublingHandler:
        if self.fault:
            raise EnvironmentFault("no model", remedy="install it")
        if self.death:
            os._exit(3)
        return DoublingHandler()


class DoublingHandler:
    def share(self) -> None:
        """There is nothing."""

    def __call__(self, task: object) -> object:
        match task:
            case int():
                time.sleep(0.02 * (task % 3))
                return task * 2
            case "segfault":
                return ctypes.string_at(0)
            case "killed":
                os.kill(os.getpid(), signal.SIGKILL)
            case ("killed once", Path() as mark) if not mark.exists():
                mark.touch()
                os.kill(os.getpid(), signal.SIGKILL)
            case "hang":
                while True:
                    time.sleep(60)
            case "noise" | "memory" | "threads" | "algebra" | "core":
                return ANSWERS[task]()
            case "who":
                time.sleep(0.5)
            case "fault":
                raise EnvironmentFault("gone", remedy="bring it back")
        return os.getpid()


def _make_noise() -> str:
    print("DOE^JANE")  # noqa: T201
    print("DOE^JANE", file=sys.stderr)  # noqa: T201
    warnings.warn("DOE^JANE", stacklevel=1)
    os.write(2, b"DOE^JANE")
    return "said"


def _much_memory() -> str:
    try:
        return str(len(bytearray(1 << 36)))
    except MemoryError:
        return "refused"


def _threads() -> str:
    return os.environ["OMP_NUM_THREADS"]


ANSWERS: dict[object, Callable[[], object]] = {
    "noise": _make_noise,
    "memory": _much_memory,
    "threads": _threads,
    "algebra": blas.threads,
    "core": partial(resource.getrlimit, resource.RLIMIT_CORE),
}
