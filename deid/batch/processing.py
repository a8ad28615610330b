"""What a worker does with one source: de-identify, stage the verified bytes, and say how it ended."""

from __future__ import annotations

import contextlib
import time
from contextlib import ExitStack
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from deid.audit.records import InstanceRecord, value_digests
from deid.batch.output.naming import released_name, uids_of
from deid.batch.output.staging import stage_chunks
from deid.batch.processed import Processed, Processing, Unchanged, place_of
from deid.batch.sources.digests import content_digest, instance_digest
from deid.batch.sources.extracting import Extractor
from deid.errors import DeidError, InstanceError, Reason
from deid.header import load_tables
from deid.outcome import Failed, Released, outcome_of
from deid.splicing import Spliced, Splicer
from deid.text.words.vocabulary import load_vocabulary
from deid.timings import Timings

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from deid.batch.sources.source import Source
    from deid.instance import Deidentifier

Ended = TypeVar("Ended")


class InstanceHandler:
    """Takes sources through all steps up to staging; never raises for one instance."""

    def __init__(self, processing: Processing) -> None:
        self._processing = processing
        self._deidentifier: Deidentifier | None = None
        self._extractor = Extractor()
        self._splicer = Splicer(processing.profile, processing.key) if _may_splice(processing) else None

    def share(self) -> None:
        """Load what all workers can have in common: lists and, where pixels are looked at, models."""
        load_lists()
        if self._splicer is None:
            self._way_of_all().warm_up()

    def __call__(self, source: Source) -> Processed | Unchanged:
        """Process one source.

        Raises:
            InputOutputError: OUT can't be written any more.
            EnvironmentFault: A model or library is missing.
        """
        timings = Timings()
        start = time.perf_counter()
        record = InstanceRecord.of_source(source.relative_bytes, self._processing.key, timings.seconds)
        processed = _guarded(record, lambda: self._taken(source, timings, record))
        timings.seconds["total"] = time.perf_counter() - start
        return processed

    def _taken(self, source: Source, timings: Timings, record: InstanceRecord) -> Processed | Unchanged:
        if source.refusal is not None:
            raise InstanceError(source.refusal)
        with ExitStack() as stack:
            with timings.step("read"):
                path = stack.enter_context(self._extractor.file_of(source))
            content = self._content(path, timings)
            if content and content == source.known:
                return Unchanged()
            processed = _guarded(record, lambda: self._process(path, timings, record))
            return replace(processed, content=content) if content else processed

    def _content(self, path: Path, timings: Timings) -> bytes:
        """The digest of the content where it is wanted and can be taken: what can't be read is refused later."""
        if not self._processing.rehash:
            return b""
        with timings.step("hash"), contextlib.suppress(OSError):
            return content_digest(path, self._processing.key)
        return b""

    def _process(self, path: Path, timings: Timings, record: InstanceRecord) -> Processed:
        if self._splicer is not None and self._processing.staging is not None:
            with self._splicer.spliced(path, timings) as spliced:
                processed = self._staged(spliced, self._processing.staging, timings, record) if spliced else None
            if processed is not None:
                return processed
        return self._process_whole(path, timings, record)

    def _staged(self, spliced: Spliced, staging: Path, timings: Timings, record: InstanceRecord) -> Processed | None:
        """The spliced instance, verified and staged; None if it may not be released as it is."""
        try:
            with timings.step("verify"):
                spliced.check()
            with timings.step("write"):
                staged = stage_chunks(spliced.chunks(), staging)
        except InstanceError:
            return None
        key, pseudonym = self._processing.key, spliced.subject.pseudonym
        name = released_name(spliced.uids, pseudonym, key)
        instance = instance_digest(spliced.uids[-1], key)
        record = replace(record, decided=spliced.decided, lacks_pixels=spliced.lacks_pixels)
        return Processed(Released(name), record, staged, instance)

    def _way_of_all(self) -> Deidentifier:
        """The ordinary way; a night of plain files whose pixels nobody looks at does without what it loads."""
        if self._deidentifier is None:
            from deid.instance import Deidentifier

            processing = self._processing
            self._deidentifier = Deidentifier(processing.profile, processing.key, pixels=processing.pixels)
        return self._deidentifier

    def _process_whole(self, path: Path, timings: Timings, record: InstanceRecord) -> Processed:
        done = self._way_of_all().deidentify(path, timings)
        key = self._processing.key
        digests = value_digests(done.original, done.plan.decisions, key)
        record = record.with_plan(done.plan, done.subject.pseudonym, digests)
        mapping = None
        if self._processing.vault:
            from deid.batch.mapping import mapping_of

            mapping = mapping_of(done)
        staged = None
        if self._processing.staging is not None:
            with timings.step("write"):
                staged = stage_chunks([done.data], self._processing.staging)
        name = released_name(uids_of(done.released), done.subject.pseudonym, key)
        instance = instance_digest(str(done.released.SOPInstanceUID), key)
        return Processed(Released(name), record, staged, instance, mapping=mapping)


def load_lists() -> None:
    """Load the tables of attributes and the lists of words, once."""
    load_tables()
    load_vocabulary().unpack_names()


def _guarded(record: InstanceRecord, work: Callable[[], Ended]) -> Ended | Processed:
    """What the work on one instance comes to: whatever it provokes ends in its outcome."""
    try:
        return work()
    except DeidError:
        raise
    except InstanceError as error:
        return Processed(outcome_of(error), record)
    except MemoryError:
        return Processed(outcome_of(InstanceError(Reason.TOO_LARGE)), record)
    except Exception as error:  # noqa: BLE001 - whatever one instance provokes ends in its outcome, with type and place
        return Processed(Failed(Reason.INTERNAL, place_of(error)), record)


def _may_splice(processing: Processing) -> bool:
    """Whether the byte-level path can answer all that is asked: it sees neither pixels nor original identifiers."""
    pixels = processing.pixels and processing.profile.pixels.mode != "off"
    return not pixels and not processing.vault and Splicer.suits(processing.profile)
