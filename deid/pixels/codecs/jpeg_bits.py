"""Writing entropy-coded data bit by bit, most of it copied from elsewhere (ITU-T T.81 F.1.2.3)."""

from __future__ import annotations

from typing import Final

_FLUSH_BITS: Final = 2048


class BitWriter:
    """Collects bits; `finish` pads with ones and stuffs a zero byte after every 0xFF."""

    def __init__(self) -> None:
        self._bytes = bytearray()
        self._pending = 0
        self._count = 0

    def put(self, bits: int, count: int) -> None:
        """Append the lowest `count` bits of `bits`, which has no others."""
        self._pending = self._pending << count | bits
        self._count += count
        if self._count >= _FLUSH_BITS:
            rest = self._count & 7
            self._bytes += (self._pending >> rest).to_bytes(self._count >> 3, "big")
            self._pending &= (1 << rest) - 1
            self._count = rest

    def copy(self, data: bytes, start: int, end: int) -> None:
        """Append the bits from bit `start` to before bit `end` of `data`."""
        if end > start:
            self.put(bits_of(data, start, end), end - start)

    def repeat(self, other: BitWriter, times: int) -> None:
        """Append what another one collected, a few bits, several times."""
        if other._bytes:
            raise ValueError("too many bits")
        self.put(repeated(other._pending, other._count, times), other._count * times)

    def finish(self) -> bytes:
        """The bytes, padded and stuffed."""
        padding = -self._count & 7
        self.put((1 << padding) - 1, padding)
        self._bytes += self._pending.to_bytes(self._count >> 3, "big")
        self._pending = self._count = 0
        return bytes(self._bytes).replace(b"\xff", b"\xff\x00")


def bits_of(data: bytes, start: int, end: int) -> int:
    """The bits from bit `start` to before bit `end`, as a number."""
    number = int.from_bytes(data[start >> 3 : (end + 7) >> 3], "big")
    return number >> (-end & 7) & ((1 << (end - start)) - 1)


def repeated(bits: int, count: int, times: int) -> int:
    """The lowest `count` bits of `bits`, which has no others, so many times in a row."""
    return bits * (((1 << count * times) - 1) // ((1 << count) - 1))
