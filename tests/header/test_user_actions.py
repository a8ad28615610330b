"""Actions of user-written rules, from YAML to the new data set."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from deid.errors import InstanceError, Reason
from deid.header import ACTIONS
from deid.plan import Empty, Keep, Remove, Replace
from deid.profile import load_profile
from deid.profile.reading.action_names import CODE_OF_WORD, USER_CODES

if TYPE_CHECKING:
    from pathlib import Path

Written = tuple[int, str, bytes]
AGE, BIRTH_DATE, PATIENT_ID, ADDRESS = 0x00101010, 0x00100030, 0x00100020, 0x00101040
DATE_TIME, NUMBER, DESCRIPTION = 0x0008002A, 0x00200013, 0x00081030


@pytest.fixture
def outcome(deid: Any, explicit: Any, tmp_path: Path) -> Any:
    """What becomes of one attribute under one rule."""

    def decide(rule: str, attribute: Written, **files: str) -> Any:
        for name, content in files.items():
            (tmp_path / f"{name}.csv").write_text(content, "utf-8")
        (tmp_path / "mine.yaml").write_text(f"extends: basic\nrules:\n  - {{{rule}}}\n", "utf-8")
        room = replace(deid, profile=load_profile(str(tmp_path / "mine.yaml")))
        tag, vr, value = attribute
        dataset = explicit.read({tag: explicit.element(tag, vr, value)})
        room.apply(dataset)
        return room.plan(dataset)[f"({tag >> 16:04X},{tag & 0xFFFF:04X})"]

    return decide


def test_each_name_has_its_action() -> None:
    assert {*CODE_OF_WORD.values(), *USER_CODES} == set(ACTIONS)


@pytest.mark.parametrize(
    ("rule", "attribute", "new"),
    [
        ("keyword: PatientID, action: replace, value: TRIAL", (PATIENT_ID, "LO", b"A1"), "TRIAL"),
        ('keyword: PatientID, action: replace, value: "T-{pseudonym}"', (PATIENT_ID, "LO", b"A1"), "T-DEID-TEST"),
        ("keyword: PatientID, action: replace, value: TRIAL", (PATIENT_ID, "LO", b""), "TRIAL"),
        ("keyword: StudyDate, action: replace, value: '20000101'", (0x00080020, "DA", b"20200202"), "20000101"),
        ("keyword: InstanceNumber, action: replace, value: '1'", (NUMBER, "IS", b"77"), "1"),
        ("keyword: PatientAge, action: age-cap", (AGE, "AS", b"095Y"), "090Y"),
        ("keyword: PatientBirthDate, action: generalise", (BIRTH_DATE, "DA", b"19560423"), "19560101"),
        ("keyword: PatientBirthDate, action: generalise", (BIRTH_DATE, "DA", b"19560423\\bad"), ["19560101", ""]),
        ("keyword: AcquisitionDateTime, action: generalise", (DATE_TIME, "DT", b"19560423101112"), "19560101"),
        ("keyword: PatientAddress, action: generalise", (ADDRESS, "LO", b"1 Main St, IL 62704 "), "627"),
        ("keyword: PatientBirthDate, action: shift-date", (BIRTH_DATE, "DA", b"19560423"), "19560324"),
        ("keyword: AcquisitionDateTime, action: shift-date", (DATE_TIME, "DT", b"19560423101112"), "19560324101112"),
        ("vr: [DA], action: shift-date, override: yes", (BIRTH_DATE, "DA", b"19560423"), "19560324"),
    ],
)
def test_replaced_by(outcome: Any, rule: str, attribute: Written, new: Any) -> None:
    assert outcome(rule, attribute).change == Replace(new)


@pytest.mark.parametrize(
    ("rule", "attribute"),
    [
        ("keyword: PatientAge, action: age-cap", (AGE, "AS", b"forty ")),
        ("keyword: PatientAge, action: age-cap", (AGE, "LO", b"95 years")),
        ("keyword: PatientBirthDate, action: generalise", (BIRTH_DATE, "DA", b"19569923")),
        ("keyword: PatientBirthDate, action: shift-date", (BIRTH_DATE, "DA", b"19569923")),
        ("keyword: PatientBirthDate, action: shift-date", (BIRTH_DATE, "DA", b"today ")),
        ("keyword: PatientAddress, action: generalise", (ADDRESS, "LO", b"1 Main St ")),
        ("keyword: AccessionNumber, action: hash", (0x00080050, "OB", b"12345 ")),
        ("keyword: PatientID, action: replace, value: Käse", (PATIENT_ID, "DA", b"20200101")),
    ],
)
def test_what_does_not_fit_goes(outcome: Any, rule: str, attribute: Written) -> None:
    decision = outcome(rule, attribute)
    assert not isinstance(decision.change, Keep)
    assert not isinstance(decision.change, Replace) or str(decision.change.value).encode() not in attribute[2]


def test_ages_of_89_years_and_less_stay(outcome: Any) -> None:
    decision = outcome("keyword: PatientAge, action: age-cap", (AGE, "AS", b"043Y"))
    assert isinstance(decision.change, Keep)
    assert decision.action == "age-cap"


def test_a_template_outside_the_character_set_is_not_written(outcome: Any) -> None:
    decision = outcome("keyword: StudyDescription, action: replace, value: 研究", (DESCRIPTION, "LO", b"Chest "))
    assert isinstance(decision.change, Remove)


def test_a_template_where_the_vr_was_not_known_must_fit(outcome: Any) -> None:
    rule = "group: '0010', action: empty, value: 'no date', override: yes"
    assert isinstance(outcome(rule, (BIRTH_DATE, "DA", b"19560423")).change, Empty)
    assert outcome(rule, (ADDRESS, "LO", b"1 Main St ")).change == Replace("no date")


def test_hashes(outcome: Any) -> None:
    one = outcome("keyword: AccessionNumber, action: hash", (0x00080050, "SH", b"A1"))
    other = outcome("keyword: PatientID, action: hash", (PATIENT_ID, "LO", b"A1\\B2"))
    template = outcome('keyword: PatientID, action: replace, value: "T-{hash}"', (PATIENT_ID, "LO", b"A1"))
    assert re.fullmatch(r"[2-9B-Z]{16}", one.change.value)
    assert other.change.value[0] == one.change.value, "the same original, the same hash, in whatever attribute"
    assert other.change.value[1] != one.change.value
    assert template.change.value == f"T-{one.change.value}"
    number = outcome("keyword: InstanceNumber, action: hash", (NUMBER, "IS", b"77"))
    assert re.fullmatch(r"\d{1,9}", number.change.value)
    assert isinstance(outcome("keyword: PatientID, action: hash", (PATIENT_ID, "LO", b"")).change, Empty | Keep)


def test_a_map(outcome: Any) -> None:
    rule = "keyword: PatientID, action: map, map: ids.csv"
    ids = "original,new\nA1,T-001\nB2,\n"
    assert outcome(rule, (PATIENT_ID, "LO", b"A1"), ids=ids).change == Replace("T-001")
    assert outcome(rule, (PATIENT_ID, "LO", b"A1\\B2 "), ids=ids).change == Replace(["T-001", ""])
    assert isinstance(outcome(rule, (PATIENT_ID, "LO", b"B2"), ids=ids).change, Empty)
    assert isinstance(outcome(rule, (PATIENT_ID, "LO", b""), ids=ids).change, Empty | Keep)


@pytest.mark.parametrize(
    "attribute", [(PATIENT_ID, "LO", b"C3"), (PATIENT_ID, "LO", b"A1\\C3 "), (PATIENT_ID, "OB", b"A1")]
)
def test_a_value_that_a_map_lacks_keeps_the_instance_back(outcome: Any, attribute: Written) -> None:
    with pytest.raises(InstanceError) as raised:
        outcome("keyword: PatientID, action: map, map: ids.csv", attribute, ids="original,new\nA1,T-001\n")
    assert raised.value.reason is Reason.NOT_IN_MAP
    assert raised.value.detail == "a value of (0010,0020)"


def test_paths_and_conditions_reach_the_plan(deid: Any, explicit: Any, tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text(
        "extends: basic\nrules:\n"
        "  - {keyword: RequestAttributesSequence, action: keep}\n"
        "  - {path: RequestAttributesSequence > AccessionNumber, action: hash}\n"
        "  - {keyword: StudyDescription, action: keep, when: {Modality: CT}}\n"
        '  - {tag: "(60xx,3000)", action: keep, when: {Modality: CT}}\n',
        "utf-8",
    )
    room = replace(deid, profile=load_profile(str(tmp_path / "mine.yaml")))
    item = explicit.item(explicit.element(0x00080050, "SH", b"A1"))
    elements = {
        0x00080050: explicit.element(0x00080050, "SH", b"A1"),
        DESCRIPTION: explicit.element(DESCRIPTION, "LO", b"Chest "),
        0x00400275: explicit.element(0x00400275, "SQ", item),
        0x60003000: explicit.element(0x60003000, "OW", b"\0\0"),
        0x60000010: explicit.element(0x60000010, "US", b"\1\0"),
    }
    for modality, kept in ((b"CT", True), (b"MR", False)):
        plan = room.plan(explicit.read({**elements, 0x00080060: explicit.element(0x00080060, "CS", modality)}))
        assert isinstance(plan["(0008,0050)"].change, Empty)
        assert len(plan["(0040,0275)[0].(0008,0050)"].change.value) == 16
        assert isinstance(plan["(0008,1030)"].change, Keep) is kept
        assert isinstance(plan["(6000,0010)"].change, Keep) is kept


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150, deadline=None)
@given(
    action=st.sampled_from(
        [*(code for code in USER_CODES if code != "map"), "clean", "dummy", "empty", "remove", "uid"]
    ),
    vr=st.sampled_from(["AE", "AS", "CS", "DA", "DT", "IS", "LO", "PN", "SH", "ST", "TM", "UI", "OB", "US", "UN"]),
    value=st.binary(min_size=6, max_size=40),
)
def test_hostile_values_end_in_a_decision_that_is_written(
    deid: Any, explicit: Any, tmp_path: Path, action: str, vr: str, value: bytes
) -> None:
    extra = ", value: 'X{hash}'" if action == "replace" else ""
    # A pattern: the VR is not known when the profile is read.
    rule_text = f'{{tag: "(0010,10xx)", action: {action}{extra}}}'
    (tmp_path / "mine.yaml").write_text(f"extends: basic\nrules:\n  - {rule_text}\n", "utf-8")
    room = replace(deid, profile=load_profile(str(tmp_path / "mine.yaml")))
    tag = 0x00101090
    value += b" " * (len(value) % 2)
    exact = {other: rule for other, rule in room.profile.exact.items() if other != tag}
    room = replace(room, profile=replace(room.profile, exact=exact))
    dataset = explicit.read({tag: explicit.element(tag, vr, value)})
    change = room.plan(dataset)["(0010,1090)"].change
    if isinstance(change, Keep):
        # A binary dummy is zeros: a value that is that already stays under what makes one, and under nothing else.
        makes_dummies = set() if value.strip(b"\0") else {"dummy", "replace", "hash", "generalise"}
        assert action in {"clean", "age-cap", "uid", "shift-date", "shift-unix-time"} | makes_dummies
    assert room.write(dataset)
