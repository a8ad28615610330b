"""Names of released files: made from the new identity, so they hold nothing of the old one."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pydicom.dataset import Dataset

    from deid.identity.key import Key

_SAFE_UID = re.compile(r"[0-9][0-9.]{0,63}")


def released_name(dataset: Dataset, pseudonym: str, key: Key) -> str:
    """The path of a released instance below OUT: `pseudonym/study/series/instance.dcm`.

    Args:
        dataset: The de-identified data set; its UIDs name the folders and the file.
        pseudonym: The subject's pseudonymous patient ID.
        key: Makes a name where a UID is missing or is not one (a hostile `../x`).
    """
    parts = [
        _part(str(dataset.get(keyword) or ""), keyword, key) for keyword in ("StudyInstanceUID", "SeriesInstanceUID")
    ]
    return "/".join(
        [pseudonym, *parts, _part(str(dataset.get("SOPInstanceUID") or ""), "SOPInstanceUID", key) + ".dcm"]
    )


def _part(uid: str, keyword: str, key: Key) -> str:
    return uid if _SAFE_UID.fullmatch(uid) else f"x{key.digest('file-name', keyword, uid)}"
