"""numpy's threads in a process forked after numpy was loaded, when the environment says nothing any more."""

from __future__ import annotations

import ctypes
import sys
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_NAMES = ("scipy_openblas_{}_num_threads64_", "openblas_{}_num_threads64_", "openblas_{}_num_threads")
"""How OpenBLAS calls what gets or sets the number, by how it was built; the first is that of numpy's wheels."""


def threads_are_known() -> bool:
    """Whether the threads of what numpy calculates with can be told here, or numpy is not loaded."""
    return bool(_libraries()) or "numpy" not in sys.modules


@contextmanager
def one_thread() -> Iterator[None]:
    """Let OpenBLAS calculate in one thread; what is forked meanwhile goes on so, and starts none."""
    libraries = _libraries()
    before = [getattr(library, name.format("get"))() for library, name in libraries]
    for library, name in libraries:
        getattr(library, name.format("set"))(1)
    try:
        yield
    finally:
        for (library, name), number in zip(libraries, before, strict=True):
            getattr(library, name.format("set"))(number)


def threads() -> list[int]:
    """In how many threads each OpenBLAS of this process calculates."""
    return [getattr(library, name.format("get"))() for library, name in _libraries()]


def _libraries() -> list[tuple[ctypes.CDLL, str]]:
    """Each OpenBLAS that this process has loaded, with the names of its functions."""
    found = []
    for path in _loaded("openblas"):
        with suppress(OSError):
            library = ctypes.CDLL(path)
            found += [(library, name) for name in _NAMES if hasattr(library, name.format("set"))][:1]
    return found


def _loaded(name: str) -> set[str]:
    """The paths of the shared libraries with `name` in theirs (Linux)."""
    with suppress(OSError):
        lines = Path("/proc/self/maps").read_text().splitlines()
        return {path for line in lines if name in (path := line.split(maxsplit=5)[-1]).rpartition("/")[2]}
    return set()
