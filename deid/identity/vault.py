"""The vault: an encrypted re-identification map in one file, to which every run appends (`docs/vault.md`)."""

from __future__ import annotations

import contextlib
import fcntl
import os
import stat
from typing import TYPE_CHECKING, BinaryIO, Final, Self

from deid.errors import InputOutputError, VaultDamagedError
from deid.identity.mapping import InstanceMapping
from deid.identity.vault_format import (
    HEAD_BYTES,
    MAGIC,
    Chain,
    DamagedError,
    Head,
    Lock,
    NotAVaultError,
    Records,
    WrongSecretError,
)
from deid.identity.vault_secret import VaultSecret, file_key, new_head, wrong_secret

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from types import TracebackType

MAX_REMEMBERED: Final = 1 << 18
"""Pairs that are known to be in the vault, so that they are not written again; about 40 MB."""


class Vault:
    """A vault that is written to, as a context manager; one writer at a time.

    Every record is on the disk when `append` returns. A killed writer leaves at most its last record torn: that is cut
    off when the vault is opened next, and `dropped` says how many bytes it had.
    """

    def __init__(self, path: Path, secret: VaultSecret, *, max_remembered: int = MAX_REMEMBERED) -> None:
        """Name the file; it is made, readable by its owner only, when there is none."""
        self._path = path
        self._secret = secret
        self._max_remembered = max_remembered
        self._remembered: dict[bytes, None] = {}
        self._descriptor: int | None = None
        self._end = 0
        self.dropped = 0

    def __enter__(self) -> Self:
        """Open, lock and check the whole file.

        Raises:
            InputOutputError: It can't be written, is no vault, or another run writes to it.
            VaultDamagedError: A record before the last is damaged; the file is left as it is.
            KeyFileError: It was made under another key or passphrase.
        """
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_NONBLOCK, 0o600)
            self._take_lock(self._descriptor)
            self._chain = self._begun(self._descriptor)
        except OSError as error:
            self.close()
            raise _unusable(self._path, error) from None
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def append(self, mapping: InstanceMapping) -> None:
        """Write the pairs that are not known to be in the vault, down to the disk.

        Raises:
            InputOutputError: The disk is full or gone; the vault is closed and holds what it held before.
        """
        fresh = tuple(pair for digest, pair in mapping.digests() if self._is_new(digest))
        for part in InstanceMapping(mapping.subject, mapping.date_offset_days, fresh).parts():
            self._write(self._chain.seal(part.encoded()))

    def _take_lock(self, descriptor: int) -> None:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise _not_a_vault(self._path)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise InputOutputError(
                f"another run is writing to the vault: {self._path}", remedy="wait for it, or name another file"
            ) from None

    def _begun(self, descriptor: int) -> Chain:
        size = os.fstat(descriptor).st_size
        if size < HEAD_BYTES and _is_unfinished_head(os.pread(descriptor, HEAD_BYTES, 0)):
            return self._made(descriptor)
        with os.fdopen(os.dup(descriptor), "rb") as stream:
            chain, records = _opened(stream, self._path, self._secret)
            for mapping in _mappings(records, self._path):
                for digest, _ in mapping.digests():
                    self._is_new(digest)
        self._end, self.dropped = records.end, records.torn
        if self.dropped:
            os.ftruncate(descriptor, self._end)
            os.fsync(descriptor)
        return chain

    def _made(self, descriptor: int) -> Chain:
        head = new_head(self._secret)
        key = file_key(self._secret, head, self._path)
        data = head.sealed(key)
        os.ftruncate(descriptor, 0)
        self._write(data)
        _sync_folder(self._path.parent)
        return Chain(key, data)

    def _is_new(self, digest: bytes) -> bool:
        """Whether the pair is not remembered; it is from now on, and the one that was not met for longest is not."""
        is_new = digest not in self._remembered
        self._remembered.pop(digest, None)
        self._remembered[digest] = None
        if len(self._remembered) > self._max_remembered:
            del self._remembered[next(iter(self._remembered))]
        return is_new

    def _write(self, data: bytes) -> None:
        if self._descriptor is None:
            raise RuntimeError("the vault is not open")
        written = 0
        try:
            while written < len(data):
                written += os.pwrite(self._descriptor, data[written:], self._end + written)
            os.fsync(self._descriptor)
        except OSError as error:
            with contextlib.suppress(OSError):  # what can't be cut off now is cut off as torn at the next opening
                os.ftruncate(self._descriptor, self._end)
            self.close()
            raise _unusable(self._path, error) from None
        self._end += len(data)


class VaultReader:
    """The mappings in a vault, in the order in which they were appended; `dropped` is known after the last."""

    def __init__(self, path: Path, secret: VaultSecret) -> None:
        self._path = path
        self._secret = secret
        self.dropped = 0
        """Bytes of an unfinished last record: its writer was killed, or is at work."""

    def __iter__(self) -> Iterator[InstanceMapping]:
        """Yield each mapping.

        Raises:
            InputOutputError: The file can't be read or is no vault.
            VaultDamagedError: After the mappings before the damage.
            KeyFileError: It was made under another key or passphrase.
        """
        with _reading(self._path) as stream:
            _, records = _opened(stream, self._path, self._secret)
            yield from _mappings(records, self._path)
            self.dropped = records.torn


def lock_of(path: Path) -> Lock:
    """What the vault is locked with, so that the right secret can be asked for.

    Raises:
        InputOutputError: The file can't be read or is no vault.
        VaultDamagedError: Its head is damaged.
    """
    with _reading(path) as stream:
        return _head(stream, path)[0].lock


@contextlib.contextmanager
def _reading(path: Path) -> Iterator[BinaryIO]:
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
        with os.fdopen(descriptor, "rb") as stream:
            yield stream
    except IsADirectoryError:
        raise _not_a_vault(path) from None
    except OSError as error:
        raise InputOutputError(
            f"the vault can't be read: {path} ({os.strerror(error.errno or 0)})",
            remedy="check the path and its permissions",
        ) from None


def _opened(stream: BinaryIO, path: Path, secret: VaultSecret) -> tuple[Chain, Records]:
    head, data = _head(stream, path)
    try:
        chain = Chain(file_key(secret, head, path), data)
    except WrongSecretError:
        raise wrong_secret(path, head) from None
    return chain, Records(stream, os.fstat(stream.fileno()).st_size, chain)


def _head(stream: BinaryIO, path: Path) -> tuple[Head, bytes]:
    if not stat.S_ISREG(os.fstat(stream.fileno()).st_mode):
        raise _not_a_vault(path)
    data = stream.read(HEAD_BYTES)
    try:
        return Head.parse(data), data
    except NotAVaultError:
        raise _not_a_vault(path) from None
    except DamagedError as damage:
        raise _damaged(path, damage) from None


def _mappings(records: Records, path: Path) -> Iterator[InstanceMapping]:
    try:
        for body in records:
            yield InstanceMapping.decoded(body)
    except DamagedError as damage:
        raise _damaged(path, damage) from None


def _is_unfinished_head(data: bytes) -> bool:
    """Whether the file was just made: it is empty, or its maker was killed while writing the head."""
    return data[: len(MAGIC)] == MAGIC[: len(data)] or not data.strip(b"\0")


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _not_a_vault(path: Path) -> InputOutputError:
    return InputOutputError(f"{path} is not a vault", remedy="name a vault, or for a run a file that doesn't exist yet")


def _damaged(path: Path, damage: DamagedError) -> VaultDamagedError:
    return VaultDamagedError(
        f"the vault is damaged: {path}, from byte {damage.offset} on",
        remedy="restore it from a backup; `deid vault export --salvage` saves what stands before; "
        "for further runs name a new file",
    )


def _unusable(path: Path, error: OSError) -> InputOutputError:
    return InputOutputError(
        f"the vault can't be written: {path} ({os.strerror(error.errno or 0)})",
        remedy="check its permissions and the space on its disk, or name another file with --vault",
    )
