"""Names of released files: made from the new identity, so they hold nothing of the old one."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pydicom.dataset import Dataset

    from deid.identity.key import Key

DICOMDIR: Final = "DICOMDIR"
DICOMDIR_FILES: Final = "DICOM"
"""The folder of the names that a DICOMDIR can hold."""
_KEYWORDS = ("StudyInstanceUID", "SeriesInstanceUID", "SOPInstanceUID")
_SAFE_UID = re.compile(r"[0-9][0-9.]{0,63}")


def uids_of(dataset: Dataset) -> tuple[str, ...]:
    """The Study, Series and SOP Instance UID of a data set, as they are."""
    return tuple(str(dataset.get(keyword) or "") for keyword in _KEYWORDS)


def released_name(uids: Sequence[str], pseudonym: str, key: Key) -> str:
    """The path of a released instance below OUT: `pseudonym/study/series/instance.dcm`.

    Args:
        uids: The new Study, Series and SOP Instance UID, which name the folders and the file.
        pseudonym: The subject's pseudonymous patient ID.
        key: Makes a name where a UID is missing or is not one (a hostile `../x`).
    """
    parts = [_part(uid, keyword, key) for uid, keyword in zip(uids, _KEYWORDS, strict=True)]
    return "/".join([pseudonym, *parts]) + ".dcm"


def _part(uid: str, keyword: str, key: Key) -> str:
    return uid if _SAFE_UID.fullmatch(uid) else f"x{key.digest('file-name', keyword, uid)}"
