"""A disc of a patient: the DICOMDIR in it is made anew for what was released."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING, Any

import pytest
from pydicom import dcmread
from pydicom.fileset import FileSet
from pydicom.uid import UID

from deid.errors import ExitCode, Reason
from tests.scenarios.conftest import deid
from tests.scenarios.linked import linked_study, write

if TYPE_CHECKING:
    from pathlib import Path

NAME = "Quixworthy^John"


@pytest.fixture(scope="module")
def disc(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder as it comes on a disc: instances of every kind of record, and the DICOMDIR that names them."""
    folder = tmp_path_factory.mktemp("disc") / "in"
    for number, data in enumerate(linked_study()):
        data.PatientName = NAME
        write(data, folder / "IMAGES" / f"IM{number:04}")
    # Its content does not matter: nothing of it is used.
    shutil.copyfile(folder / "IMAGES/IM0000", folder / "scratch")
    index = dcmread(folder / "scratch")
    index.file_meta.MediaStorageSOPClassUID = UID("1.2.840.10008.1.3.10")
    index.save_as(folder / "DICOMDIR")
    (folder / "scratch").unlink()
    return folder


@pytest.fixture(scope="module")
def out(disc: Path, key_file: Path) -> Path:
    target = disc.parent / "out"
    done = deid("run", disc, target, "--key-file", key_file, "--no-pixels")
    assert done.returncode == ExitCode.OK, done.stderr
    return target


def audit(target: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (target / "deid-audit.jsonl").read_text().splitlines()]


def test_it_names_every_released_instance_once(out: Path) -> None:
    names = [line["name"] for line in audit(out) if line.get("outcome") == "released"]
    files = FileSet(out / "DICOMDIR")
    named = [dcmread(instance.path).SOPInstanceUID for instance in files]
    assert len(names) == 14
    assert sorted(named) == sorted(dcmread(out / name).SOPInstanceUID for name in names)
    assert len(set(named)) == len(named)


def test_its_records_are_those_of_each_kind_and_name_nobody(out: Path) -> None:
    index = dcmread(out / "DICOMDIR")
    kinds = {record.DirectoryRecordType for record in index.DirectoryRecordSequence}
    assert kinds >= {"PATIENT", "STUDY", "SERIES", "IMAGE", "SR DOCUMENT", "KEY OBJECT DOC", "PRESENTATION", "RT DOSE"}
    assert kinds >= {"RT PLAN", "RT STRUCTURE SET", "WAVEFORM", "REGISTRATION"}
    assert b"Quixworthy" not in (out / "DICOMDIR").read_bytes()


def test_its_names_are_those_that_the_standard_allows_and_cost_no_space(out: Path) -> None:
    paths = [path for path in (out / "DICOM").rglob("*") if path.is_file()]
    assert all(part.isupper() and len(part) <= 8 for path in paths for part in path.relative_to(out).parts)
    released = {path.stat().st_ino for path in out.rglob("*.dcm")}
    assert {path.stat().st_ino for path in paths} == released


def test_the_audit_says_what_became_of_the_old_one(out: Path) -> None:
    (line,) = [line for line in audit(out) if line.get("reason") == Reason.DICOMDIR_REBUILT]
    assert (line["outcome"], line["detail"]) == ("skipped", "")
    assert audit(out)[-1]["outcomes"]["skipped"] == 1


def test_the_same_files_give_the_same_bytes(disc: Path, out: Path, key_file: Path) -> None:
    again = disc.parent / "again"
    deid("run", disc, again, "--key-file", key_file, "--no-pixels", "--workers", 1)
    assert (again / "DICOMDIR").read_bytes() == (out / "DICOMDIR").read_bytes()


def test_without_one_in_the_input_there_is_none(disc: Path, key_file: Path, tmp_path: Path) -> None:
    done = deid("run", disc / "IMAGES", tmp_path / "out", "--key-file", key_file, "--no-pixels")
    assert done.returncode == ExitCode.OK
    assert not (tmp_path / "out/DICOMDIR").exists()
    assert not (tmp_path / "out/DICOM").exists()


def test_a_dry_run_makes_none(disc: Path, key_file: Path, tmp_path: Path) -> None:
    done = deid("run", disc, tmp_path / "out", "--key-file", key_file, "--no-pixels", "--dry-run", "--json")
    assert json.loads(done.stdout)["reasons"] == {"dicomdir": 1}
    assert not (tmp_path / "out").exists()


def test_one_that_was_changed_since_is_named(disc: Path, out: Path, key_file: Path, tmp_path: Path) -> None:
    shutil.copytree(out, tmp_path / "out")
    arguments = ("verify", disc, tmp_path / "out", "--key-file", key_file, "--json")
    assert deid(*arguments).returncode == ExitCode.OK
    data = (tmp_path / "out/DICOMDIR").read_bytes()
    (tmp_path / "out/DICOMDIR").write_bytes(data.replace(b"DEID-", b"KLARA", 1))
    checked = deid(*arguments)
    assert checked.returncode == ExitCode.INCOMPLETE
    assert [(one["name"], one["verdict"]) for one in json.loads(checked.stdout)["found"]] == [("DICOMDIR", "differs")]
    next((tmp_path / "out").glob("*/*/*/*.dcm")).write_bytes(b"damaged")
    assert json.loads(deid(*arguments).stdout)["verdicts"]["differs"] == 2
