"""docs/options.md names every option, and its example loads."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

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


DIRECTIONS = [
    *((element, "GEMS_ACQU_01") for element in (0x001910BB, 0x001910BC, 0x001910BD)),
    *((element, "Philips MR Imaging DD 001") for element in (0x200510B0, 0x200510B1, 0x200510B2)),
    (0x0019100A, "SIEMENS MR HEADER"),
]
SIEMENS = [(0x0019100C, "SIEMENS MR HEADER"), (0x0019100E, "SIEMENS MR HEADER")]


@pytest.mark.parametrize(("element", "creator"), [*DIRECTIONS, *SIEMENS])
def test_what_diffusion_takes_stays_where_the_page_says_so(element: int, creator: str, tmp_path: Path) -> None:
    mine = tmp_path / "mine.yaml"
    mine.write_text("extends: basic\nprivate_table: tcia-2024-02-01\n", "utf-8")
    for profile in (load_profile("tcia"), load_profile(str(mine))):
        assert profile.rule_for(element, private_creator=creator).code == "K"
    safe = load_profile("basic", ["retain-safe-private"]).rule_for(element, private_creator=creator)
    assert (safe.code == "X") == ((element, creator) in DIRECTIONS)


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
