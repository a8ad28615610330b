"""A night's work: discovery, worker processes, atomic release, the audit log."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from deid.batch.runner import Observer, run
    from deid.batch.summary import Summary

__all__ = ["Observer", "Summary", "run"]


def __getattr__(name: str) -> Any:  # noqa: ANN401 - whatever is asked for
    """What leads a run is loaded when it is asked for: workers come by here without."""
    if name not in __all__:
        raise AttributeError(name)
    return getattr(import_module("deid.batch.summary" if name == "Summary" else "deid.batch.runner"), name)
