"""What stands beside a name or a place goes with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from deid.text import TextEngine

pytestmark = pytest.mark.slow


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Knee, read by Halloran / KQB", "Knee, read"),
        ("Knee 12.03.2021 KQB", "Knee"),
        ("Knee, seen by Brian Halloran in Appenzell", "Knee, seen"),
        ("Genou, adressé par Lana Binette de Rambouillet", "Genou, adressé"),
        ("Knee, lives in Wolverhampton WV3 9QT", "Knee, lives"),
        ("Knee, discussed with Xanthoria Halloran", "Knee, discussed with"),
    ],
)
def test_they_go_together(engine: TextEngine, text: str, left: str) -> None:
    assert engine.clean(text, ()).text == left


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Halloran chest / AP", "chest / AP"),
        ("Halloran CT CHEST in supine position", "CT CHEST in supine position"),
        ("Wolverhampton CT 512 mm", "CT 512 mm"),
        ("Sra. Adela Cruz Radiografía de rodilla", "Radiografía de rodilla"),
    ],
)
def test_clinical_words_beside_them_stay(engine: TextEngine, text: str, left: str) -> None:
    assert engine.clean(text, ()).text == left
