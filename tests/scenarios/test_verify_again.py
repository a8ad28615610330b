"""Before OUT is handed on, `deid verify` checks all of it again; whatever was done to it since is found."""

from __future__ import annotations

import json
import os
import shutil
import zipfile
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from pydicom import dcmread
from pydicom.uid import UID

from deid.errors import ExitCode
from deid.identity.key import Key, write_key
from tests.scenarios.conftest import deid
from tests.scenarios.screens import screen, write_screen

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.scenarios.conftest import Night

PROFILE = """
extends: basic
pixels: {mode: regions-only}
devices: [devices.yaml]
"""
DEVICE = """
devices:
  - name: our screen
    when: {Modality: OT}
    regions: [[0, 0, 320, 40]]
"""


@dataclass(frozen=True)
class Done:
    """A finished run, and how to check it."""

    folder: Path
    key_file: Path

    @property
    def out(self) -> Path:
        return self.folder / "out"

    @property
    def files(self) -> list[Path]:
        return sorted(self.out.glob("*/*/*/*.dcm"))

    def verify(self, *more: object) -> tuple[int, dict[str, int], list[dict[str, str]]]:
        profile = ("--profile", self.folder / "mine.yaml")
        done = deid(
            "verify", self.folder / "in", self.out, *profile, "--key-file", self.key_file, "--json", "-w", 1, *more
        )
        assert done.stdout, done.stderr
        told = json.loads(done.stdout)
        return done.returncode, {name: count for name, count in told["verdicts"].items() if count}, told["found"]


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory, key_file: Path) -> Done:
    folder = tmp_path_factory.mktemp("verify")
    (folder / "in").mkdir()
    for number in range(3):
        write_screen(folder / "in" / f"{number}.dcm", [screen()], SOPInstanceUID=f"1.2.9.{number}")
    (folder / "mine.yaml").write_text(PROFILE)
    (folder / "devices.yaml").write_text(DEVICE)
    run = deid("run", folder / "in", folder / "out", "--profile", folder / "mine.yaml", "--key-file", key_file)
    assert run.returncode == ExitCode.OK, run.stdout + run.stderr
    return Done(folder, key_file)


@pytest.fixture
def done(first: Done, tmp_path: Path) -> Done:
    shutil.copytree(first.folder, tmp_path / "copy")
    return Done(tmp_path / "copy", first.key_file)


def test_what_nobody_touched_is_verified(done: Done) -> None:
    before = {path: path.stat().st_mtime_ns for path in done.folder.rglob("*")}
    assert done.verify() == (ExitCode.OK, {"verified": 3}, [])
    assert {path: path.stat().st_mtime_ns for path in done.folder.rglob("*")} == before


def change_a_pixel(file: Path) -> None:
    data = dcmread(file)
    pixels = np.frombuffer(data.PixelData, np.uint8).copy()
    pixels[-1] ^= 1
    data.PixelData = pixels.tobytes()
    data.save_as(file)


def write_into_a_box(file: Path) -> None:
    data = dcmread(file)
    pixels = np.frombuffer(data.PixelData, np.uint8).copy()
    pixels[330] = 255
    data.PixelData = pixels.tobytes()
    data.save_as(file)


def put_a_name_back(file: Path) -> None:
    data = dcmread(file)
    data.PatientName = "SOMEBODY^ELSE"
    data.save_as(file)


def add_an_attribute(file: Path) -> None:
    data = dcmread(file)
    data.PatientComments = "seen"
    data.save_as(file)


def give_another_uid(file: Path) -> None:
    data = dcmread(file)
    data.SOPInstanceUID = data.file_meta.MediaStorageSOPInstanceUID = UID("2.25.7")
    data.save_as(file)


def cut(file: Path) -> None:
    os.truncate(file, file.stat().st_size // 2)


def sign_as_another_writer(file: Path) -> None:
    data = dcmread(file)
    data.file_meta.ImplementationVersionName = "KLARA STEIN"
    data.save_as(file)


def write_into_the_method(file: Path) -> None:
    data = dcmread(file)
    data.DeidentificationMethod = [*data.DeidentificationMethod, "for Klara Stein"]
    data.save_as(file)


def write_into_a_method_code(file: Path) -> None:
    data = dcmread(file)
    data.DeidentificationMethodCodeSequence[0].PatientComments = "for Klara Stein"
    data.save_as(file)


def give_another_vr(file: Path) -> None:
    data = file.read_bytes()
    file.write_bytes(data.replace(b"\x08\0\x60\0CS", b"\x08\0\x60\0SH"))


def give_no_vr(file: Path) -> None:
    data = file.read_bytes()
    file.write_bytes(data.replace(b"\x10\0\x10\0PN", b"\x10\0\x10\0pn"))


def invert(file: Path) -> None:
    data = dcmread(file)
    data.PhotometricInterpretation = "MONOCHROME1"
    data.save_as(file)


def give_a_mark_no_vr(file: Path) -> None:
    data = file.read_bytes()
    file.write_bytes(data.replace(b"\x12\0\x62\0CS", b"\x12\0\x62\0cs"))


CHANGES = (
    *(change_a_pixel, write_into_a_box, put_a_name_back, add_an_attribute, give_another_uid, cut),
    *(sign_as_another_writer, write_into_the_method, write_into_a_method_code, give_another_vr),
    *(give_no_vr, give_a_mark_no_vr, invert),
)


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
def test_a_file_that_was_changed_since_is_named(done: Done, change: Callable[[Path], None]) -> None:
    change(done.files[1])
    code, verdicts, (found,) = done.verify()
    assert (code, verdicts) == (ExitCode.INCOMPLETE, {"verified": 2, "differs": 1})
    assert found["name"] == done.files[1].relative_to(done.out).as_posix()
    assert found["detail"]


def test_without_boxes_what_describes_the_pixels_is_compared_too(first: Done, tmp_path: Path) -> None:
    more = ("--key-file", first.key_file, "--no-pixels")
    assert deid("run", first.folder / "in", tmp_path / "out", *more).returncode == ExitCode.OK
    (file, *_) = sorted((tmp_path / "out").glob("*/*/*/*.dcm"))
    data = dcmread(file)
    data.PhotometricInterpretation = "MONOCHROME1"
    data.save_as(file)
    checked = deid("verify", first.folder / "in", tmp_path / "out", *more[:2], "--json")
    assert json.loads(checked.stdout)["verdicts"]["differs"] == 1


def test_what_is_missing_or_does_not_belong_is_named(done: Done) -> None:
    gone, kept, _ = (path.relative_to(done.out).as_posix() for path in done.files)
    (done.out / gone).unlink()
    shutil.copyfile(done.out / kept, done.out / "copy.dcm")
    (done.out / "link").symlink_to(done.folder / "in")
    (done.out / "DICOM").mkdir()
    shutil.copyfile(done.out / kept, done.out / "DICOM" / "SAME")
    shutil.copyfile(done.folder / "in" / "0.dcm", done.out / "DICOM" / "RAW")
    code, verdicts, found = done.verify()
    assert code == ExitCode.INCOMPLETE
    assert verdicts == {"verified": 2, "missing in OUT": 1, "not released by deid": 3}
    assert {one["name"] for one in found} == {gone, "copy.dcm", "link", "DICOM/RAW"}


def test_without_its_original_a_file_is_not_verified(done: Done) -> None:
    (done.folder / "in" / "0.dcm").unlink()
    code, verdicts, _ = done.verify()
    assert (code, verdicts) == (ExitCode.INCOMPLETE, {"verified": 2, "original not in IN": 1})


def test_the_log_may_lie_elsewhere(done: Done) -> None:
    (done.out / "deid-audit.jsonl").rename(done.folder / "log")
    assert done.verify("--audit", done.folder / "log") == (ExitCode.OK, {"verified": 3}, [])


def test_what_another_log_tells_of_is_said_to_be_so(done: Done) -> None:
    """As after `logrotate`: the next run begins a new log."""
    before = sorted(path.name for path in (done.out / ".deid").iterdir())
    log = done.out / "deid-audit.jsonl"
    run_line, *_ = log.read_text().splitlines(keepends=True)
    log.write_text(run_line)
    shutil.copyfile(done.files[0], done.out / "copy.dcm")
    _, verdicts, found = done.verify()
    assert verdicts == {"not released by deid": 4}
    assert [one["name"] for one in found if "--audit" not in one["detail"]] == ["copy.dcm"]
    assert sorted(path.name for path in (done.out / ".deid").iterdir()) == before


@pytest.mark.parametrize(("what", "code", "remedy"), [
    ("key", ExitCode.KEY, "--key-file"),
    ("profile", ExitCode.PROFILE, "--profile"),
    ("log", ExitCode.INPUT_OUTPUT, "audit"),
])  # fmt: skip
def test_it_has_to_be_told_what_the_runs_were_told(done: Done, what: str, code: int, remedy: str) -> None:
    key_file, profile, out = done.key_file, done.folder / "mine.yaml", done.out
    if what == "key":
        write_key(key_file := done.folder / "other", Key.generate())
    elif what == "profile":
        profile.write_text("extends: basic\n")
    else:
        (out / "deid-audit.jsonl").unlink()
    process = deid("verify", done.folder / "in", out, "--profile", profile, "--key-file", key_file)
    assert process.returncode == code
    assert remedy in process.stderr


def test_members_of_archives_are_found_again(first: Done, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "in.zip", "w") as archive:
        for path in sorted((first.folder / "in").iterdir()):
            archive.write(path, path.name)
    more = ("--key-file", first.key_file, "--no-pixels")
    assert deid("run", tmp_path / "in.zip", tmp_path / "out", *more).returncode == ExitCode.OK
    checked = deid("verify", tmp_path / "in.zip", tmp_path / "out", *more[:2], "--json")
    assert (checked.returncode, json.loads(checked.stdout)["verdicts"]["verified"]) == (ExitCode.OK, 3)


def test_the_example_studies_are_verified_again(night: Night) -> None:
    checked = deid("verify", night.source, night.target, "--key-file", night.key_file, "--json")
    told: dict[str, Any] = json.loads(checked.stdout)
    assert (checked.returncode, told["found"]) == (ExitCode.OK, [])
    released = [line for line in night.lines if line.get("outcome") == "released"]
    assert told["verdicts"]["verified"] == len(released)
