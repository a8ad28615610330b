"""UIDs (and a machine) that Table E.1-1 leaves out go by the rule of the attribute they name the same as."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from pydicom.datadict import dictionary_VR

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
        assert code == "U" if vr == "UI" else code in {"X/Z", "Z"}


def test_the_option_on_uids_keeps_them() -> None:
    assert load_profile("basic", ["retain-uids"]).rule_for(CONCATENATION_SOURCE).code == "K"


def test_a_rule_of_ones_own_goes_first(tmp_path: Path) -> None:
    profile = load_profile(written(tmp_path, 'rules: [{tag: "(0020,0242)", action: keep}]'))
    assert (profile.rule_for(CONCATENATION_SOURCE).code, profile.rule_for(SOP_INSTANCE).code) == ("K", "U")


def test_what_is_said_of_unlisted_attributes_holds_for_them(tmp_path: Path) -> None:
    assert load_profile(written(tmp_path, "unlisted: remove")).rule_for(CONCATENATION_SOURCE).code == "X"
