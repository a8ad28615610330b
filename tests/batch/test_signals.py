from __future__ import annotations

import os
import signal

import pytest

from deid.batch.signals import uninterrupted


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_stop_waits_for_the_end_of_the_block(number: signal.Signals) -> None:
    previous = signal.signal(number, signal.default_int_handler)
    done = []
    try:
        with pytest.raises(KeyboardInterrupt), uninterrupted():  # noqa: PT012 - the order inside is what is tested
            os.kill(os.getpid(), number)
            done.append("committed")
            done.append("recorded")
        assert done == ["committed", "recorded"]
        assert signal.getsignal(number) is signal.default_int_handler
    finally:
        signal.signal(number, previous)


def test_without_a_stop_nothing_happens() -> None:
    before = signal.getsignal(signal.SIGTERM)
    with uninterrupted():
        pass
    assert signal.getsignal(signal.SIGTERM) is before
