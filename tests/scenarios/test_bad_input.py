"""What goes wrong before or during a run ends in one clear line with its remedy, and the right exit code."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pydicom.data
import pytest
from pydicom import dcmread
from pydicom.encaps import encapsulate
from pydicom.uid import MPEG4HP41, UID

from deid.errors import ExitCode, Reason
from tests.scenarios.conftest import deid

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def source(tmp_path: Path) -> Path:
    folder = tmp_path / "in"
    folder.mkdir()
    shutil.copy(str(pydicom.data.get_testdata_file("CT_small.dcm", download=False)), folder / "DOE_JANE.dcm")
    return folder


def refused(process: subprocess.CompletedProcess[str], code: ExitCode, *words: str) -> None:
    assert process.returncode == code, process.stderr
    message, remedy = process.stderr.strip().splitlines()
    assert message.startswith("deid: ")
    assert remedy.startswith("  → ")
    for word in words:
        assert word in process.stderr


def reasons(out: Path) -> dict[str, int]:
    summary = json.loads((out / "deid-audit.jsonl").read_text().splitlines()[-1])
    found: dict[str, int] = summary["reasons"]
    return found


def test_missing_in(tmp_path: Path, key_file: Path) -> None:
    process = deid("run", tmp_path / "nowhere", tmp_path / "out", "--key-file", key_file)
    refused(process, ExitCode.INPUT_OUTPUT, "does not exist")
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(("source", "target"), [("a", "a/out"), ("out/a", "out"), ("a", "a")])
def test_in_and_out_inside_each_other(tmp_path: Path, key_file: Path, source: str, target: str) -> None:
    (tmp_path / source).mkdir(parents=True)
    process = deid("run", tmp_path / source, tmp_path / target, "--key-file", key_file)
    refused(process, ExitCode.USAGE, "OUT")


def test_out_that_holds_other_files(source: Path, tmp_path: Path, key_file: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out/thesis.txt").write_text("mine")
    process = deid("run", source, tmp_path / "out", "--no-pixels", "--key-file", key_file)
    refused(process, ExitCode.INPUT_OUTPUT, "not empty")
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["thesis.txt"]


@pytest.mark.parametrize(
    "command", [("run", 0, 1), ("inspect", 0), ("verify", 0, 1), ("report", 0), ("keys", "new", "--key-file", 0)]
)
def test_a_path_that_can_not_be_reached_is_no_internal_error(command: tuple[str | int, ...], tmp_path: Path) -> None:
    places = [tmp_path / ("x" * 300), tmp_path / "out"]
    process = deid(*(places[part] if isinstance(part, int) else part for part in command))
    assert process.returncode in {ExitCode.INPUT_OUTPUT, ExitCode.KEY}
    assert "internal error" not in process.stderr
    assert "→" in process.stderr


def test_an_unset_variable_is_not_the_current_folder(tmp_path: Path) -> None:
    refused(deid("run", "", tmp_path / "out"), ExitCode.USAGE, "empty path")
    refused(deid("run", tmp_path, ""), ExitCode.USAGE, "empty path")


def test_a_run_that_looks_at_no_pixels_says_so(source: Path, tmp_path: Path, key_file: Path) -> None:
    process = deid("run", source, tmp_path / "out", "--no-pixels", "--key-file", key_file)
    assert "burned-in text is as it was" in " ".join(process.stdout.split())


def test_out_that_is_a_file(source: Path, tmp_path: Path, key_file: Path) -> None:
    (tmp_path / "file").touch()
    process = deid("run", source, tmp_path / "file", "--no-pixels", "--key-file", key_file)
    refused(process, ExitCode.USAGE, "no folder")


def test_out_that_can_not_be_made(source: Path, tmp_path: Path, key_file: Path) -> None:
    (tmp_path / "file").touch()
    process = deid("run", source, tmp_path / "file" / "out", "--no-pixels", "--key-file", key_file)
    refused(process, ExitCode.INPUT_OUTPUT, "can't be written")


def test_unknown_profile_and_option_name_what_is_near(source: Path, tmp_path: Path, key_file: Path) -> None:
    out = tmp_path / "out"
    refused(deid("run", source, out, "--profile", "basik", "--key-file", key_file), ExitCode.PROFILE, "basic")
    process = deid("run", source, out, "--option", "retain-uid", "--key-file", key_file)
    refused(process, ExitCode.PROFILE, "retain-uids")
    assert not out.exists()


def test_bad_keys(source: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    refused(deid("run", source, out, "--key-file", tmp_path / "none"), ExitCode.KEY, "deid keys new")
    (tmp_path / "open").write_text("00" * 32)
    (tmp_path / "open").chmod(0o644)
    refused(deid("run", source, out, "--key-file", tmp_path / "open"), ExitCode.KEY, "chmod 600")
    (tmp_path / "short").write_text("0011")
    (tmp_path / "short").chmod(0o600)
    refused(deid("run", source, out, "--key-file", tmp_path / "short"), ExitCode.KEY)
    assert not out.exists()


def test_a_usage_error(tmp_path: Path) -> None:
    assert deid("run", tmp_path).returncode == ExitCode.USAGE
    assert deid("run", tmp_path, tmp_path / "out", "--wrong").returncode == ExitCode.USAGE


def test_the_first_run_makes_a_key_and_says_so(source: Path, tmp_path: Path) -> None:
    environment = {**os.environ, "XDG_CONFIG_HOME": str(tmp_path / "config")}
    process = deid("run", source, tmp_path / "out", "--no-pixels", env=environment)
    assert process.returncode == ExitCode.OK, process.stderr
    key = tmp_path / "config/deid/key"
    assert str(key) in process.stderr
    assert key.stat().st_mode & 0o077 == 0


def test_inspect_makes_no_key(source: Path, tmp_path: Path) -> None:
    environment = {**os.environ, "XDG_CONFIG_HOME": str(tmp_path / "config")}
    process = deid("inspect", source / "DOE_JANE.dcm", "--no-pixels", env=environment)
    assert process.returncode == ExitCode.OK, process.stderr
    assert not (tmp_path / "config").exists()


def test_odd_files_cost_only_themselves(source: Path, tmp_path: Path, key_file: Path) -> None:
    good = (source / "DOE_JANE.dcm").read_bytes()
    (source / "a_truncated.dcm").write_bytes(good[:-1000])
    (source / "b_empty.dcm").touch()
    (source / "c_garbage.dcm").write_bytes(bytes(128) + b"DICM" + os.urandom(3000))
    (source / "d_note.txt").write_text("call Mrs Doe")
    (source / "e_again.dcm").write_bytes(good)
    changed = dcmread(source / "DOE_JANE.dcm")
    changed.SliceThickness = "7"
    changed.save_as(source / "f_other_content.dcm")
    (source / "g_loop").symlink_to(source)
    os.mkfifo(source / "h_pipe")
    shutil.copy(source / "DOE_JANE.dcm", source / os.fsdecode(b"i\n\xff.dcm"))
    video = dcmread(source / "DOE_JANE.dcm")
    video.file_meta.TransferSyntaxUID = MPEG4HP41
    video.SOPInstanceUID = video.file_meta.MediaStorageSOPInstanceUID = UID("1.2.3.4.5.6")
    video.PixelData = encapsulate([b"\0\0\1\xb3" + bytes(60)])
    video["PixelData"].VR = "OB"
    video.save_as(source / "j_video.dcm")
    process = deid("run", source, tmp_path / "out", "--key-file", key_file)
    assert process.returncode == ExitCode.INCOMPLETE, process.stderr
    found = reasons(tmp_path / "out")
    assert found.pop(Reason.TRUNCATED) >= 1
    assert found.pop(Reason.NOT_DICOM) >= 2
    assert found.pop(Reason.SAME_INSTANCE) == 2
    assert found.pop(Reason.DUPLICATE_INSTANCE) == 1
    assert found.pop(Reason.SYMLINK) == found.pop(Reason.SPECIAL_FILE) == 1
    assert found.pop(Reason.UNSUPPORTED_SYNTAX) == 1
    assert set(found) <= {Reason.MALFORMED, Reason.NO_SOP_INSTANCE}
    assert len(list((tmp_path / "out").rglob("*.dcm"))) == 1
    assert "DOE" not in process.stdout + process.stderr


def test_locate_finds_a_quarantined_file_again(source: Path, tmp_path: Path, key_file: Path) -> None:
    (source / "cut.dcm").write_bytes((source / "DOE_JANE.dcm").read_bytes()[:-1000])
    deid("run", source, tmp_path / "out", "--no-pixels", "--key-file", key_file)
    lines = [json.loads(line) for line in (tmp_path / "out/deid-audit.jsonl").read_text().splitlines()]
    digest = next(line["source"] for line in lines if line.get("outcome") == "quarantined")
    found = deid("locate", source, digest, "--key-file", key_file)
    assert found.stdout.splitlines() == [str(source / "cut.dcm")]
    unknown = deid("locate", source, "0" * 16, "--key-file", key_file)
    assert unknown.returncode == ExitCode.INPUT_OUTPUT
    assert "→ give the IN and the key file" in unknown.stderr


def test_locate_prints_names_as_they_are_to_programs(source: Path, tmp_path: Path, key_file: Path) -> None:
    name = b"DOE \x1b[31m\xff.txt"
    (source / os.fsdecode(name)).write_bytes(b"no DICOM")
    deid("run", source, tmp_path / "out", "--no-pixels", "--key-file", key_file)
    lines = [json.loads(line) for line in (tmp_path / "out/deid-audit.jsonl").read_text().splitlines()]
    digests = [line["source"] for line in lines if line["type"] == "instance"]
    command = [sys.executable, "-m", "deid", "locate", str(source), *digests, "--key-file", str(key_file)]
    assert name in subprocess.run(command, capture_output=True, check=True).stdout


def test_inspect_says_what_it_does_not_take(source: Path, tmp_path: Path, key_file: Path) -> None:
    shutil.make_archive(str(tmp_path / "night"), "zip", source)
    shutil.make_archive(str(tmp_path / "night"), "gztar", source)
    for path, why in (
        (tmp_path / "gone\x1b[31m", "there is no file"),
        (source, "not a file"),
        (tmp_path / "night.zip", "an archive"),
        (tmp_path / "night.tar.gz", "an archive"),
    ):
        inspected = deid("inspect", path, "--key-file", key_file)
        assert inspected.returncode == ExitCode.INPUT_OUTPUT
        assert why in inspected.stderr
        assert "\x1b" not in inspected.stderr


def test_a_dry_run_writes_nothing(source: Path, tmp_path: Path, key_file: Path) -> None:
    process = deid("run", source, tmp_path / "out", "--no-pixels", "--dry-run", "--json", "--key-file", key_file)
    assert json.loads(process.stdout)["outcomes"]["released"] == 1
    assert not (tmp_path / "out").exists()


def test_quiet_says_nothing(source: Path, tmp_path: Path, key_file: Path) -> None:
    process = deid("run", source, tmp_path / "out", "--no-pixels", "--quiet", "--key-file", key_file)
    assert (process.returncode, process.stdout, process.stderr) == (ExitCode.OK, "", "")


@pytest.fixture
def small_disk(tmp_path: Path) -> Path:
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1500k", "tmpfs", str(folder)], check=False)
    if mounted.returncode:
        pytest.skip("a small file system can't be mounted here")
    return folder


def test_a_full_disk_stops_the_run_with_whole_files_only_and_it_goes_on_when_there_is_room(
    source: Path, small_disk: Path, key_file: Path
) -> None:
    try:
        first = dcmread(source / "DOE_JANE.dcm")
        for number in range(40):
            first.SOPInstanceUID = first.file_meta.MediaStorageSOPInstanceUID = UID(f"1.2.3.{number}")
            first.save_as(source / f"{number}.dcm")
        out = small_disk / "out"
        process = deid("run", source, out, "--no-pixels", "--key-file", key_file)
        refused(process, ExitCode.INPUT_OUTPUT, "space")
        before = set(out.rglob("*.dcm"))
        assert len(before) < 41
        for path in before:
            assert dcmread(path).pixel_array.shape == (128, 128)
        assert not (out / ".deid/staging").exists()
        subprocess.run(["mount", "-o", "remount,size=20m", str(small_disk)], check=True)
        process = deid("run", source, out, "--no-pixels", "--key-file", key_file, "--json")
        assert process.returncode == ExitCode.OK, process.stderr
        assert json.loads(process.stdout)["earlier"] == len(before)
        assert len(set(out.rglob("*.dcm"))) == 41
    finally:
        subprocess.run(["umount", str(small_disk)], check=True)


def test_an_instance_that_outgrows_its_memory_is_quarantined(source: Path, tmp_path: Path, key_file: Path) -> None:
    large = dcmread(source / "DOE_JANE.dcm")
    large.SOPInstanceUID = large.file_meta.MediaStorageSOPInstanceUID = UID("1.2.3.99")
    large.add_new(0x00282000, "OB", bytes(400 << 20))
    large.save_as(source / "large.dcm")
    out = tmp_path / "out"
    process = deid("run", source, out, "--no-pixels", "--key-file", key_file, "--memory-limit", 1.0, "--workers", 1)
    assert process.returncode == ExitCode.INCOMPLETE, process.stderr
    assert reasons(out) == {Reason.TOO_LARGE: 1}
    assert len(list(out.rglob("*.dcm"))) == 1


@pytest.mark.parametrize("options", [(), ("--no-pixels",)])
def test_images_without_pixel_data_are_counted(
    source: Path, tmp_path: Path, key_file: Path, options: tuple[str, ...]
) -> None:
    """Cut off right before their pixels, or made without: nobody can tell, so they are released and told of."""
    data = (source / "DOE_JANE.dcm").read_bytes()
    (source / "DOE_JANE.dcm").write_bytes(data[: data.rindex(b"\xe0\x7f\x10\0OW")])
    report = pydicom.data.get_testdata_file("test-SR.dcm", download=False)
    shutil.copy(str(report), source / "report.dcm")
    out = tmp_path / "out"
    process = deid("run", source, out, "--key-file", key_file, *options)
    assert process.returncode == ExitCode.OK, process.stderr
    assert "1 of the released came without the pixel data" in " ".join(process.stdout.split())
    lines = [json.loads(line) for line in (out / "deid-audit.jsonl").read_text().splitlines()]
    assert lines[-1]["lacking_pixels"] == 1
    told = sorted(line["pixels"] for line in lines if line["type"] == "instance")
    assert told == ["no pixel data", "no pixel data, though the header describes an image"]
    deid("report", out, tmp_path / "page.html")
    assert "the header describes an image" in (tmp_path / "page.html").read_text()


def test_a_run_that_meets_nothing_says_so(source: Path, tmp_path: Path, key_file: Path) -> None:
    """As when the disk with the studies is not there: a table of zeros is easily overlooked."""
    (tmp_path / "empty").mkdir()
    (tmp_path / "texts").mkdir()
    (tmp_path / "texts" / "read.me").write_text("no image")
    for folder in ("empty", "texts"):
        process = deid("run", tmp_path / folder, tmp_path / f"out-{folder}", "--key-file", key_file, "--no-pixels")
        assert process.returncode == ExitCode.OK
        assert "IN holds no DICOM files: is it the right folder" in process.stdout
    process = deid("run", source, tmp_path / "out", "--key-file", key_file, "--no-pixels")
    assert "IN holds no DICOM files" not in process.stdout


@pytest.mark.skipif(shutil.which("setpriv") is None, reason="util-linux is not there")
def test_a_key_that_may_not_be_read_is_an_error_of_the_key(source: Path, tmp_path: Path) -> None:
    """As when cron runs as another user; root, too, may read only what its capabilities let it."""
    key = tmp_path / "key"
    key.write_text("0" * 64)
    key.chmod(0)
    lacking = "-dac_override,-dac_read_search"
    command = ["setpriv", f"--bounding-set={lacking}", f"--inh-caps={lacking}"] if os.geteuid() == 0 else []
    command += [sys.executable, "-m", "deid", "run", str(source), str(tmp_path / "out"), "--key-file", str(key)]
    process = subprocess.run(command, capture_output=True, text=True, check=False)
    assert process.returncode == ExitCode.KEY, process.stderr
    assert "can't be read" in process.stderr
