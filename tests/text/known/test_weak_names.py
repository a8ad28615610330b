"""Names that are clinical words, too, go where the words around them say so, and stay where they are clinical."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from deid.text.words.vocabulary import is_hardly_a_name, may_be_weak

if TYPE_CHECKING:
    from deid.text import TextEngine

pytestmark = pytest.mark.slow


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Contrast given by Ray Stone RN", "Contrast given RN"),
        ("PCP: Marsh, CT CHEST", "PCP:, CT CHEST"),
        ("Stone 4711223 F 061Y", "F 061Y"),
        ("STONE JR, JEWELL - CT CHEST", "CT CHEST"),
        ("Cardiologist: Page", "Cardiologist:"),
        ("PCP: Wezel. One week post vaccination", "PCP:. One week post vaccination"),
        ("AX T1 VIBE ordered by Wall", "AX T1 VIBE ordered"),
        ("Banks's patient, CT CHEST", "patient, CT CHEST"),
        ("CT CHEST scanned 10:42:00 PV", "CT CHEST scanned 10:42:00"),
    ],
)
def test_they_go_by_what_stands_around(engine: TextEngine, text: str, left: str) -> None:
    assert engine.clean(text, ()).text == left


@pytest.mark.parametrize(
    "text",
    [
        "Knee [KNEE]",
        "MR HEAD",
        "MR Field map",
        "New line.",
        "CT KIDNEY STONE",
        "Bridge plate, left wrist",
        "PET WB WITH CT ATTN CORR",
        "MAMMO+3D SCREEN",
        "HEARING LOSS ON THE RIGHT",
        "Biopsia guiada por TC",
        "REV 12345",
        "Port Chest",
        "RECON LUNG",
        "No oral contrast given per ED",
        "family hx mother age 52",
        "Sudden onset severe headache",
        "Fell off ladder, elevated white count",
        "Gleason 3+4, Risser 4",
    ],
)
def test_they_stay_where_they_are_clinical(engine: TextEngine, text: str) -> None:
    assert engine.clean(text, ()).text == text


def test_what_can_be_a_name_only_by_what_stands_around() -> None:
    assert may_be_weak("stone")
    assert not may_be_weak("the")
    assert not may_be_weak("schulter")
    assert is_hardly_a_name("knee")
    assert not is_hardly_a_name("stone")
