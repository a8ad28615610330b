"""`lint` finds every error at once, and rules that do less than they seem to."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from deid.header.room_rules import Place, room_rule
from deid.profile import load_profile
from deid.profile.builtin import profile_paths
from deid.profile.lint import Problem, Severity, lint
from deid.profile.lookup.reserved import ILLEGAL_GROUPS, PIXEL_TAGS, decided_by_deid

if TYPE_CHECKING:
    from pathlib import Path


def linted(
    folder: Path, *rules: str, options: tuple[str, ...] = (), head: str = "extends: basic"
) -> tuple[Problem, ...]:
    path = folder / "mine.yaml"
    path.write_text("\n".join([head, "rules:", *(f"  - {{{rule}}}" for rule in rules)]) + "\n", "utf-8")
    problems = lint(str(path), options)
    assert all(problem.message.startswith(f"{path}:") and problem.remedy for problem in problems)
    return problems


def short(problems: tuple[Problem, ...]) -> list[tuple[str, int]]:
    return [(problem.severity.value, int(problem.message.split(".yaml:")[1].split(":")[0])) for problem in problems]


def test_a_good_profile_has_nothing_to_say_of(tmp_path: Path) -> None:
    rules = ["keyword: StudyDescription, action: keep", "keyword: PatientAge, action: age-cap"]
    assert linted(tmp_path, *rules) == ()


def test_that_nobody_looks_at_drawings_is_said(tmp_path: Path) -> None:
    rules = ['tag: "(60xx,3000)", action: keep', 'tag: "(50xx,3000)", action: remove']
    problems = linted(tmp_path, *rules)
    assert [(one.severity, "drawn" in one.message) for one in problems][:1] == [(Severity.WARNING, True)]
    assert sum("drawn" in one.message for one in problems) == 1


def test_all_errors_of_the_rules(tmp_path: Path) -> None:
    rules = ["keyword: PatientNme, action: keep", "keyword: PatientID, action: keep", "keyword: Rows, action: hash"]
    assert short(linted(tmp_path, *rules)) == [("error", 3), ("error", 5)]


def test_all_errors_of_the_schema(tmp_path: Path) -> None:
    problems = linted(tmp_path, "keyword: PatientID, actoin: keep", "keyword: PatientID, action: kep", head="extend: x")
    assert sorted(short(problems)) == [("error", 1), ("error", 3), ("error", 3), ("error", 4)]


@pytest.mark.parametrize("head", ["extends: baisc", "extends: basic\noptions: [retain-uid]", "title: alone"])
def test_errors_beside_the_rules_are_not_lost(tmp_path: Path, head: str) -> None:
    problems = linted(tmp_path, "keyword: PatientNme, action: keep", head=head)
    assert [problem.severity for problem in problems] == [Severity.ERROR, Severity.ERROR]


@pytest.mark.parametrize("text", ["", "- a\n", "extends: [\n", "extends: basic\n---\na: b\n"])
def test_what_is_no_profile(tmp_path: Path, text: str) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(text)
    assert [problem.severity for problem in lint(str(path))] == [Severity.ERROR]
    assert [problem.severity for problem in lint(str(tmp_path / "none.yaml"))] == [Severity.ERROR]


def test_a_rule_that_changes_nothing(tmp_path: Path) -> None:
    (problem,) = linted(tmp_path, "keyword: PatientSex, action: empty")
    assert problem.severity is Severity.WARNING
    assert "changes nothing: `basic (0010,0040)` says the same" in problem.message


def test_a_private_rule_that_changes_nothing(tmp_path: Path) -> None:
    (problem,) = linted(tmp_path, 'tag: "(0029,xx10)", creator: ACME, action: remove')
    assert "`basic private` says the same" in problem.message
    assert linted(tmp_path, 'tag: "(0029,xx10)", creator: ACME, action: keep') == ()


def test_a_rule_inside_a_sequence_that_goes(tmp_path: Path) -> None:
    inside = "path: RequestAttributesSequence > AccessionNumber, action: hash"
    (problem,) = linted(tmp_path, inside)
    assert "can never match: `basic (0040,0275)` (X) takes RequestAttributesSequence away" in problem.message
    assert "{keyword: RequestAttributesSequence, action: keep}" in problem.remedy
    assert linted(tmp_path, inside, "keyword: RequestAttributesSequence, action: keep") == ()
    assert linted(tmp_path, inside, "keyword: RequestAttributesSequence, action: keep, when: {Modality: CT}") == ()
    nested = "path: ReferencedStudySequence > StudyDescription, action: keep"
    assert short(linted(tmp_path, nested)) == [("warning", 3)]
    assert linted(tmp_path, nested, options=("retain-uids",)) == ()


def test_rules_that_others_hide(tmp_path: Path) -> None:
    (note,) = linted(tmp_path, "vr: [LT, ST], action: remove")
    assert note.severity is Severity.NOTE
    assert "have a more specific rule in another file, such as" in note.message
    assert "override: yes" in note.remedy
    assert linted(tmp_path, "vr: [LT, ST], action: remove, override: yes") == ()
    (dates,) = linted(tmp_path, "vr: [DA, DT], action: shift-date")
    assert dates.severity is Severity.WARNING, "basic has a rule for each date"
    assert "override: yes" in dates.remedy
    assert linted(tmp_path, "vr: [DA, DT], action: shift-date, override: yes") == ()
    own = linted(tmp_path, "vr: PN, action: remove, override: yes", 'group: "0010", action: keep')
    assert short(own) == [("note", 4)], "what hides a rule in the same file is meant"
    (both,) = linted(tmp_path, 'tag: "(0010,001x)", action: keep, override: yes', "keyword: PatientName, action: X")
    assert "can never match" in both.message
    assert "if that is not meant" in both.remedy
    (never,) = linted(tmp_path, 'tag: "(0010,001x)", action: keep')
    assert never.severity is Severity.WARNING
    assert "can never match" in never.message


def test_attributes_that_deid_decides_on_itself(tmp_path: Path) -> None:
    (problem,) = linted(tmp_path, "keyword: PixelData, action: remove")
    assert "no rule is asked about PixelData" in problem.message


def test_they_are_those_of_the_header_room() -> None:
    from pydicom.dataelem import DataElement
    from pydicom.dataset import Dataset

    from deid.attributes.attribute import Attribute

    place = Place.of([], load_profile("basic"), None, parents=(), dataset=Dataset())
    tags = [
        *PIXEL_TAGS,
        0x7F000010,
        0x00080000,
        0x00100010,
        *(group << 16 | 0x10 for group in ILLEGAL_GROUPS),
    ]
    for tag in tags:
        attribute = Attribute(tag, "UN", None, DataElement(0x00080060, "CS", "x"), None, ("ascii",))
        assert (room_rule(attribute, None, place) is None) is (decided_by_deid(tag) is None), hex(tag)


@pytest.mark.parametrize("name", sorted(profile_paths()))
def test_built_in_profiles_have_no_errors(name: str) -> None:
    assert load_profile(name)
    problems = lint(str(profile_paths()[name]))
    assert not [problem for problem in problems if problem.severity is Severity.ERROR]


@pytest.mark.parametrize(
    "text",
    [
        "rules:\n  - {keyword: StudyDescription, action: K, when: {Modality: {matches: 'CT[ab'}}}",
        "text:\n  nlp: en_none",
    ],
)
def test_what_the_run_could_not_use(tmp_path: Path, text: str) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(f"extends: basic\n{text}\n", "utf-8")
    (problem,) = lint(str(path))
    assert problem.severity is Severity.ERROR
    assert problem.message.startswith(f"{path}:3: ")
    assert problem.remedy


def test_a_bracket_as_a_set_of_one_and_our_own_pipelines(tmp_path: Path) -> None:
    rule = "keyword: StudyDescription, action: C, when: {Modality: {matches: 'C[T][[]*'}}"
    assert linted(tmp_path, rule, head="extends: basic\ntext: {nlp: 'off', keep: ['a[bc]d']}") == ()
