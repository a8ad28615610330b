"""Names that direction marks hide from a search, but not from a reader."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from deid.identity.known_values import KnownValue
    from deid.text import TextEngine

BACKWARDS = "chest \u202edlovdnarB\u202c left"


def test_a_known_name_shown_from_right_to_left_is_known(engine: TextEngine, known: tuple[KnownValue, ...]) -> None:
    assert "dlovdnarB" not in engine.scrub(BACKWARDS, known).text
    assert {span.kind for span in engine.find_known(BACKWARDS, known, strict=True)} == {"known"}


@pytest.mark.slow
def test_latin_text_shown_from_right_to_left_is_cut_without_a_header(engine: TextEngine) -> None:
    assert "dlovdnarB" not in engine.clean(BACKWARDS, ()).text
    assert engine.judge_line(BACKWARDS, ()).identifying


def test_other_direction_marks_alone_hide_nothing_and_stay(engine: TextEngine, known: tuple[KnownValue, ...]) -> None:
    text = "\u200fchest\u200e left \u2067axial\u2069"
    assert engine.scrub(text, known).text == text
