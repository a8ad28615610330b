"""Synthetic PHI in the public attributes of a real file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydicom.datadict import dictionary_VR, tag_for_keyword
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence
from pydicom.uid import UID

from tests.bench.answer_key.checks import find
from tests.bench.answer_key.templates import Filled, fill, plain

if TYPE_CHECKING:
    from random import Random

    from tests.bench.answer_key.people import Patient

TEXTS = (
    "StudyDescription", "SeriesDescription", "ProtocolName", "ImageComments", "PatientComments", "StudyComments",
    "AdditionalPatientHistory", "RequestedProcedureDescription", "PerformedProcedureStepDescription", "ReasonForStudy",
    "DerivationDescription", "AdmittingDiagnosesDescription", "AcquisitionDeviceProcessingDescription",
    "CommentsOnThePerformedProcedureStep", "ContrastBolusAgent", "VisitComments", "AcquisitionComments",
    "ReasonForTheRequestedProcedure", "RequestedProcedureComments", "ImagingServiceRequestComments",
)  # fmt: skip
"""Attributes that the published rules clean."""
_UNLISTED = ("StationComments", "AcquisitionProtocolElementSpecification", "ScheduleDescription")
_PERSONS = {"ReferringPhysicianName": "doctor", "PerformingPhysicianName": "other_doctor", "OperatorsName": "operator"}
_DATES = ("StudyDate", "SeriesDate", "AcquisitionDate", "ContentDate", "InstanceCreationDate")
_FEW = 7


def inject(dataset: Dataset, patient: Patient, random: Random, number: int) -> dict[str, Filled]:
    """Put the patient into the data set; returns the texts by path, with what of each stays."""
    texts: dict[str, Filled] = {}
    _identity(dataset, patient, number)
    if number % 5 == 0:
        dataset.SeriesNumber = patient.study_date
    chosen = [TEXTS[(number * _FEW + step) % len(TEXTS)] for step in range(_FEW)]
    for step, keyword in enumerate(chosen):
        _text(dataset, "", keyword, patient, random, texts, number + 3 * step)
    _nested(dataset, patient, random, texts, number)
    _report(dataset, patient, random, texts, number)
    return texts


def _identity(dataset: Dataset, patient: Patient, number: int) -> None:
    dataset.PatientName = patient.person.dicom
    dataset.PatientID = patient.patient_id
    dataset.PatientBirthDate = patient.birth_date
    dataset.PatientSex, dataset.PatientAge = patient.sex, patient.age
    dataset.EthnicGroup = "W"
    dataset.AccessionNumber = patient.accession
    for keyword in _DATES:
        setattr(dataset, keyword, patient.study_date)
    dataset.AcquisitionDateTime = f"{patient.study_date}101512.25"
    dataset.StudyTime = "101512"
    dataset.StationName = patient.station
    dataset.ClinicalTrialSponsorName = "ACRIN"
    dataset.ClinicalTrialSiteID, dataset.ClinicalTrialSubjectID = "17", f"S-{patient.patient_id}"
    dataset.ClinicalTrialProtocolID = "6667"
    dataset.DeviceSerialNumber = f"{30000 + number}"
    if patient.known:
        for keyword, role in _PERSONS.items():
            setattr(dataset, keyword, getattr(patient, role).dicom)
        dataset.InstitutionName = patient.hospital.name
        dataset.InstitutionAddress = patient.address
        dataset.PatientAddress = patient.address
        dataset.PatientTelephoneNumbers = patient.phone
        dataset.OtherPatientNames = patient.person.dicom
    for keyword in ("StudyID", "ReferringPhysicianName"):
        if number % 4 == 1 and keyword in dataset:
            del dataset[keyword]  # type 2: the answer key wants it back, empty


def _text(
    dataset: Dataset, path: str, keyword: str, patient: Patient, random: Random, texts: dict[str, Filled], index: int
) -> None:
    tag = tag_for_keyword(keyword)
    if tag is None:
        raise LookupError(keyword)
    filled = fill(random, patient, dictionary_VR(tag), index) if index % 6 else plain(random, dictionary_VR(tag))
    as_un = index % 11 == 0 and not path
    data = filled.text.encode("latin-1")
    dataset.add_new(tag, "UN" if as_un else dictionary_VR(tag), data + b" " * (len(data) % 2) if as_un else filled.text)
    texts[f"{path}({tag >> 16:04X},{tag & 0xFFFF:04X})"] = filled


def _nested(dataset: Dataset, patient: Patient, random: Random, texts: dict[str, Filled], number: int) -> None:
    """A referenced series with dates, UIDs and texts, two levels deep; a request, which goes as a whole."""
    series, image, request = Dataset(), Dataset(), Dataset()
    series.SeriesInstanceUID = dataset.SeriesInstanceUID
    series.StudyDate = patient.study_date
    image.ReferencedSOPClassUID = dataset.SOPClassUID
    image.ReferencedSOPInstanceUID = UID(f"{patient.uid_root}.77.{number}")
    image.AcquisitionDateTime = f"{patient.study_date}111213"
    series.ReferencedSOPSequence = Sequence([image])
    dataset.ReferencedSeriesSequence = Sequence([series])
    _text(series, "(0008,1115)[0]", "SeriesDescription", patient, random, texts, 7 * number + 1)
    _text(image, "(0008,1115)[0](0008,1199)[0]", "ImageComments", patient, random, texts, 5 * number + 2)
    request.RequestedProcedureID = patient.accession
    request.RequestedProcedureDescription = fill(random, patient, "LO", number).text
    request.RequestingPhysician = patient.doctor.dicom
    dataset.RequestAttributesSequence = Sequence([request])


def _report(dataset: Dataset, patient: Patient, random: Random, texts: dict[str, Filled], number: int) -> None:
    """A sentence and a person in the content of a structured report."""
    if "ContentSequence" not in dataset:
        return
    text, person = Dataset(), Dataset()
    text.RelationshipType = person.RelationshipType = "CONTAINS"
    text.ValueType, person.ValueType = "TEXT", "PNAME"
    person.PersonName = patient.doctor.dicom
    items = dataset.ContentSequence
    items.append(text)
    items.append(person)
    path = f"(0040,A730)[{len(items) - 2}]"
    if find(dataset, path) is None:
        raise LookupError(path)
    _text(text, path, "TextValue", patient, random, texts, number)
