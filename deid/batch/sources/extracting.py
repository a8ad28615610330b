"""Members of archives as files that never touch a disk: what is raw lies in IN and nowhere else, even after a kill."""

from __future__ import annotations

import os
import sys
import tempfile
import zipfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from deid.batch.sources.archives import DAMAGED, Stream, reason_of, uncompressed
from deid.batch.sources.source import ArchiveKind
from deid.errors import InstanceError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from deid.batch.sources.source import ByteStream, Member, Source

_CHUNK = 1 << 20


class Extractor:
    """Gives the bytes of sources; keeps the last archive open, for its members come one after the other."""

    def __init__(self) -> None:
        self._key: tuple[Path, int] | None = None
        self._zip: zipfile.ZipFile | None = None
        self._tar: Stream | None = None

    @contextmanager
    def file_of(self, source: Source) -> Iterator[Path]:
        """A path at which the bytes of a source can be read while the block lasts: its own, or one in memory.

        Raises:
            InstanceError: ARCHIVE_DAMAGED or UNREADABLE, it is a member that can't be got at.
        """
        if source.member is None:
            yield source.path
            return
        if source.unpacked is not None and os.access(source.unpacked, os.R_OK):
            yield source.unpacked
            return
        with _memory_file() as (descriptor, path):
            try:
                self._copy(source, source.member, descriptor)
            except (*DAMAGED, OSError) as error:
                self.close()
                raise InstanceError(reason_of(error)) from None
            yield path

    def close(self) -> None:
        """Let go of the archive."""
        for opened in (self._zip, self._tar):
            if opened is not None:
                opened.close()
        self._key = self._zip = self._tar = None

    def _copy(self, source: Source, member: Member, descriptor: int) -> None:
        self._open(source, member.kind)
        if self._zip is not None:
            with self._zip.open(self._zip.infolist()[member.place]) as stream:
                copy_out(stream, source.size, descriptor)
        elif self._tar is not None:
            self._tar.seek(member.place)
            copy_out(self._tar, source.size, descriptor)

    def _open(self, source: Source, kind: ArchiveKind) -> None:
        key = source.path, source.mtime_ns
        if self._key != key:
            self.close()
            if kind is ArchiveKind.ZIP:
                self._zip = zipfile.ZipFile(source.path)
            else:
                self._tar = uncompressed(source.path, kind)
            self._key = key


def copy_out(stream: ByteStream, size: int, descriptor: int) -> None:
    """Copy just `size` bytes to a file; of a zip, that reaches its end, where the checksum is compared.

    Raises:
        EOFError: There are fewer.
    """
    while size:
        chunk = stream.read(min(size, _CHUNK))
        if not chunk:
            raise EOFError
        size -= len(chunk)
        rest = memoryview(chunk)
        while rest:
            rest = rest[os.write(descriptor, rest) :]


@contextmanager
def _memory_file() -> Iterator[tuple[int, Path]]:
    """A file without a name, which the kernel takes back when the process ends, however it ends."""
    if sys.platform != "linux":
        with tempfile.TemporaryFile() as file:
            yield file.fileno(), Path(f"/dev/fd/{file.fileno()}")
        return
    descriptor = os.memfd_create("deid")
    try:
        yield descriptor, Path(f"/proc/self/fd/{descriptor}")
    finally:
        os.close(descriptor)
