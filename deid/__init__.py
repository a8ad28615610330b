"""deid: batch de-identification of DICOM instances, header and pixels."""

from __future__ import annotations

import sys

__version__ = "0.1.0"


def _load_pydicom_without_its_downloads() -> None:
    """Import pydicom as if neither `requests` nor `tqdm` were there, with which it would fetch its test files.

    deid fetches nothing, and to load them takes as long as to load the rest of pydicom.
    """
    hidden = [name for name in ("requests", "tqdm") if name not in sys.modules]
    sys.modules.update(dict.fromkeys(hidden))  # type: ignore[arg-type]  # None: an import raises ImportError
    try:
        import pydicom  # noqa: F401
    finally:
        for name in hidden:
            del sys.modules[name]


_load_pydicom_without_its_downloads()
