"""A whole instance by the `tcia` profile: planned, written, verified; what must stay is there, what must go is not."""

from __future__ import annotations

import io
import struct
from typing import Any

import pydicom
import pytest
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.sequence import Sequence
from pydicom.uid import UID, ExplicitVRLittleEndian, ImplicitVRLittleEndian

from deid.identity.dates import SECONDS_A_DAY, shift_date
from deid.identity.key import Key
from deid.instance import Deidentified, Deidentifier, Timings
from deid.profile import load_profile

PET = "1.2.840.10008.5.1.4.1.1.128"
UNIX = 1_246_975_385


@pytest.fixture(scope="module")
def tcia() -> Deidentifier:
    return Deidentifier(load_profile("tcia"), Key.generate(), pixels=False)


def _private(data: Dataset, *, as_un: bool) -> None:
    def add(tag: int, vr: str, value: Any) -> None:
        data.add_new(tag, "UN" if as_un else vr, _bytes(vr, value) if as_un else value)

    data.add_new(0x00090010, "LO", "gems_petd_01 ")
    add(0x00091005, "LO", "20090707120305.00")
    add(0x0009100D, "DT", "20090708120305.00")
    add(0x00091007, "UI", "1.2.3.4.1")
    add(0x00091009, "SH", "Rest for Roe^Jane")
    data.add_new(0x00090011, "LO", "GEMS_IDEN_01")
    add(0x00091127, "SL", UNIX)
    add(0x00091130, "SH", "some serial")
    data.add_new(0x00090012, "LO", "NOBODY KNOWS THIS")
    add(0x00091201, "LO", "Roe^Jane")
    data.add_new(0x00090013, "LO", "OF ROE^JANE")
    add(0x00091301, "LO", "something")


def _bytes(vr: str, value: Any) -> bytes:
    data = struct.pack("<l", value) if vr == "SL" else str(value).encode()
    return data + (b"\0" if vr == "UI" else b" ") * (len(data) % 2)


def _instance(*, as_un: bool) -> Dataset:
    data, item, dose = Dataset(), Dataset(), Dataset()
    data.SOPClassUID, data.SOPInstanceUID = UID(PET), UID("1.2.3.4.1")
    data.StudyInstanceUID, data.SeriesInstanceUID = UID("1.2.3.4.2"), UID("1.2.3.4.3")
    data.PatientName, data.PatientID, data.PatientBirthDate, data.PatientSex = "Roe^Jane", "MRN-448812", "19520704", "F"
    data.PatientAge, data.PatientWeight, data.EthnicGroup = "057Y", "61.5", "none given"
    data.StudyDate, data.SeriesDate, data.StudyTime, data.ContentDate = "20090707", "20090708", "120305", "2009"
    data.AcquisitionDateTime = "20090707120305.123+0200"
    data.AccessionNumber, data.StudyID, data.SeriesNumber = "ACC-99182", "77812", "20090707"
    data.InstitutionName, data.StationName, data.DeviceSerialNumber = "St. Elsewhere Clinic", "PET07", "SN-55-21"
    data.StudyDescription = "PET whole body for Roe^Jane 20090707"
    data.Manufacturer, data.Modality, data.CodingSchemeUID = "GE MEDICAL SYSTEMS", "PT", UID("1.2.3.4.9")
    data.ClinicalTrialSponsorName, data.ClinicalTrialSubjectID = "ACRIN", "Roe-17"
    dose.RadiopharmaceuticalStartDateTime, dose.RadionuclideTotalDose = "20090707110000", "370000000"
    data.RadiopharmaceuticalInformationSequence = Sequence([dose])
    item.ReferencedSOPClassUID, item.ReferencedSOPInstanceUID = UID(PET), data.SOPInstanceUID
    _private(item, as_un=as_un)
    _private(data, as_un=as_un)
    data.ReferencedImageSequence = Sequence([item])
    return data


@pytest.fixture(
    scope="module", params=[(False, False), (True, False), (False, True)], ids=["explicit", "UN", "implicit"]
)
def released(
    request: pytest.FixtureRequest, tcia: Deidentifier, tmp_path_factory: pytest.TempPathFactory
) -> Deidentified:
    as_un, implicit = request.param
    data = _instance(as_un=as_un)
    data.file_meta = FileMetaDataset()
    data.file_meta.TransferSyntaxUID = ImplicitVRLittleEndian if implicit else ExplicitVRLittleEndian
    path = tmp_path_factory.mktemp("in") / "pet.dcm"
    data.save_as(path, enforce_file_format=True)
    return tcia.deidentify(path, Timings())


@pytest.fixture
def new(released: Deidentified) -> Dataset:
    return pydicom.dcmread(io.BytesIO(released.data))


def moved(released: Deidentified, text: str) -> str | None:
    return shift_date(text, "DT", released.subject.date_offset_days)


def test_public_attributes(released: Deidentified, new: Dataset) -> None:
    assert new.PatientID == released.subject.pseudonym
    assert not new.PatientBirthDate
    assert (new.PatientSex, new.PatientAge, new.PatientWeight, new.EthnicGroup) == ("F", "057Y", 61.5, "none given")
    assert (new.StudyDate, new.SeriesDate) == (moved(released, "20090707"), moved(released, "20090708"))
    assert new.AcquisitionDateTime == moved(released, "20090707120305.123+0200")
    assert new.RadiopharmaceuticalInformationSequence[0].RadiopharmaceuticalStartDateTime == moved(
        released, "20090707110000"
    )
    assert str(new.SeriesNumber) == moved(released, "20090707")
    assert new.StudyTime == "120305"
    assert not new.get("ContentDate")
    assert not new.AccessionNumber
    assert not new.StudyID
    assert "InstitutionName" not in new
    assert "StationName" not in new
    assert (new.DeviceSerialNumber, new.Manufacturer) == ("SN-55-21", "GE MEDICAL SYSTEMS")
    assert new.StudyDescription.startswith("PET whole body")
    assert new.ClinicalTrialSponsorName == "ACRIN"
    assert new.CodingSchemeUID.startswith("2.25.")


def test_private_attributes_also_in_a_sequence(released: Deidentified, new: Dataset) -> None:
    for data in (new, new.ReferencedImageSequence[0]):
        values = {tag: data[tag].value for tag in map(int, data.keys()) if tag >> 16 == 0x0009}
        texts = {tag: value.decode() if isinstance(value, bytes) else str(value) for tag, value in values.items()}
        assert texts[0x00091005].strip() == moved(released, "20090707120305.00")
        assert texts[0x0009100D].strip() == moved(released, "20090708120305.00")
        assert texts[0x00091007].strip("\0") == new.SOPInstanceUID
        assert texts[0x00091009].strip().startswith("Rest")
        seconds = values[0x00091127]
        seconds = struct.unpack("<l", seconds)[0] if isinstance(seconds, bytes) else seconds
        assert seconds == UNIX + released.subject.date_offset_days * SECONDS_A_DAY
        assert {0x00090010, 0x00090011, 0x00090012} <= values.keys()
        assert not {0x00090013, 0x00091130, 0x00091201, 0x00091301} & values.keys()


def test_nothing_of_the_patient_is_left(released: Deidentified) -> None:
    for original in (
        b"Roe",
        b"MRN-448812",
        b"20090707",
        b"20090708",
        b"19520704",
        b"ACC-99182",
        b"Elsewhere",
        b"1.2.3.4.",
    ):
        assert original not in released.data


def test_marks(new: Dataset) -> None:
    assert new.LongitudinalTemporalInformationModified == "MODIFIED"
    codes = {item.CodeValue for item in new.DeidentificationMethodCodeSequence}
    assert codes == {"113100", "113104", "113105", "113107", "113108", "113109", "113111"}
