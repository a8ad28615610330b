"""Print-outs of other departments, in their languages: the patient goes, tables and settings stay."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from deid.identity.key import Key
from deid.instance import Deidentifier, Timings
from deid.pixels.frames.image import PixelImage
from deid.profile import load_profile
from deid.reading import parse_instance
from tests.scenarios.pages import page, place
from tests.scenarios.screens import write_screen

if TYPE_CHECKING:
    from pathlib import Path

    from tests.scenarios.pages import Line

pytestmark = pytest.mark.slow
_FIELD = ((26, 27, 25, 24, 23), (27, 28, 29, 27, 26), (28, 30, 31, 29, 27), (27, 31, 32, 30, 28))
VISUAL_FIELD: tuple[list[Line], list[Line]] = (
    [(30, 20, "NGUYEN, THI BICH NGOC"), (30, 46, "04.12.1977"), (400, 46, "H24/12345")],
    [(30, 80, "Einzelfeldanalyse"), (400, 80, "Zentraler 24-2 Schwellentest"), (400, 110, "Fixationsziel: Zentral"),
     (400, 140, "Hintergrund: 31,5 ASB"), (400, 170, "Falsch POS Fehler: 3 %"), (400, 200, "VFI 89 %"),
     (400, 230, "Musterabweichung"),
     *((60 + 50 * column, 120 + 34 * row, str(value))
       for row, values in enumerate(_FIELD) for column, value in enumerate(values))],
)  # fmt: skip
HEART_CATHETER: tuple[list[Line], list[Line]] = (
    [(30, 20, "Winter, Grace"), (30, 46, "0093-51-27"), (400, 20, "LKM-XA02")],
    [(30, 84, "Plaats"), (150, 84, "Systolisch"), (280, 84, "Diastolisch"), (420, 84, "Gemiddeld"),
     (30, 114, "AO"), (150, 114, "128"), (280, 114, "74"), (420, 114, "95"),
     (30, 144, "LV"), (150, 144, "130"), (280, 144, "8"), (420, 144, "52"),
     (30, 174, "RV"), (150, 174, "31"), (280, 174, "4"), (420, 174, "14"),
     (30, 204, "Klepoppervlak"), (280, 204, "1.1 cm2"), (30, 234, "Saturaties"), (30, 264, "Hb 8.4 mmol/l")],
)  # fmt: skip
TREATMENT_PLAN: tuple[list[Line], list[Line]] = (
    [(30, 20, "Ramirez Ortega, Maria"), (30, 46, "MRN0058213"), (400, 20, "SN: 72018-A")],
    [(30, 84, "Field ID"), (150, 84, "Energy"), (260, 84, "Gantry"), (380, 84, "SSD"), (480, 84, "MU"),
     (30, 114, "CCW"), (150, 114, "6"), (260, 114, "181.0"), (380, 114, "88.4"), (480, 114, "412"),
     (30, 144, "CW"), (150, 144, "6"), (260, 144, "179.0"), (380, 144, "88.1"), (480, 144, "398"),
     (30, 194, "Setup AP"), (30, 224, "Rectum V65 < 17 %"), (30, 254, "Shift: AP 2 mm")],
)  # fmt: skip


@pytest.fixture(scope="module")
def deidentifier() -> Deidentifier:
    return Deidentifier(load_profile("basic"), Key.generate())


@pytest.mark.parametrize(
    ("page_of", "modality"), [(VISUAL_FIELD, "OPV"), (HEART_CATHETER, "XA"), (TREATMENT_PLAN, "RTPLAN")]
)
def test_the_patient_goes_and_every_measurement_stays(
    deidentifier: Deidentifier, tmp_path: Path, page_of: tuple[list[Line], list[Line]], modality: str
) -> None:
    identifying, measured = page_of
    picture = page([*identifying, *measured])
    write_screen(tmp_path / "a.dcm", [picture], PatientName="", PatientID="", PatientBirthDate="", Modality=modality)
    after = PixelImage.of(parse_instance(deidentifier.deidentify(tmp_path / "a.dcm", Timings()).data))
    assert after is not None
    released = after.decode(0)
    assert [line[2] for line in identifying if (released[place(line)] > 128).mean() > 0.1] == []
    assert [line[2] for line in measured if not np.array_equal(released[place(line)], picture[place(line)])] == []
