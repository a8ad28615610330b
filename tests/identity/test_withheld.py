"""Which identifying values are no secret of a release: those that a rule keeps on purpose, and no others."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from pydicom.dataset import Dataset

from deid.identity.key import Key
from deid.identity.subject import subject_of
from deid.identity.withheld import withheld
from deid.instance import Deidentifier, Timings
from deid.profile import load_profile
from deid.reading import read_instance

if TYPE_CHECKING:
    from pathlib import Path

NAME = "Quixworthy^Zebulonia"


def dataset_with(tag: int, vr: str, value: str) -> Dataset:
    dataset = Dataset()
    dataset.SOPClassUID, dataset.SOPInstanceUID = "1.2.840.10008.5.1.4.1.1.7", "1.2.3"
    dataset.PatientName, dataset.InstitutionName = NAME, "Saint Quillon"
    dataset.add_new(tag, vr, value)
    return dataset


def secrets(dataset: Dataset, *options: str) -> set[str]:
    known = subject_of(dataset, Key(bytes(32))).known_values
    return {value.text for value in withheld(known, load_profile("basic", options), dataset)}


@pytest.mark.parametrize(("tag", "vr"), [(0x0040A067, "PN"), (0x00420010, "PN"), (0x00402016, "LO")])
def test_a_name_in_an_attribute_that_no_rule_names_stays_secret(tag: int, vr: str) -> None:
    assert NAME in secrets(dataset_with(tag, vr, NAME))


def test_what_a_rule_keeps_is_no_secret() -> None:
    dataset = dataset_with(0x00080081, "ST", "Saint Quillon")
    assert "Saint Quillon" in secrets(dataset)
    assert "Saint Quillon" not in secrets(dataset, "retain-institution-identity")


@pytest.mark.parametrize("value", [NAME, "PX-7714011"])
@pytest.mark.parametrize(("tag", "vr"), [(0x00081010, "SH"), (0x00181000, "LO"), (0x00400242, "SH")])
def test_the_patients_name_and_id_stay_secret_where_a_station_is_called_by_them(tag: int, vr: str, value: str) -> None:
    dataset = dataset_with(tag, vr, value)
    dataset.PatientID = "PX-7714011"
    assert value in secrets(dataset, "retain-device-identity")


def test_the_name_is_cut_wherever_it_stands(tmp_path: Path) -> None:
    dataset = dataset_with(0x00420010, "PN", NAME)
    dataset.ICCProfile = b"icc" + NAME[:10].encode() + b"\0"
    dataset.PatientBirthDate = "19630714"
    dataset.add_new(0x00100033, "LO", "19630714")
    dataset.save_as(tmp_path / "in.dcm", implicit_vr=False, little_endian=True, enforce_file_format=False)
    done = Deidentifier(load_profile("basic"), Key.generate(), pixels=False).deidentify(tmp_path / "in.dcm", Timings())
    assert read_instance(tmp_path / "in.dcm").PatientName == NAME
    assert b"Quixworthy" not in done.data
    assert b"19630714" not in done.data
