"""docs/options.md names every option, and its example loads."""

from __future__ import annotations

import re
from pathlib import Path

from deid.profile import list_options, load_profile

PAGE = (Path(__file__).parents[2] / "docs" / "options.md").read_text("utf-8")


def test_every_option_is_in_the_table() -> None:
    named = re.findall(r"^\| `([a-z-]+)` \|", PAGE, re.MULTILINE)
    assert sorted(named) == [info.name for info in list_options()]


def test_the_example_keeps_private_attributes_by_the_table(tmp_path: Path) -> None:
    example = re.search(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
    assert example is not None
    path = tmp_path / "mine.yaml"
    path.write_text(example[1], "utf-8")
    profile = load_profile(str(path))
    assert profile.rule_for(0x0019100C, private_creator="SIEMENS MR HEADER").code == "K"
    assert profile.rule_for(0x00080020).code == "Z"


def test_what_it_says_of_tcia_holds() -> None:
    profile = load_profile("tcia")
    options = {info.name for info in profile.options}
    assert options == {
        "retain-longitudinal-modified-dates",
        "retain-patient-characteristics",
        "retain-device-identity",
        "retain-safe-private",
        "clean-descriptors",
        "clean-structured-content",
        "repair",
    }
