"""The members of zip and tar archives, one at a time, without unpacking them.

Names of members are never used to write anything, so one that is absolute or climbs out of the archive does no harm.
What an archive declares is not believed: a directory, a header or a member that is too large is refused before
memory is taken for it.
"""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import os
import stat
import struct
import tarfile
import zipfile
import zlib
from dataclasses import replace
from typing import TYPE_CHECKING, BinaryIO, Final

from deid.batch.sources.source import ArchiveKind, Member, Source
from deid.errors import Reason

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

Stream = BinaryIO | gzip.GzipFile | bz2.BZ2File | lzma.LZMAFile
SUFFIXES: Final = (".zip", ".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tbz2", ".tar.xz", ".txz")
"""By these, archives are known inside IN."""
LARGEST_MEMBER: Final = 4 << 30
"""Bytes: an instance needs about four times its size, so a larger one could not be worked on."""
DAMAGED: Final = (
    *(tarfile.TarError, zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, struct.error),
    *(UnicodeError, ValueError, NotImplementedError, RuntimeError, IndexError, OverflowError),
)
"""What the standard library's readers raise for archives that are not whole; `OSError` besides, see `reason_of`."""
_MAGIC: Final = (
    (b"PK\x03\x04", ArchiveKind.ZIP),
    (b"PK\x05\x06", ArchiveKind.ZIP),
    (b"\x1f\x8b", ArchiveKind.GZIP),
    (b"BZh", ArchiveKind.BZIP2),
    (b"\xfd7zXZ\0", ArchiveKind.XZ),
)
_TAR_MAGIC: Final = slice(257, 262)
_DICOM_MAGIC: Final = slice(128, 132)
_BLOCK: Final = 512
_MOST_MEMBERS: Final = 1_000_000
_LARGEST_DIRECTORY: Final = 1 << 25
_LARGEST_HEADER: Final = 1 << 24
_END_OF_DIRECTORY: Final = b"PK\x05\x06"
_LONGEST_END: Final = 22 + 0xFFFF
_ZIP64_END: Final = 56 + 20
_IN_ZIP64: Final = 0xFFFFFFFF
_ENCRYPTED: Final = 1


def kind_of(path: Path) -> ArchiveKind | None:
    """What sort of archive a file is by its first bytes; None if it is none, or can't be read."""
    try:
        with path.open("rb") as stream:
            head = stream.read(_TAR_MAGIC.stop)
    except OSError:
        return None
    # The oldest tars have no magic.
    if head[_TAR_MAGIC] == b"ustar" or (path.suffix.lower() == ".tar" and head[_DICOM_MAGIC] != b"DICM"):
        return ArchiveKind.TAR
    return next((kind for magic, kind in _MAGIC if head.startswith(magic)), None)


def members(archive: Source, kind: ArchiveKind) -> Iterator[Source]:
    """Yield the files in an archive, in its order, without the folders.

    Links, devices, encrypted members and archives in it are yielded with a refusal. Where the archive can't be read
    (any more), it is yielded itself, with a refusal that stands for whatever was to come.
    """
    try:
        yield from _zip_members(archive) if kind is ArchiveKind.ZIP else _tar_members(archive, kind)
    except (*DAMAGED, OSError, MemoryError) as error:
        yield replace(archive, refusal=reason_of(error))


def reason_of(error: Exception) -> Reason:
    """Why an archive could not be read: it is damaged, or the disk is."""
    if isinstance(error, MemoryError):
        return Reason.TOO_LARGE
    # The readers of compressed data raise OSError without a number for bad data.
    return Reason.UNREADABLE if isinstance(error, OSError) and error.errno else Reason.ARCHIVE_DAMAGED


def uncompressed(path: Path, kind: ArchiveKind) -> Stream:
    """The bytes of a tar archive; to go back in a compressed one means to begin again.

    Raises:
        OSError: It can't be opened.
    """
    match kind:
        case ArchiveKind.GZIP:
            return gzip.open(path)
        case ArchiveKind.BZIP2:
            return bz2.open(path)
        case ArchiveKind.XZ:
            return lzma.open(path)
        case _:
            return path.open("rb")


def _zip_members(archive: Source) -> Iterator[Source]:
    if _directory_size(archive.path) > _LARGEST_DIRECTORY:
        yield replace(archive, refusal=Reason.TOO_LARGE)
        return
    with zipfile.ZipFile(archive.path) as opened:
        for number, info in enumerate(opened.infolist()):
            if not info.is_dir():
                found = _member(archive, info.filename, info.file_size, Member(ArchiveKind.ZIP, number))
                yield replace(found, refusal=found.refusal or _zip_refusal(info))


def _directory_size(path: Path) -> int:
    """Bytes of the central directory, as the end of the file says (APPNOTE 4.3.14 to 4.3.16)."""
    with path.open("rb") as stream:
        size = stream.seek(0, os.SEEK_END)
        stream.seek(max(0, size - _LONGEST_END - _ZIP64_END))
        tail = stream.read()
    end = tail.rfind(_END_OF_DIRECTORY)
    if end < 0:
        raise zipfile.BadZipFile
    length: int = struct.unpack_from("<I", tail, end + 12)[0]
    if length == _IN_ZIP64 and end >= _ZIP64_END:
        length = struct.unpack_from("<Q", tail, end - _ZIP64_END + 40)[0]
    return length


def _zip_refusal(info: zipfile.ZipInfo) -> Reason | None:
    if info.flag_bits & _ENCRYPTED:
        return Reason.ARCHIVE_ENCRYPTED
    return Reason.SYMLINK if stat.S_ISLNK(info.external_attr >> 16) else None


def _tar_members(archive: Source, kind: ArchiveKind) -> Iterator[Source]:
    with uncompressed(archive.path, kind) as stream, tarfile.TarFile(fileobj=_Careful(stream)) as opened:
        for _ in range(_MOST_MEMBERS):
            info = opened.next()
            opened.members = []  # type: ignore[attr-defined]  # it would remember all of them
            if info is None:
                break
            if not info.isdir():
                found = _member(archive, info.name, info.size, Member(kind, info.offset_data))
                refusal = found.refusal or _tar_refusal(info)
                yield replace(found, refusal=refusal, stream=stream if kind is not ArchiveKind.TAR else None)
        else:
            yield replace(archive, refusal=Reason.TOO_LARGE)
            return
        stream.seek(opened.offset)
        # Two blocks of zeros end it. TarFile ends at the first block that is no header as well, without a word.
        if stream.read(_BLOCK) != bytes(_BLOCK):
            yield replace(archive, refusal=Reason.ARCHIVE_DAMAGED)


def _tar_refusal(info: tarfile.TarInfo) -> Reason | None:
    if info.issym() or info.islnk():
        return Reason.SYMLINK
    return Reason.SPECIAL_FILE if not info.isreg() or info.issparse() else None


def _member(archive: Source, name: str, size: int, member: Member) -> Source:
    refusal = None
    if name.lower().endswith(SUFFIXES):
        refusal = Reason.NESTED_ARCHIVE
    elif size > LARGEST_MEMBER:
        refusal = Reason.TOO_LARGE
    return Source(archive.path, f"{archive.relative}/{name}", refusal, size, archive.mtime_ns, member=member)


class _Careful(io.RawIOBase):
    """A stream that refuses to read much at once: TarFile believes what a header says of the length of the next one."""

    def __init__(self, stream: Stream) -> None:
        self._stream = stream

    def read(self, size: int = -1) -> bytes:
        """Read.

        Raises:
            tarfile.ReadError: It is too much.
        """
        if not 0 <= size <= _LARGEST_HEADER:
            raise tarfile.ReadError
        return self._stream.read(size)

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Go to an offset."""
        return self._stream.seek(offset, whence)

    def tell(self) -> int:
        """The offset."""
        return self._stream.tell()
