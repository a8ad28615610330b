"""Silence pydicom: its warnings and log lines quote values.

pydicom both warns (`warnings.warn`) and logs (logger `pydicom`) when a value is invalid or can't be decoded, and the
message holds the value. Invariant 2 of the design forbids that. What deid needs to know it finds out itself.
"""

from __future__ import annotations

import logging
import warnings
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

_SILENCE: Final = [("ignore", None, Warning, None, 0)]
"""What `warnings.simplefilter("ignore")` puts before all other filters."""


@contextmanager
def quiet_pydicom() -> Iterator[None]:
    """No warning and no log line of pydicom gets out of this block.

    Python's warning filters are global to the process: use it once around the work on an instance, in the thread
    that does it.
    """
    if warnings.filters[:1] == _SILENCE and logging.root.manager.disable >= logging.CRITICAL:
        yield  # as in a worker, which is silent altogether
        return
    logger = logging.getLogger("pydicom")
    disabled = logger.disabled
    logger.disabled = True
    try:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", module=r"pydicom(\..*)?")
            warnings.filterwarnings("ignore", category=UserWarning)
            yield
    finally:
        logger.disabled = disabled
