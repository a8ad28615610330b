"""Readings of what is no text."""

from __future__ import annotations

import pytest

from deid.pixels.ocr.texture import is_texture


@pytest.mark.parametrize("text", ["AIA IAIAJAIIAAJAA IJJAAAJAJ IA", "AAAAJAAJAA  IJAAA I IA IAJ I"])
def test_a_grid_of_short_lines_is_none_though_its_reading_is_rather_sure(text: str) -> None:
    assert is_texture(text, 0.79)


@pytest.mark.parametrize(
    ("text", "score"), [("FYVVLPEVVI11VEVICRTI", 0.47), ("VKTFKVKKI", 0.64), ("KKKCKLCLLLL", 0.79)]
)
def test_edges_of_anatomy_in_ever_new_order_are_none(text: str, score: float) -> None:
    assert is_texture(text, score)


@pytest.mark.parametrize("text", ["Nhhhhh", "mmmmh", "Whhhh"])
def test_the_beats_of_an_ecg_are_none(text: str) -> None:
    assert is_texture(text, 0.6)


@pytest.mark.parametrize(
    ("text", "score"),
    [
        ("ANNA HANNAH JANA", 0.8),
        ("WILLIILLI", 0.8),
        ("1110001110001110", 0.8),
        ("0000471100", 0.6),
        ("SCHIFFFAHRT", 0.6),
        ("FELICITY PERRY", 0.8),
        ("ERIC KELLY", 0.75),
    ],
)
def test_names_and_numbers_of_few_letters_are_text(text: str, score: float) -> None:
    assert not is_texture(text, score)
