"""A cron job over an archive that grows: which files a run takes, when it stops, and where it shows what it left."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest
from pydicom import dcmread
from pydicom.uid import UID

from deid.errors import ExitCode, Reason
from tests.scenarios.conftest import deid
from tests.scenarios.soak import NAME, write_night

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

FILES = 14


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """Fourteen good instances; of the others one comes again, one is cut short, one is no DICOM."""
    write_night(tmp_path / "in", FILES)
    return tmp_path / "in"


@pytest.fixture
def night(source: Path, tmp_path: Path, key_file: Path) -> Callable[..., dict[str, Any]]:
    """Run once more into the same OUT; returns the summary."""

    def run(*options: object) -> dict[str, Any]:
        arguments = ("run", source, tmp_path / "out", "--no-pixels", "--key-file", key_file, "--json", "--workers", 1)
        process = deid(*arguments, *options)
        assert process.returncode in {ExitCode.OK, ExitCode.INCOMPLETE}, process.stderr
        assert "Feather" not in process.stdout + process.stderr
        summary: dict[str, Any] = json.loads(process.stdout)
        return summary

    return run


def test_each_night_takes_what_is_new_or_has_changed(
    night: Callable[..., dict[str, Any]], source: Path, tmp_path: Path
) -> None:
    first = night("--limit", 10)
    assert sum(first["outcomes"].values()) == 10
    second = night()
    assert second["earlier"] == 10
    assert second["outcomes"] == {"released": FILES, "quarantined": 1, "skipped": 2, "failed": 0}
    released = {path: path.stat().st_mtime_ns for path in (tmp_path / "out").rglob("*.dcm")}
    cut = next(source.rglob("*.cut"))
    cut.write_bytes(cut.with_suffix(".dcm").read_bytes())
    next((tmp_path / "out").rglob("*.dcm")).unlink()
    third = night()
    assert third["earlier"] == FILES + 1
    assert third["outcomes"] == {"released": FILES, "quarantined": 0, "skipped": 3, "failed": 0}
    again = {path: path.stat().st_mtime_ns for path in (tmp_path / "out").rglob("*.dcm")}
    assert set(again) == set(released)
    assert sum(again[path] != released[path] for path in again) == 1


def test_only_what_was_written_since(night: Callable[..., dict[str, Any]], source: Path) -> None:
    new = next(source.rglob("*-000003.dcm"))
    for path in source.rglob("*.*"):
        os.utime(path, (1e9, 1e9))
    os.utime(new)
    assert sum(night("--since", "2h")["outcomes"].values()) == 1
    assert sum(night("--since", "2001-09-09")["outcomes"].values()) == FILES + 3


def test_the_first_error_ends_the_run(night: Callable[..., dict[str, Any]], tmp_path: Path) -> None:
    assert night("--on-error", "stop")["outcomes"]["quarantined"] == 1
    last = json.loads((tmp_path / "out/deid-audit.jsonl").read_text().splitlines()[-1])
    assert last["complete"] is False
    assert night()["outcomes"]["released"] == FILES


def test_what_is_quarantined_is_shown_by_links_until_it_is_released(
    night: Callable[..., dict[str, Any]], source: Path, tmp_path: Path
) -> None:
    cut = next(source.rglob("*.cut"))
    folder = tmp_path / "quarantine"
    night("--quarantine", folder)
    (shown,) = folder.glob("*/*")
    assert shown.parent.name == Reason.TRUNCATED
    assert "Feather" not in shown.name
    assert shown.readlink() == cut
    night("--quarantine", folder, "--quarantine-copy", "--retry")
    (shown,) = folder.glob("*/*")
    assert not shown.is_symlink()
    assert shown.read_bytes() == cut.read_bytes()
    cut.write_bytes(cut.with_suffix(".dcm").read_bytes())
    night("--quarantine", folder)
    assert not list(folder.glob("*/*"))


def test_names_that_come_again_every_night_do_not_make_yesterdays_files_strays(
    night: Callable[..., dict[str, Any]], source: Path, tmp_path: Path, key_file: Path
) -> None:
    night()
    files = sorted(source.rglob("*.dcm"))
    for number, path in enumerate(files):
        dataset = dcmread(path)
        dataset.SOPInstanceUID = dataset.file_meta.MediaStorageSOPInstanceUID = UID(f"1.2.840.9998.{number}")
        dataset.save_as(path)
    files[0].write_bytes(files[0].read_bytes()[:-1000])
    today = night()
    assert today["outcomes"] == {"released": FILES, "quarantined": 2, "skipped": 1, "failed": 0}
    checked = deid("verify", source, tmp_path / "out", "--key-file", key_file, "--json")
    verdicts = {name: count for name, count in json.loads(checked.stdout)["verdicts"].items() if count}
    assert checked.returncode == ExitCode.INCOMPLETE
    assert verdicts == {"verified": FILES, "original not in IN": FILES - 1}


def test_a_list_of_paths_from_find(source: Path, tmp_path: Path, key_file: Path) -> None:
    odd = source / os.fsdecode(b"new\nline \xff.dcm")
    odd.write_bytes(next(source.rglob("*-000002.dcm")).read_bytes())
    found = subprocess.run(["find", str(source), "-newer", str(source), "-print0"], check=True, capture_output=True)
    names = found.stdout + os.fsencode(odd) + b"\0" + os.fsencode(tmp_path / f"{NAME}.dcm")
    (tmp_path / f"{NAME}.dcm").write_bytes(odd.read_bytes())
    command = [sys.executable, "-m", "deid", "run", str(source), str(tmp_path / "out"), "--no-pixels", "--stdin0"]
    process = subprocess.run([*command, "--key-file", str(key_file)], input=names, capture_output=True, check=False)
    assert process.returncode == ExitCode.INCOMPLETE, process.stderr
    assert b"Feather" not in process.stdout + process.stderr
    lines = [json.loads(line) for line in (tmp_path / "out/deid-audit.jsonl").read_text().splitlines()]
    assert [line["reason"] for line in lines if line.get("outcome") == "failed"] == [Reason.OUTSIDE_IN]
    assert sum(line.get("outcome") == "released" for line in lines) >= 1


@pytest.mark.parametrize(
    "options",
    [
        ("--quarantine", "in/x"),
        ("--quarantine", "out/x"),
        ("--quarantine-copy",),
        ("--since", "lately"),
        ("--limit", "0"),
    ],
)
def test_what_makes_no_sense_is_said(source: Path, tmp_path: Path, key_file: Path, options: tuple[str, ...]) -> None:
    options = tuple(str(tmp_path / option) if "/x" in option else option for option in options)
    process = deid("run", source, tmp_path / "out", "--key-file", key_file, *options)
    assert process.returncode == ExitCode.USAGE, process.stderr
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("options", "word"),
    [(("--profile", "tcia", "--no-pixels"), "profile"), ((), "--no-pixels"), (("--no-pixels",), "key")],
)
def test_an_out_of_another_kind_of_run_is_refused(
    night: Callable[..., dict[str, Any]],
    source: Path,
    tmp_path: Path,
    key_file: Path,
    options: tuple[str, ...],
    word: str,
) -> None:
    night("--limit", 1)
    if word == "key":
        key_file = tmp_path / "other.key"
        assert deid("keys", "new", "--key-file", key_file).returncode == ExitCode.OK
    before = sorted((tmp_path / "out").rglob("*"))
    process = deid("run", source, tmp_path / "out", *options, "--key-file", key_file)
    assert process.returncode == ExitCode.INPUT_OUTPUT
    assert f"another {word}" in process.stderr or word in process.stderr
    assert sorted((tmp_path / "out").rglob("*")) == before


def test_rehash_knows_a_file_by_its_content(night: Callable[..., dict[str, Any]], source: Path) -> None:
    night("--rehash")
    for path in source.rglob("*.*"):
        os.utime(path, (1e9, 1e9))
    assert night("--rehash")["earlier"] == FILES + 3
    changed = next(source.rglob("*-000005.dcm"))
    status = changed.stat()
    data = bytearray(changed.read_bytes())
    data[-1] ^= 1
    changed.write_bytes(data)
    os.utime(changed, ns=(status.st_atime_ns, status.st_mtime_ns))
    again = night("--rehash")
    assert again["earlier"] == FILES + 2
    assert again["outcomes"]["released"] == FILES
