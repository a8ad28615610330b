"""The table of a `map:` rule: originals and what replaces them, from a CSV file with the columns `original,new`.

The originals identify people. They are never shown: not in an error, not in a repr, not in the profile's digest, which
holds the table only as a slow hash.
"""

from __future__ import annotations

import csv
import hashlib
import io
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from deid.errors import ProfileError
from deid.profile.lookup.values import fits_vr

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

COLUMNS = ("original", "new")
_MAX_BYTES = 64 << 20
_PADDING = " \0"
_COST = {"n": 1 << 14, "r": 8, "p": 1, "dklen": 32}


@dataclass(frozen=True, slots=True)
class ValueMap:
    """Original values and their replacements; its repr shows neither."""

    digest: str
    """A slow hash (scrypt) of the content, hex: two tables differ in it, and guesses at the content are dear."""
    entries: Mapping[str, str] = field(repr=False, compare=False)

    def get(self, original: str) -> str | None:
        """The replacement for a value, blanks around it left aside; None if the table has none."""
        return self.entries.get(original.strip(_PADDING))

    def __len__(self) -> int:
        return len(self.entries)


def read_value_map(path: Path, vrs: Sequence[str] = (), *, named_at: str = "") -> ValueMap:
    """Read a table.

    Args:
        path: A CSV file in UTF-8, comma-separated, the first line `original,new`.
        vrs: VRs that new values must fit, as far as they are known.
        named_at: File and line that name the table, for the error when it can't be read.

    Raises:
        ProfileError: The file can't be read, lacks the columns, says two things of one original, or has a new value
            that does not fit the VR; with the line, without any value.
    """
    rows = csv.reader(io.StringIO(_text(path, named_at), newline=""), strict=True)
    entries: dict[str, str] = {}
    try:
        if tuple(name.strip() for name in next(rows, [])) != COLUMNS:
            raise _error(f"{path}:1", "the columns are not original,new", "make `original,new` the first line")
        for row in rows:
            if row:
                _add(entries, row, vrs, f"{path}:{rows.line_num}")
    except csv.Error:
        raise _error(
            f"{path}:{rows.line_num}", "not valid CSV", "quote values that hold commas or line breaks"
        ) from None
    return ValueMap(_digest(entries), entries)


def _text(path: Path, named_at: str) -> str:
    try:
        with path.open("rb") as stream:
            data = stream.read(_MAX_BYTES + 1)
    except OSError as error:
        place = f"{named_at}: the table {path}" if named_at else f"{path}:"
        raise ProfileError(f"{place} can't be read ({error.strerror})", remedy="check `map:` and permissions") from None
    if len(data) > _MAX_BYTES:
        raise ProfileError(f"{path}: larger than 64 MiB", remedy="split the table over several rules")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ProfileError(f"{path}: not UTF-8 text", remedy="save the table as CSV in UTF-8") from None


def _add(entries: dict[str, str], row: list[str], vrs: Sequence[str], place: str) -> None:
    if len(row) != len(COLUMNS):
        raise _error(place, "not two columns", "write `original,new`, and quote values that hold a comma")
    original, new = (value.strip(_PADDING) for value in row)
    if not original:
        raise _error(place, "the original is empty", "empty values stay empty: remove the line")
    if entries.get(original, new) != new:
        raise _error(place, "the original stands twice with different new values", "keep one of the two")
    for vr in vrs if new else ():
        if not fits_vr(new, vr):
            raise _error(place, f"the new value does not fit VR {vr}", "shorten or correct it (PS3.5 6.2)")
    entries[original] = new


def _error(place: str, message: str, remedy: str) -> ProfileError:
    return ProfileError(f"{place}: {message}", remedy=remedy)


def _digest(entries: Mapping[str, str]) -> str:
    content = hashlib.sha256()
    for original, new in sorted(entries.items()):
        for text in (original, new):
            data = text.encode("utf-8")
            content.update(len(data).to_bytes(8, "big") + data)
    return hashlib.scrypt(content.digest(), salt=b"deid value map", **_COST).hex()
