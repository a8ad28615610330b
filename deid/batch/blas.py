"""numpy's threads in a process forked after numpy was loaded, when the environment says nothing any more."""

from __future__ import annotations

import ctypes
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

_SETTERS = ("scipy_openblas_set_num_threads64_", "openblas_set_num_threads64_", "openblas_set_num_threads")
"""What OpenBLAS calls it, by how it was built; the first is that of numpy's wheels."""


def thread_setters() -> list[Callable[[int], Any]] | None:
    """What sets the number of threads of each OpenBLAS that this process has loaded.

    None where numpy is loaded with another library, of which nothing is known here.
    """
    setters = []
    for path in loaded_libraries("openblas"):
        with suppress(OSError):
            library = ctypes.CDLL(path)
            setters += [getattr(library, name) for name in _SETTERS if hasattr(library, name)][:1]
    return setters if setters or "numpy" not in sys.modules else None


def loaded_libraries(name: str) -> set[str]:
    """The paths of the shared libraries with `name` in theirs (Linux)."""
    with suppress(OSError):
        lines = Path("/proc/self/maps").read_text().splitlines()
        return {path for line in lines if name in (path := line.split(maxsplit=5)[-1]).rpartition("/")[2]}
    return set()
