"""What a command needs in the end is begun with before it is known what it is asked for."""

from __future__ import annotations

import os
import sys
from contextlib import nullcontext
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from contextlib import AbstractContextManager

    from deid.batch.workers.nursery import Nursery

_WITH_WORKERS = frozenset({"run", "verify"})
_WITHOUT = ("-h", "--help", "--scheduler")


def open_standard_streams() -> None:
    """Open what was handed over closed (`>&-`): else the next file that is opened, of OUT perhaps, takes its number.

    Whatever a library prints would go into that file.
    """
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        if getattr(sys, name) is None:
            os.open(os.devnull, os.O_RDWR)  # the lowest number that is free
            setattr(sys, name, open(number, "w" if number else "r", closefd=False))  # noqa: SIM115


def nursery_for(arguments: Sequence[str]) -> AbstractContextManager[Nursery | None]:
    """What will fork the workers of a command, closed at the end of the block; None for one that needs none.

    It loads while the command line is read, the profile compiled and OUT opened, which takes as long.
    """
    if _WITH_WORKERS.isdisjoint(arguments[:1]) or any(one.startswith(_WITHOUT) for one in arguments):
        return nullcontext()
    # Before the fork, for both sides of it.
    import deid.batch.runner
    import deid.profile.lookup.private_tables
    import deid.profile.lookup.scope  # noqa: F401
    from deid.batch.processed import preload
    from deid.batch.workers.nursery import Nursery

    return Nursery.if_possible(preload) or nullcontext()
