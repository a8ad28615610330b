"""deid: batch de-identification of DICOM instances, header and pixels."""

from __future__ import annotations

import sys

from deid.loading import PydicomWithoutItsDownloads

__version__ = "0.1.0"

if "pydicom" not in sys.modules:
    sys.meta_path.insert(0, PydicomWithoutItsDownloads())
