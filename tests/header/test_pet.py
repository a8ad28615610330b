"""Uptake values (SUV) of PET computed from a de-identified image are those of the original, over midnight, too."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence

from deid.profile import load_profile
from deid.text import TextEngine

OPTIONS = ("retain-longitudinal-modified-dates", "retain-patient-characteristics")
PHILIPS, GE = 0x70530010, 0x00090010


def image() -> Dataset:
    """Injected before midnight, scanned after it; with the private values that vendors use instead."""
    isotope, dataset = Dataset(), Dataset()
    isotope.RadiopharmaceuticalStartTime = "230500.00"
    isotope.RadiopharmaceuticalStartDateTime = "20230817230500.000000+0100"
    isotope.RadionuclideTotalDose, isotope.RadionuclideHalfLife = "351000000", "6586.2"
    dataset.set_original_encoding(is_implicit_vr=False, is_little_endian=True)
    dataset.SOPClassUID, dataset.SOPInstanceUID = "1.2.840.10008.5.1.4.1.1.128", "1.2.3.4"
    dataset.PatientWeight, dataset.PatientSize, dataset.PatientSex = "71.5", "1.64", "F"
    dataset.SeriesDate, dataset.SeriesTime = "20230818", "000412.25"
    dataset.AcquisitionDate, dataset.AcquisitionTime = "20230818", "000500"
    dataset.DecayCorrection, dataset.Units = "START", "BQML"
    dataset.RescaleSlope, dataset.RescaleIntercept = "0.5231", "0"
    dataset.RadiopharmaceuticalInformationSequence = Sequence([isotope])
    dataset.add_new(PHILIPS, "LO", "Philips PET Private Group")
    dataset.add_new(0x70531000, "DS", "0.000721")
    dataset.add_new(GE, "LO", "GEMS_PETD_01")
    dataset.add_new(0x0009100D, "DT", "20230818000412.00")
    return dataset


def uptake_factor(dataset: Dataset) -> float:
    """What a stored value is multiplied by (QIBA's vendor-neutral way: decay from injection to the series' start)."""
    isotope = dataset.RadiopharmaceuticalInformationSequence[0]
    injected = moment(isotope.RadiopharmaceuticalStartDateTime[:14])
    started = moment(dataset.SeriesDate + dataset.SeriesTime[:6])
    decayed = float(isotope.RadionuclideTotalDose) * 2 ** (
        -(started - injected).total_seconds() / float(isotope.RadionuclideHalfLife)
    )
    return float(dataset.RescaleSlope) * float(dataset.PatientWeight) * 1000 / decayed


def moment(text: str) -> datetime:
    return datetime.strptime(text, "%Y%m%d%H%M%S").replace(tzinfo=UTC)


@pytest.mark.parametrize(("profile", "options"), [("basic", OPTIONS), ("tcia", ())])
def test_uptake_values_stay(profile: str, options: tuple[str, ...], deid: Any) -> None:
    room = replace(deid, profile=load_profile(profile, options), scrub=TextEngine())
    original = image()
    new = room.apply(original)
    assert new.SeriesDate != original.SeriesDate
    assert uptake_factor(new) == uptake_factor(original)
    isotope, before = (data.RadiopharmaceuticalInformationSequence[0] for data in (new, original))
    assert isotope.RadiopharmaceuticalStartTime == before.RadiopharmaceuticalStartTime
    assert moment(new.AcquisitionDate + "000000") - moment(new.SeriesDate + "000000") == moment(
        original.AcquisitionDate + "000000"
    ) - moment(original.SeriesDate + "000000")


def test_vendors_own_uptake_values_stay(deid: Any) -> None:
    new = replace(deid, profile=load_profile("tcia"), scrub=TextEngine()).apply(image())
    assert new[0x70531000].value == 0.000721
    assert new[0x0009100D].value[:8] == new.SeriesDate
