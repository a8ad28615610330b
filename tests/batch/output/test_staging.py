from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from deid.batch.output.staging import stage, stage_chunks
from deid.errors import InputOutputError

if TYPE_CHECKING:
    from collections.abc import Iterator

LARGE = 600_000


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / ".deid" / "staging"
    folder.mkdir(parents=True)
    return folder


def test_a_file_is_written_whole_with_the_usual_mode(folder: Path) -> None:
    data = os.urandom(LARGE)
    first, second = stage(data, folder), Path(stage_chunks([b"", data[:10], memoryview(data)[10:]], folder))
    assert first != second
    assert first.read_bytes() == second.read_bytes() == data
    (folder / "other").touch()
    assert first.stat().st_mode == (folder / "other").stat().st_mode


@pytest.mark.parametrize("at", [0, 20, LARGE - 1])
def test_one_wrong_byte_on_the_disk_is_noticed(folder: Path, at: int, monkeypatch: pytest.MonkeyPatch) -> None:
    write = os.write
    position = 0

    def spoiling(descriptor: int, data: memoryview) -> int:
        nonlocal position
        spoilt = bytearray(data)
        if position <= at < position + len(data):
            spoilt[at - position] ^= 1
        position += len(data)
        return write(descriptor, spoilt)

    monkeypatch.setattr(os, "write", spoiling)
    with pytest.raises(InputOutputError, match="OUT can't be written"):
        stage(bytes(LARGE), folder)
    assert not list(folder.iterdir())


def test_short_writes_are_gone_on_with(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write, data = os.write, os.urandom(LARGE)
    monkeypatch.setattr(os, "write", lambda descriptor, chunk: write(descriptor, chunk[:70_001]))
    assert stage(data, folder).read_bytes() == data


def test_what_the_pieces_raise_goes_through_and_leaves_no_file(folder: Path) -> None:
    def pieces() -> Iterator[bytes]:
        yield b"one"
        raise LookupError

    with pytest.raises(LookupError):
        stage_chunks(pieces(), folder)
    assert not list(folder.iterdir())
