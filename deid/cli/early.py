"""What a command needs in the end is begun with before it is known what it is asked for."""

from __future__ import annotations

from contextlib import nullcontext
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from contextlib import AbstractContextManager

    from deid.batch.nursery import Nursery

_WITH_WORKERS = frozenset({"run", "verify"})
_WITHOUT = ("-h", "--help", "--scheduler")


def nursery_for(arguments: Sequence[str]) -> AbstractContextManager[Nursery | None]:
    """What will fork the workers of a command, closed at the end of the block; None for one that needs none.

    It loads while the command line is read, the profile compiled and OUT opened, which takes as long.
    """
    if _WITH_WORKERS.isdisjoint(arguments[:1]) or any(one.startswith(_WITHOUT) for one in arguments):
        return nullcontext()
    # Before the fork, for both sides of it.
    import deid.batch.runner
    import deid.profile.private_tables
    import deid.profile.scope  # noqa: F401
    from deid.batch.nursery import Nursery
    from deid.batch.processed import preload

    return Nursery.if_possible(preload) or nullcontext()
