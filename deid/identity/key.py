"""The secret key that every pseudonym, UID, date offset and dummy is made from, and the file that holds it.

Everything is HMAC-SHA-256 (FIPS 198-1) of a purpose and parts: the same key gives the same result anywhere, and without
the key nothing can be traced back, nor guessed by trying all dates or names. The file is 64 hex digits, readable by its
owner only, written once and never over.
"""

from __future__ import annotations

import errno
import hashlib
import os
import re
import secrets
import struct
from contextlib import suppress
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Final

from deid.errors import KeyFileError
from deid.identity.secret_file import read_secret

SECRET_BYTES = 32
_ID_DIGITS = 12
_DIGEST_DIGITS = 16
_BLOCK: Final = 64
"""Bytes that SHA-256 takes at a time."""
_VERSION = b"deid/1"
_OWNER_ONLY: Final = 0o600
_HEX_KEY: Final = re.compile(rb"[0-9A-Fa-f]{64}")
_NO_HARD_LINKS: Final = {errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK}
_NEW_KEY: Final = "make one with `deid keys new --key-file FILE`"


@dataclass(frozen=True, slots=True)
class Key:
    """A secret key of 32 bytes. Its `repr` shows only the id, which gives nothing of the secret away."""

    secret: bytes = field(repr=False)
    id: str = field(init=False, compare=False)
    """12 hex digits that name the key in the audit."""

    def __post_init__(self) -> None:
        if len(self.secret) != SECRET_BYTES:
            raise ValueError(f"a key has {SECRET_BYTES} bytes")
        object.__setattr__(self, "id", self.derive("key-id").hex()[:_ID_DIGITS])

    @classmethod
    def generate(cls) -> Key:
        """A new key from the operating system's random source."""
        return cls(secrets.token_bytes(SECRET_BYTES))

    def derive(self, purpose: str, *parts: str | bytes) -> bytes:
        """32 bytes that depend on the key, the purpose and every part.

        Each part goes in with its type and length, so no two lists of parts give the same message: neither ("ab", "c")
        and ("a", "bc"), nor the text "a" and the byte "a".
        """
        inner, outer = _states(self.secret)
        inner, outer = inner.copy(), outer.copy()
        inner.update(b"".join([_opening(purpose), *map(_prefixed, parts)]))
        outer.update(inner.digest())
        return outer.digest()

    def digest(self, purpose: str, *parts: str | bytes) -> str:
        """16 hex digits by which the audit can refer to a value without holding it."""
        return self.derive(f"digest:{purpose}", *parts)[: _DIGEST_DIGITS // 2].hex()


_head = struct.Struct(">cQ").pack
"""Type and length of a part."""


@lru_cache(maxsize=4)
def _states(secret: bytes) -> tuple[hashlib._Hash, hashlib._Hash]:
    """The two states of HMAC-SHA-256 that the key alone decides (RFC 2104): half of the work on a short message."""
    padded = secret.ljust(_BLOCK, b"\0")
    inner, outer = (hashlib.sha256(bytes(byte ^ pad for byte in padded)) for pad in (0x36, 0x5C))
    return inner, outer


@lru_cache(maxsize=256)
def _opening(purpose: str) -> bytes:
    return _VERSION + _prefixed(purpose)


def _prefixed(part: str | bytes) -> bytes:
    # surrogatepass: a text that was decoded badly must have a digest as well.
    if isinstance(part, str):
        data = part.encode("utf-8", "surrogatepass")
        return _head(b"t", len(data)) + data
    return _head(b"b", len(part)) + part


def default_key_path() -> Path:
    """`$XDG_CONFIG_HOME/deid/key`, or `~/.config/deid/key`.

    Raises:
        KeyFileError: There is no home directory.
    """
    configured = Path(os.environ.get("XDG_CONFIG_HOME", ""))
    if configured.is_absolute():
        return configured / "deid" / "key"
    try:
        return Path.home() / ".config" / "deid" / "key"
    except RuntimeError as error:
        raise KeyFileError(
            "there is no home directory to look for the key in", remedy="give --key-file FILE"
        ) from error


def load_key(path: Path) -> Key:
    """Read the key.

    Raises:
        KeyFileError: The file is missing, unreadable, open to group or others, or is not a key.
    """
    data = read_secret(path, what="key", remedy=_NEW_KEY)
    if _HEX_KEY.fullmatch(data.strip()) is None:
        raise KeyFileError(
            f"{path} is not a key: it should hold 64 hex digits",
            remedy=f"restore it from its backup if it was one, as another gives other pseudonyms; otherwise {_NEW_KEY}",
        )
    return Key(bytes.fromhex(data.decode("ascii")))


def write_key(path: Path, key: Key) -> None:
    """Write the key to a new file of mode 0600; the folder is made if need be.

    The file appears whole or not at all, so another process never reads half a key.

    Raises:
        KeyFileError: There is a file already, or it can't be written.
    """
    if not path.name:
        raise KeyFileError(f"{path} is a folder, not a file", remedy="name a file in it, such as deid.key")
    partial = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise _cannot_write(path, error) from error
    try:
        _create(partial, key)
        _link(partial, path, key)
    except FileExistsError as error:
        raise KeyFileError(
            f"{path} exists already and is never overwritten",
            remedy="use that key, or name another file; with another key, patients get other pseudonyms",
        ) from error
    except OSError as error:
        raise _cannot_write(path, error) from error
    finally:
        with suppress(OSError):  # it is not there, or where it can't be
            partial.unlink()


def load_or_create(path: Path) -> tuple[Key, bool]:
    """The key in `path`, and whether it was made just now. Two first runs at once end with the same key.

    Raises:
        KeyFileError: As for `load_key` and `write_key`.
    """
    if os.path.lexists(path):
        return load_key(path), False
    try:
        key = Key.generate()
        write_key(path, key)
    except KeyFileError:
        if os.path.lexists(path):  # another process was first
            return load_key(path), False
        raise
    return key, True


def _cannot_write(path: Path, error: OSError) -> KeyFileError:
    return KeyFileError(
        f"the key can't be written to {path} ({error.strerror})", remedy="check its folder, or give --key-file FILE"
    )


def _create(path: Path, key: Key) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _OWNER_ONLY)
    with os.fdopen(descriptor, "wb") as stream:
        stream.write(key.secret.hex().encode("ascii") + b"\n")
        stream.flush()
        os.fsync(descriptor)


def _link(partial: Path, path: Path, key: Key) -> None:
    """Give the file its name, which fails if the name is taken."""
    try:
        path.hardlink_to(partial)
    except OSError as error:
        if error.errno not in _NO_HARD_LINKS:
            raise
        _create(path, key)  # a file system without hard links, such as exFAT
