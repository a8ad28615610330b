"""Every profile that docs/profiles.md shows loads and passes `lint`; its tables name what there is."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from deid.profile import load_profile
from deid.profile.lint import lint
from deid.profile.reading.action_names import CODE_OF_WORD, USER_CODES

PAGE = (Path(__file__).parents[2] / "docs" / "profiles.md").read_text("utf-8")
EXAMPLES = re.findall(r"```yaml\n(?!devices:)(.*?)```", PAGE, re.DOTALL)
(DEVICES,) = re.findall(r"```yaml\n(devices:.*?)```", PAGE, re.DOTALL)


@pytest.mark.parametrize("number", range(len(EXAMPLES)))
def test_examples_are_good_profiles(number: int, tmp_path: Path) -> None:
    (tmp_path / "patients.csv").write_text("original,new\nA,B\n")
    (tmp_path / "our-scanners.yaml").write_text(DEVICES)
    path = tmp_path / "mine.yaml"
    path.write_text(EXAMPLES[number], "utf-8")
    assert load_profile(str(path)).name == "mine"
    assert lint(str(path)) == ()
    assert lint(str(tmp_path / "our-scanners.yaml")) == ()


def test_each_action_is_described() -> None:
    rows = re.findall(r"^\| `([a-z-]+)` \|(?: `([A-Z])`)? \|", PAGE, re.MULTILINE)
    words = {word: code for word, code in rows if code}
    assert words == CODE_OF_WORD
    assert {word for word, code in rows if not code} == set(USER_CODES)
