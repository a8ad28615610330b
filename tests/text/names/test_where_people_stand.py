"""Names that are words of radiology go where only a person can stand."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from deid.text import TextEngine

pytestmark = pytest.mark.slow


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("MRI BREAST PRELIM STONE / FINAL", "MRI BREAST PRELIM / FINAL"),
        ("CRITICAL CALLED TO Head 18:33 RBV", "CRITICAL CALLED 18:33 RBV"),
        ("Dictated: 12.03.2021 Long Transcribed: VK", "Dictated: Transcribed:"),
        ("Consent signed 12.03.2021, Minor. Repeated once.", "Consent signed. Repeated once."),
        ("FOOSH MERGED WITH MINOR", "FOOSH MERGED WITH"),
        ("ORTHO, EMPLOYER HEAD & SONS", "ORTHO, EMPLOYER & SONS"),
        ("ADDL IMGS PER POLE: PROSTATE T2", "ADDL IMGS: PROSTATE T2"),
        ("nipple discharge/Head/JJ", "nipple discharge"),
        ("Verdenking longembolie_DrBos", "Verdenking longembolie"),
        ("Bilder verwackelt_OAInderbitzin", "Bilder verwackelt"),
        ("CTAC 3.75 Thick_BeanAEP1980", "CTAC 3.75 Thick"),
        ("Stöppler, Hartmann *12.09.1934 Struma", "* Struma"),
        ("Images under Brauer, Leopolda moved to SSB6597", "Images under moved"),
        ("Rx bacia AP solicitante Dal Fior", "Rx bacia AP solicitante"),
        ("Calciatore D'Amato, frattura", "Calciatore, frattura"),
        ("Antériorités Centre Hospitalier de Trois-Rivières", "Antériorités"),
        ("Prezado colega Bittencourt, nódulo sólido", "Prezado colega, nódulo sólido"),
        ("Port chest added per Root", "Port chest added"),
        ("Surgery with Root on 16.04.2021", "Surgery with"),
        ("Reader 1: Root; Reader 2: Stone", "Reader 1:; Reader 2:"),
        ("Followed by Mackenzie Ship at Garner Medical Center", "Followed"),
        ("Meniscusletsel, aanvrager Ten Caete", "Meniscusletsel, aanvrager"),
        ("Hernia, overplaatsing uit Goes", "Hernia, overplaatsing"),
        ("RILETTURA Calosi 7 novembre 2015", "RILETTURA"),
        ("Anestesia Bittencourt, sem hemorragia", "Anestesia, sem hemorragia"),
    ],
)
def test_they_go(engine: TextEngine, text: str, left: str) -> None:
    assert engine.clean(text, ()).text == left


@pytest.mark.parametrize(
    "text",
    [
        "wet read normal",
        "10 images per second",
        "Views added per protocol",
        "Visit with contrast on 16 slices",
        "Table moved to 2000 mm",
        "5 ml per head",
        "PRELIM LIVER / FINAL",
        "DRAIN, DRY TAP",
        "DRUSEN, PDA",
        "Anesthesia present, 3 ml",
        "CHEST/ABD/PEL",
    ],
)
def test_other_words_stay(engine: TextEngine, text: str) -> None:
    assert engine.clean(text, ()).text == text
