"""What is still to be done: the sources less those that an earlier run finished and that have not changed since."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from deid import __version__
from deid.batch.output.committing import Earlier, Ended
from deid.batch.processed import Unchanged
from deid.batch.sources.digests import path_digest, state_digest
from deid.errors import InstanceError, Reason
from deid.outcome import Outcome, Released, Skipped, outcome_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from deid.batch.output.books import Books
    from deid.batch.output.ledger import Entry
    from deid.batch.processed import Processed
    from deid.batch.sources.source import Source
    from deid.identity.key import Key

_REASONS = frozenset(Reason)


class Backlog:
    """Tells what is to be done from what is finished, by the ledger.

    A source is finished when it has the size and time (with `rehash`: the content) with which it ended, and what was
    released of it is in OUT in its full size. What was quarantined or failed is finished as well, unless another
    version of deid did it, it could not be read, or `retry` is asked for.
    """

    def __init__(self, books: Books, key: Key, *, retry: bool = False, rehash: bool = False) -> None:
        """Take the ledger and OUT to look at, and the key that the ledger's digests are made with."""
        self._books = books
        self._key = key
        self._retry = retry
        self._rehash = rehash
        self._is_new = books.ledger.is_empty()
        """Whether no source has ended in an earlier run: then none is looked up."""

    def pending(self, sources: Iterable[Source], finished: Callable[[Earlier], None]) -> Iterator[Source]:
        """Yield what is to be done; tell `finished` of the rest."""
        for source in sources:
            ended = None if self._is_new else self._books.ledger.ended(path_digest(source, self._key))
            if ended is None:
                yield source
                continue
            entry, size = ended
            outcome = _outcome(entry)
            if outcome is None or not self._stands(outcome, entry, size):
                yield source
            elif self._rehash:
                yield replace(source, known=entry.content)
            elif entry.state == state_digest(source, self._key):
                finished(Earlier(outcome))
            else:
                yield source

    def ended(self, source: Source, processed: Processed | Unchanged) -> Ended | Earlier:
        """What is to be recorded of a source that a worker is done with."""
        path = path_digest(source, self._key)
        if not isinstance(processed, Unchanged):
            return Ended(path, state_digest(source, self._key), processed, source.path, source.member is not None)
        entry = self._books.ledger.entry(path)
        outcome = _outcome(entry) if entry is not None else None
        if outcome is None:
            raise RuntimeError("unchanged, but not in the ledger")
        return Earlier(outcome)

    def _stands(self, outcome: Outcome, entry: Entry, size: int | None) -> bool:
        """Whether the source need not be done again as long as it does not change; `size` is that of its release."""
        match outcome:
            case Released(name=name):
                target = self._books.target
                return size is not None and target is not None and target.size(name) == size
            case Skipped():
                return True
            case _:
                # What can't be read may be readable today, and costs little to try.
                return not self._retry and entry.version == __version__ and outcome.reason is not Reason.UNREADABLE


def _outcome(entry: Entry) -> Outcome | None:
    """How the source ended; None where a version of deid says so that knew other reasons."""
    if entry.name:
        return Released(entry.name)
    return outcome_of(InstanceError(Reason(entry.reason))) if entry.reason in _REASONS else None
