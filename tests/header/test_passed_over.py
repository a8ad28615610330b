"""What Table E.1-1 passes over though it identifies: gone under every profile, unless a rule keeps it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence

from deid.header.passed_over import is_prose
from deid.profile import load_profile
from deid.text import TextEngine

PROFILES = ["basic", "tcia"]


def made(deid: Any, profile: str, dataset: Dataset) -> Dataset:
    room: Any = replace(deid, profile=load_profile(profile), scrub=TextEngine())
    result: Dataset = room.apply(dataset)
    return result


def instance(**values: object) -> Dataset:
    dataset = Dataset()
    dataset.set_original_encoding(is_implicit_vr=False, is_little_endian=True)
    dataset.SpecificCharacterSet = "ISO_IR 192"
    dataset.SOPClassUID = "1.2.840.10008.5.1.4.1.1.2"
    for keyword, value in values.items():
        setattr(dataset, keyword, value)
    return dataset


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("value", ["S28.04.17", "昭和28年4月17日", "1372/07/15"])
def test_birth_and_death_in_another_calendar(profile: str, value: str, deid: Any) -> None:
    dataset = instance(
        PatientBirthDateInAlternativeCalendar=value,
        PatientDeathDateInAlternativeCalendar=value,
        PatientAlternativeCalendar="JAPANESE",
    )
    new = made(deid, profile, dataset)
    assert "PatientBirthDateInAlternativeCalendar" not in new
    assert "PatientDeathDateInAlternativeCalendar" not in new


@pytest.mark.parametrize("profile", PROFILES)
def test_urls_of_the_archive(profile: str, deid: Any) -> None:
    url = "https://pacs.example.org/wado/studies/1.2.826.0.1.3680043.9.1.5/series/1.2.826.0.1.3680043.9.1.6"
    reference = instance(RetrieveURL=url, RetrieveURI=url, StudyInstanceUID="1.2.3")
    dataset = instance(RetrieveURL=url, PixelDataProviderURL=url, ReferencedStudySequence=Sequence([reference]))
    assert "pacs.example.org" not in str(made(deid, profile, dataset))


@pytest.mark.parametrize("profile", PROFILES)
def test_orders_discs_and_the_network_of_the_hospital(profile: str, deid: Any) -> None:
    dataset = instance(
        TimeSource="ntp1.mercy.example",
        NTPSourceAddress="10.17.3.9",
        PlacerOrderNumberImagingServiceRequestRetired="4711",
        FillerOrderNumberImagingServiceRequestRetired="4712",
        StorageMediaFileSetID="PEMBERTON_H",
    )
    new = made(deid, profile, dataset)
    assert not [keyword for keyword in ("TimeSource", "NTPSourceAddress", "StorageMediaFileSetID") if keyword in new]
    assert not [tag for tag in (0x00402006, 0x00402007) if tag in new]


@pytest.mark.parametrize(
    ("profile", "options", "left"),
    [("basic", (), ""), ("tcia", (), ""), ("basic", ("retain-device-identity",), "MERCY LINAC 2")],
)
def test_a_machine_goes_by_either_of_its_names(profile: str, options: tuple[str, ...], left: str, deid: Any) -> None:
    dataset = instance(RadiationMachineName="MERCY LINAC 2")
    room: Any = replace(deid, profile=load_profile(profile, options), scrub=TextEngine())
    assert room.apply(dataset).RadiationMachineName == left


@pytest.mark.parametrize("profile", PROFILES)
def test_strangers_in_prose_that_no_rule_names(profile: str, deid: Any) -> None:
    dataset = instance(
        CommentsOnTheScheduledProcedureStep="Pt of Dr. Harold Pemberton, call 555-201-8834",
        ContentDescription="Segmented by Marguerite Oldcastle",
        PartialViewDescription="Mr. Pemberton could not stand",
        AcquisitionProtocolName="Brain by Dr. Pemberton",
        RTImageLabel="Dr. Pemberton",
    )
    text = str(made(deid, profile, dataset))
    assert not [name for name in ("Pemberton", "555-201", "Oldcastle") if name in text]
    assert "could not stand" in text


@pytest.mark.parametrize("profile", PROFILES)
def test_codes_and_technical_texts_stay(profile: str, deid: Any) -> None:
    kept = {
        "CodingSchemeURL": "http://loinc.org",
        "CodingSchemeResponsibleOrganization": "Kuratorium OFFIS e.V., Escherweg 2, 26121 Oldenburg, Germany",
        "URNCodeValue": "urn:lex:us:federal:codified.regulation:2013-04-25;45CFR164",
        "SoftwareVersions": "4100180305 2010/06/30",
        "ManufacturerModelName": "https://github.com/QIICR/dcmqi.git",
        "Manufacturer": "Mortara Instrument, Inc.",
        "ContentDescription": "Otsu threshold, closed by 3 px",
        "AcquisitionProtocolName": "2.5 mm Bone",
        "SegmentLabel": "Left Kidney",
        "BeamName": "ARC1 CW",
        "PartialViewDescription": "Nipple not in profile",
    }
    new = made(deid, profile, instance(**kept))
    assert {keyword: new.get(keyword) for keyword in kept} == kept


def test_a_rule_that_names_one_decides(deid: Any) -> None:
    room = deid.with_rules({0x00100033: "K", 0x00081190: "K"})
    new = room.apply(instance(PatientBirthDateInAlternativeCalendar="S28.04.17", RetrieveURL="http://a.example"))
    assert new.PatientBirthDateInAlternativeCalendar == "S28.04.17"
    assert new.RetrieveURL == "http://a.example"


def test_coding_schemes_are_no_prose() -> None:
    assert is_prose(0x00700081, "LO")  # Content Description
    assert not is_prose(0x00080104, "LO")  # Code Meaning
    assert not is_prose(0x00080070, "LO")  # Manufacturer


@pytest.mark.parametrize("profile", PROFILES)
def test_encrypted_originals_of_an_earlier_de_identification(profile: str, deid: Any) -> None:
    encrypted = instance(EncryptedContent=b"0\x82\x01\x00", EncryptedContentTransferSyntaxUID="1.2.840.10008.1.2.1")
    (item,) = made(
        deid, profile, instance(EncryptedAttributesSequence=Sequence([encrypted]))
    ).EncryptedAttributesSequence
    assert item.get("EncryptedContent", b"").strip(b"\0") == b""


@pytest.mark.parametrize("profile", PROFILES)
def test_full_names_in_what_staff_type_for_a_patient(profile: str, deid: Any) -> None:
    dataset = instance(
        ContentDescription="Hot Iron",
        DoseComment="Lopez Garcia Maria",
        TargetLabel="J. Whitcombe",
        SegmentSequence=Sequence([instance(SegmentLabel="GTV Anna Schmidt"), instance(SegmentLabel="Left Kidney")]),
        BeamSequence=Sequence([instance(BeamName="1 G180 LAO"), instance(BeamName="Alvarez, J")]),
        OpticalPathSequence=Sequence([instance(OpticalPathDescription="Congo Red")]),
    )
    new = made(deid, profile, dataset)
    assert (new.ContentDescription, new.DoseComment, new.TargetLabel) == ("Hot Iron", "", "")
    assert [item.SegmentLabel for item in new.SegmentSequence] == ["GTV", "Left Kidney"]
    assert [item.BeamName for item in new.BeamSequence] == ["1 G180 LAO", ""]
    assert new.OpticalPathSequence[0].OpticalPathDescription == "Congo Red"  # a stain, and a place and a name


@pytest.mark.parametrize("profile", PROFILES)
def test_whose_hanging_protocol_it_is(profile: str, deid: Any) -> None:
    user = Dataset()
    user.CodeValue, user.CodingSchemeDesignator, user.CodeMeaning = "T1", "99HOSP", "Oldcastle"
    dataset = instance(
        SOPClassUID="1.2.840.10008.5.1.4.38.1",
        HangingProtocolName="OLDCASTLE CT",
        HangingProtocolCreator="Oldcastle^Marguerite",
        HangingProtocolUserIdentificationCodeSequence=Sequence([user]),
        HangingProtocolUserGroupName="Ravenscourt Infirmary",
    )
    new = made(deid.knowing("Oldcastle"), profile, dataset)
    assert not [name for name in ("oldcastle", "ravenscourt") if name in str(new).casefold()]
    assert new.HangingProtocolName  # type 1
    assert new.HangingProtocolCreator  # type 1
    assert new["HangingProtocolUserIdentificationCodeSequence"].is_empty  # type 2


@pytest.mark.parametrize("profile", PROFILES)
def test_layers_named_after_somebody_still_belong_to_their_annotations(profile: str, deid: Any) -> None:
    layer, other, text, annotation = (Dataset() for _ in range(4))
    layer.GraphicLayer, other.GraphicLayer = "OLDCASTLE", "LAYER2"
    text.UnformattedTextValue = "nodule"
    annotation.GraphicLayer, annotation.TextObjectSequence = "OLDCASTLE", Sequence([text])
    dataset = instance(
        SOPClassUID="1.2.840.10008.5.1.4.1.1.11.1",
        GraphicLayerSequence=Sequence([layer, other]),
        GraphicAnnotationSequence=Sequence([annotation]),
    )
    new = made(deid.knowing("Oldcastle"), profile, dataset)
    layers = [item.GraphicLayer for item in new.GraphicLayerSequence]
    assert layers[0] not in {"", "OLDCASTLE"}
    assert layers[1] == "LAYER2"
    assert new.GraphicAnnotationSequence[0].GraphicLayer == layers[0]


@pytest.mark.parametrize("profile", PROFILES)
def test_segments_named_after_somebody_still_have_labels(profile: str, deid: Any) -> None:
    segments = [instance(SegmentLabel=label, TrackingID=label) for label in ("Oldcastle", "Liver", "Oldcastle")]
    dataset = instance(SOPClassUID="1.2.840.10008.5.1.4.1.1.66.4", SegmentSequence=Sequence(segments))
    new = made(deid.knowing("Oldcastle"), profile, dataset)
    labels = [segment.SegmentLabel for segment in new.SegmentSequence]
    assert labels[0] == labels[2] not in {"", "Oldcastle"}
    assert labels[1] == "Liver"
    assert all(segment.TrackingID == segment.SegmentLabel for segment in new.SegmentSequence)


def test_a_cleaned_text_of_which_nothing_is_left_stays_empty(deid: Any) -> None:
    ticks = instance(MajorTicksSequence=Sequence([instance(TickPosition=1.0, TickLabel="Oldcastle")]))
    annotation = instance(GraphicLayer="LAYER1", CompoundGraphicSequence=Sequence([ticks]))
    dataset = instance(GraphicAnnotationSequence=Sequence([annotation]))
    dataset.SOPClassUID = "1.2.840.10008.5.1.4.1.1.11.1"
    room: Any = replace(deid, profile=load_profile("basic", ["clean-graphics"]), scrub=TextEngine())
    new = room.knowing("Oldcastle").apply(dataset)
    tick = new.GraphicAnnotationSequence[0].CompoundGraphicSequence[0].MajorTicksSequence[0]
    assert tick["TickLabel"].value == ""
    assert tick.TickPosition == 1.0


def test_a_text_of_which_nothing_is_left_stays_empty(deid: Any) -> None:
    """Nobody knows the type of an attribute that the table does not list: empty, it is valid for type 2 and 3."""
    device = instance(FixationDeviceType="MASK", FixationDeviceLabel="Oldcastle", FixationDevicePosition="A1")
    dataset = instance(PatientSetupSequence=Sequence([instance(FixationDeviceSequence=Sequence([device]))]))
    new = made(deid.knowing("Oldcastle"), "basic", dataset)
    kept = new.PatientSetupSequence[0].FixationDeviceSequence[0]
    assert kept["FixationDeviceLabel"].value == ""
    assert kept.FixationDevicePosition == "A1"


@pytest.mark.parametrize("profile", PROFILES)
def test_who_gave_out_a_number_is_the_hospital(profile: str, deid: Any) -> None:
    issuer = Dataset()
    issuer.LocalNamespaceEntityID = "STMARYRIS"
    issuer.UniversalEntityID = "ris.stmary.example"
    issuer.UniversalEntityIDType = "DNS"
    specimen = Dataset()
    specimen.IssuerOfTheSpecimenIdentifierSequence = Sequence([issuer])
    mine = Dataset()
    mine.IssuerOfPatientID = "STMARYMPI"
    mine.IssuerOfPatientIDQualifiersSequence = Sequence([issuer])
    dataset = instance(
        IssuerOfAccessionNumberSequence=Sequence([issuer]),
        IssuerOfPatientIDQualifiersSequence=Sequence([issuer]),
        OrderPlacerIdentifierSequence=Sequence([issuer]),
        OrderFillerIdentifierSequence=Sequence([issuer]),
        IssuerOfTheContainerIdentifierSequence=Sequence([issuer]),
        SpecimenDescriptionSequence=Sequence([specimen]),
        ReferencedPatientSequence=Sequence([mine]),
    )
    new = made(deid, profile, dataset)
    assert "stmary" not in str(new).lower()
    assert "IssuerOfAccessionNumberSequence" not in new
    # TCIA's tables process those of specimens item by item: half a host is no better than all of it.
    left = [
        (item.LocalNamespaceEntityID, item.UniversalEntityID) for item in new.IssuerOfTheContainerIdentifierSequence
    ]
    assert len(left) == (profile == "tcia")
    assert all(len(name) == len(host) == 8 for name, host in left)


@pytest.mark.parametrize("profile", PROFILES)
def test_documents_files_and_animals(profile: str, deid: Any) -> None:
    document, breed = Dataset(), Dataset()
    document.HL7InstanceIdentifier = "2.16.840.1.113883.19.4.27^TR-9981223"
    breed.BreedRegistrationNumber = "KC77812399"
    dataset = instance(
        HL7StructuredDocumentReferenceSequence=Sequence([document]), BreedRegistrationSequence=Sequence([breed])
    )
    dataset.add_new(0x00041130, "CS", "PEMBERTON_J")
    dataset.add_new(0x00041500, "CS", ["PEMBERT", "IM1"])
    new = made(deid, profile, dataset)
    assert not [value for value in ("9981223", "77812399", "PEMBERT") if value in str(new)]
    # Type 1 where they stand.
    assert new.HL7StructuredDocumentReferenceSequence[0].HL7InstanceIdentifier
    assert new.BreedRegistrationSequence[0].BreedRegistrationNumber


@pytest.mark.parametrize("profile", PROFILES)
def test_a_uid_of_the_study_is_replaced_wherever_it_is_asked_for(profile: str, deid: Any) -> None:
    study, ct = "1.2.826.0.1.3680043.9.7133.1", "1.2.840.10008.5.1.4.1.1.2"
    selectors = [Dataset(), Dataset()]
    selectors[0].SelectorUIValue, selectors[1].SelectorUIValue = study, ct
    dataset = instance(StudyInstanceUID=study, ModelGroupUID=study, ImageSetSelectorSequence=Sequence(selectors))
    new = made(deid, profile, dataset)
    assert new.StudyInstanceUID != study
    assert new.ModelGroupUID == new.StudyInstanceUID == new.ImageSetSelectorSequence[0].SelectorUIValue
    assert new.ImageSetSelectorSequence[1].SelectorUIValue == ct


@pytest.mark.parametrize("profile", PROFILES)
def test_reasons_and_timers_that_name_someone(profile: str, deid: Any) -> None:
    dataset = instance(
        PotentialReasonsForProcedure=["for Dr. Pemberton", "lung cancer"], EventTimerNames=["Dr Pemberton", "Rest"]
    )
    new = made(deid, profile, dataset)
    assert "Pemberton" not in str(new)
    assert new.PotentialReasonsForProcedure[1] == "lung cancer"
    assert new.EventTimerNames[1] == "Rest"
