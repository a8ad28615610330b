"""By what the ledger knows sources and instances: keyed digests, for paths, times and contents may name the patient."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from deid.batch.sources.source import Source
    from deid.identity.key import Key

_BYTES = 16


def path_digest(source: Source, key: Key) -> bytes:
    """16 bytes that stand for the whole path of a source, so that two INs may hold files of one name."""
    if source.member is not None:
        name = str(source.member.place), source.relative_bytes
        return key.derive("ledger-member", bytes(source.path), *name)[:_BYTES]
    return key.derive("ledger-path", bytes(source.path))[:_BYTES]


def state_digest(source: Source, key: Key) -> bytes:
    """16 bytes that stand for size and time: that of a file may be the day of the examination."""
    return key.derive("ledger-state", str(source.size), str(source.mtime_ns))[:_BYTES]


def content_digest(path: Path, key: Key) -> bytes:
    """16 bytes that stand for all that is in a file.

    Raises:
        OSError: It can't be read.
    """
    with path.open("rb") as stream:
        return key.derive("ledger-content", hashlib.file_digest(stream, "sha256").digest())[:_BYTES]


def instance_digest(uid: str, key: Key) -> bytes:
    """16 bytes that stand for a new SOP Instance UID."""
    return key.derive("ledger-instance", uid)[:_BYTES]
