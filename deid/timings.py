"""How long the steps of an instance take."""

from __future__ import annotations

import time
from dataclasses import dataclass, field


@dataclass(slots=True)
class Timings:
    """Seconds spent in each step, for the audit and for the performance page."""

    seconds: dict[str, float] = field(default_factory=dict)

    def step(self, name: str) -> _Step:
        """Add the time of the block to step `name`."""
        return _Step(self.seconds, name)


@dataclass(slots=True)
class _Step:
    seconds: dict[str, float]
    name: str
    start: float = 0.0

    def __enter__(self) -> None:
        self.start = time.perf_counter()

    def __exit__(self, *_: object) -> None:
        self.seconds[self.name] = self.seconds.get(self.name, 0.0) + time.perf_counter() - self.start
