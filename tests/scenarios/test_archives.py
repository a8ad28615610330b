"""Zip and tar archives as input: what is in them comes out as from a folder."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from deid.errors import ExitCode, Reason
from tests.scenarios.conftest import deid
from tests.scenarios.soak import files, write_night

if TYPE_CHECKING:
    from collections.abc import Callable

FILES = 14


@pytest.fixture(scope="module")
def night(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("night") / "in"
    write_night(folder, FILES)
    return folder


@pytest.fixture(scope="module")
def whole(night: Path, key_file: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """What a run over the folder releases."""
    out = tmp_path_factory.mktemp("whole") / "out"
    assert deid("run", night, out, "--no-pixels", "--key-file", key_file).returncode == ExitCode.INCOMPLETE
    return contents(out)


def contents(out: Path) -> dict[str, bytes]:
    return {name: (out / name).read_bytes() for name in files(out)}


@pytest.fixture
def run(tmp_path: Path, key_file: Path) -> Callable[..., dict[str, Any]]:
    """Run over a path; returns the summary."""

    def run(source: Path, *options: object) -> dict[str, Any]:
        command = ("run", source, tmp_path / "out", "--no-pixels", "--key-file", key_file, "--json", "--workers", 2)
        process = deid(*command, *options)
        assert process.returncode in {ExitCode.OK, ExitCode.INCOMPLETE}, process.stderr
        assert "Feather" not in process.stdout + process.stderr
        summary: dict[str, Any] = json.loads(process.stdout)
        return summary

    return run


@pytest.mark.parametrize("name", ["night.tar", "night.tar.gz", "no-suffix"])
def test_an_archive_comes_out_as_the_folder_that_it_was_made_of(
    name: str, night: Path, whole: dict[str, bytes], run: Callable[..., dict[str, Any]], tmp_path: Path
) -> None:
    forms = {"night.tar": "tar", "night.tar.gz": "gztar"}
    made = Path(shutil.make_archive(str(tmp_path / "made"), forms.get(name, "zip"), night))
    archive = made.rename(tmp_path / name)
    first = run(archive)
    assert contents(tmp_path / "out") == whole
    assert first["outcomes"] == {"released": FILES, "quarantined": 1, "skipped": 2, "failed": 0}
    assert run(archive)["earlier"] == FILES + 3
    assert not [path for path in (tmp_path / "out/.deid").rglob("*") if "staging" in path.name]


def test_archives_lie_beside_files_in_a_folder(
    night: Path, whole: dict[str, bytes], run: Callable[..., dict[str, Any]], tmp_path: Path, key_file: Path
) -> None:
    source = tmp_path / "in"
    source.mkdir()
    shutil.make_archive(str(source / "b"), "zip", night)
    (source / "c.zip").write_bytes(b"not an archive")
    shutil.copytree(night, source / "a")
    summary = run(source, "--rehash")
    assert contents(tmp_path / "out") == whole
    assert summary["reasons"][Reason.SAME_INSTANCE] >= FILES
    assert run(source, "--rehash")["earlier"] == 2 * (FILES + 3) + 1
    lines = [json.loads(line) for line in (tmp_path / "out/deid-audit.jsonl").read_text().splitlines()]
    cut = [line["source"] for line in lines if line.get("reason") == Reason.TRUNCATED]
    found = deid("locate", source, *cut, "--key-file", key_file)
    assert "b.zip/" in found.stdout
