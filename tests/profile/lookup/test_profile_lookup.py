"""The compiled look-up: the most specific rule decides; layers and digests."""

from __future__ import annotations

import dataclasses
import pickle
from typing import TYPE_CHECKING

import pytest

from deid.profile import Profile, load_profile

if TYPE_CHECKING:
    from pathlib import Path

PRIVATE_TAG = 0x00291010
CREATOR_TAG = 0x00290010


def profile_from(folder: Path, text: str, *options: str, name: str = "mine.yaml") -> Profile:
    (folder / name).write_text(text, "utf-8")
    return load_profile(str(folder / name), options)


def test_exact_pattern_private_unlisted() -> None:
    basic = load_profile("basic")
    assert basic.rule_for(0x00100010).id == "basic (0010,0010)"
    assert basic.rule_for(0x00100010).value == "{pseudonym}"
    assert basic.rule_for(0x00100020).value == "{pseudonym}"
    assert basic.rule_for(0x50060005).id == "basic (50xx,xxxx)"
    assert basic.rule_for(0x601E3000).id == "basic (60xx,3000)"
    assert basic.rule_for(0x60020010).id == "basic unlisted"
    assert basic.rule_for(0x50010010).id == "basic private"
    assert basic.rule_for(0x60013000).id == "basic private"
    assert basic.rule_for(0x00090010, private_creator="ACME").code == "X"
    assert basic.rule_for(0x00280010).code == "K"


def test_a_narrower_pattern_wins(tmp_path: Path) -> None:
    text = 'extends: basic\nrules:\n  - {tag: "(50xx,0005)", name: Curve Dimensions, action: K}\n'
    profile = profile_from(tmp_path, text)
    assert profile.rule_for(0x50020005).code == "K"
    assert profile.rule_for(0x50020010).code == "X"


def test_user_rules_override_by_keyword_and_tag(tmp_path: Path) -> None:
    profile = profile_from(
        tmp_path,
        """\
extends: basic
title: Ours
pixels: {mode: off}
rules:
  - {keyword: StudyDescription, action: K, reason: reviewed by hand}
  - {tag: "0008,103E", action: Z/D, value: SERIES}
  - {keyword: BodyPartExamined, action: X}
""",
    )
    assert profile.name == "mine"
    assert profile.pixels.mode == "off"
    rule = profile.rule_for(0x00081030)
    assert (rule.id, rule.code, rule.value) == ("mine (0008,1030)", "K", None)
    assert (rule.reason, rule.name, rule.line) == ("reviewed by hand", "StudyDescription", 5)
    assert profile.rule_for(0x0008103E).value == "SERIES"
    assert profile.rule_for(0x00180015).code == "X"
    assert profile.rule_for(0x00100010).id == "basic (0010,0010)"
    assert profile.method_code == "113100"


def test_private_elements_by_creator(tmp_path: Path) -> None:
    profile = profile_from(
        tmp_path, 'extends: basic\nrules:\n  - {tag: "(0029,xx10)", creator: SIEMENS CSA HEADER, action: K}\n'
    )
    for creator in ("SIEMENS CSA HEADER", " siemens  csa header ", "Siemens CSA Header\0"):
        assert profile.rule_for(PRIVATE_TAG, private_creator=creator).code == "K"
        assert profile.rule_for(0x0029FF10, private_creator=creator).code == "K"
        assert profile.rule_for(CREATOR_TAG, private_creator=creator).code == "K"
        assert profile.rule_for(0x00291011, private_creator=creator).code == "X"
        assert profile.rule_for(0x00311010, private_creator=creator).code == "X"
    assert profile.rule_for(PRIVATE_TAG, private_creator="OTHER").code == "X"
    assert profile.rule_for(CREATOR_TAG, private_creator="OTHER").code == "X"
    assert profile.rule_for(PRIVATE_TAG).code == "X"


def test_unlisted_remove_spares_what_an_image_needs(tmp_path: Path) -> None:
    profile = profile_from(
        tmp_path, "extends: basic\nunlisted: remove\nrules:\n  - {keyword: SliceThickness, action: X}\n"
    )
    assert profile.rule_for(0x00181030).code != "K"
    assert profile.rule_for(0x00189004).code == "X"
    assert profile.rule_for(0x00189004).id == "mine unlisted"
    for tag in (0x00080016, 0x00280010, 0x7FE00010, 0x00080005):
        assert profile.rule_for(tag).code == "K"
        assert profile.rule_for(tag).id == "mine structure"
    assert profile.rule_for(0x00180050).id == "mine (0018,0050)"


def test_later_layers_win(tmp_path: Path) -> None:
    (tmp_path / "site.yaml").write_text(
        "extends: basic\noptions: [retain-institution-identity]\nrules:\n  - {keyword: InstitutionAddress, action: X}\n"
    )
    text = "extends: site.yaml\nrules:\n  - {keyword: InstitutionName, action: X}\n"
    profile = profile_from(tmp_path, text)
    assert profile.rule_for(0x00080080).id == "mine (0008,0080)"
    assert profile.rule_for(0x00080081).id == "site (0008,0081)"
    assert profile.rule_for(0x00081040).id == "retain-institution-identity (0008,1040)"
    again = profile_from(tmp_path, text, "retain-institution-identity")
    assert again.rule_for(0x00080080).code == "K"
    assert [info.name for info in again.options] == ["retain-institution-identity"]


def test_option_order_and_repetition_do_not_matter() -> None:
    one = load_profile("basic", ["retain-uids", "retain-device-identity", "clean-descriptors"])
    other = load_profile("basic", ["clean-descriptors", "retain-device-identity", "retain-uids", "retain-uids"])
    assert one == other
    assert one.digest == other.digest


def test_digest_follows_what_is_done_not_how_it_is_written(tmp_path: Path) -> None:
    basic = load_profile("basic")
    same = profile_from(tmp_path, "extends: basic\ntitle: the same\nrules:\n  - {keyword: PatientSex, action: Z}\n")
    other = profile_from(tmp_path, "extends: basic\nrules:\n  - {keyword: PatientSex, action: X}\n")
    off = profile_from(tmp_path, "extends: basic\npixels: {mode: off}\n")
    remove = profile_from(tmp_path, "extends: basic\nunlisted: remove\n")
    uids = load_profile("basic", ["retain-uids"])
    assert same.digest == basic.digest
    digests = {profile.digest for profile in (basic, other, off, remove, uids)}
    assert len(digests) == 5
    assert all(len(digest) == 64 for digest in digests)


def test_rules_of_a_file_in_another_order_have_the_same_digest(tmp_path: Path) -> None:
    rules = ["  - {keyword: PatientSex, action: X}\n", "  - {keyword: PatientAge, action: K}\n"]
    one = profile_from(tmp_path, "extends: basic\nrules:\n" + "".join(rules))
    two = profile_from(tmp_path, "extends: basic\nrules:\n" + "".join(reversed(rules)))
    assert one.digest == two.digest


def test_a_profile_is_picklable_and_frozen() -> None:
    profile = load_profile("basic", ["clean-descriptors"])
    copy = pickle.loads(pickle.dumps(profile))  # noqa: S301 - what the worker pool does
    assert copy == profile
    with pytest.raises(dataclasses.FrozenInstanceError):
        profile.name = "other"  # type: ignore[misc]


def test_a_clean_rule_beats_a_keep_rule_of_another_option() -> None:
    from deid.profile.lookup.matching import Matcher
    from deid.profile.lookup.model import OptionInfo
    from deid.profile.lookup.tags import parse_tag
    from deid.profile.reading.compiling import OptionLayer, compile_layers
    from deid.profile.reading.rules import CheckedRule

    def layer(name: str, code: str) -> OptionLayer:
        rule = CheckedRule(Matcher(parse_tag("(0010,2110)")), code, None, "Allergies", None)
        return OptionLayer(OptionInfo(name, name, "", "113108", name), (rule,))

    keep, clean = layer("a-keep", "K"), layer("b-clean", "C")
    for layers in ([keep, clean], [clean, keep]):
        assert compile_layers(layers).rule_for(0x00102110).code == "C"
