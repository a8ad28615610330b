"""Rules on groups, VRs, paths and conditions: which of several decides, in real profiles on real data sets."""

from __future__ import annotations

import pickle
from typing import TYPE_CHECKING

import pytest
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence

from deid.errors import InstanceError, Reason
from deid.profile import Profile, load_profile
from deid.profile.lookup.candidates import matching
from deid.profile.lookup.places import places

if TYPE_CHECKING:
    from pathlib import Path

PATIENT_NAME, ACCESSION, STUDY_DATE, DESCRIPTION = 0x00100010, 0x00080050, 0x00080020, 0x00081030


def profile_from(folder: Path, *rules: str, extends: str = "basic", name: str = "mine.yaml") -> Profile:
    lines = [f"extends: {extends}", "rules:", *(f"  - {{{rule}}}" for rule in rules)]
    (folder / name).write_text("\n".join(lines) + "\n", "utf-8")
    return load_profile(str(folder / name))


def study(**attributes: object) -> Dataset:
    """A CT with a request and a nested reference in it."""
    dataset = Dataset()
    dataset.Modality, dataset.Manufacturer = "CT", "SIEMENS Healthineers"
    dataset.PatientName, dataset.AccessionNumber, dataset.StudyDate = "A^B", "A1", "20200101"
    code, request = Dataset(), Dataset()
    code.CodeMeaning = "Chest"
    request.AccessionNumber, request.RequestedProcedureID = "A2", "R1"
    request.RequestedProcedureCodeSequence = Sequence([code])
    dataset.RequestAttributesSequence = Sequence([request])
    for keyword, value in attributes.items():
        setattr(dataset, keyword, value)
    return dataset


def rules_by_path(profile: Profile, dataset: Dataset) -> dict[str, str]:
    """The id of the rule that decides, by the keyword's path."""
    found = {}
    for place in places(dataset):
        rule = profile.rule_for(place.path.tag, private_creator=place.creator, vr=place.attribute.vr, scope=place.scope)
        found[place.path.pattern] = rule.id
    return found


def test_a_group(tmp_path: Path) -> None:
    profile = profile_from(tmp_path, 'group: "0018", action: remove', 'group: "0029", action: keep')
    assert profile.rule_for(0x00180050).id == "mine (0018,xxxx)"
    assert profile.rule_for(0x00181000).id == "basic (0018,1000)", "a rule that names the attribute says more"
    assert profile.rule_for(0x00280010).code == "K"
    for tag in (0x00291010, 0x00290010):
        assert profile.rule_for(tag, private_creator="ACME").id == "mine (0029,xxxx)"
    assert profile.rule_for(0x00311010, private_creator="ACME").code == "X"


def test_a_vr_where_no_rule_names_the_attribute(tmp_path: Path) -> None:
    profile = profile_from(tmp_path, "vr: [DA, DT], action: remove")
    assert profile.rule_for(0x00080022, vr="DA").id == "basic (0008,0022)"
    assert profile.rule_for(0x00181078, vr="DT").id.startswith("basic")
    unlisted_date = 0x00186036 + 1
    assert profile.rule_for(unlisted_date, vr="DA").id == "mine VR DA,DT"
    assert profile.rule_for(unlisted_date, vr="LO").id == "basic unlisted"
    assert profile.rule_for(unlisted_date).id == "basic unlisted"
    assert profile.rule_for(unlisted_date, vr="DA or TM").id == "mine VR DA,DT"


def test_override_shuts_earlier_layers_out(tmp_path: Path) -> None:
    profile = profile_from(
        tmp_path, "vr: DA, action: shift-date, override: yes", "keyword: PatientBirthDate, action: empty"
    )
    assert profile.rule_for(STUDY_DATE, vr="DA").id == "mine VR DA"
    assert profile.rule_for(0x00100030, vr="DA").id == "mine (0010,0030)", "its own file's rules still count"
    assert profile.rule_for(PATIENT_NAME, vr="PN").id == "basic (0010,0010)"
    child = profile_from(tmp_path, "keyword: StudyDate, action: remove", extends="mine.yaml", name="child.yaml")
    assert child.rule_for(STUDY_DATE, vr="DA").id == "child (0008,0020)", "and so do later layers"
    dates = load_profile(str(tmp_path / "mine.yaml"), ["retain-longitudinal-full-dates"])
    assert dates.rule_for(STUDY_DATE, vr="DA").id == "retain-longitudinal-full-dates (0008,0020)"


def test_paths(tmp_path: Path) -> None:
    profile = profile_from(
        tmp_path,
        "keyword: RequestAttributesSequence, action: keep",
        "path: RequestAttributesSequence > AccessionNumber, action: hash",
        "path: RequestAttributesSequence > **, vr: SH, action: empty, override: yes",
        "path: RequestAttributesSequence > ** > CodeMeaning, action: remove",
    )
    assert rules_by_path(profile, study()) == {
        "(0008,0020)": "basic (0008,0020)",
        "(0008,0050)": "basic (0008,0050)",
        "(0008,0060)": "basic unlisted",
        "(0008,0070)": "basic unlisted",
        "(0010,0010)": "basic (0010,0010)",
        "(0040,0275)": "mine (0040,0275)",
        "(0040,0275)[*].(0008,0050)": "mine (0040,0275) > (0008,0050)",
        "(0040,0275)[*].(0032,1064)": "basic unlisted",
        "(0040,0275)[*].(0032,1064)[*].(0008,0104)": "mine (0040,0275) > ** > (0008,0104)",
        "(0040,0275)[*].(0040,1001)": "mine (0040,0275) > ** > * VR SH",
    }


def test_a_path_from_the_top(tmp_path: Path) -> None:
    profile = profile_from(tmp_path, 'path: "> AccessionNumber", action: hash')
    found = rules_by_path(profile, study())
    assert found["(0008,0050)"] == "mine > (0008,0050)"
    assert found["(0040,0275)[*].(0008,0050)"] == "basic (0008,0050)"


@pytest.mark.parametrize(
    ("condition", "met"),
    [
        ("{Modality: CT}", True),
        ("{Modality: ct}", True),
        ("{Modality: [MR, CT]}", True),
        ("{Modality: [MR, PT]}", False),
        ('{Manufacturer: {matches: "*siemens*"}}', True),
        ('{Manufacturer: {matches: "siemens"}}', False),
        ('{Manufacturer: {matches: [GE*, "SIEMENS ?ealth*"]}}', True),
        ("{Modality: CT, Manufacturer: {matches: GE*}}", False),
        ("{Manufacturer: {is: present}, BodyPartExamined: {is: absent}}", True),
        ("{Manufacturer: {is: absent}}", False),
        ("{StationName: {is: present}}", False),
        ("{StationName: {is: absent}}", True),
        ("{RequestAttributesSequence: {is: present}}", True),
        ("{Rows: 512}", True),
        ("{Rows: [256, 64]}", False),
        ("{ImageType: PRIMARY}", True),
        ('{"(0008,0060)": CT}', True),
        ("{StudyDescription: {matches: CHEST*}}", True),
    ],
)
def test_conditions(tmp_path: Path, condition: str, met: bool) -> None:
    profile = profile_from(tmp_path, f"keyword: StudyDescription, action: keep, when: {condition}")
    dataset = study(Rows=512, ImageType=["ORIGINAL", "PRIMARY"], StationName="", StudyDescription="Chest routine")
    rule = rules_by_path(profile, dataset)["(0008,1030)"]
    assert rule.startswith("mine (0008,1030) when " if met else "basic")


def test_a_condition_asks_the_nearest_data_set(tmp_path: Path) -> None:
    profile = profile_from(
        tmp_path,
        "keyword: RequestAttributesSequence, action: keep",
        "keyword: AccessionNumber, action: keep, when: {RequestedProcedureID: R1}",
        "keyword: CodeMeaning, action: remove, when: {Modality: CT}",
    )
    found = rules_by_path(profile, study())
    assert found["(0008,0050)"] == "basic (0008,0050)"
    assert found["(0040,0275)[*].(0008,0050)"].startswith("mine")
    assert found["(0040,0275)[*].(0032,1064)[*].(0008,0104)"].startswith("mine")


@pytest.mark.parametrize("value", [b"SIEMENS\xff\xfe", b"x" * 70000])
def test_a_condition_on_what_cant_be_read_keeps_the_instance_back(tmp_path: Path, value: bytes) -> None:
    from pydicom.dataelem import RawDataElement
    from pydicom.tag import BaseTag

    profile = profile_from(tmp_path, 'keyword: StudyDescription, action: keep, when: {Manufacturer: {matches: "S*"}}')
    dataset = study(StudyDescription="x", SpecificCharacterSet="ISO_IR 192")
    dataset[0x00080070] = RawDataElement(BaseTag(0x00080070), "LO", len(value), value, 0, False, True)  # noqa: FBT003
    with pytest.raises(InstanceError) as raised:
        rules_by_path(profile, dataset)
    assert raised.value.reason is Reason.MALFORMED
    assert raised.value.detail == "a rule depends on (0008,0070), which can't be read"


def test_specificity_in_order(tmp_path: Path) -> None:
    """Each rule says less than the one before; the last line first, so that lines don't decide."""
    rules = [
        "path: RequestAttributesSequence > AccessionNumber, vr: SH, action: remove",
        "path: RequestAttributesSequence > AccessionNumber, action: remove, when: {Modality: CT, Rows: {is: absent}}",
        "path: RequestAttributesSequence > AccessionNumber, action: remove, when: {Modality: CT}",
        "path: RequestAttributesSequence > AccessionNumber, action: remove",
        'path: "* > AccessionNumber", action: remove',
        'path: "** > AccessionNumber", action: remove',
        "keyword: AccessionNumber, vr: SH, action: remove",
        "keyword: AccessionNumber, action: remove, when: {Modality: CT}",
        "keyword: AccessionNumber, action: remove",
        'tag: "(0008,00xx)", action: remove',
        'group: "0008", action: remove, when: {Modality: CT}',
        'group: "0008", action: remove',
        "path: RequestAttributesSequence > *, vr: SH, action: remove",
        'path: "** > *", action: remove',
        "vr: SH, action: remove",
    ]
    profile = profile_from(tmp_path, *reversed(rules))
    place = next(place for place in places(study()) if place.path.pattern == "(0040,0275)[*].(0008,0050)")
    candidates = profile.candidates(ACCESSION)
    ordered = matching(candidates, ACCESSION, "SH", place.scope)
    lines = [one.rule.line for one in ordered if one.rule.line and one.rule.id.startswith("mine")]
    assert lines == sorted(lines)[::-1]
    assert len(lines) == len(rules)
    assert ordered[-1].rule.id == "basic unlisted"


def test_between_equals_the_later_layer_and_line(tmp_path: Path) -> None:
    profile = profile_from(
        tmp_path,
        "keyword: StudyDescription, action: keep, when: {Modality: CT}",
        "keyword: StudyDescription, action: clean, when: {Manufacturer: {is: present}}",
    )
    dataset = study(StudyDescription="x")
    assert "Manufacturer" in rules_by_path(profile, dataset)["(0008,1030)"]
    child = profile_from(
        tmp_path,
        "keyword: StudyDescription, action: remove, when: {Modality: CT}",
        extends="mine.yaml",
        name="child.yaml",
    )
    assert rules_by_path(child, dataset)["(0008,1030)"] == "child (0008,1030) when Modality is CT"


def test_broad_rules_leave_removed_private_attributes_removed(tmp_path: Path) -> None:
    dataset = study()
    block = dataset.private_block(0x0029, "ACME", create=True)
    block.add_new(0x10, "DA", "20200101")
    block.add_new(0x11, "LO", "text")
    rules = ("vr: [DA, LO], action: keep", 'path: "> *", action: keep')
    found = rules_by_path(profile_from(tmp_path, *rules), dataset)
    assert {found["(0029,0010)"], found["(0029,1010)"], found["(0029,1011)"]} == {"basic private"}
    kept = profile_from(tmp_path, 'tag: "(gggg,eeee)", action: keep', "vr: DA, action: shift-date")
    found = rules_by_path(kept, dataset)
    assert found["(0029,1010)"] == "mine VR DA"
    assert found["(0029,1011)"] == found["(0029,0010)"] == "mine private"


def test_private_elements_under_a_condition(tmp_path: Path) -> None:
    dataset = study()
    dataset.private_block(0x0029, "ACME", create=True).add_new(0x10, "LO", "text")
    element = 'tag: "(0029,xx10)", creator: ACME, action: keep, when: {Modality: %s}'
    found = rules_by_path(profile_from(tmp_path, element % "CT"), dataset)
    assert found["(0029,1010)"] == "mine (0029,xx10) ACME when Modality is CT"
    assert found["(0029,0010)"] == "mine private creator"
    assert rules_by_path(profile_from(tmp_path, element % "MR"), dataset)["(0029,1010)"] == "basic private"
    everything = 'tag: "(gggg,eeee)", action: keep, when: {Manufacturer: {matches: siemens*}}'
    found = rules_by_path(profile_from(tmp_path, everything), dataset)
    assert found["(0029,1010)"] == found["(0029,0010)"] == "mine private when Manufacturer matches siemens*"
    assert not [rule for path, rule in found.items() if "private" in rule and not path.startswith("(0029")]
    override = profile_from(tmp_path, 'tag: "(gggg,eeee)", action: keep, override: yes')
    assert override.rule_for(PATIENT_NAME, vr="PN").id == "basic (0010,0010)"
    assert override.rule_for(0x00291010, private_creator="ACME").id == "mine private"


def test_wide_rules_pass_over_what_says_how_to_read_the_file(tmp_path: Path) -> None:
    profile = profile_from(
        tmp_path,
        "vr: [CS, US, UI], action: remove, override: yes",
        "group: '0028', action: remove",
        'tag: "(0008,00xx)", action: remove, override: yes',
        'path: "> *", action: remove, override: yes',
    )
    scope = next(places(study())).scope
    for tag, vr in ((0x00080005, "CS"), (0x00280010, "US"), (0x00080016, "UI"), (0x00280004, "CS")):
        assert profile.rule_for(tag, vr=vr, scope=scope).id == "basic unlisted"
    assert profile.rule_for(0x00280006 + 0x45, vr="US", scope=scope).code == "X"
    bits = profile_from(tmp_path, 'tag: "(0028,01xx)", action: remove')
    assert [bits.rule_for(tag).code for tag in (0x00280100, 0x00280106)] == ["K", "X"]
    assert profile_from(tmp_path, "keyword: Rows, action: keep").rule_for(0x00280010).id == "mine (0028,0010)"


def test_words_are_codes(tmp_path: Path) -> None:
    words = {"keep": "K", "remove": "X", "empty": "Z", "dummy": "D", "clean": "C"}
    for word, code in words.items():
        one = profile_from(tmp_path, f"keyword: StudyDescription, action: {word}")
        other = profile_from(tmp_path, f"keyword: StudyDescription, action: {code}")
        assert one.rule_for(DESCRIPTION).code == code
        assert one.digest == other.digest
    assert profile_from(tmp_path, "keyword: StudyInstanceUID, action: uid").rule_for(0x0020000D).code == "U"


def test_digest_and_pickling_cover_what_rules_ask(tmp_path: Path) -> None:
    rules = [
        "keyword: StudyDescription, action: keep, when: {Modality: CT}",
        "keyword: StudyDescription, action: keep, when: {Modality: MR}",
        "keyword: StudyDescription, action: keep",
        "path: RequestAttributesSequence > StudyDescription, action: keep",
        "vr: LO, action: keep",
        "vr: LO, action: keep, override: yes",
    ]
    profiles = [profile_from(tmp_path, rule) for rule in rules]
    assert len({profile.digest for profile in profiles}) == len(rules)
    for profile in profiles:
        assert pickle.loads(pickle.dumps(profile)) == profile  # noqa: S301 - what the worker pool does


def test_option_order_does_not_matter_beside_such_rules(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text("extends: basic\nrules:\n  - {vr: DA, action: shift-date, override: yes}\n")
    names = ["retain-uids", "retain-longitudinal-full-dates"]
    one, other = load_profile(str(path), names), load_profile(str(path), names[::-1])
    assert one.digest == other.digest
    assert one == other


def test_tags_of_hostile_files_are_not_remembered_without_end(tmp_path: Path) -> None:
    profile = profile_from(tmp_path, "vr: DA, action: remove")
    for tag in range(0x00091000, 0x00091000 + 70000):
        profile.rule_for(tag | 0x10000, private_creator="X", vr="DA")
    assert len(profile.special.remembered) <= 1 << 16


@pytest.mark.parametrize("name", ["basic", "tcia"])
def test_the_quick_look_up_agrees_with_the_full_one(name: str) -> None:
    from pydicom._dicom_dict import DicomDictionary

    profile = load_profile(name, ["retain-safe-private", "clean-graphics"])
    public = [(tag, None) for tag in [*DicomDictionary, 0x50060005, 0x601E3000, 0x60020010, 0x00189999]]
    elements = [*profile.private_elements][:300]
    private = [(one.group << 16 | 0x1000 | one.low_byte, one.creator) for one in elements]
    creators = [(one.group << 16 | 0x10, one.creator) for one in elements]
    others: list[tuple[int, str | None]] = [(0x00291010, "NOBODY"), (0x00291010, None), (0x00290010, "NOBODY")]
    for tag, creator in [*public, *private, *creators, *others]:
        full = matching(profile.candidates(tag, private_creator=creator), tag, None, None)[0].rule
        assert profile.rule_for(tag, private_creator=creator) == full
