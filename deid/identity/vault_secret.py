"""What a vault is locked with: the run's key or a passphrase."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from deid.errors import KeyFileError
from deid.identity.key import Key
from deid.identity.secret_file import MAX_SECRET_BYTES, read_secret
from deid.identity.vault_format import Head, Lock

if TYPE_CHECKING:
    from pathlib import Path

MIN_PASSPHRASE_BYTES: Final = 12
_WRITE_ONE: Final = "write it into a file of one line that only you can read (`chmod 600`), or use the key"


@dataclass(frozen=True, slots=True)
class Passphrase:
    """A passphrase, as bytes: nothing about its encoding is assumed."""

    secret: bytes = field(repr=False)

    def __post_init__(self) -> None:
        if len(self.secret) < MIN_PASSPHRASE_BYTES:
            raise KeyFileError(
                f"the passphrase is shorter than {MIN_PASSPHRASE_BYTES} characters", remedy="use a longer one"
            )


VaultSecret = Key | Passphrase


def load_passphrase(path: Path) -> Passphrase:
    """The passphrase in the file, without the line end.

    Raises:
        KeyFileError: The file is missing, unreadable, open to group or others, has several lines, or holds too little.
    """
    text = read_secret(path, what="passphrase", remedy=_WRITE_ONE).rstrip(b"\r\n")
    if b"\n" in text or len(text) >= MAX_SECRET_BYTES:
        raise KeyFileError(f"{path} is not a passphrase: it should hold one line", remedy=_WRITE_ONE)
    return Passphrase(text)


def new_head(secret: VaultSecret) -> Head:
    """The head of a new vault."""
    return Head.new(Lock.KEY, secret.id) if isinstance(secret, Key) else Head.new(Lock.PASSPHRASE)


def file_key(secret: VaultSecret, head: Head, path: Path) -> bytes:
    """The 32 bytes under which the vault's records are sealed.

    Raises:
        KeyFileError: The vault wants the other kind of secret, or another key.
    """
    if isinstance(secret, Key):
        if head.lock is not Lock.KEY:
            raise KeyFileError(f"{path} is locked with a passphrase, not a key", remedy="give the passphrase's file")
        if secret.id != head.key_id:
            raise wrong_secret(path, head)
        return secret.derive("vault", head.salt)
    if head.lock is not Lock.PASSPHRASE:
        raise KeyFileError(
            f"{path} is locked with a key, not a passphrase", remedy=f"leave out the passphrase, give key {head.key_id}"
        )
    cost = head.cost
    return Scrypt(salt=head.salt, length=32, n=1 << cost.log_n, r=cost.r, p=cost.p).derive(secret.secret)


def wrong_secret(path: Path, head: Head) -> KeyFileError:
    """The error for a key or passphrase that does not open the vault."""
    if head.lock is Lock.KEY:
        return KeyFileError(
            f"wrong key for {path}: it was locked with key {head.key_id}", remedy="give that key with --key-file"
        )
    return KeyFileError(f"wrong passphrase for {path}", remedy="give the passphrase that it was made with")
