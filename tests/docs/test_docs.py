from __future__ import annotations

import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from deid.cli.app import make_app
from deid.errors import ExitCode, InstanceError, Reason
from deid.outcome import outcome_name, outcome_of
from deid.profile import load_profile

ROOT = Path(__file__).parents[2]
PAGES = sorted([ROOT / "README.md", *(ROOT / "docs").glob("*.md")])


def rows(page: str) -> list[list[str]]:
    lines = (ROOT / "docs" / page).read_text().splitlines()
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("| ")]


def test_every_exit_code_is_documented_as_it_is() -> None:
    documented = {row[0]: row[1] for row in rows("errors.md") if row[0].isdigit()}
    assert documented == {str(code.value): code.meaning for code in ExitCode}


def test_every_reason_is_documented_as_it_is() -> None:
    documented = {row[0].strip("`"): (row[1], row[2], row[3]) for row in rows("errors.md") if row[0].startswith("`")}

    assert documented == {
        reason.value: (outcome_name(outcome_of(InstanceError(reason))), reason.meaning, reason.remedy)
        for reason in Reason
    }


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_between_pages_hold(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text()):
        assert (page.parent / target).exists(), target


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_commands_shown_exist_with_their_options(page: Path) -> None:
    for line in re.findall(r"^\$ (?:venv/bin/)?(deid .*)$", page.read_text(), re.MULTILINE):
        words = line.split("|")[0].split()[1:]
        options = {word for word in words if word.startswith("--")}
        names = [word for word in words if not word.startswith("-")][:2]
        command = names if names and names[0] in {"profiles", "keys", "vault"} else names[:1]
        result = CliRunner().invoke(make_app(), [*command, "--help"], env={"COLUMNS": "200"})
        assert result.exit_code == 0, line
        assert all(option in result.output for option in options), line


def test_the_example_profile_loads(tmp_path: Path) -> None:
    example = re.search(r"```yaml\n(.*?)```", (ROOT / "docs/profiles.md").read_text(), re.DOTALL)
    assert example is not None
    path = tmp_path / "mine.yaml"
    path.write_text(example[1])
    profile = load_profile(str(path))
    assert profile.rule_for(0x00100020).value == "TRIAL-{pseudonym}"
    assert profile.rule_for(0x0019100C, private_creator="SIEMENS MR HEADER").code == "K"
