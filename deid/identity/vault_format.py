"""The bytes of a vault: a head, then records, each encrypted by itself and bound to all that came before.

Head: magic, what it is locked with, scrypt's cost, key id, salt; a checksum that tells damage from a wrong secret; an
HMAC under the file's key. Record: length and salt; an HMAC over them, the record's number and the tag before; the body
under AES-256-GCM (NIST SP 800-38D) with a key of its own, derived from the file's key and the salt, so that no nonce
can be used twice even where a torn record is written anew. The tag before is authenticated with each record: records
that are exchanged, repeated, left out or taken from another vault do not open. Only the loss of whole records at the
end can't be noticed.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import struct
from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING, Final, Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO

MAGIC: Final = b"DEIDVLT1"
_FIELDS: Final = struct.Struct(">8sBBBB6s32s")
_CHECKSUM_BYTES: Final = 8
_TAG_BYTES: Final = 16
_SALT_BYTES: Final = 32
HEAD_BYTES: Final = _FIELDS.size + _CHECKSUM_BYTES + _TAG_BYTES
_RECORD: Final = struct.Struct(">I16s")
_RECORD_MAC_BYTES: Final = 12
RECORD_HEAD_BYTES: Final = _RECORD.size + _RECORD_MAC_BYTES
_BLOCK: Final = 1 << 20


class NotAVaultError(Exception):
    """The file begins like no vault of this version."""


class WrongSecretError(Exception):
    """The head is whole, but was made under another key or passphrase."""


class DamagedError(Exception):
    """Bytes are not those that were written; `offset` is where the record that holds them begins."""

    def __init__(self, offset: int) -> None:
        super().__init__(offset)
        self.offset = offset


class Lock(IntEnum):
    """What opens a vault."""

    KEY = 1
    PASSPHRASE = 2


@dataclass(frozen=True, slots=True)
class Cost:
    """The cost of scrypt (RFC 7914): 128 · r · 2^log_n bytes of memory, p times."""

    log_n: int = 17
    r: int = 8
    p: int = 1

    @property
    def is_sane(self) -> bool:
        """Whether it is neither trivial nor beyond what a computer bears (4 GiB)."""
        return 14 <= self.log_n <= 20 and 8 <= self.r <= 32 and 1 <= self.p <= 4  # noqa: PLR2004 - the bounds


@dataclass(frozen=True, slots=True)
class Head:
    """How the file's key is to be derived."""

    lock: Lock
    key_id: str
    """12 hex digits; zeros for a passphrase."""
    cost: Cost
    salt: bytes

    @classmethod
    def new(cls, lock: Lock, key_id: str = "0" * 12) -> Self:
        """A head with a fresh salt."""
        return cls(lock, key_id, Cost(), secrets.token_bytes(_SALT_BYTES))

    @classmethod
    def parse(cls, data: bytes) -> Self:
        """The head that `data` begins with, its HMAC still unchecked.

        Raises:
            NotAVaultError: It is none.
            DamagedError: Its checksum is wrong.
        """
        if len(data) < HEAD_BYTES or not data.startswith(MAGIC):
            raise NotAVaultError
        fields = data[: _FIELDS.size]
        if _checksum(fields) != data[_FIELDS.size : _FIELDS.size + _CHECKSUM_BYTES]:
            raise DamagedError(0)
        _, lock, log_n, r, p, key_id, salt = _FIELDS.unpack(fields)
        cost = Cost(log_n, r, p)
        if lock not in set(Lock) or not cost.is_sane:
            raise NotAVaultError
        return cls(Lock(lock), key_id.hex(), cost, salt)

    def sealed(self, file_key: bytes) -> bytes:
        """Its bytes, with checksum and HMAC."""
        fields = _FIELDS.pack(
            MAGIC, self.lock, self.cost.log_n, self.cost.r, self.cost.p, bytes.fromhex(self.key_id), self.salt
        )
        fields += _checksum(fields)
        return fields + _mac(file_key, b"head", fields)[:_TAG_BYTES]


class Chain:
    """Seals and opens the records of a vault in their order."""

    def __init__(self, file_key: bytes, head: bytes) -> None:
        """Begin after the head.

        Raises:
            WrongSecretError: The head was not made under this key.
        """
        tag = head[HEAD_BYTES - _TAG_BYTES : HEAD_BYTES]
        if not hmac.compare_digest(_mac(file_key, b"head", head[: HEAD_BYTES - _TAG_BYTES])[:_TAG_BYTES], tag):
            raise WrongSecretError
        self._file_key = file_key
        self._tag = tag
        self._number = 0

    def seal(self, body: bytes) -> bytes:
        """The next record."""
        fields = _RECORD.pack(len(body) + _TAG_BYTES, secrets.token_bytes(16))
        head = fields + self._head_mac(fields)
        sealed = self._cipher(head).encrypt(self._nonce(), body, head + self._tag)
        self._move_on(sealed)
        return head + sealed

    def sealed_length(self, head: bytes) -> int | None:
        """How many bytes follow this head of the next record; None if it is not that."""
        fields = head[: _RECORD.size]
        if not hmac.compare_digest(self._head_mac(fields), head[_RECORD.size :]):
            return None
        return int(_RECORD.unpack(fields)[0])

    def open(self, head: bytes, sealed: bytes) -> bytes | None:
        """The body of the next record; None if it is not that."""
        try:
            body = self._cipher(head).decrypt(self._nonce(), sealed, head + self._tag)
        except InvalidTag:
            return None
        self._move_on(sealed)
        return body

    def _head_mac(self, fields: bytes) -> bytes:
        return _mac(self._file_key, b"length", self._nonce() + self._tag + fields)[:_RECORD_MAC_BYTES]

    def _cipher(self, head: bytes) -> AESGCM:
        return AESGCM(_mac(self._file_key, b"record", _RECORD.unpack(head[: _RECORD.size])[1]))

    def _nonce(self) -> bytes:
        return self._number.to_bytes(12, "big")

    def _move_on(self, sealed: bytes) -> None:
        self._tag = sealed[-_TAG_BYTES:]
        self._number += 1


class Records:
    """The bodies of the records in a file, in order; after the last one `end` and `torn` say how it stops."""

    def __init__(self, stream: BinaryIO, size: int, chain: Chain) -> None:
        """Read from `stream`, which stands behind the head, up to `size`: what a running writer adds is left out."""
        self._stream = stream
        self._size = size
        self._chain = chain
        self.end = HEAD_BYTES
        """Where the last whole record ends."""

    @property
    def torn(self) -> int:
        """Bytes behind the last whole record: one that was being written when its writer was killed."""
        return self._size - self.end

    def __iter__(self) -> Iterator[bytes]:
        """Yield each body.

        Raises:
            DamagedError: A record can't be read, and it is not the unfinished last one.
        """
        while self.torn >= RECORD_HEAD_BYTES:
            head = self._stream.read(RECORD_HEAD_BYTES)
            length = self._chain.sealed_length(head)
            if length is None:
                self._refuse_unless_zeros(head)
                return
            after = self.end + RECORD_HEAD_BYTES + length
            if after > self._size:
                return
            body = self._chain.open(head, self._stream.read(length))
            if body is None:
                # Every record is on the disk before the next is begun, so that only the last can be unfinished.
                if after < self._size:
                    raise DamagedError(self.end)
                return
            self.end = after
            yield body

    def _refuse_unless_zeros(self, block: bytes) -> None:
        """After a loss of power a file may have grown by bytes that were never written."""
        while block:
            if block.strip(b"\0"):
                raise DamagedError(self.end)
            block = self._stream.read(_BLOCK)


def _checksum(fields: bytes) -> bytes:
    return hashlib.sha256(fields).digest()[:_CHECKSUM_BYTES]


def _mac(file_key: bytes, purpose: bytes, message: bytes) -> bytes:
    return hmac.digest(file_key, purpose + b"\0" + message, "sha256")
