"""All of pydicom's bundled test files end in a proper outcome: odd, broken, old and rare ones among them."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pydicom
import pytest
from pydicom import dcmread

from deid.errors import ExitCode, Reason
from tests.scenarios.conftest import deid

if TYPE_CHECKING:
    import subprocess

pytestmark = pytest.mark.slow
DATA = Path(pydicom.__file__).parent / "data"


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bundled files that are on disk; none is downloaded."""
    folder = tmp_path_factory.mktemp("bundled") / "in"
    shutil.copytree(DATA, folder, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    return folder


@pytest.fixture(scope="module")
def run(source: Path, key_file: Path) -> tuple[subprocess.CompletedProcess[str], Path]:
    out = source.parent / "out"
    return deid("run", source, out, "--key-file", key_file), out


def audit(out: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (out / "deid-audit.jsonl").read_text().splitlines()]


def test_each_file_has_exactly_one_outcome(run: tuple[subprocess.CompletedProcess[str], Path], source: Path) -> None:
    process, out = run
    assert process.returncode == ExitCode.INCOMPLETE
    assert "Traceback" not in process.stdout + process.stderr
    lines = [line for line in audit(out) if line["type"] == "instance"]
    assert len(lines) == sum(path.is_file() for path in source.rglob("*"))
    assert {line["outcome"] for line in lines} == {"released", "quarantined", "skipped"}
    assert not [line for line in lines if line.get("reason") == Reason.INTERNAL]


def test_most_are_released_and_what_is_out_was_recorded(run: tuple[subprocess.CompletedProcess[str], Path]) -> None:
    _, out = run
    names = {line["name"] for line in audit(out) if line.get("outcome") == "released"}
    assert names == {path.relative_to(out).as_posix() for path in out.rglob("*") if path.suffix == ".dcm"}
    assert len(names) >= 140
    expected = {Reason.DUPLICATE_INSTANCE, Reason.NO_SOP_INSTANCE, Reason.TRUNCATED, Reason.UNDECODABLE_PIXELS}
    expected |= {Reason.NOT_DICOM, Reason.DICOMDIR_REBUILT, Reason.SAME_INSTANCE, Reason.MALFORMED, Reason.PACKED}
    assert {line["reason"] for line in audit(out) if "reason" in line} <= expected


def test_nothing_raw_is_out(run: tuple[subprocess.CompletedProcess[str], Path], source: Path) -> None:
    _, out = run
    originals = {path.read_bytes() for path in source.rglob("*") if path.is_file()}
    for path in out.rglob("*.dcm"):
        assert path.read_bytes() not in originals
        dataset = dcmread(path)
        assert str(dataset.get("PatientName", "DEID-")).startswith("DEID-")
        assert dataset.PatientIdentityRemoved == "YES"


def test_options_and_header_only_runs_end_well(source: Path, key_file: Path, tmp_path: Path) -> None:
    options = ("retain-uids", "retain-patient-characteristics", "retain-longitudinal-full-dates", "clean-descriptors")
    words = [word for option in options for word in ("--option", option)]
    process = deid("run", source, tmp_path / "out", "--no-pixels", "--key-file", key_file, *words)
    assert process.returncode == ExitCode.INCOMPLETE
    lines = [line for line in audit(tmp_path / "out") if line["type"] == "instance"]
    assert not [line["detail"] for line in lines if line.get("reason") in {Reason.INTERNAL, Reason.PLAN_NOT_REALISED}]
