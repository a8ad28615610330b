"""Coming to an orderly end when a service manager, or a terminal that closes, asks for it."""

from __future__ import annotations

import signal
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType, TracebackType

_STOPS = (signal.SIGTERM, signal.SIGHUP)
_INTERRUPTS = (signal.SIGINT, *_STOPS)


class Stop:
    """Whether a run was asked to stop: by `request`, or while it is entered by SIGTERM or SIGHUP.

    The instances at work are finished then, and no more begun. A second signal interrupts as Ctrl-C does. What the run
    was started to ignore, as SIGHUP under `nohup`, it goes on to ignore.
    """

    def __init__(self) -> None:
        self.requested = False
        self.by_signal = False
        self._handlers: dict[int, Any] = {}

    def __enter__(self) -> Self:
        # Only the main thread may set handlers in Python, and receives signals.
        if threading.current_thread() is threading.main_thread():
            for number in _STOPS:
                if signal.getsignal(number) is not signal.SIG_IGN:
                    self._handlers[number] = signal.signal(number, self._receive)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for number, handler in self._handlers.items():
            signal.signal(number, handler if handler is not None else signal.SIG_DFL)
        self._handlers.clear()

    def request(self) -> None:
        """Begin nothing more."""
        self.requested = True

    def _receive(self, number: int, frame: FrameType | None) -> None:  # noqa: ARG002 - the signature of a handler
        if self.by_signal:
            raise KeyboardInterrupt
        self.by_signal = True
        self.request()


@contextmanager
def uninterrupted() -> Iterator[None]:
    """Let signals that end a run wait until the block has ended; then they do what they would have done.

    Only the main thread receives signals in Python; elsewhere there is nothing to hold back.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    arrived: list[int] = []
    handlers = {number: signal.signal(number, lambda received, _: arrived.append(received)) for number in _INTERRUPTS}
    try:
        yield
    finally:
        for number, handler in handlers.items():
            signal.signal(number, handler if handler is not None else signal.SIG_DFL)
        if arrived:
            signal.raise_signal(arrived[0])
