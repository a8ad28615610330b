"""`explain` says which rule decides and why the others don't; `diff` says what two profiles do differently."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence

from deid.errors import UsageError
from deid.profile import Profile, load_profile
from deid.profile.diff import diff
from deid.profile.explain import attribute_pattern, explain, explain_in

if TYPE_CHECKING:
    from pathlib import Path

    from deid.profile.explain import Explanation

SECRET = "ZYXWVUT"  # noqa: S105 - a value to look for
RULES = """\
extends: basic
rules:
  - {keyword: StudyDescription, action: keep, when: {Modality: CT}}
  - {keyword: StudyDescription, action: keep, when: {Modality: MR, Manufacturer: {is: present}}}
  - {vr: LO, action: remove}
  - {group: "0008", action: clean}
  - {path: "ProcedureCodeSequence > *", vr: LO, action: keep, override: yes}
"""


@pytest.fixture
def mine(tmp_path: Path) -> Profile:
    (tmp_path / "mine.yaml").write_text(RULES)
    return load_profile(str(tmp_path / "mine.yaml"))


def verdicts(explanation: Explanation) -> list[tuple[str, bool, str]]:
    return [(verdict.rule.id, verdict.decides, verdict.why) for verdict in explanation.verdicts]


def test_without_a_file(mine: Profile) -> None:
    explanation = explain(mine, attribute_pattern("StudyDescription"))
    assert (explanation.path, explanation.name, explanation.vr) == ("(0008,1030)", "StudyDescription", "LO")
    assert verdicts(explanation) == [
        (
            "mine (0008,1030) when Modality is MR and Manufacturer present",
            False,
            "if Modality is MR; if Manufacturer present",
        ),
        ("mine (0008,1030) when Modality is CT", False, "if Modality is CT"),
        ("basic (0008,1030)", True, "decides"),
        ("mine (0008,xxxx)", False, "names the attribute less exactly"),
        ("mine (0008,1032) > * VR LO", False, "if it stands at this place"),
        ("mine VR LO", False, "names the attribute less exactly"),
        ("basic unlisted", False, "names the attribute less exactly"),
    ]
    assert explanation.verdicts[0].place.endswith("mine.yaml:4")
    assert explanation.verdicts[2].place.startswith("profiles/basic.yaml:")
    assert explanation.verdicts[-1].place == ""


def test_in_a_file(mine: Profile) -> None:
    dataset, code = Dataset(), Dataset()
    dataset.Modality, dataset.StudyDescription = SECRET, SECRET
    code.CodeMeaning = SECRET
    dataset.ProcedureCodeSequence = Sequence([code, code])
    (study,) = explain_in(mine, attribute_pattern("0008,1030"), dataset)
    assert verdicts(study)[:2] == [
        (
            "mine (0008,1030) when Modality is MR and Manufacturer present",
            False,
            "not met: Modality is MR; not met: Manufacturer present",
        ),
        ("mine (0008,1030) when Modality is CT", False, "not met: Modality is CT"),
    ]
    (meaning,) = explain_in(mine, attribute_pattern("CodeMeaning"), dataset)
    assert (meaning.path, meaning.count) == ("(0008,1032)[*].(0008,0104)", 2)
    assert [one[0] for one in verdicts(meaning) if one[1]] == ["mine (0008,xxxx)"]
    assert verdicts(meaning)[-1][2] == "shut out by a later rule that says `override: yes`"
    assert SECRET not in repr((study, meaning))
    assert explain_in(mine, attribute_pattern("PatientID"), dataset) == ()


def test_private_attributes(mine: Profile) -> None:
    dataset = Dataset()
    dataset.private_block(0x0029, "ACME", create=True).add_new(0x10, "LO", "text")
    pattern = attribute_pattern("(0029,xx10)", "acme")
    (explanation,) = explain_in(mine, pattern, dataset)
    assert explanation.path == "(0029,1010)"
    assert verdicts(explanation)[1] == (
        "mine VR LO",
        False,
        "speaks of private attributes only where the profile keeps them",
    )
    assert verdicts(explanation)[-1][:2] == ("basic private", True)
    assert verdicts(explain(mine, pattern))[-1][:2] == ("basic private", True)


def test_what_deid_does_by_itself(mine: Profile) -> None:
    assert "redacted" in (explain(mine, attribute_pattern("PixelData")).instead or "")
    assert explain(mine, attribute_pattern("PatientID")).instead is None


@pytest.mark.parametrize(
    ("text", "creator", "said"),
    [
        ("PatientNme", None, "unknown keyword"),
        ("(50xx,0010)", None, "more than one"),
        ("(gggg,eeee)", None, "more than one"),
        ("(0029,1010)", None, "creator"),
        ("PatientID", "ACME", "PatientID"),
        ("10-20", None, "a tag is written"),
    ],
)
def test_what_is_no_attribute(text: str, creator: str | None, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        attribute_pattern(text, creator)


def test_two_profiles(mine: Profile) -> None:
    found = {one.what: (one.name, one.left, one.right) for one in diff(load_profile("basic"), mine)}
    assert found["(0008,xxxx)"] == ("", "", "C")
    assert found["(0008,1030) when Modality is CT"] == ("StudyDescription", "", "K")
    assert found["VR LO"] == ("", "", "X")
    assert "unlisted" not in found
    assert not [what for what in found if what.startswith("(0010")]
    assert diff(mine, mine) == ()


def test_what_an_option_changes() -> None:
    found = {
        one.what: (one.left, one.right) for one in diff(load_profile("basic"), load_profile("basic", ["retain-uids"]))
    }
    assert found["(0008,0018)"] == ("U", "K")
    assert found["options"] == ("", "retain-uids")
    assert "(0010,0010)" not in found


def test_traits_private_rules_and_tables(tmp_path: Path) -> None:
    (tmp_path / "ids.csv").write_text(f"original,new\n{SECRET},T-001\n")
    (tmp_path / "mine.yaml").write_text(
        "extends: basic\nunlisted: remove\npixels: {mode: off}\nsubject: patient-id\nrules:\n"
        "  - {keyword: PatientID, action: map, map: ids.csv}\n"
        '  - {tag: "(0029,xx10)", creator: ACME, action: keep}\n'
        '  - {tag: "(gggg,eeee)", action: keep}\n'
        "  - {group: '0031', action: remove}\n"
    )
    differences = diff(load_profile("basic"), load_profile(str(tmp_path / "mine.yaml")))
    found = {one.what: (one.left, one.right) for one in differences}
    assert found["unlisted"] == ("K", "X")
    assert found["pixels mode"] == ("phi", "off")
    assert found["subject"] == ("issuer-and-patient-id", "patient-id")
    assert found["private"] == ("X", "K")
    assert found["(0029,xx10)"] == ("X", "K")
    assert found["(0031,xxxx)"] == ("", "X")
    assert found["(0010,0020)"][1].startswith("map, table ")
    assert SECRET not in repr(differences)
