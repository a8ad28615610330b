"""deid: batch de-identification of DICOM instances, header and pixels."""

from __future__ import annotations

import sys
from types import ModuleType

__version__ = "0.1.0"


def _load_pydicom_without_its_downloads() -> None:
    """Import pydicom as if nothing were there with which it would fetch its test files.

    deid fetches nothing, and to load all that takes as long as to load the rest of pydicom. It does without `requests`
    and `tqdm`, and of `urllib.request` it wants no more than a name, until it would fetch something.
    """
    # None: an import raises ImportError.
    instead = {"requests": None, "tqdm": None, "urllib.request": ModuleType("urllib.request")}
    hidden = {name: module for name, module in instead.items() if name not in sys.modules}
    sys.modules.update(hidden)  # type: ignore[arg-type]
    try:
        import pydicom  # noqa: F401
    finally:
        for name in hidden:
            del sys.modules[name]


_load_pydicom_without_its_downloads()
