"""Names that are words of radiology go where what stands around them says so, and the words stay elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from deid.identity.known_values import KnownValue, ValueKind

if TYPE_CHECKING:
    from deid.text import TextEngine

pytestmark = pytest.mark.slow


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("CHEST patient WALL refused contrast", "CHEST patient refused contrast"),
        ("T1 spoke to Ball", "T1 spoke"),
        ("Wrist, Vanessa - CT HEAD", "CT HEAD"),
        ("T2 SPACE: VANESSA VEIN (1255244)", "T2 SPACE:"),
        ("CT Quint Gerd geb. 02.03.1982", "CT geb."),
        ("ROUTINE BRAIN Lukas Kowalczyk DOB 12/03/1961", "ROUTINE BRAIN DOB"),
        ("ROUTINE BRAIN (DOB 12/03/1961)", "ROUTINE BRAIN (DOB)"),
        ("ROUTINE BRAIN KOWALCZYK DOB 12/03/1961", "ROUTINE BRAIN DOB"),
        ("Mme Nadir Bellecourt Épaule droite", "Épaule droite"),
        ("Radiologo: Orazia Perna", "Radiologo:"),
        ("CT CHEST, surgeon PALM", "CT CHEST, surgeon"),
        ("Endoscopist: Small, colon", "Endoscopist:, colon"),
        ("Owner Stone 10:42", "Owner 10:42"),
    ],
)
def test_goes(engine: TextEngine, text: str, left: str) -> None:
    assert engine.clean(text, ()).text.strip() == left


@pytest.mark.parametrize("line", ["Schenkelhals? CA Bauer informiert", "Pneumothorax, Bauer notified"])
def test_who_was_told_goes(engine: TextEngine, line: str) -> None:
    assert "bauer" not in engine.clean(line, ()).text.lower()
    assert engine.judge_line(line, ()).spans


@pytest.mark.parametrize(
    "text",
    ["patient supine, head moved", "surgeon wants wrist views", "vet: palm lesion", "CT CHEST DOB", "AX_MIP_COR"],
)
def test_stays(engine: TextEngine, text: str) -> None:
    assert engine.clean(text, ()).text == text


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("WALL unable to lie flat", "unable to lie flat"),
        ("CT ordered for WALL by CT desk", "CT ordered by CT desk"),
        ('PET "WALL"', "PET"),
        ("ABDOMEN WALL / IV", "ABDOMEN"),
        ("CT WALL MOTION", "CT WALL MOTION"),
    ],
)
def test_a_known_surname_goes_where_only_people_stand(engine: TextEngine, text: str, left: str) -> None:
    known = (KnownValue("WALL^ANN", ValueKind.PATIENT_NAME, "PatientName"),)
    assert engine.clean(text, known).text.strip(' "/') == left
