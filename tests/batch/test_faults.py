"""Sources that are not what they were when they were found."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pydicom.data
import pytest

from deid.batch.backlog import Backlog
from deid.batch.output.committing import Earlier, Ended
from deid.batch.processed import Processed, Processing
from deid.batch.sources.digests import path_digest, state_digest
from deid.batch.sources.discovery import discover
from deid.batch.sources.source import Source
from deid.errors import Reason
from deid.outcome import Failed, Quarantined, Released
from tests.batch.books import KEY, PROFILE, commit, opened, result

if TYPE_CHECKING:
    from deid.batch.output.books import Books
    from deid.batch.processing import InstanceHandler


@pytest.fixture(params=[False, True], ids=["by-time", "by-content"])
def handler(request: pytest.FixtureRequest) -> InstanceHandler:
    return Processing(PROFILE, KEY, False, None, rehash=request.param)()  # noqa: FBT003 - no pixels


@pytest.fixture
def source(tmp_path: Path) -> Source:
    data = pydicom.data.get_testdata_file("CT_small.dcm", download=False)
    shutil.copy(str(data), tmp_path / "a.dcm")
    (found,) = discover(tmp_path)
    return found


def ended(handler: InstanceHandler, source: Source) -> object:
    processed = handler(source)
    assert isinstance(processed, Processed)
    return processed.outcome


def test_one_that_vanishes_fails(handler: InstanceHandler, source: Source) -> None:
    source.path.unlink()
    outcome = ended(handler, source)
    assert isinstance(outcome, Failed)
    assert outcome.reason is Reason.UNREADABLE


def test_one_that_becomes_a_folder_fails(handler: InstanceHandler, source: Source) -> None:
    source.path.unlink()
    source.path.mkdir()
    outcome = ended(handler, source)
    assert isinstance(outcome, Failed)
    assert outcome.reason is Reason.UNREADABLE


def test_one_that_is_still_being_written_is_quarantined_until_it_is_whole(
    handler: InstanceHandler, source: Source
) -> None:
    data = source.path.read_bytes()
    source.path.write_bytes(data[:-1000])
    outcome = ended(handler, source)
    assert isinstance(outcome, Quarantined)
    assert outcome.reason is Reason.TRUNCATED
    source.path.write_bytes(data)
    assert isinstance(ended(handler, source), Released)


def test_one_that_can_not_be_read_for_an_error_of_the_disk_fails(handler: InstanceHandler) -> None:
    # Linux answers with an input/output error where nothing is mapped, as a broken disk does.
    outcome = ended(handler, Source(Path("/proc/self/mem"), "mem"))
    assert isinstance(outcome, Failed)
    assert outcome.reason is Reason.UNREADABLE


def test_one_that_can_not_be_opened_fails(handler: InstanceHandler, source: Source) -> None:
    source.path.unlink()
    source.path.symlink_to(source.path)
    outcome = ended(handler, source)
    assert isinstance(outcome, Failed)
    assert outcome.reason is Reason.UNREADABLE


def test_one_that_grows_while_it_is_worked_on_is_done_again_by_the_next_run(source: Source, tmp_path: Path) -> None:
    with opened(tmp_path / "run") as books:
        commit(books, [Ended(path_digest(source, KEY), state_digest(source, KEY), processed(books), source.path)])
    with source.path.open("ab") as file:
        file.write(b"more")
    (again,) = discover(tmp_path / source.path.name)
    with opened(tmp_path / "run") as books:
        assert list(Backlog(books, KEY).pending([again], nothing_finished)) == [again]


def processed(books: Books) -> Processed:
    return result(books, "1", "p/1.dcm", b"one").processed


def nothing_finished(earlier: Earlier) -> None:
    raise AssertionError(earlier)


@pytest.mark.parametrize("written", [-1.5, 0.0, 4e9], ids=["before-1970", "1970", "in-future"])
def test_a_time_that_no_clock_should_show_is_as_good_as_any_other(
    written: float, source: Source, tmp_path: Path
) -> None:
    os.utime(source.path, (written, written))
    (found,) = discover(source.path)
    with opened(tmp_path / "run") as books:
        commit(books, [Ended(path_digest(found, KEY), state_digest(found, KEY), processed(books), found.path)])
    finished: list[Earlier] = []
    with opened(tmp_path / "run") as books:
        assert not list(Backlog(books, KEY).pending(discover(source.path), finished.append))
    assert len(finished) == 1
