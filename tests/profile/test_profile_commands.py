"""The commands for those who write profiles, from arguments to output and exit code."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from pydicom.data import get_testdata_file
from typer.testing import CliRunner

from deid.cli.app import make_app
from deid.errors import ExitCode
from deid.profile import load_profile
from deid.profile.reading.action_names import ActionName
from deid.profile.reading.schema import RuleEntry, json_schema

CT = str(get_testdata_file("CT_small.dcm"))
RULES = """\
extends: basic
rules:
  - {keyword: PatientID, action: replace, value: "TRIAL-{hash}"}
  - {keyword: StudyDescription, action: keep, when: {Manufacturer: {matches: "GE *"}}}
"""


@pytest.fixture
def mine(tmp_path: Path) -> str:
    (tmp_path / "mine.yaml").write_text(RULES)
    return str(tmp_path / "mine.yaml")


def run(*arguments: str) -> Any:
    return CliRunner().invoke(make_app(), ["profiles", *arguments], env={"COLUMNS": "200"}, catch_exceptions=False)


def test_lint(mine: str, tmp_path: Path) -> None:
    good = run("lint", mine)
    assert (good.exit_code, good.stdout.strip()) == (ExitCode.OK, "1 file, nothing to say")
    bad = tmp_path / "bad.yaml"
    bad.write_text("extends: basic\nrules:\n  - {keyword: PatientNme, action: keep}\n")
    result = run("lint", mine, str(bad))
    assert result.exit_code == ExitCode.PROFILE
    assert f"error: {bad}:3: unknown keyword `PatientNme`" in result.stdout
    assert "→ did you mean PatientName" in result.stdout
    (problem,) = json.loads(run("lint", str(bad), "--json").stdout)
    assert problem["severity"] == "error"
    assert problem["message"].startswith(f"{bad}:3: ")


def test_warnings_are_no_failure(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text("extends: basic\nrules:\n  - {keyword: PatientSex, action: empty}\n")
    result = run("lint", str(path))
    assert result.exit_code == ExitCode.OK
    assert result.stdout.startswith("warning: ")


def test_explain(mine: str) -> None:
    (explanation,) = json.loads(run("explain", "StudyDescription", CT, "-p", mine, "--json").stdout)
    assert (explanation["attribute"], explanation["places"]) == ("(0008,1030)", 1)
    decides = [one["decides"] for one in explanation["rules"]]
    assert decides == [True, False, False]
    assert explanation["rules"][0]["rule"] == "mine (0008,1030) when Manufacturer matches GE *"
    shown = run("explain", "StudyDescription", CT, "-p", mine)
    assert shown.exit_code == ExitCode.OK
    assert "decides" in shown.stdout
    assert "GE MEDICAL" not in shown.stdout
    assert "e+1" not in shown.stdout, "the description itself"
    assert "No rule is asked" in run("explain", "PixelData").stdout
    assert "does not stand in this file" in run("explain", "DeviceUID", CT).stdout


@pytest.mark.parametrize(
    ("attribute", "told"),
    [
        ("RetrieveURL", "goes all the same (rule `passed-over`)"),
        ("PatientBirthDateInAlternativeCalendar", "goes all the same (rule `passed-over`)"),
        ("HangingProtocolUserIdentificationCodeSequence", "goes all the same (rule `passed-over`)"),
        ("PartialViewDescription", "so is what a title, a cue or its form gives away"),
        ("KVP", "it is checked"),
        ("TextValue", "the rule of that attribute decides"),
        ("SpecificCharacterSet", "becomes the one that it means"),
    ],
)
def test_explain_tells_what_happens_besides_the_rule(attribute: str, told: str) -> None:
    (explanation,) = json.loads(run("explain", attribute, "--json").stdout)
    assert told.casefold() in explanation["afterwards"].casefold()
    assert explanation["afterwards"] in run("explain", attribute).stdout


def test_explain_says_no_more_where_the_rule_decides() -> None:
    for attribute in ("PatientID", "PixelData"):
        (explanation,) = json.loads(run("explain", attribute, "--json").stdout)
        assert explanation["afterwards"] is None


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["explain", "PatientNme"], ExitCode.USAGE, "did you mean PatientName"),
        (["explain", "PatientID", __file__], ExitCode.INPUT_OUTPUT, "the file is not DICOM"),
        (["explain", "PatientID", "none.dcm"], ExitCode.INPUT_OUTPUT, "the file can't be read"),
        (["diff", "basic", "bsic"], ExitCode.PROFILE, "did you mean basic?"),
    ],
)
def test_mistakes_end_in_a_line_a_remedy_and_a_code(arguments: list[str], code: ExitCode, said: str) -> None:
    command = [sys.executable, "-m", "deid", "profiles", *arguments]
    result = subprocess.run(command, capture_output=True, text=True, check=False, cwd=Path(__file__).parents[2])
    assert result.returncode == code
    assert said in result.stderr
    assert len(result.stderr.splitlines()) == 2


def test_diff(mine: str) -> None:
    found = json.loads(run("diff", "basic", mine, "--json").stdout)
    assert {one["what"]: one["right"] for one in found} == {
        "(0010,0020)": "replace TRIAL-{hash}",
        "(0008,1030) when Manufacturer matches GE *": "K",
    }
    assert "replace TRIAL-{hash}" in run("diff", "basic", mine).stdout
    assert run("diff", mine, mine).stdout.strip() == "They do the same."
    assert "retain-uids" in run("diff", "basic", "basic", "-o", "retain-uids").stdout


def test_schema_describes_what_is_accepted() -> None:
    schema = json.loads(run("schema").stdout)
    assert schema == json_schema()
    assert schema["$schema"].startswith("https://json-schema.org/")
    rule = schema["$defs"]["RuleEntry"]
    assert set(rule["properties"]) == set(RuleEntry.model_fields)
    assert all(entry.get("description") for entry in rule["properties"].values())
    assert rule["required"] == ["action"]
    assert set(rule["properties"]["action"]["enum"]) == set(ActionName.__args__)  # type: ignore[attr-defined]
    assert rule["additionalProperties"] is False
    assert set(schema["$defs"]["ConditionEntry"]["properties"]) == {"matches", "is"}


def test_show_lists_every_kind_of_rule(mine: str) -> None:
    assert load_profile(mine)
    assert "when Manufacturer matches GE *" in run("show", mine, "--json").stdout
