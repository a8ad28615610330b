"""Texts within texts: Base64 and hexadecimal, in which programs store what they don't want to escape."""

from __future__ import annotations

import binascii
import re
from contextlib import suppress
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

_SHORTEST: Final = 12
_RUN: Final = re.compile(rf"(?<![A-Za-z0-9+/])[A-Za-z0-9+/]{{{_SHORTEST},}}={{0,2}}")
_HEXADECIMAL: Final = re.compile(r"(?:[0-9A-Fa-f]{2})+")
_QUANTUM: Final = 4


def encoded_texts(text: str) -> Iterator[tuple[int, int, str]]:
    """The runs of a text that are another one in Base64 (RFC 4648, 4) or hexadecimal: start, end, and that text."""
    if len(text) < _SHORTEST:
        return
    for match in _RUN.finditer(text):
        run = match.group().rstrip("=")
        decoders = [_base64, bytes.fromhex] if _HEXADECIMAL.fullmatch(run) else [_base64]
        for decode in decoders:
            with suppress(ValueError):
                yield *match.span(), decode(run).decode("utf-8")


def _base64(run: str) -> bytes:
    return binascii.a2b_base64(run + "=" * (-len(run) % _QUANTUM))
