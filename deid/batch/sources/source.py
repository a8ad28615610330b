"""One thing to de-identify: a file of the input, or a member of an archive."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from deid.errors import Reason


class ArchiveKind(Enum):
    """How an archive holds its members."""

    ZIP = "zip"
    TAR = "tar"
    GZIP = "tar, gzip"
    BZIP2 = "tar, bzip2"
    XZ = "tar, xz"


@dataclass(frozen=True, slots=True)
class Member:
    """Where in an archive a source is."""

    kind: ArchiveKind
    place: int
    """Of a zip, its number in the directory; of a tar, the offset of its first byte, uncompressed."""

    @property
    def is_streamed(self) -> bool:
        """Whether the archive must be read from its beginning to get there."""
        return self.kind not in {ArchiveKind.ZIP, ArchiveKind.TAR}


class ByteStream(Protocol):
    """Bytes that can be read from an offset on."""

    def seek(self, offset: int, /) -> int:
        """Go to an offset."""

    def read(self, size: int, /) -> bytes:
        """Read."""


@dataclass(frozen=True, slots=True)
class Source:
    """One file of the input. Its path may name the patient: it stays out of logs, audit and messages."""

    path: Path = field(repr=False)
    """The file; for a member, the archive."""
    relative: str = field(repr=False)
    """The path below IN with `/`, undecodable bytes as surrogate escapes; of a member, the archive's and its name."""
    refusal: Reason | None = None
    """Set for what is seen but never opened: links, pipes, folders that can't be listed."""
    size: int = 0
    """Bytes, when it was found."""
    mtime_ns: int = 0
    """When it was last written, when it was found; for a member, when the archive was."""
    known: bytes = field(default=b"", repr=False)
    """Keyed digest of the content that was worked on in an earlier run; empty for a source that is to be done."""
    member: Member | None = None
    """Set for a member of an archive."""
    unpacked: Path | None = field(default=None, repr=False)
    """Where the bytes of a member are at hand while the run goes on."""
    stream: ByteStream | None = field(default=None, repr=False, compare=False)
    """What is inside a compressed archive, until the next member is looked for; stays in the process."""

    def __reduce__(self) -> tuple[Any, ...]:
        """As any plain value, but for the stream; a path is made faster from text than from its parts."""
        rest = (self.relative, self.refusal, self.size, self.mtime_ns, self.known, self.member, self.unpacked)
        return _again, (str(self.path), *rest)

    @property
    def relative_bytes(self) -> bytes:
        """The relative path as the file system holds it."""
        return os.fsencode(self.relative)


def _again(path: str, *rest: Any) -> Source:  # noqa: ANN401 - the other fields
    return Source(Path(path), *rest)
