"""Results as workers hand them in, and OUT opened as a run opens it, without any DICOM."""

from __future__ import annotations

import json
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from deid.audit.records import InstanceRecord
from deid.batch.output.books import open_books
from deid.batch.output.committing import Committer, Ended
from deid.batch.output.staging import stage_chunks
from deid.batch.processed import Processed
from deid.batch.summary import Summary
from deid.identity.key import Key
from deid.options import RunOptions
from deid.outcome import Outcome, Released
from deid.profile import load_profile

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from deid.batch.output.books import Books

KEY = Key(bytes(32))
PROFILE = load_profile("basic")


@contextmanager
def opened(folder: Path, **options: Any) -> Iterator[Books]:
    """The books of a run from `folder/in` into `folder/out`."""
    run_options = RunOptions(source=folder / "in", target=folder / "out", **options)
    with ExitStack() as stack:
        books = open_books(run_options, PROFILE, KEY, stack, lambda *_: None)
        books.write({"type": "run", "log": books.log_id})
        yield books


def result(books: Books, source: str, outcome: Outcome | str, data: bytes = b"", instance: str = "") -> Ended:
    """What a worker hands in: staged bytes and the name they are to have, or another outcome.

    The source's state is its data, so it has changed when it comes with other data.
    """
    record = InstanceRecord(source)
    if isinstance(outcome, str):
        staged = stage_chunks([data], books.target.staging) if books.target is not None else None
        processed = Processed(Released(outcome), record, staged, (instance or outcome).encode())
    else:
        processed = Processed(outcome, record)
    return Ended(source.encode(), data, processed, Path(source))


def commit(books: Books, results: Iterable[Ended]) -> Summary:
    """Commit as a run does."""
    summary = Summary()
    with Committer(books, summary, lambda *_: None) as committer:
        for one in results:
            committer.put(one)
    return summary


def files(folder: Path) -> dict[str, bytes]:
    """What is in OUT."""
    out = folder / "out"
    return {path.relative_to(out).as_posix(): path.read_bytes() for path in sorted(out.rglob("*.dcm"))}


def recorded(folder: Path) -> list[dict[str, Any]]:
    """The instance lines of the audit log, without their place in a run."""
    lines = [json.loads(line) for line in (folder / "out/deid-audit.jsonl").read_text().splitlines()]
    return [{**line, "number": 0} for line in lines if line["type"] == "instance"]
