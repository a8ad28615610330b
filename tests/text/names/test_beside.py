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
        ("NGUYEN, THI BICH NGOC", ""),
        ("X-bekken mevr. van 't Hoff", "X-bekken mevr."),
        ("TC nato il 11/06/1946 a Massa", "TC nato a"),
        ("CT SIM acquired on RYDEMR1", "CT SIM acquired"),
        ("Knee, read by Halloran (Nice)", "Knee, read"),
        ("Aufklärung durch Dr. Halloran (IS)", "Aufklärung"),
        ("NON REPORTABLE (제갈) AT", "NON REPORTABLE"),
        ("Voruntersuchung TER STRAEKE KLINIEK", "Voruntersuchung"),
        ("CD from Stockton on Tees Community Hospital", "CD"),
        ("MVA on 630 Árbakki Eyrarbakki", "MVA"),
        ("SCHIPHOL MOBILE CT", "MOBILE CT"),
        ("PFLEGEHEIM BAD HENNINGDORF; PROSTATA", "PROSTATA"),
        ("PFLEGEHEIM BAD ORB; PROSTATA", "PROSTATA"),
        ("Halloran 12.03.1941 F TABLE POS RESET", "TABLE POS RESET"),
        ("Halloran 12.03.1941 F 3 TABLE", "F 3 TABLE"),
        ("Knee, seen by Brian Halloran in Appenzell", "Knee, seen"),
        ("Genou, adressé par Lana Binette de Rambouillet", "Genou, adressé"),
        ("Knee, lives in Wolverhampton WV3 9QT", "Knee, lives"),
        ("Knee, discussed with Xanthoria Halloran", "Knee, discussed with"),
        ("Kind Sebastiaan van der Spek met CT abdomen", "Kind met CT abdomen"),
        ("Mevr. van de Ven Pim", "Mevr."),
        ("CT CHEST 4711223344 KQB", "CT CHEST"),
        ("Knie, woont in Etten-Leur", "Knie, woont"),
        ("CT CHEST Dr. Halloran-Strand", "CT CHEST"),
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
        ("CT CHEST 4711223344 AP", "CT CHEST AP"),
        ("Halloran-CT chest", "CT chest"),
        ("Rücksprache mit Anna von der Radiologie", "Rücksprache mit von der Radiologie"),
        ("Sra. Adela Cruz Radiografía de rodilla", "Radiografía de rodilla"),
    ],
)
def test_clinical_words_beside_them_stay(engine: TextEngine, text: str, left: str) -> None:
    assert engine.clean(text, ()).text == left


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Thorax, Hausarzt Dr. Wolterbeek, Appenzell", "Thorax, Hausarzt"),
        ("Rachis, adressé par Ida Wolterbeek de Neuilly-sur-Marne", "Rachis, adressé"),
        ("CT CHEST Dr. Wolterbeek, Kontrolle", "CT CHEST, Kontrolle"),
        ("XR CHEST sent from Mount Lima Clinic", "XR CHEST sent"),
    ],
)
def test_the_place_behind_a_name_goes_whole(engine: TextEngine, text: str, left: str) -> None:
    assert engine.clean(text, ()).text == left


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("SMITH^JOHN C+", "C+"),
        ("CHEST W/O KOWALCZYK", "CHEST W/O"),
        ("CT A/P 柏市", "CT A/P"),
        ("Kowalczyk T=33%", "T=33%"),
        ("RECON 2: 500 MA COELHO", "RECON 2: 500 MA"),
        ("Seen by Danny. C-collar on", "Seen. C-collar on"),
    ],
)
def test_a_letter_that_is_a_sign_is_no_initial(engine: TextEngine, text: str, left: str) -> None:
    assert engine.clean(text, ()).text == left
