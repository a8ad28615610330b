"""Names of towns in free text."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from deid.text import TextEngine


@pytest.mark.parametrize(
    ("text", "town"),
    [
        ("Transferred from Muskogee, CT head", "Muskogee"),
        ("MRT Knie, Zuweisung aus Vechta", "Vechta"),
        ("CT CHEST GRAND RAPIDS", "GRAND RAPIDS"),
        ("seen in Nes aan de Amstel", "Nes aan de Amstel"),
        ("IRM Trois-Rivières", "Trois"),
    ],
)
def test_a_town_is_cut(engine: TextEngine, text: str, town: str) -> None:
    assert town not in engine.clean(text, ()).text


@pytest.mark.parametrize("text", ["mobile reading station", "MOBILE CHEST", "orange filter", "XR chest, grand total 3"])
def test_words_that_are_towns_too_stay(engine: TextEngine, text: str) -> None:
    assert engine.clean(text, ()).text == text
