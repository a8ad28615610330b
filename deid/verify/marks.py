"""The marks of a file that was released earlier (PS3.15 E.1.1): they say what deid says, and nothing else.

No decision accounts for them, so whoever changed the file since could have written there what they liked.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from deid.attributes.attribute import SPECIFIC_CHARACTER_SET, tags_of
from deid.attributes.tree import attributes
from deid.errors import InstanceError, Reason
from deid.header import apply_header, new_file_meta
from deid.header.marks import MARKS, Shown, dates_of, mark
from deid.reading import parse_instance, part_of
from deid.writing import to_bytes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pydicom.dataset import Dataset, FileDataset

    from deid.plan import AttributePath, Decision
    from deid.profile import Profile

_NEEDED: Final = frozenset({SPECIFIC_CHARACTER_SET, 0x00080016, 0x00080018})
"""What a data set needs to be written."""
_VERSION: Final = re.compile(rb"(?<![^\\])deid [0-9A-Za-z.+]{1,24}, PS3\.15 [0-9]{4}[a-z](?![^\\ ])")
"""The writer names itself; another version may have been at work."""


def check_marks(
    original: FileDataset, released: Dataset, decisions: Sequence[Decision], profile: Profile, *, looked_at: bool
) -> None:
    """Compare the marks of a released data set with those that deid writes for it.

    Args:
        original: The original.
        released: The released data set, as it was read.
        decisions: What was decided on the attributes.
        profile: The profile of the run.
        looked_at: Whether frames were looked at. Those that nobody looked at can't be said to be clean; of others a
            part may have been left out.

    Raises:
        InstanceError: PLAN_NOT_REALISED.
    """
    found = _marks_in(released)
    dates, shown = dates_of(released, decisions), Shown.by(tags_of(released))
    for checked in (True, False) if looked_at else (False,):
        expected = apply_header(part_of(original, MARKS | _NEEDED), decisions)
        mark(expected, profile, shown=shown, pixels_checked=checked, dates=dates)
        if found == _marks_in(parse_instance(to_bytes(expected, new_file_meta(original.file_meta, expected)))):
            return
    raise InstanceError(Reason.PLAN_NOT_REALISED, "the marks of de-identification are not those that deid writes")


def _marks_in(dataset: Dataset) -> dict[AttributePath, tuple[str | None, bytes]]:
    """VRs and values of the marks and of what they hold, by path; a sequence has no value, for its items are there."""
    return {
        path: (attribute.stored_vr, b"" if attribute.items is not None else _told(attribute.data or b""))
        for path, attribute in attributes(part_of(dataset, MARKS | _NEEDED))
        if path.parents or path.tag in MARKS
    }


def _told(data: bytes) -> bytes:
    return _VERSION.sub(b"deid", data.rstrip(b" \0"))
