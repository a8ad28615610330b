"""Hiding from a scheduler, its dashboard and its logs what passes through it: all of it may name patients."""

from __future__ import annotations

import pickle
import secrets
from typing import TYPE_CHECKING

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from deid.errors import KeyFileError

if TYPE_CHECKING:
    from deid.identity.key import Key

_NONCE_BYTES = 12


def seal(value: object, key: Key) -> bytes:
    """The value, pickled and encrypted with AES-256-GCM (NIST SP 800-38D) under a key made from the secret key."""
    nonce = secrets.token_bytes(_NONCE_BYTES)
    return nonce + AESGCM(key.derive("cluster")).encrypt(nonce, pickle.dumps(value), None)


def unseal(sealed: bytes, key: Key) -> object:
    """What was sealed. Nothing is unpickled that was not made with the same key.

    Raises:
        KeyFileError: It was sealed with another key, or altered.
    """
    try:
        data = AESGCM(key.derive("cluster")).decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], None)
    except InvalidTag:
        raise KeyFileError(
            "a worker of the cluster holds another key than the run",
            remedy="start the workers with DEID_KEY_FILE set to the key of the run",
        ) from None
    return pickle.loads(data)  # noqa: S301 - authenticated just now
