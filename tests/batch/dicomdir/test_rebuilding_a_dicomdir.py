from __future__ import annotations

import time
from pathlib import Path

import pytest
from pydicom import dcmread
from pydicom.dataelem import DataElement
from pydicom.dataset import Dataset
from pydicom.fileset import FileSet
from pydicom.uid import UID

from deid.batch.dicomdir.check import check_directory
from deid.batch.dicomdir.rebuilding import rebuild_dicomdir
from deid.batch.output.naming import DICOMDIR, DICOMDIR_FILES
from deid.errors import InstanceError, Reason
from deid.identity.key import Key
from deid.outcome import Skipped
from tests.scenarios.linked import write

KEY = Key(bytes(32))


def image(number: int | None = None, **attributes: str) -> Dataset:
    data = Dataset()
    data.SOPClassUID, data.SOPInstanceUID = UID("1.2.840.10008.5.1.4.1.1.2"), UID(f"2.25.9{number or 0}")
    data.PatientID, data.StudyInstanceUID, data.SeriesInstanceUID = "DEID-1", UID("2.25.1"), UID("2.25.2")
    data.Modality, data.InstanceNumber = "CT", "" if number is None else str(number)
    for keyword, value in attributes.items():
        setattr(data, keyword, value)
    return data


def release(root: Path, data: Dataset) -> None:
    write(data, root / "DEID-1/2.25.1/2.25.2" / f"{data.SOPInstanceUID}.dcm")


def rebuild(root: Path) -> object:
    staging = root / ".deid-staging"
    staging.mkdir(parents=True)
    try:
        return rebuild_dicomdir(root, staging, KEY)
    finally:
        for path in sorted(staging.rglob("*"), reverse=True):
            path.rmdir() if path.is_dir() else path.unlink()
        staging.rmdir()


def records(root: Path, kind: str) -> list[Dataset]:
    found = dcmread(root / DICOMDIR).DirectoryRecordSequence
    return [record for record in found if record.DirectoryRecordType == kind]


def test_values_that_a_record_must_have_are_made_up_where_the_instance_has_none(tmp_path: Path) -> None:
    release(tmp_path, image())
    assert rebuild(tmp_path) == Skipped(Reason.DICOMDIR_REBUILT)
    (study,), (leaf,) = records(tmp_path, "STUDY"), records(tmp_path, "IMAGE")
    assert (study.StudyDate, study.StudyTime, study.StudyID) == ("19000101", "000000", "0")
    assert leaf.InstanceNumber == 1
    # The released file stays as it is.
    assert "StudyDate" not in dcmread(next(tmp_path.rglob("*.dcm")))


def test_instances_stand_in_the_order_of_their_numbers(tmp_path: Path) -> None:
    for number in (10, 9, 1):
        release(tmp_path, image(number))
    rebuild(tmp_path)
    assert [leaf.InstanceNumber for leaf in records(tmp_path, "IMAGE")] == [1, 9, 10]
    assert [list(leaf.ReferencedFileID)[-1] for leaf in records(tmp_path, "IMAGE")] == [
        "IM000000",
        "IM000001",
        "IM000002",
    ]


def test_a_later_run_into_the_same_folder_indexes_the_files_of_both(tmp_path: Path) -> None:
    release(tmp_path, image(1))
    rebuild(tmp_path)
    release(tmp_path, image(2))
    rebuild(tmp_path)
    assert len(FileSet(tmp_path / DICOMDIR)) == 2
    assert len(list((tmp_path / DICOMDIR_FILES).rglob("IM*"))) == 2


def test_text_keeps_its_character_set(tmp_path: Path) -> None:
    release(tmp_path, image(1, SpecificCharacterSet="ISO_IR 192", StudyDescription="Schädel"))
    rebuild(tmp_path)
    assert records(tmp_path, "STUDY")[0].StudyDescription == "Schädel"


def test_without_links_the_files_are_copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise OSError

    release(tmp_path, image(1))
    monkeypatch.setattr(Path, "hardlink_to", refuse)
    assert rebuild(tmp_path) == Skipped(Reason.DICOMDIR_REBUILT)
    (copy,) = (tmp_path / DICOMDIR_FILES).rglob("IM*")
    assert copy.read_bytes() == next(tmp_path.rglob("*.dcm")).read_bytes()


def test_an_incomplete_instance_has_an_incomplete_record(tmp_path: Path) -> None:
    release(tmp_path, image(2, SOPClassUID=UID("1.2.840.10008.5.1.4.1.1.88.11")))  # a report without a title
    assert rebuild(tmp_path) == Skipped(Reason.DICOMDIR_REBUILT)
    (record,) = records(tmp_path, "SR DOCUMENT")
    assert record.InstanceNumber == 2
    assert "CompletionFlag" not in record


def test_what_can_not_be_described_is_left_out_and_said(tmp_path: Path) -> None:
    release(tmp_path, image(1))
    other = image(2)
    other.add(DataElement("SeriesNumber", "IS", b"one", already_converted=True))
    release(tmp_path, other)
    assert rebuild(tmp_path) == Skipped(Reason.DICOMDIR_REBUILT, "1 instances can't be described in it")
    assert len(FileSet(tmp_path / DICOMDIR)) == 1


def test_nothing_released_nothing_made(tmp_path: Path) -> None:
    assert rebuild(tmp_path) == Skipped(Reason.DICOMDIR, "nothing was released that a DICOMDIR could name")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("change", ["PatientID", "SOPInstanceUID", "another file", "a loop"])
def test_a_wrong_one_is_not_released(tmp_path: Path, change: str) -> None:
    for number in (1, 2):
        release(tmp_path, image(number))
    rebuild(tmp_path)
    index = dcmread(tmp_path / DICOMDIR)
    patient, *_, first, second = index.DirectoryRecordSequence
    match change:
        case "PatientID":
            patient.PatientID = "DEID-2"
        case "SOPInstanceUID":
            first.ReferencedSOPInstanceUIDInFile = UID("2.25.9")
        case "another file":
            first.ReferencedFileID = second.ReferencedFileID
        case _:
            second.OffsetOfTheNextDirectoryRecord = first.seq_item_tell
    index.save_as(tmp_path / DICOMDIR)
    file_ids = {path.relative_to(tmp_path).as_posix() for path in (tmp_path / DICOMDIR_FILES).rglob("IM*")}
    with pytest.raises(InstanceError, match="DICOMDIR"):
        check_directory(tmp_path / DICOMDIR, tmp_path, file_ids)


def test_a_thousand_instances_take_seconds(tmp_path: Path) -> None:
    for number in range(1000):
        release(tmp_path, image(number))
    start = time.process_time()
    rebuild(tmp_path)
    assert time.process_time() - start < 30
    assert len(records(tmp_path, "IMAGE")) == 1000
