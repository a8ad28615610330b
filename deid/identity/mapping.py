"""What the re-identification map says of one instance, and how a record of the vault holds it."""

from __future__ import annotations

import hashlib
import json
import zlib
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_PAIRS_A_RECORD = 10_000
_DIGEST_BYTES = 16


class Kind(StrEnum):
    """What a pair maps."""

    PATIENT = "patient"
    UID = "uid"
    ACCESSION = "accession"


@dataclass(frozen=True, slots=True)
class Pair:
    """An original value and what stands in the released file instead; `new` is empty where the value was taken away."""

    kind: Kind
    old: str = field(repr=False)
    new: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class InstanceMapping:
    """The pairs of one instance. Its `repr` shows none of them: they are what de-identification took away."""

    subject: str
    """The pseudonym that the run's key gives the patient."""
    date_offset_days: int
    pairs: tuple[Pair, ...] = field(repr=False)

    def parts(self) -> Iterator[InstanceMapping]:
        """The same pairs in mappings that are small enough for one record each."""
        for start in range(0, len(self.pairs), _PAIRS_A_RECORD):
            yield replace(self, pairs=self.pairs[start : start + _PAIRS_A_RECORD])

    def digests(self) -> Iterator[tuple[bytes, Pair]]:
        """Each pair with a digest that tells it from all others, those of other patients included."""
        for pair in self.pairs:
            name = json.dumps([self.subject, self.date_offset_days, pair.kind, pair.old, pair.new])
            yield hashlib.blake2b(name.encode("ascii"), digest_size=_DIGEST_BYTES).digest(), pair

    def encoded(self) -> bytes:
        """The body of a record: compressed JSON."""
        pairs = [[pair.kind.value, pair.old, pair.new] for pair in self.pairs]
        return zlib.compress(json.dumps([self.subject, self.date_offset_days, pairs]).encode("ascii"))

    @classmethod
    def decoded(cls, body: bytes) -> InstanceMapping:
        """The mapping that `encoded` gave `body` for."""
        subject, offset, pairs = json.loads(zlib.decompress(body))
        return cls(subject, offset, tuple(Pair(Kind(kind), old, new) for kind, old, new in pairs))
