"""On lines of pixels initials and bare numbers go where they are all that is left, and usual labels stay."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from deid.text import TextEngine

pytestmark = pytest.mark.slow


def _hidden(engine: TextEngine, line: str) -> str:
    return "|".join(line[span.start : span.end] for span in engine.judge_line(line, ()).spans)


@pytest.mark.parametrize(
    ("line", "hidden"),
    [
        ("R CB", "CB"),
        ("R TOES HC", "HC"),
        ("R-GS", "GS"),
        ("RIGHT-BY", "BY"),
        ("KL CHEST LEFT 2011-06-20", "KL|2011-06-20"),
        ("SUPINE QX", "QX"),
        ("QX PORTABLE", "QX"),
        ("STRETCHER GK", "GK"),
        ("INSPIRATION QR", "QR"),
        ("GRID QX 08:33:11", "QX"),
        ("LT FOREARM LA 04:54:40", "LA"),
        ("OPERATOR PALM 10:42:18", "PALM"),
        ("PATIENT MOSS 9711153", "MOSS|9711153"),
        ("Patient Salinas GWP1113", "Salinas|GWP1113"),
        ("PATIENT 9711153 MOSS", "9711153|MOSS"),
        ("StudyID ACC8549058", "ACC8549058"),
        ("PATIENT ID SAP6547 W:400 L:40", "SAP6547"),
        ("MORGAN;CARY", "MORGAN;CARY"),
        ("TechnologistMiller", "Miller"),
        ("HOSP NO. EFJ1348", "EFJ1348"),
        ("Tel: 5550100 ERECT", "Tel: 5550100"),
        ("Name: Miller ERECT", "Miller"),
        ("WE/TS", "WE/TS"),
        ("19:17:00 DW", "DW"),
        ("12/03/2021 10:42AC", "12/03/2021 10:42|AC"),
        ("OB 07-AUG-2021", "OB|07-AUG-2021"),
        ("Kowalczyk WE RT", "Kowalczyk|WE"),
        ("Kowalczyk, Jan [M]", "Kowalczyk, Jan|M"),
        ("Paducah 7308", "Paducah|7308"),
        ("Physician Root", "Root"),
        ("Baby Wall", "Wall"),
        ("Wall Baby Girl", "Wall"),
        ("VALVE STEPHAN G", "VALVE STEPHAN G"),
        ("R ANKLE SB 01:39:28", "SB"),
        ("OPERATOR PD 08-NOV-2017", "PD|08-NOV-2017"),
    ],
)
def test_goes(engine: TextEngine, line: str, hidden: str) -> None:
    assert _hidden(engine, line) == hidden


@pytest.mark.parametrize(
    "line", ["R HIP LAT 10:42:11", "LT MLO", "R CC", "GB", "AO / LA", "LV EDV", "TE 90", "19:17:00", "Baby chest"]
)
def test_stays(engine: TextEngine, line: str) -> None:
    assert _hidden(engine, line) == ""


@pytest.mark.parametrize("line", ["Kowalczyk RT", "Kowalczyk PA", "12/03/2021 AP"])
def test_sides_and_views_stay_beside_what_goes(engine: TextEngine, line: str) -> None:
    assert engine.judge_line(line, ()).spans[-1].end < len(line)
