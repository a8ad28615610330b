"""What the run and its workers say to each other of one source: how to work on it, and how it ended.

The run itself needs nothing of what a worker loads; it starts in a fraction of the time.
"""

from __future__ import annotations

import errno
import traceback
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from deid.plain import Plain

if TYPE_CHECKING:
    from deid.audit.records import InstanceRecord
    from deid.batch.processing import InstanceHandler
    from deid.identity.key import Key
    from deid.identity.mapping import InstanceMapping
    from deid.outcome import Outcome
    from deid.profile import Profile

PACKAGE = Path(__file__).resolve().parents[1]


@dataclass(frozen=True, slots=True)
class Processed(Plain):
    """How a source ended in a worker; `staged` waits to be committed under the name in `outcome`."""

    outcome: Outcome
    record: InstanceRecord
    staged: str | None = None
    instance: bytes = b""
    """Keyed digest of the new SOP Instance UID, to notice a second one."""
    content: bytes = b""
    """Keyed digest of the source's bytes, when sources are known by them."""
    mapping: InstanceMapping | None = field(default=None, repr=False)
    """Original and new identifiers, when a vault was asked for."""


@dataclass(frozen=True, slots=True)
class Unchanged:
    """The source holds what it held when an earlier run was done with it."""


@dataclass(frozen=True, slots=True)
class Processing:
    """Makes the handler of a worker; pickled to it, so it holds only plain values."""

    profile: Profile
    key: Key = field(repr=False)
    pixels: bool
    staging: Path | None
    """None for a dry run."""
    vault: bool = False
    """Whether the pairs of original and new identifiers are wanted."""
    rehash: bool = False
    """Whether sources are known by their content, not by size and time."""

    def __call__(self) -> InstanceHandler:
        """Load the models and return the handler.

        Raises:
            EnvironmentFault: A model or library is missing.
        """
        preload()
        from deid.batch.processing import InstanceHandler

        return InstanceHandler(self)


def preload() -> None:
    """Load what a worker needs for whatever source, but for models."""
    # From here, not from deep in the imports of others: there Python 3.11 may map and unmap a piece of its stack
    # with each call, and to compile all expressions takes twice as long.
    import deid.text  # noqa: F401
    from deid.batch.processing import load_lists

    load_lists()


def place_of(error: BaseException) -> str:
    """Type and place of an error, as `ValueError at header/plan.py:12`; its message may quote the input."""
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if PACKAGE in Path(frame.filename).parents]
    name = type(error).__name__
    if isinstance(error, OSError) and error.errno:
        name += f" {errno.errorcode.get(error.errno, error.errno)}"
    if not frames:
        return name
    return f"{name} at {Path(frames[-1].filename).relative_to(PACKAGE)}:{frames[-1].lineno}"
