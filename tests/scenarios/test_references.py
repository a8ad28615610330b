"""UIDs that refer to each other still do: over a whole study, and over runs with the same key into other folders."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pydicom
import pytest
from pydicom import dcmread

from deid.attributes.tree import attributes
from deid.errors import ExitCode, InstanceError
from deid.identity.key import load_key
from deid.identity.pseudonym import is_valid_uid, new_uid
from deid.reading import read_instance
from tests.scenarios.conftest import deid
from tests.scenarios.linked import images, linked_study, write

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.slow
DATA = Path(pydicom.__file__).parent / "data/test_files"
BUNDLED = ["rtplan.dcm", "rtdose_1frame.dcm", "test-SR.dcm", "reportsi.dcm", "liver_1frame.dcm", "waveform_ecg.dcm"]
PROFILES: dict[str, tuple[str, ...]] = {"basic": (), "tcia": (), "basic with UIDs": ("retain-uids",)}
REGISTERED = "1.2.840.10008."
# OFFIS's, in the reports of pydicom: it names no instance, and Table E.1-1 leaves it alone.
CODING_SCHEME = "1.2.276.0.7230010.3.0.0.1"


def uids_of(path: Path) -> dict[str, str]:
    """Every UID of a file by its path, at any depth."""
    found = {}
    for path_of, attribute in attributes(read_instance(path)):
        uid = (attribute.data or b"").decode("latin-1").strip("\0 ") if attribute.vr == "UI" else ""
        if is_valid_uid(uid) and "." in uid:
            found[str(path_of)] = uid
    return found


@dataclass(frozen=True)
class Runs:
    """The study in one run, and the same files one by one in two runs, all with one key."""

    name: str
    key_file: Path
    whole: tuple[Path, Path]
    parts: tuple[tuple[Path, Path], ...]

    def pairs(self, folders: tuple[Path, Path]) -> Iterator[tuple[Path, Path]]:
        """Each file with the one made of it, known by the key."""
        key, keeps = load_key(self.key_file), "UIDs" in self.name
        out = {uids_of(path)["(0008,0018)"]: path for path in folders[1].rglob("*.dcm")}
        for path in sorted(folders[0].rglob("*.dcm")):
            uid = uids_of(path)["(0008,0018)"]
            yield path, out[uid if keeps else new_uid(key, uid)]

    def mapping(self, folders: tuple[Path, Path]) -> dict[str, str]:
        """What became of each UID; it may only be one thing."""
        found: dict[str, str] = {}
        for before, after in self.pairs(folders):
            new = uids_of(after)
            for place, uid in uids_of(before).items():
                if place in new:
                    assert found.setdefault(uid, new[place]) == new[place], place
        return found


@pytest.fixture(scope="module", params=PROFILES)
def runs(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, key_file: Path) -> Runs:
    folder, name = tmp_path_factory.mktemp("linked"), request.param
    for number, data in enumerate(linked_study()):
        write(data, folder / "in" / f"{number}.dcm")
        write(data, folder / f"in{number % 2}" / f"{number}.dcm")
    for bundled in BUNDLED:
        (folder / "in" / bundled).write_bytes((DATA / bundled).read_bytes())
    folders = [(folder / f"in{part}", folder / f"out{part}") for part in ("", 0, 1)]
    for source, target in folders:
        options = [word for option in PROFILES[name] for word in ("--option", option)]
        command = ("run", source, target, "--no-pixels", "--key-file", key_file, "--profile", name.split()[0], *options)
        process = deid(*command, "--workers", 1)
        assert process.returncode == ExitCode.OK, process.stderr
    return Runs(name, key_file, folders[0], tuple(folders[1:]))


def test_each_uid_becomes_one_other_everywhere(runs: Runs) -> None:
    mapping = runs.mapping(runs.whole)
    assert len(set(mapping.values())) == len(mapping), "two UIDs became one"
    assert len(mapping) > 60
    for old, new in mapping.items():
        kept = "UIDs" in runs.name or old.startswith(REGISTERED) or (runs.name == "basic" and old == CODING_SCHEME)
        assert (old == new) is kept, old


def test_other_runs_with_the_key_agree(runs: Runs) -> None:
    whole = runs.mapping(runs.whole)
    for part in runs.parts:
        mapping = runs.mapping(part)
        assert mapping
        assert mapping.items() <= whole.items()


def test_no_reference_is_lost(runs: Runs) -> None:
    for before, after in runs.pairs(runs.whole):
        if before.name in BUNDLED:
            continue  # their performed steps, observers and the like go, as Table E.1-1 has it
        assert uids_of(before).keys() == uids_of(after).keys(), before.name


def test_every_instance_that_is_referred_to_is_there(runs: Runs) -> None:
    out = [uids_of(path) for path in runs.whole[1].rglob("*.dcm")]
    there = {uids[f"({tag})"] for uids in out for tag in ("0008,0018", "0020,000D")}
    series = {uids["(0020,000E)"] for uids in out}
    mapping = runs.mapping(runs.whole)
    linked = {mapping[uid] for data in linked_study() for uid in (data.SOPInstanceUID, data.StudyInstanceUID)}
    assert linked <= there
    referred = 0
    for before, after in runs.pairs(runs.whole):
        for place, uid in uids_of(after).items():
            if before.name in BUNDLED:
                continue
            if place.endswith("(0008,1155)"):
                assert uid in there, place
                referred += 1
            elif place.endswith("(0020,000E)"):
                assert uid in series, place
    assert referred > 30


def test_frames_of_reference_and_concatenations_stay(runs: Runs) -> None:
    mapping = runs.mapping(runs.whole)
    pairs = [(read_instance(before), read_instance(after)) for before, after in runs.pairs(runs.whole)]
    keywords = ("FrameOfReferenceUID", "ConcatenationUID", "SOPInstanceUIDOfConcatenationSource")
    for before, after in pairs:
        for keyword in (*keywords, "SynchronizationFrameOfReferenceUID", "IrradiationEventUID"):
            if keyword in before:
                assert after[keyword].value == mapping[before[keyword].value], keyword
    parts = [after for _, after in pairs if "ConcatenationUID" in after]
    assert sorted(part.InConcatenationNumber for part in parts) == [1, 2]
    assert len({part.ConcatenationUID for part in parts}) == 1


def test_all_bundled_files_agree(tmp_path: Path, key_file: Path) -> None:
    """Whatever pydicom's files refer to: a UID becomes the same in all of them, and none becomes another's."""
    source, target = tmp_path / "in", tmp_path / "out"
    source.mkdir()
    seen: set[str] = set()
    for path in sorted(DATA.rglob("*")):
        try:
            uid = uids_of(path).get("(0008,0018)", "") if path.is_file() else ""
        except InstanceError:
            continue
        if uid and uid not in seen:
            seen.add(uid)
            (source / f"{len(seen)}.dcm").write_bytes(path.read_bytes())
    deid("run", source, target, "--no-pixels", "--key-file", key_file)
    key = load_key(key_file)
    out = {str(dcmread(path, stop_before_pixels=True).SOPInstanceUID): path for path in target.rglob("*.dcm")}
    mapping: dict[str, str] = {}
    for path in source.iterdir():
        before = uids_of(path)
        released = out.get(new_uid(key, before["(0008,0018)"]))
        new = uids_of(released) if released else {}
        for place, uid in before.items():
            if place in new:
                assert mapping.setdefault(uid, new[place]) == new[place], place
    assert len(out) > 60
    assert len(set(mapping.values())) == len(mapping)


def test_a_study_that_comes_apart_is_told_of(tmp_path: Path, key_file: Path) -> None:
    """The scanner names the issuer of the Patient ID, the workstation that made the report does not."""
    first, second = images()
    first.IssuerOfPatientID = "MPI"
    for number, data in enumerate((first, second)):
        write(data, tmp_path / "in" / f"{number}.dcm")
    by_id = tmp_path / "by-id.yaml"
    by_id.write_text("name: own\ntitle: Own\ndescription: For a test.\nextends: basic\nsubject: patient-id\n")
    runs = {
        name: deid("run", tmp_path / "in", tmp_path / name, "--key-file", key_file, "--no-pixels", *profile)
        for name, profile in {"apart": (), "whole": ("--profile", by_id)}.items()
    }
    assert [process.returncode for process in runs.values()] == [0, 0]
    assert "Studies that came out under more than one patient: 1." in " ".join(runs["apart"].stdout.split())
    assert "more than one patient" not in runs["whole"].stdout
    last = {name: json.loads((tmp_path / name / "deid-audit.jsonl").read_text().splitlines()[-1]) for name in runs}
    assert {name: line["split_studies"] for name, line in last.items()} == {"apart": 1, "whole": 0}
