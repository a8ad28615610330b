"""The byte-level path against the ordinary one: the same bytes, decisions and names for every file at hand."""

from __future__ import annotations

import random
from pathlib import Path
from typing import TYPE_CHECKING

import pydicom
import pytest
from pydicom import dcmread
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence
from pydicom.uid import ImplicitVRLittleEndian, SecondaryCaptureImageStorage, generate_uid

from deid.audit.records import InstanceRecord, value_digests
from deid.batch.output.naming import uids_of
from deid.demo import write_studies
from deid.errors import InstanceError
from deid.identity.key import Key
from deid.instance import Deidentifier, Timings
from deid.profile import load_profile
from deid.splicing import Splicer

if TYPE_CHECKING:
    from collections.abc import Callable

    from deid.profile import Profile

KEY = Key(bytes(range(32)))
BUNDLED = Path(pydicom.__file__).parent / "data"
LARGE = 1_000_000
Result = tuple[bytes, bytes, tuple[str, ...]]


def ordinary(deidentifier: Deidentifier, path: Path) -> Result | None:
    try:
        done = deidentifier.deidentify(path, Timings())
    except InstanceError:
        return None
    digests = value_digests(done.original, done.plan.decisions, KEY)
    record = InstanceRecord("").with_plan(done.plan, done.subject.pseudonym, digests)
    return done.data, record.decided, uids_of(done.released)


def by_splicing(splicer: Splicer, path: Path) -> Result | None:
    with splicer.spliced(path, Timings()) as spliced:
        if spliced is None:
            return None
        spliced.check()
        data = b"".join(map(bytes, spliced.chunks()))
        return data, spliced.decided, spliced.uids


def compared(profile: Profile, paths: list[Path]) -> int:
    """How many were spliced, each with the same result as ordinarily."""
    deidentifier, splicer = Deidentifier(profile, KEY, pixels=False), Splicer(profile, KEY)
    spliced = 0
    for path in paths:
        result = by_splicing(splicer, path)
        if result is not None:
            assert result == ordinary(deidentifier, path), path.name
            spliced += 1
    return spliced


@pytest.fixture(scope="module")
def studies(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder = tmp_path_factory.mktemp("studies")
    write_studies(folder)
    return sorted(path for path in folder.rglob("*") if path.is_file())


@pytest.mark.parametrize(("name", "each"), [("basic", 1), ("tcia", 4)])
def test_every_file_at_hand_comes_out_the_same(name: str, each: int, studies: list[Path]) -> None:
    bundled = sorted(path for path in BUNDLED.rglob("*") if path.is_file() and path.stat().st_size < LARGE)
    # Some twice: the second time from memory.
    paths = [*bundled[::each], *studies, *bundled[:: 8 * each]]
    assert compared(load_profile(name, ()), paths) > 150 // each


def _name(dataset: Dataset) -> None:
    dataset.SeriesDescription = f"scan of {dataset.PatientName.family_name}"


def _number(dataset: Dataset) -> None:
    dataset.InstanceNumber = "20040119"


def _private(dataset: Dataset) -> None:
    dataset.private_block(0x0043, "GEMS_PARM_01", create=True).add_new(0x27, "SH", str(dataset.PatientName))


def _character_set(dataset: Dataset) -> None:
    dataset.SpecificCharacterSet = "ISO_IR 192"
    dataset.StudyDescription = "Köpfchen"


def _nested(dataset: Dataset) -> None:
    item = Dataset()
    item.PatientID = dataset.PatientID
    item.ReferencedSOPInstanceUID = dataset.SOPInstanceUID
    dataset.ReferencedImageSequence = Sequence([item])
    dataset["ReferencedImageSequence"].is_undefined_length = True


def _marked(dataset: Dataset) -> None:
    dataset.PatientIdentityRemoved = "YES"
    dataset.DeidentificationMethod = "by hand"
    dataset.DeidentificationMethodCodeSequence = Sequence([Dataset()])


def _other_patient(dataset: Dataset) -> None:
    dataset.PatientName, dataset.PatientID = "Roe^Richard", "R-778899"


def _fewer(dataset: Dataset) -> None:
    del dataset.StationName, dataset.Modality


def _overlay(dataset: Dataset) -> None:
    dataset.add_new(0x60000010, "US", 8)
    dataset.add_new(0x60003000, "OW", bytes(8))


def _other_class(dataset: Dataset) -> None:
    dataset.SOPClassUID = dataset.file_meta.MediaStorageSOPClassUID = SecondaryCaptureImageStorage


def _plain_words(dataset: Dataset) -> None:
    dataset.AcquisitionDateTime = "20040119072731.5"
    dataset.WindowCenterWidthExplanation = "brain"


CHANGES: list[Callable[[Dataset], None]] = [
    *(_name, _number, _private, _character_set, _nested, _marked),
    *(_other_patient, _fewer, _overlay, _other_class, _plain_words),
]


@pytest.mark.parametrize("options", [("basic", ()), ("basic", ("retain-longitudinal-modified-dates",)), ("tcia", ())])
@pytest.mark.parametrize("implicit", [False, True])
def test_what_one_file_taught_does_not_change_another(
    options: tuple[str, tuple[str, ...]], implicit: bool, tmp_path: Path
) -> None:
    chance = random.Random(str((options, implicit)))  # noqa: S311 - the same changes each time
    paths = []
    for number in range(16):
        dataset = dcmread(BUNDLED / "test_files" / "CT_small.dcm")
        dataset.SOPInstanceUID = dataset.file_meta.MediaStorageSOPInstanceUID = generate_uid(None, [str(number)])
        for change in chance.sample(CHANGES, chance.randint(0, 3)):
            change(dataset)
        if implicit:
            dataset.file_meta.TransferSyntaxUID = ImplicitVRLittleEndian
        paths.append(tmp_path / f"{number}.dcm")
        dataset.save_as(paths[-1])

    assert compared(load_profile(*options), [*paths, *paths[:4]]) >= 18


def test_what_a_profile_says_of_texts_holds_for_spliced_ones_too(tmp_path: Path) -> None:
    profile = tmp_path / "mine.yaml"
    profile.write_text("extends: basic\noptions: [clean-descriptors]\ntext: {remove: [CHEST]}\n")
    dataset = dcmread(BUNDLED / "test_files" / "CT_small.dcm")
    dataset.StudyDescription = "CHEST ROUTINE"
    dataset.save_as(tmp_path / "a.dcm")
    assert compared(load_profile(str(profile)), [tmp_path / "a.dcm"]) == 1


@pytest.mark.parametrize(
    "body",
    [
        'extends: tcia\ntext: {keep: ["GE*"], remove: ["e+1"], header_threshold: 0.3, nlp: off}\n',
        "extends: basic\nsubject: patient-id\noptions: [retain-longitudinal-modified-dates, clean-descriptors]\n",
        "extends: basic\nunlisted: remove\n",
        "extends: basic\nprivate_table: tcia-2024-02-01\noptions: [repair, retain-safe-private]\n",
        "extends: basic\nmethod_code: A-1\ncode_meaning: Ours\nrules:\n  - {keyword: StudyDate, action: generalise}\n",
        'extends: basic\nrules:\n  - {keyword: PatientID, action: replace, value: "T-{hash}"}\n',
        "extends: tcia\nrules:\n  - {keyword: PatientName, action: keep}\n",
    ],
    ids=["text", "subject", "unlisted", "private table", "date", "template", "name"],
)
def test_every_section_of_a_profile_holds_for_spliced_files_too(body: str, tmp_path: Path) -> None:
    profile = tmp_path / "mine.yaml"
    profile.write_text(body)
    bundled = sorted(path for path in BUNDLED.rglob("*") if path.is_file() and path.stat().st_size < LARGE)
    assert compared(load_profile(str(profile)), [*bundled[::9], *bundled[::27]]) > 15
