"""What a worker does to check a released file again."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from deid.batch.output.naming import released_name, uids_of
from deid.batch.processed import place_of
from deid.batch.rechecking import Checked, Verdict
from deid.batch.sources.extracting import Extractor
from deid.errors import InstanceError, Reason
from deid.header import load_tables
from deid.instance import Deidentifier
from deid.reading import parse_instance
from deid.text.words.vocabulary import load_vocabulary

if TYPE_CHECKING:
    from deid.batch.rechecking import Claim, Pair, Rechecking


class Rechecker:
    """Checks pairs, one at a time; never raises for one of them."""

    def __init__(self, rechecking: Rechecking) -> None:
        self._rechecking = rechecking
        self._extractor = Extractor()
        self._deidentifier = lru_cache(lambda pixels: Deidentifier(rechecking.profile, rechecking.key, pixels=pixels))

    def share(self) -> None:
        """Load what all workers can have in common."""
        load_tables()
        load_vocabulary()

    def __call__(self, pair: Pair) -> Checked:
        """Check a released file against its original."""
        name = pair.claim.name
        try:
            data = (self._rechecking.out / name).read_bytes()
            with self._extractor.file_of(pair.source) as path:
                subject = self._deidentifier(pair.claim.looked_at).check(
                    path, data, pair.claim.regions, blank=pair.claim.blank
                )
            return self._named(pair.claim, data, subject.pseudonym)
        except FileNotFoundError:
            return Checked(name, Verdict.MISSING)
        except InstanceError as error:
            return Checked(name, Verdict.DIFFERS, ": ".join(filter(None, (error.reason.meaning, error.detail))))
        except MemoryError:
            return Checked(name, Verdict.DIFFERS, Reason.TOO_LARGE.meaning)
        except Exception as error:  # noqa: BLE001 - its message may quote the input: only type and place are told
            return Checked(name, Verdict.DIFFERS, place_of(error))

    def _named(self, claim: Claim, data: bytes, pseudonym: str) -> Checked:
        expected = released_name(uids_of(parse_instance(data)), pseudonym, self._rechecking.key)
        if claim.name != expected:
            return Checked(claim.name, Verdict.DIFFERS, "the name is not that of the instance")
        return Checked(claim.name, Verdict.VERIFIED)
