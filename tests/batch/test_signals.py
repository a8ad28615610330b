from __future__ import annotations

import os
import signal

import pytest

from deid.batch.signals import Stop, uninterrupted


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_stop_is_noted_and_a_second_one_interrupts(number: signal.Signals) -> None:
    before = signal.getsignal(number)
    with Stop() as stop:
        begun = stop.requested
        os.kill(os.getpid(), number)
        assert (begun, stop.requested) == (False, True)
        with pytest.raises(KeyboardInterrupt):
            os.kill(os.getpid(), number)
    assert signal.getsignal(number) is before


def test_what_the_run_was_started_to_ignore_is_ignored() -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with Stop() as stop:
            os.kill(os.getpid(), signal.SIGHUP)
            assert not stop.requested
    finally:
        signal.signal(signal.SIGHUP, before)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_waits_for_the_end_of_the_block(number: signal.Signals) -> None:
    previous = signal.signal(number, signal.default_int_handler)
    done = []
    try:
        with pytest.raises(KeyboardInterrupt), uninterrupted():  # noqa: PT012 - the order inside is what is tested
            os.kill(os.getpid(), number)
            done.append("taken away")
            done.append("put in place")
        assert done == ["taken away", "put in place"]
        assert signal.getsignal(number) is signal.default_int_handler
    finally:
        signal.signal(number, previous)
