"""Writing the map as CSV files, exactly as the values are: other tools compare them as strings."""

from __future__ import annotations

import csv
import hashlib
import os
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

from deid.errors import InputOutputError, VaultDamagedError
from deid.identity.mapping import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from deid.identity.mapping import InstanceMapping
    from deid.identity.vault import VaultReader

UID_CSV = "uid_mapping.csv"
PATIENT_CSV = "patid_mapping.csv"
ACCESSION_CSV = "accession_mapping.csv"
OFFSET_CSV = "date_offsets.csv"
_COLUMNS = {
    UID_CSV: ("id_old", "id_new"),
    PATIENT_CSV: ("id_old", "id_new"),
    ACCESSION_CSV: ("id_old", "id_new"),
    OFFSET_CSV: ("id_new", "days"),
}
_FILES = {Kind.UID: UID_CSV, Kind.PATIENT: PATIENT_CSV, Kind.ACCESSION: ACCESSION_CSV}


def export(
    reader: VaultReader, folder: Path, *, salvage: bool = False
) -> tuple[dict[str, int], VaultDamagedError | None]:
    """Write the CSV files into `folder`, each pair once, in the order in which they came into the vault.

    Args:
        reader: The vault.
        folder: Made if missing, closed to others.
        salvage: End at damage, and return it, instead of failing.

    Returns:
        Rows by file name, and the damage after which nothing could be read.

    Raises:
        DeidError: The vault can't be read, or the files exist or can't be written; none of them is left behind.
    """
    made: list[Path] = []
    damage = None
    try:
        with ExitStack() as stack:
            tables = _tables(folder, made, stack)
            try:
                for mapping in reader:
                    for name, row in _rows(mapping):
                        tables[name].add(row)
            except VaultDamagedError as error:
                if not salvage:
                    raise
                damage = error
    except BaseException as error:
        for path in made:
            path.unlink(missing_ok=True)
        if isinstance(error, OSError):
            raise _unusable(folder, error) from None
        raise
    return {name: table.count for name, table in tables.items()}, damage


def _tables(folder: Path, made: list[Path], stack: ExitStack) -> dict[str, _Table]:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    tables = {}
    for name, columns in _COLUMNS.items():
        path = folder / name
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            raise InputOutputError(
                f"{path} exists already and is never overwritten", remedy="name another folder with --csv"
            ) from None
        made.append(path)
        stream = stack.enter_context(os.fdopen(descriptor, "w", encoding="utf-8", newline=""))
        tables[name] = _Table(csv.writer(stream, lineterminator="\n"), columns)
    return tables


class _Table:
    """A CSV file in which each row stands once."""

    def __init__(self, writer: Any, columns: tuple[str, ...]) -> None:  # noqa: ANN401 - csv has no public type for it
        self._writer = writer
        self._digests: set[bytes] = set()
        self.count = 0
        writer.writerow(columns)

    def add(self, row: tuple[str, ...]) -> None:
        digest = hashlib.blake2b(repr(row).encode("utf-8"), digest_size=16).digest()
        if digest not in self._digests:
            self._digests.add(digest)
            self._writer.writerow(row)
            self.count += 1


def _rows(mapping: InstanceMapping) -> Iterator[tuple[str, tuple[str, ...]]]:
    for pair in mapping.pairs:
        if pair.old:
            yield _FILES[pair.kind], (pair.old, pair.new)
        if pair.kind is Kind.PATIENT:
            yield OFFSET_CSV, (pair.new or mapping.subject, str(mapping.date_offset_days))


def _unusable(folder: Path, error: OSError) -> InputOutputError:
    return InputOutputError(
        f"the CSV files can't be written: {folder} ({os.strerror(error.errno or 0)})",
        remedy="check its permissions and the space on its disk, or name another folder with --csv",
    )
