"""The rest of a code that begins or ends with what is taken for a name: `LKM-XA02`, `NSK_CT_4`."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from deid.text.spans import Span

_CODE = re.compile(r"(?<![\w-])[^\W_]+(?:[-_][^\W_]+){1,4}(?![\w-])")
_PIECE = re.compile(r"[^\W_]+")
_FEW = 2


def with_rest_of_code(text: str, spans: Sequence[Span]) -> list[Span]:
    """The spans, those of names widened over the code that each is a piece of; as they are without one.

    Its other pieces say a room, a modality or a number: digits, or two letters at most. `MILLER-KNEE-2` is no code.
    """
    found = list(spans)
    for code in _CODE.finditer(text):
        if not any(map(str.isdigit, code.group())):
            continue
        for index, span in enumerate(found):
            inside = code.start() <= span.start and span.end <= code.end()
            if inside and span.kind == "name" and _are_rest(text, code, span):
                found[index] = replace(span, start=code.start(), end=code.end())
    return found


def _are_rest(text: str, code: re.Match[str], name: Span) -> bool:
    pieces = _PIECE.finditer(text, code.start(), code.end())
    others = [piece.group() for piece in pieces if piece.end() <= name.start or piece.start() >= name.end]
    return bool(others) and all(len(piece) <= _FEW or any(map(str.isdigit, piece)) for piece in others)
