"""Headers whose elements stand at the same places, as those of a series mostly do: cut into pieces at one stroke."""

from __future__ import annotations

import struct
from typing import Final

from deid.attributes.attribute import UNDEFINED_LENGTH
from deid.attributes.elements import LONG_VRS, walk

_UNDEFINED: Final = struct.pack("<I", UNDEFINED_LENGTH)
_MOST: Final = 3
_VR: Final = slice(4, 6)


class _Layout:
    """Where the elements of a header stand, from its first to the one that ended the walk."""

    def __init__(self, pieces: dict[int, bytes], heads: list[bytes], *, implicit: bool) -> None:
        self.implicit = implicit
        self._tags = list(pieces)
        self._heads = tuple(heads)
        lengths = [len(piece) for piece in pieces.values()]
        self._cut = struct.Struct("".join(f"{length}s" for length in lengths)).unpack_from
        parts = (f"{len(head)}s{length - len(head)}x" for head, length in zip(heads, lengths, strict=True))
        self._cut_heads = struct.Struct("".join(parts)).unpack_from

    def pieces(self, data: bytes, start: int) -> dict[int, bytes] | None:
        """The pieces of a header with the same tags, VRs and lengths; None for another one.

        A walk goes by the heads of the elements alone, so over the same heads it comes to the same places.
        """
        try:
            if self._cut_heads(data, start) != self._heads:
                return None
        except struct.error:
            return None
        return dict(zip(self._tags, self._cut(data, start), strict=True))


class Layouts:
    """The layouts that were met last."""

    def __init__(self) -> None:
        self._known: list[_Layout] = []

    def walk(self, data: bytes, start: int, *, implicit: bool, stop: int) -> dict[int, bytes]:
        """As `walk` to the end of `data`, with its errors."""
        for number, layout in enumerate(self._known):
            pieces = layout.pieces(data, start) if layout.implicit == implicit else None
            if pieces is not None:
                if number:
                    self._known.insert(0, self._known.pop(number))
                return pieces
        pieces = walk(data, start, len(data), implicit=implicit, stop=stop)
        heads = [_head(piece, implicit=implicit) for piece in pieces.values()]
        # Elements of undefined length end where their content says, a header that does not reach `stop` with the data.
        if stop in pieces and not any(head.endswith(_UNDEFINED) for head in heads[:-1]):
            self._known = [_Layout(pieces, heads, implicit=implicit), *self._known[: _MOST - 1]]
        return pieces


def _head(piece: bytes, *, implicit: bool) -> bytes:
    """Tag, VR and length."""
    return piece[:12] if not implicit and piece[_VR] in LONG_VRS else piece[:8]
