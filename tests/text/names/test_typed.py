"""Labels that staff type in: names of two words and single ones go, structures, devices and products stay."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from deid.profile import TextPolicy
from deid.text import TextEngine
from deid.text.fold import fold_text
from deid.text.names.typed import may_hold_full_name

if TYPE_CHECKING:
    from collections.abc import Sequence

pytestmark = pytest.mark.slow


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Anna Schmidt liver", "liver"),
        ("GTV Wolterbeek", "GTV"),
        ("H&N Kowalczyk", "H&N"),
        ("Mould for Kowalczyk", "Mould"),
        ("Kowalczyk", ""),
    ],
)
def test_a_name_goes(engine: TextEngine, text: str, left: str) -> None:
    assert engine.scrub_typed(text, ()).text == left


@pytest.mark.parametrize(
    "text", ["Liver Lesion 1", "Left lung GTV", "Posifix headrest", "Vac-Lok cushion", "Aquaplast RT", "Elekta BodyFIX"]
)
def test_a_structure_or_a_product_stays(engine: TextEngine, text: str) -> None:
    assert engine.scrub_typed(text, ()).text == text


def test_the_keep_list_of_a_profile_has_the_last_word() -> None:
    engine = TextEngine(TextPolicy(keep=("wolterbeek",)))
    assert engine.scrub_typed("GTV Wolterbeek", ()).text == "GTV Wolterbeek"


def test_labels_without_a_name_beside_another_word_need_no_model(monkeypatch: pytest.MonkeyPatch) -> None:
    """Loading it takes most of a second, which a run over headers only would lose."""

    def load(*_: Sequence[object]) -> None:
        raise AssertionError

    monkeypatch.setattr("deid.text.ner.analyzer.Analyzer.__init__", load)
    engine = TextEngine()
    for text in ("Liver Lesion 1", "Left lung GTV", "Posifix headrest", "GTV Wolterbeek"):
        assert not may_hold_full_name(fold_text(text))
        engine.scrub_typed(text, ())
