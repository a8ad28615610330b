"""Sources that are not what they were when they were found."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pydicom.data
import pytest

from deid.batch.discovery import discover
from deid.batch.processed import Processed, Processing
from deid.errors import Reason
from deid.outcome import Failed, Quarantined, Released
from tests.batch.books import KEY, PROFILE

if TYPE_CHECKING:
    from pathlib import Path

    from deid.batch.processing import InstanceHandler
    from deid.batch.source import Source


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
