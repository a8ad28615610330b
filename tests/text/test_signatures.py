"""Initials that someone signed with go; abbreviations that stand in the same places stay."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from deid.text import TextEngine

pytestmark = pytest.mark.slow


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("XR CHEST tech: jt", "XR CHEST tech:"),
        ("AX VIBRANT (XG)", "AX VIBRANT"),
        ("CT ABDOMEN (HG)", "CT ABDOMEN"),
        ("CT CHEST Kowalczyk / GO", "CT CHEST"),
        ("ct chest kowalczyk / fhx", "ct chest"),
        ("CT CHEST called to the ward by KMB", "CT CHEST called to the ward"),
    ],
)
def test_signed(engine: TextEngine, text: str, left: str) -> None:
    assert engine.clean(text, ()).text == left


@pytest.mark.parametrize(
    "text",
    [
        "T1 VIBE (BH)",
        "PET (NAC)",
        "AX / COR",
        "CHEST / ABD",
        "Volume / BSA",
        "Biplane (MOD)",
        "Ejection fraction by US",
    ],
)
def test_not_signed(engine: TextEngine, text: str) -> None:
    assert engine.clean(text, ()).text == text


@pytest.mark.parametrize("letters", ["AC", "MM", "CM", "RL", "KB"])
def test_on_a_line_signed_after_date_and_time(engine: TextEngine, letters: str) -> None:
    verdict = engine.judge_line(f"12/03/2021 10:42 {letters}", ())
    assert verdict.spans[-1].end == len("12/03/2021 10:42 XY")


@pytest.mark.parametrize("line", ["Operator KMB", "Technologist AJX", "Technologisl AJX", "OPERATOR/WHB"])
def test_on_a_line_initials_behind_a_label_are_no_part_of_it(engine: TextEngine, line: str) -> None:
    assert engine.judge_line(line, ()).spans[-1].end == len(line)
