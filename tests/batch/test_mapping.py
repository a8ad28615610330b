"""The pairs of one instance: whatever identifier was replaced, wherever it stands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pydicom.data
import pytest
from pydicom import dcmread
from pydicom.dataset import Dataset
from pydicom.filebase import DicomBytesIO
from pydicom.filewriter import write_dataset

from deid.attributes.attribute import raw_element
from deid.batch.mapping import mapping_of
from deid.identity.key import Key
from deid.identity.mapping import InstanceMapping, Kind
from deid.identity.pseudonym import new_uid
from deid.instance import Deidentifier, Timings
from deid.plan import Replace
from deid.profile import load_profile

if TYPE_CHECKING:
    from pathlib import Path

    from pydicom.dataset import FileDataset

KEY = Key(bytes(range(32)))


@pytest.fixture
def dataset() -> FileDataset:
    return dcmread(str(pydicom.data.get_testdata_file("CT_small.dcm", download=False)))


def mapped(
    dataset: FileDataset, tmp_path: Path, options: tuple[str, ...] = (), profile: str = "basic"
) -> InstanceMapping:
    path = tmp_path / "one.dcm"
    dataset.save_as(path)
    deidentifier = Deidentifier(load_profile(profile, options), KEY, pixels=False)
    return mapping_of(deidentifier.deidentify(path, Timings()))


def pairs(mapping: InstanceMapping, kind: Kind) -> dict[str, str]:
    found = [(pair.old, pair.new) for pair in mapping.pairs if pair.kind is kind]
    assert len(dict(found)) == len(found)
    return dict(found)


def item(**values: Any) -> Dataset:
    dataset = Dataset()
    for keyword, value in values.items():
        setattr(dataset, keyword, value)
    return dataset


def test_uids_at_any_depth(dataset: FileDataset, tmp_path: Path) -> None:
    inner = item(ReferencedSOPClassUID="1.2.840.10008.5.1.4.1.1.2", ReferencedSOPInstanceUID="1.2.3.4")
    instances = [inner, item(ReferencedSOPInstanceUID="1.2.3.5")]
    dataset.ReferencedSeriesSequence = [item(SeriesInstanceUID="1.2.3.6", ReferencedInstanceSequence=instances)]
    dataset.ReferencedInstanceSequence = [inner]
    uids = pairs(mapped(dataset, tmp_path), Kind.UID)
    for uid in (
        "1.2.3.4",
        "1.2.3.5",
        "1.2.3.6",
        dataset.StudyInstanceUID,
        dataset.SOPInstanceUID,
        dataset.FrameOfReferenceUID,
    ):
        assert uids[uid] == new_uid(KEY, uid)
    assert not any(uid.startswith("1.2.840.10008.") for uid in uids)


def test_uids_in_a_sequence_encoded_as_un(dataset: FileDataset, tmp_path: Path) -> None:
    buffer = DicomBytesIO()
    buffer.is_little_endian, buffer.is_implicit_VR = True, True
    write_dataset(buffer, item(ReferencedSOPInstanceUID="1.2.3.99"))
    content = buffer.getvalue()
    content = b"\xfe\xff\x00\xe0" + len(content).to_bytes(4, "little") + content
    dataset[0x0008114A] = raw_element(0x0008114A, "UN", content, dataset)
    assert pairs(mapped(dataset, tmp_path), Kind.UID)["1.2.3.99"] == new_uid(KEY, "1.2.3.99")


def test_several_uids_in_one_attribute(dataset: FileDataset, tmp_path: Path) -> None:
    dataset.FailedSOPInstanceUIDList = ["1.2.3.3", "", "1.2.3.4"]
    uids = pairs(mapped(dataset, tmp_path), Kind.UID)
    assert {"1.2.3.3", "1.2.3.4"} <= uids.keys()
    assert "" not in uids
    assert not any("\\" in uid for uid in uids)


def test_uids_in_private_texts_and_bytes(dataset: FileDataset, tmp_path: Path) -> None:
    block = dataset.private_block(0x0019, "DEID TEST", create=True)
    block.add_new(0x01, "UI", "1.2.3.1")
    block.add_new(0x02, "LO", "1.2.3.2")
    block.add_new(0x03, "OB", b"1.2.3.3\0")
    block.add_new(0x04, "LO", "no UID")
    profile = tmp_path / "mine.yaml"
    rules = [f'  - {{tag: "(0019,xx{element:02X})", creator: DEID TEST, action: U}}\n' for element in range(1, 5)]
    profile.write_text("extends: basic\nrules:\n" + "".join(rules))
    uids = pairs(mapped(dataset, tmp_path, profile=str(profile)), Kind.UID)
    assert {uid: uids[uid] for uid in ("1.2.3.1", "1.2.3.2", "1.2.3.3")} == {
        uid: new_uid(KEY, uid) for uid in ("1.2.3.1", "1.2.3.2", "1.2.3.3")
    }
    assert "no UID" not in uids


def test_uids_that_are_kept_are_not_in_it(dataset: FileDataset, tmp_path: Path) -> None:
    assert pairs(mapped(dataset, tmp_path, ("retain-uids",)), Kind.UID) == {}


@pytest.mark.parametrize("patient_id", ["1CT1", "  padded", "MÜLLER-7", "", None])
def test_the_patient_id_as_it_is_in_both_files(dataset: FileDataset, tmp_path: Path, patient_id: str | None) -> None:
    dataset.SpecificCharacterSet = "ISO_IR 100"
    dataset.PatientID = patient_id or ""
    if patient_id is None:
        del dataset.PatientID
    mapping = mapped(dataset, tmp_path)
    assert mapping.date_offset_days < 0
    # A Patient ID that is not there is not put there either.
    assert pairs(mapping, Kind.PATIENT) == {patient_id or "": "" if patient_id is None else mapping.subject}


def test_accession_numbers_also_those_of_requests(dataset: FileDataset, tmp_path: Path) -> None:
    dataset.AccessionNumber = "ACC-4711"
    dataset.RequestAttributesSequence = [item(AccessionNumber="ACC-4712", RequestedProcedureID="1")]
    mapping = mapped(dataset, tmp_path)
    accessions = pairs(mapping, Kind.ACCESSION)
    assert accessions["ACC-4711"] == ""
    assert "ACC-471" not in repr(mapping)


def test_a_value_that_is_replaced_here_and_taken_away_there_has_one_row(dataset: FileDataset, tmp_path: Path) -> None:
    dataset.AccessionNumber = "ACC-4711"
    dataset.ReferencedSeriesSequence = [item(AccessionNumber="ACC-4711", PatientID=dataset.PatientID)]
    profile = tmp_path / "mine.yaml"
    profile.write_text("extends: basic\nrules:\n  - {keyword: AccessionNumber, action: Z, value: NONE}\n")
    mapping = mapped(dataset, tmp_path, profile=str(profile))
    assert pairs(mapping, Kind.ACCESSION) == {"ACC-4711": "NONE"}
    assert pairs(mapping, Kind.PATIENT) == {"1CT1": mapping.subject}


def test_every_replaced_uid_of_the_plan_is_in_it(dataset: FileDataset, tmp_path: Path) -> None:
    path = tmp_path / "one.dcm"
    dataset.save_as(path)
    done = Deidentifier(load_profile("basic"), KEY, pixels=False).deidentify(path, Timings())
    replaced = {
        value
        for decision in done.plan.decisions
        if decision.vr == "UI" and isinstance(decision.change, Replace)
        for value in ([decision.change.value] if isinstance(decision.change.value, str) else decision.change.value)
    }
    assert replaced == set(pairs(mapping_of(done), Kind.UID).values())
