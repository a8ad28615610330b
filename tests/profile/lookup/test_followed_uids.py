"""UIDs, dates, people and devices that Table E.1-1 leaves out go by the rule of the attribute they are like."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from pydicom._dicom_dict import DicomDictionary
from pydicom.datadict import dictionary_VR

from deid.attributes.keywords import tag_of
from deid.profile import load_profile
from deid.profile.lookup.followed import FOLLOWED

if TYPE_CHECKING:
    from pathlib import Path

CONCATENATION_SOURCE, SOP_INSTANCE = 0x00200242, 0x00080018


def written(folder: Path, text: str) -> str:
    path = folder / "own.yaml"
    path.write_text(f"name: own\ntitle: Own\ndescription: For a test.\nextends: basic\n{text}\n")
    return str(path)


@pytest.mark.parametrize("tag", FOLLOWED, ids=lambda tag: f"{tag:08X}")
def test_they_change_and_stay_with_what_they_follow(tag: int) -> None:
    vr = dictionary_VR(tag)
    assert vr == dictionary_VR(FOLLOWED[tag])
    for profile in map(load_profile, ("basic", "tcia")):
        code = profile.rule_for(tag).code
        assert code == profile.rule_for(FOLLOWED[tag]).code
        assert (code == "U") is (vr == "UI")
    assert load_profile("basic").rule_for(tag).code != "K"


def test_no_date_time_or_name_of_the_dictionary_is_left_without_a_rule() -> None:
    profile = load_profile("basic")
    left = [
        keyword
        for tag, (vr, _, _, _, keyword) in DicomDictionary.items()
        if vr in {"DA", "DT", "TM", "PN"} and profile.rule_for(tag, vr=vr) == profile.unlisted
    ]
    assert not left


@pytest.mark.parametrize(
    ("option", "keyword", "code"),
    [
        ("retain-longitudinal-full-dates", "StudyUpdateDateTime", "K"),
        ("retain-longitudinal-modified-dates", "SecondaryReviewDate", "C"),
        ("retain-device-identity", "DateOfGainCalibration", "K"),
        ("retain-device-identity", "DeviceID", "K"),
        ("retain-uids", "ModelGroupUID", "K"),
        ("clean-descriptors", "RequestedProcedureDescriptionTrial", "C"),
    ],
)
def test_options_do_to_them_what_they_do_to_what_they_follow(option: str, keyword: str, code: str) -> None:
    assert load_profile("basic", [option]).rule_for(tag_of(keyword)).code == code


def test_the_option_on_uids_keeps_them() -> None:
    assert load_profile("basic", ["retain-uids"]).rule_for(CONCATENATION_SOURCE).code == "K"


def test_a_rule_of_ones_own_goes_first(tmp_path: Path) -> None:
    profile = load_profile(written(tmp_path, 'rules: [{tag: "(0020,0242)", action: keep}]'))
    assert (profile.rule_for(CONCATENATION_SOURCE).code, profile.rule_for(SOP_INSTANCE).code) == ("K", "U")


def test_what_is_said_of_unlisted_attributes_holds_for_them(tmp_path: Path) -> None:
    assert load_profile(written(tmp_path, "unlisted: remove")).rule_for(CONCATENATION_SOURCE).code == "X"
