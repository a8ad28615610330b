"""Importing pydicom without what deid has no use for."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from importlib.util import find_spec
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from importlib.machinery import ModuleSpec


_FOR_PIXELS = ("numpy", "PIL", "gdcm", "jpeg_ls", "libjpeg", "openjpeg", "pylibjpeg", "rle")


class PydicomWithoutItsDownloads:
    """Imports pydicom, once it is wanted, as if nothing were there with which it would fetch its test files.

    deid fetches nothing, and to load all that takes as long as to load the rest of pydicom. It does without `requests`
    and `tqdm`, and of `urllib.request` it wants no more than a name, until it would fetch something.
    """

    def find_spec(
        self, fullname: str, _path: Sequence[str] | None, _target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """That of pydicom, the first time it is asked for; whatever else is imported goes its own way."""
        if fullname != "pydicom":
            return None
        sys.meta_path.remove(self)
        spec = find_spec(fullname)
        if spec is not None and spec.loader is not None:
            spec.loader.exec_module = _without_downloads(spec.loader.exec_module)  # type: ignore[method-assign, assignment]
        return spec


def _without_downloads(execute: Callable[[ModuleType], None]) -> Callable[[ModuleType], None]:
    def executed(module: ModuleType) -> None:
        with hidden({"requests": None, "tqdm": None, "urllib.request": ModuleType("urllib.request")}):
            execute(module)

    return executed


@contextmanager
def hidden(instead: Mapping[str, ModuleType | None]) -> Iterator[None]:
    """Let imports in this block find other modules instead of these, if they are not loaded; None for no module."""
    names = [name for name in instead if name not in sys.modules]
    sys.modules.update({name: instead[name] for name in names})  # type: ignore[misc]
    try:
        yield
    finally:
        for name in names:
            del sys.modules[name]


def load_pydicom_for_headers() -> None:
    """Import it without numpy and the decoders: that takes half of the time.

    For the command line alone, where nobody but deid asks pydicom for anything. It has codecs of its own, and loads
    numpy when it looks at pixels.
    """
    with hidden(dict.fromkeys(_FOR_PIXELS)):
        import pydicom  # noqa: F401
