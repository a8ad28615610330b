"""Content items: what an attribute loses they lose, too (PS3.15 E.3.4); measurements and public codes stay."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence

from deid.identity.subject import subject_of
from deid.profile import load_profile
from deid.text import TextEngine

UCUM, DCM, LN, SCT = "UCUM", "DCM", "LN", "SCT"
CLEANED = ["clean-structured-content", "retain-longitudinal-modified-dates"]


def code(value: str, scheme: str, meaning: str = "as named") -> Sequence:
    item = Dataset()
    item.CodeValue, item.CodingSchemeDesignator, item.CodeMeaning = value, scheme, meaning
    return Sequence([item])


def content(concept: tuple[str, str], **values: object) -> Dataset:
    item = Dataset()
    item.RelationshipType = "HAS OBS CONTEXT"
    item.ConceptNameCodeSequence = code(*concept)
    for keyword, value in values.items():
        setattr(item, keyword, value)
    return item


def measured(concept: tuple[str, str], value: str, *, scheme: str = UCUM, unit: str = "mm") -> Dataset:
    number = Dataset()
    number.NumericValue, number.FloatingPointValue = value, float(value)
    number.MeasurementUnitsCodeSequence = code(unit, scheme)
    return content(concept, ValueType="NUM", MeasuredValueSequence=Sequence([number]))


def report(*items: Dataset, **values: object) -> Dataset:
    dataset = Dataset()
    dataset.SOPClassUID, dataset.SOPInstanceUID = "1.2.840.10008.5.1.4.1.1.88.33", "1.2.3.4"
    dataset.PatientID = "PX-1"
    for keyword, value in values.items():
        setattr(dataset, keyword, value)
    dataset.ContentSequence = Sequence(items)
    return dataset


def made(deid: Any, dataset: Dataset, *options: str, profile: str = "basic") -> Dataset:
    room: Any = replace(deid, profile=load_profile(profile, options), scrub=TextEngine())
    result: Dataset = room.apply(dataset)
    return result


@pytest.mark.parametrize(
    ("concept", "text"),
    [
        ("128774", "thistlei"),  # Person Observer's Login Name
        ("113871", "KX-44"),  # Person ID
        ("121016", "SN-4471"),  # Device Observer Serial Number
        ("121017", "room 4"),  # Device Observer Physical Location
        ("121041", "S-99"),  # Specimen Identifier
        ("121022", "A-1"),  # Accession Number
    ],
)
def test_identity_of_observers_devices_and_specimens_goes(concept: str, text: str, deid: Any) -> None:
    dataset = report(content((concept, DCM), ValueType="TEXT", TextValue=text))
    new = made(deid, dataset, *CLEANED).ContentSequence[0]
    assert new.TextValue not in {text, ""}
    assert new.ConceptNameCodeSequence[0].CodeValue == concept


def test_what_an_option_keeps_as_an_attribute_stays_as_an_item(deid: Any) -> None:
    serial = content(("121016", DCM), ValueType="TEXT", TextValue="SN-4471")
    age = measured(("121033", DCM), "68", unit="a")
    options = (*CLEANED, "retain-device-identity", "retain-patient-characteristics")
    new = made(deid, report(serial, age), *options).ContentSequence
    assert new[0].TextValue == "SN-4471"
    assert new[1].MeasuredValueSequence[0].NumericValue == 68


def test_a_date_of_birth_does_not_give_the_offset_away(deid: Any) -> None:
    born = content(("121031", DCM), ValueType="DATE", Date="19540823")
    done = content(("111060", DCM), ValueType="DATE", Date="20240302")
    for options in (CLEANED, ["clean-structured-content", "retain-longitudinal-full-dates"]):
        new = made(deid, report(born, done), *options).ContentSequence
        assert new[0].Date == "19000101"
        assert new[1].Date not in {"19000101", ""}


def test_the_subject_becomes_the_pseudonym(deid: Any) -> None:
    subject = content(("121030", DCM), ValueType="TEXT", TextValue="PX-1")
    name = content(("121029", DCM), ValueType="PNAME", PersonName="Quarterman^Jessamine")
    new = made(deid, report(subject, name, PatientName="Quarterman^Jessamine"), *CLEANED)
    assert [new.ContentSequence[0].TextValue, new.ContentSequence[1].PersonName] == [new.PatientID, new.PatientName]


@pytest.mark.parametrize(("profile", "options"), [("basic", ()), ("basic", CLEANED), ("tcia", ())])
def test_measurements_stay(profile: str, options: tuple[str, ...], deid: Any) -> None:
    path = content(("121055", DCM), ValueType="SCOORD", GraphicType="POLYLINE", GraphicData=[1.5, 2.0, 3.0, 4.0])
    axis = measured(("103339001", SCT), "23.40")
    axis.ContentSequence = Sequence([path])
    new = made(deid, report(axis), *options, profile=profile).ContentSequence[0]
    number = new.MeasuredValueSequence[0]
    assert (str(number.NumericValue), number.FloatingPointValue) == ("23.40", 23.4)
    assert new.ContentSequence[0].GraphicData == [1.5, 2.0, 3.0, 4.0]


@pytest.mark.parametrize("options", [(), CLEANED])
@pytest.mark.parametrize("concept", [("121033", DCM), ("29463-7", LN), ("27113001", SCT), ("8302-2", LN)])
def test_age_weight_and_height_go(concept: tuple[str, str], options: tuple[str, ...], deid: Any) -> None:
    new = made(deid, report(measured(concept, "68")), *options).ContentSequence[0]
    assert new["MeasuredValueSequence"].is_empty  # type 2
    assert "68" not in str(new)


def test_a_number_of_no_public_unit_has_a_dummy_in_each_form(deid: Any) -> None:
    new = made(deid, report(measured(("N1", "99HOSP"), "73619482", scheme="99HOSP"))).ContentSequence[0]
    number = new.MeasuredValueSequence[0]
    assert (number.NumericValue, number.FloatingPointValue) == (0, 0.0)


def test_annotations_of_waveforms_keep_their_measurements(deid: Any) -> None:
    interval = Dataset()
    interval.ConceptNameCodeSequence = code("5.10.2.1-3", "SCPECG", "QT Interval")
    interval.NumericValue, interval.MeasurementUnitsCodeSequence = "412", code("ms", UCUM, "millisecond")
    interval.AnnotationGroupNumber = 1
    dataset = report(WaveformAnnotationSequence=Sequence([interval]))
    dataset.SOPClassUID = "1.2.840.10008.5.1.4.1.1.9.1.1"
    new = made(deid, dataset).WaveformAnnotationSequence[0]
    assert new.NumericValue == 412
    assert new.ConceptNameCodeSequence[0].CodeMeaning == "QT Interval"


def test_specimen_preparation_names_no_specimen_and_nobody(deid: Any) -> None:
    steps = [
        content(("121041", DCM), ValueType="TEXT", TextValue="S23-9981"),
        content(("111703", DCM), ValueType="PNAME", PersonName="Oldcastle^Marguerite"),
        content(("424361007", SCT), ValueType="CODE", ConceptCodeSequence=code("12710003", SCT, "hematoxylin stain")),
    ]
    preparation, specimen = Dataset(), Dataset()
    preparation.SpecimenPreparationStepContentItemSequence = Sequence(steps)
    specimen.SpecimenIdentifier, specimen.SpecimenPreparationSequence = "S23-9981-A1", Sequence([preparation])
    dataset = report(SpecimenDescriptionSequence=Sequence([specimen]))
    dataset.SOPClassUID = "1.2.840.10008.5.1.4.1.1.77.1.6"
    new = made(deid, dataset, profile="tcia")
    prepared = new.SpecimenDescriptionSequence[0].SpecimenPreparationSequence[0]
    items = prepared.SpecimenPreparationStepContentItemSequence
    assert not [name for name in ("9981", "Oldcastle") if name in str(new)]
    assert items[0].TextValue
    assert items[1].PersonName  # type 1C
    assert items[2].ConceptCodeSequence[0].CodeMeaning == "hematoxylin stain"


def test_identifiers_of_items_are_found_in_other_texts(deid: Any) -> None:
    """The header of a report may lack what its observation context has: another ID, another hospital."""
    subject = content(("121030", DCM), ValueType="TEXT", TextValue="QX-9173-B")
    hospital = content(("121009", DCM), ValueType="TEXT", TextValue="Larkspur Infirmary")
    comment = content(("121106", DCM), ValueType="TEXT", TextValue="QX-9173-B seen at Larkspur, mass of 23 mm")
    dataset = report(subject, hospital, comment)
    known = subject_of(dataset, deid.key).known_values
    room = replace(deid, subject=replace(deid.subject, known_values=known))
    text = made(room, dataset, *CLEANED).ContentSequence[2].TextValue
    assert "9173" not in text
    assert "Larkspur" not in text
    assert "mass of 23 mm" in text
    assert {value.keyword for value in known} == {"PatientID", "InstitutionName"}
