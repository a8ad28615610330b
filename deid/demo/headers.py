"""Headers of the examples: complete by their IOD, and full of what identifies the invented patient at every depth."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydicom.dataset import Dataset, FileDataset, FileMetaDataset
from pydicom.sequence import Sequence
from pydicom.uid import UID, ExplicitVRLittleEndian, generate_uid

if TYPE_CHECKING:
    from deid.demo.people import Visit

_PREFIX = "1.2.826.0.1.3680043.10.543."
_CREATOR = "PHANTOMWORKS 1.0"
_ELEMENT_OF_ITEM = b"\x10\x00\x10\x00"


def uid(*parts: object) -> str:
    """A UID that is the same in every run."""
    return str(generate_uid(_PREFIX, entropy_srcs=["deid example", *map(str, parts)]))


def new_instance(visit: Visit, sop_class: str, modality: str, series: int, number: int) -> FileDataset:
    """A data set with the patient, study, series and equipment modules filled (PS3.3 C.7.1 to C.7.5).

    Args:
        visit: The study and its patient.
        sop_class: SOP Class UID.
        modality: Modality (0008,0060).
        series: Series number.
        number: Instance number.
    """
    meta = FileMetaDataset()
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    meta.MediaStorageSOPClassUID = UID(sop_class)
    meta.MediaStorageSOPInstanceUID = UID(uid(visit.label, series, number))
    meta.SourceApplicationEntityTitle = visit.station
    dataset = FileDataset("", Dataset(), file_meta=meta, preamble=bytes(128))
    if visit.person.charset:
        dataset.SpecificCharacterSet = visit.person.charset
    dataset.SOPClassUID = sop_class
    dataset.SOPInstanceUID = meta.MediaStorageSOPInstanceUID
    _fill_patient(dataset, visit)
    _fill_study(dataset, visit)
    dataset.Modality = modality
    dataset.SeriesInstanceUID = uid(visit.label, series)
    dataset.SeriesNumber = series
    dataset.SeriesDate = dataset.AcquisitionDate = dataset.ContentDate = visit.date
    dataset.SeriesTime = dataset.AcquisitionTime = dataset.ContentTime = visit.time
    dataset.InstanceNumber = number
    dataset.ImageType = ["ORIGINAL", "PRIMARY"]
    _fill_equipment(dataset, visit)
    _fill_nested(dataset, visit)
    return dataset


def _fill_patient(dataset: Dataset, visit: Visit) -> None:
    person = visit.person
    dataset.PatientName = person.name
    dataset.PatientID = person.patient_id
    dataset.PatientBirthDate = person.birth_date
    dataset.PatientSex = person.sex
    dataset.PatientAge = person.age
    dataset.PatientAddress = person.address
    dataset.PatientTelephoneNumbers = person.telephone
    dataset.PatientMotherBirthName = person.mother
    dataset.PatientComments = f"Lives at {person.address}; call {person.telephone}"


def _fill_study(dataset: Dataset, visit: Visit) -> None:
    dataset.StudyInstanceUID = uid(visit.label)
    dataset.StudyDate = visit.date
    dataset.StudyTime = visit.time
    dataset.StudyID = visit.accession[-4:]
    dataset.AccessionNumber = visit.accession
    dataset.StudyDescription = visit.description
    dataset.ReferringPhysicianName = visit.referrer
    dataset.PerformingPhysicianName = visit.performer
    dataset.OperatorsName = visit.operator


def _fill_equipment(dataset: Dataset, visit: Visit) -> None:
    dataset.Manufacturer = "Phantomworks"
    dataset.ManufacturerModelName = "Phantom 9"
    dataset.InstitutionName = visit.hospital
    dataset.InstitutionAddress = visit.hospital_address
    dataset.StationName = visit.station
    dataset.DeviceSerialNumber = visit.serial
    dataset.SoftwareVersions = "9.1"


def _fill_nested(dataset: Dataset, visit: Visit) -> None:
    """The same people again: in sequences, in private attributes, and in a sequence encoded as UN."""
    request = Dataset()
    request.AccessionNumber = visit.accession
    request.RequestedProcedureID = visit.request_id
    request.RequestedProcedureDescription = visit.description
    request.RequestingPhysician = visit.referrer
    dataset.RequestAttributesSequence = Sequence([request])
    other = Dataset()
    other.PatientID = f"{visit.person.patient_id}-OLD"
    other.TypeOfPatientID = "TEXT"
    dataset.OtherPatientIDsSequence = Sequence([other])
    modified = Dataset()
    modified.PatientName = visit.person.name.split("=")[0]
    original = Dataset()
    original.SourceOfPreviousValues = visit.hospital
    original.AttributeModificationDateTime = visit.date + visit.time
    original.ModifyingSystem = visit.station
    original.ReasonForTheAttributeModification = "CORRECT"
    original.ModifiedAttributesSequence = Sequence([modified])
    dataset.OriginalAttributesSequence = Sequence([original])
    block = dataset.private_block(0x0011, _CREATOR, create=True)
    block.add_new(0x01, "LO", f"scanned for {visit.person.patient_id}")
    block.add_new(0x02, "SQ", Sequence([modified]))
    block.add_new(0x03, "UN", visit.person.name.encode("utf-8")[:40].ljust(40))
    name = visit.person.name.split("=")[0].encode("ascii", "replace")
    name += b" " * (len(name) % 2)
    element = _ELEMENT_OF_ITEM + len(name).to_bytes(4, "little") + name
    block.add_new(0x04, "UN", b"\xfe\xff\x00\xe0" + len(element).to_bytes(4, "little") + element)
