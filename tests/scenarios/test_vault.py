"""The map over whole runs: complete, in step with OUT, in one place, and secret."""

from __future__ import annotations

import csv
import json
import random
import shutil
import stat
import subprocess
import sys
import time
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pydicom
import pytest
from pydicom import dcmread
from pydicom.data import get_testdata_file
from pydicom.uid import MRImageStorage, generate_uid
from typer.testing import CliRunner

from deid.batch import run
from deid.cli.app import make_app
from deid.errors import ExitCode, InputOutputError, KeyFileError, UsageError
from deid.identity.key import Key, write_key
from deid.identity.mapping import InstanceMapping, Kind, Pair
from deid.identity.vault import Vault
from deid.options import RunOptions

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pydicom.dataset import Dataset

DATA = Path(pydicom.__file__).parent / "data" / "test_files"
KILLS = 4
FILES = 120


def bundled(folder: Path) -> None:
    """Pydicom's own files; those without the UIDs of an instance get some, to be kept for their nesting."""
    folder.mkdir()
    for path in sorted(DATA.glob("*.dcm")):
        if path.stat().st_size < 1 << 20:
            shutil.copy(path, folder)
    for name in ("nested_priv_SQ", "priv_SQ", "UN_sequence"):
        dataset = dcmread(folder / f"{name}.dcm")
        dataset.SOPClassUID = dataset.file_meta.MediaStorageSOPClassUID = MRImageStorage
        dataset.SOPInstanceUID = dataset.file_meta.MediaStorageSOPInstanceUID = generate_uid()
        dataset.save_as(folder / f"{name}.dcm")


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with `in`, `out`, `key`, `map.vault` after one run over pydicom's files, and `csv` exported from it."""
    place = tmp_path_factory.mktemp("place")
    bundled(place / "in")
    write_key(place / "key", Key(bytes(range(32))))
    run(options(place))
    result = deid("vault", "export", place / "map.vault", "--csv", place / "csv", "--key-file", place / "key")
    assert result[0] == ExitCode.OK, result
    return place


def options(place: Path, **changes: Any) -> RunOptions:
    usual = RunOptions(
        source=place / "in",
        target=place / "out",
        key_file=place / "key",
        vault=place / "map.vault",
        pixels=False,
        workers=1,
    )
    return replace(usual, **changes)


def deid(*arguments: str | Path) -> tuple[int, str]:
    command = [sys.executable, "-m", "deid", *map(str, arguments)]
    result = subprocess.run(command, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)
    return result.returncode, result.stdout + result.stderr


def rows(place: Path, name: str) -> list[tuple[str, str]]:
    with (place / "csv" / name).open(newline="", encoding="utf-8") as file:
        header, *lines = csv.reader(file)
    assert header == (["id_new", "days"] if name == "date_offsets.csv" else ["id_old", "id_new"])
    return [(old, new) for old, new in lines]


def uids(dataset: Dataset, path: tuple[object, ...] = ()) -> Iterator[tuple[tuple[object, ...], str]]:
    """Every UID by its path, as pydicom sees it."""
    for element in dataset:
        if element.VR == "SQ":
            for number, item in enumerate(element.value):
                yield from uids(item, (*path, element.tag, number))
        elif element.VR == "UI":
            values = [element.value] if element.VM <= 1 else element.value
            for number, value in enumerate(values):
                yield (*path, element.tag, number), str(value or "")


def originals(place: Path) -> dict[str, Dataset]:
    """The data sets of IN by SOP Instance UID."""
    found: dict[str, Dataset] = {}
    for path in (place / "in").iterdir():
        dataset = dcmread(path, force=True)
        if dataset.get("SOPInstanceUID"):
            found[str(dataset.SOPInstanceUID)] = dataset
    return found


def test_every_uid_that_changed_is_in_the_map(place: Path) -> None:
    mapping = dict(rows(place, "uid_mapping.csv"))
    assert len(mapping) == len(rows(place, "uid_mapping.csv")), "one new UID for each old one"
    old_of = {new: old for old, new in mapping.items()}
    before = originals(place)
    compared = nested = 0
    for path in (place / "out").rglob("*.dcm"):
        after = dcmread(path)
        original = dict(uids(before[old_of[str(after.SOPInstanceUID)]]))
        for where, uid in uids(after):
            assert not uid.startswith("2.25.") or uid in old_of, "made by deid, but not in the map"
            if where in original and original[where] != uid:
                assert mapping[original[where]] == uid, where[:-1]
                compared += 1
                nested += len(where) > 2
        assert mapping[original[0x00080018, 0]] == after.file_meta.MediaStorageSOPInstanceUID
    assert compared > 150
    assert nested > 20


def test_patient_ids_and_offsets(place: Path) -> None:
    mapping = dict(rows(place, "patid_mapping.csv"))
    old_of = {new: old for old, new in rows(place, "uid_mapping.csv")}
    offsets = dict(rows(place, "date_offsets.csv"))
    before = originals(place)
    seen = set()
    for path in (place / "out").rglob("*.dcm"):
        after = dcmread(path)
        original = before[old_of[str(after.SOPInstanceUID)]].get("PatientID")
        if original:
            assert mapping[original] == after.PatientID
            assert int(offsets[after.PatientID]) < 0
            seen.add(original)
    assert seen == mapping.keys()
    assert len(seen) > 5


@pytest.mark.parametrize(
    ("profile", "names"),
    [
        ("basic", ("retain-safe-private", "clean-structured-content", "retain-longitudinal-modified-dates")),
        ("tcia", ()),
    ],
)
def test_when_more_is_kept_the_map_is_whole_and_dates_move_by_its_offset(
    place: Path, tmp_path: Path, profile: str, names: tuple[str, ...]
) -> None:
    run(options(place, target=tmp_path / "out", vault=tmp_path / "map.vault", profile=profile, options=names))
    assert deid("vault", "export", tmp_path / "map.vault", "--csv", tmp_path / "csv", "-k", place / "key")[0] == 0
    old_of = {new: old for old, new in rows(tmp_path, "uid_mapping.csv")}
    offsets = dict(rows(tmp_path, "date_offsets.csv"))
    before = originals(place)
    moved = 0
    for path in (tmp_path / "out").rglob("*.dcm"):
        after = dcmread(path)
        assert {uid for _, uid in uids(after) if uid.startswith("2.25.")} <= old_of.keys()
        date = before[old_of[str(after.SOPInstanceUID)]].get("StudyDate")
        if date and after.get("PatientID") and after.get("StudyDate"):
            day, new_day = (datetime.strptime(text.replace(".", ""), "%Y%m%d") for text in (date, after.StudyDate))  # noqa: DTZ007
            assert (new_day - day).days == int(offsets[after.PatientID])
            moved += 1
    assert moved > 10


def test_the_vault_and_the_log_hold_nothing_in_clear(place: Path) -> None:
    vault, log = (place / "map.vault").read_bytes(), (place / "out/deid-audit.jsonl").read_bytes()
    for name in ("uid_mapping.csv", "patid_mapping.csv", "accession_mapping.csv"):
        for old, _ in rows(place, name):
            if len(old) > 5:
                assert old.encode() not in vault
                assert old.encode() not in log
    assert stat.S_IMODE((place / "map.vault").stat().st_mode) == 0o600
    assert stat.S_IMODE((place / "csv").stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in (place / "csv").iterdir()} == {0o600}


def test_the_same_input_again_adds_nothing(place: Path, tmp_path: Path) -> None:
    before = (place / "map.vault").read_bytes()
    run(options(place, target=tmp_path / "out"))
    assert (place / "map.vault").read_bytes() == before


def test_a_vault_that_comes_late_is_said_not_to_know_what_came_before(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    shutil.copy(DATA / "CT_small.dcm", tmp_path / "in")
    write_key(tmp_path / "key", Key.generate())
    again = ("run", tmp_path / "in", tmp_path / "out", "--no-pixels", "--key-file", tmp_path / "key")
    assert "knows those" not in deid(*again)[1] + deid(*again)[1]
    assert "vault knows those only if" in deid(*again, "--vault", tmp_path / "vault")[1]


def test_lookup_in_both_directions(place: Path) -> None:
    (old, new), *_ = rows(place, "patid_mapping.csv")
    for value in (old, new):
        code, output = deid("vault", "lookup", place / "map.vault", value, "--key-file", place / "key", "--json")
        assert code == ExitCode.OK
        (found,) = (one for one in json.loads(output) if one["kind"] == "patient")
        assert (found["old"], found["new"], found["date_offset_days"] < 0) == (old, new, True)
    code, output = deid("vault", "lookup", place / "map.vault", "no such", "--key-file", place / "key")
    assert code == ExitCode.INPUT_OUTPUT
    assert "not in the vault" in output
    assert "→ give it as it stands in the file" in output


def test_a_hostile_value_is_shown_and_exported_as_it_is(place: Path, tmp_path: Path) -> None:
    patient = "=[red]:dog:,\x1b[2J"
    pair = Pair(Kind.PATIENT, patient, "DEID-1")
    with Vault(tmp_path / "map.vault", Key(bytes(range(32)))) as vault:
        vault.append(InstanceMapping("DEID-1", -400, (pair,)))
    code, output = deid("vault", "lookup", tmp_path / "map.vault", "DEID-1", "-k", place / "key")
    assert code == ExitCode.OK
    assert "=[red]:dog:,\\x1b[2J" in output
    assert deid("vault", "export", tmp_path / "map.vault", "--csv", tmp_path / "csv", "-k", place / "key")[0] == 0
    assert rows(tmp_path, "patid_mapping.csv") == [(patient, "DEID-1")]


def test_an_export_overwrites_nothing_and_leaves_nothing_half(place: Path, tmp_path: Path) -> None:
    export = ("vault", "export", place / "map.vault", "--key-file", place / "key", "--csv")
    (tmp_path / "accession_mapping.csv").write_text("mine")
    code, output = deid(*export, tmp_path)
    assert code == ExitCode.INPUT_OUTPUT
    assert "never overwritten" in output
    assert [path.name for path in tmp_path.iterdir()] == ["accession_mapping.csv"]


def test_of_a_damaged_vault_the_rest_can_be_saved(place: Path, tmp_path: Path) -> None:
    data = bytearray((place / "map.vault").read_bytes())
    data[len(data) // 2] ^= 1
    (tmp_path / "damaged.vault").write_bytes(data)
    export = ("vault", "export", tmp_path / "damaged.vault", "--key-file", place / "key", "--csv", tmp_path / "csv")
    code, output = deid(*export)
    assert code == ExitCode.INPUT_OUTPUT
    assert "damaged" in output
    assert not list((tmp_path / "csv").iterdir())
    code, output = deid(*export, "--salvage")
    assert code == ExitCode.INCOMPLETE
    assert 3 < len((tmp_path / "csv/uid_mapping.csv").read_text().splitlines()) <= len(rows(place, "uid_mapping.csv"))
    with pytest.raises(InputOutputError, match="damaged"):
        run(options(place, vault=tmp_path / "damaged.vault", target=tmp_path / "out"))
    assert not (tmp_path / "out").exists()


def test_a_passphrase_instead_of_the_key(place: Path, tmp_path: Path) -> None:
    for name, text in (("right", "correct horse battery"), ("wrong", "correct horse buttery")):
        (tmp_path / name).write_text(text + "\n")
        (tmp_path / name).chmod(0o600)
    vault = tmp_path / "map.vault"
    source = Path(str(get_testdata_file("CT_small.dcm", download=False)))
    chosen = options(place, source=source, vault=vault, vault_passphrase_file=tmp_path / "right")
    run(replace(chosen, target=tmp_path / "one"))
    code, output = deid("vault", "lookup", vault, "1CT1", "--passphrase-file", tmp_path / "right", "--json")
    assert (code, json.loads(output)[0]["old"]) == (ExitCode.OK, "1CT1")
    for wrong, message in ((("--passphrase-file", tmp_path / "wrong"), "wrong passphrase"), ((), "passphrase")):
        code, output = deid("vault", "lookup", vault, "1CT1", *wrong)
        assert code in {ExitCode.KEY, ExitCode.USAGE}
        assert message in output
    with pytest.raises(KeyFileError, match="locked with a passphrase"):
        run(options(place, source=source, vault=vault, target=tmp_path / "two"))
    assert not (tmp_path / "two").exists()


def test_another_key_is_refused_before_anything_is_written(place: Path, tmp_path: Path) -> None:
    write_key(tmp_path / "key", Key(bytes(32)))
    before = (place / "map.vault").read_bytes()
    with pytest.raises(KeyFileError, match="wrong key"):
        run(options(place, key_file=tmp_path / "key", target=tmp_path / "out"))
    assert not (tmp_path / "out").exists()
    assert (place / "map.vault").read_bytes() == before
    code, output = deid("vault", "export", place / "map.vault", "--csv", tmp_path / "csv", "-k", tmp_path / "key")
    assert code == ExitCode.KEY
    assert "wrong key" in output


@pytest.mark.parametrize(
    "where", ["in/map.vault", "out/map.vault", "out/deep/map.vault", "out", "link/map.vault", "log", "key"]
)
def test_a_vault_in_the_wrong_place_is_refused_before_anything_is_written(
    place: Path, tmp_path: Path, where: str
) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "out")
    shutil.copy(place / "key", tmp_path / "key")
    names = sorted(tmp_path.rglob("*"))
    with pytest.raises(UsageError, match="the vault"):
        run(options(tmp_path, vault=tmp_path / where, audit=tmp_path / "log"))
    assert sorted(tmp_path.rglob("*")) == names


def test_a_passphrase_without_a_vault_is_a_mistake(place: Path, tmp_path: Path) -> None:
    arguments = ("run", place / "in", tmp_path / "out", "--vault-passphrase-file", place / "key")
    result = CliRunner().invoke(make_app(), list(map(str, arguments)))
    assert isinstance(result.exception, UsageError)
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("quiet", [[], ["--quiet"]])
def test_a_record_that_was_cut_off_is_reported(place: Path, tmp_path: Path, quiet: list[str]) -> None:
    vault = tmp_path / "map.vault"
    vault.write_bytes((place / "map.vault").read_bytes()[:-9])
    source = Path(str(get_testdata_file("CT_small.dcm", download=False)))
    arguments = ("run", source, tmp_path / "out", "--no-pixels", "-k", place / "key", "--vault", vault, "-w", "1")
    code, output = deid(*arguments, *quiet)
    assert code == ExitCode.OK
    assert "the last record of the vault" in output
    assert "were cut off" in output


def test_a_dry_run_writes_no_vault(place: Path, tmp_path: Path) -> None:
    run(options(place, target=tmp_path / "out", vault=tmp_path / "map.vault", dry_run=True))
    assert not list(tmp_path.iterdir())


def test_what_was_not_released_is_not_in_the_map(place: Path, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    dataset = dcmread(str(get_testdata_file("CT_small.dcm", download=False)))
    for number, patient in enumerate(("FIRST-1", "SECOND-2")):
        dataset.PatientID = patient  # the same SOP Instance UID under two patients
        dataset.save_as(tmp_path / "in" / f"{number}.dcm")
    summary = run(options(tmp_path, key_file=place / "key"))
    assert summary.outcomes == {"released": 1, "quarantined": 1}
    for patient, code in (("FIRST-1", ExitCode.OK), ("SECOND-2", ExitCode.INPUT_OUTPUT)):
        assert deid("vault", "lookup", tmp_path / "map.vault", patient, "-k", place / "key")[0] == code


def test_killed_at_any_moment_no_released_file_lacks_its_mapping(place: Path, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    dataset = dcmread(str(get_testdata_file("CT_small.dcm", download=False)))
    for number in range(FILES):
        dataset.SOPInstanceUID = dataset.file_meta.MediaStorageSOPInstanceUID = generate_uid()
        dataset.save_as(tmp_path / "in" / f"{number}.dcm")
    randomness = random.Random(20261121)  # noqa: S311 - moments, not secrets
    interrupted = 0
    for kill in range(KILLS):
        out, vault = tmp_path / f"out{kill}", tmp_path / "map.vault"
        arguments = ["run", tmp_path / "in", out, "--no-pixels", "-k", place / "key", "--vault", vault, "-w", "1"]
        process = subprocess.Popen(
            [sys.executable, "-m", "deid", *map(str, arguments)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        while not list(out.rglob("*.dcm")) and process.poll() is None:
            time.sleep(0.01)
        time.sleep(randomness.uniform(0.0, 1.0))
        process.kill()
        process.wait()
        folder = tmp_path / f"csv{kill}"
        assert deid("vault", "export", vault, "--csv", folder, "-k", place / "key")[0] == ExitCode.OK
        mapped = (folder / "uid_mapping.csv").read_text()
        released = [path.stem for path in out.rglob("*.dcm")]
        assert all(f",{uid}\n" in mapped for uid in released)
        interrupted += 0 < len(released) < FILES
    assert interrupted, "no kill fell into the work itself"
