"""Pages that devices store beside the images: the patient goes, and every number that was measured stays."""

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
DOSE_PAGE: tuple[list[Line], list[Line]] = (
    [(30, 20, "DOEBERT, JANINE"), (30, 46, "QX-4711-83"), (30, 72, "*05-Mar-1961"),
     (330, 20, "St. Kunigund Hospital"),
     (30, 98, "Physician: Vandersloot")],
    [(30, 140, "Total mAs 6937"), (250, 140, "Total DLP 677 mGycm"), (30, 180, "Scan"), (190, 180, "KV"),
     (250, 180, "mAs / ref."),
     (390, 180, "CTDIvol*"), (500, 180, "DLP"), (570, 180, "cSL"), (30, 210, "Patient Position H-SP"),
     (30, 240, "Abdomen"),
     (190, 240, "120"), (250, 240, "98 / 120"), (390, 240, "6.62 (L)"), (500, 240, "313"), (570, 240, "0.6"),
     (30, 280, "Medium Type"), (190, 280, "Iodine Conc. mg/ml"), (430, 280, "CM Ratio")],
)  # fmt: skip
ULTRASOUND_WORKSHEET: tuple[list[Line], list[Line]] = (
    [(30, 20, "Patient Name DOEBERT JANINE"), (380, 20, "Patient ID QX-4711-83"), (30, 46, "Birth Date 05/03/1961"),
     (30, 72, "Ref. Doc. Vandersloot"), (380, 72, "Sonogr. HB")],
    [(30, 120, "B Mode Measurements"), (300, 120, "Value"), (400, 120, "Meth."), (480, 120, "m1"),
     (30, 150, "BPD (Hadlock)"),
     (300, 150, "5.12 cm"), (400, 150, "avg."), (480, 150, "5.12"), (30, 180, "HUM (Jeanty)"),
     (300, 180, "3.31 cm"),
     (30, 210, "EFW (Hadlock)"), (300, 210, "1234 g"), (30, 240, "CUA 27w3d"), (300, 240, "EF(Teich) 65 %"),
     (30, 270, "Fetal Position Cephalic"), (300, 270, "Placenta Anterior")],
)  # fmt: skip
MR_CORNERS: tuple[list[Line], list[Line]] = (
    [(20, 16, "DOEBERT^JANINE"), (20, 40, "QX-4711-83"), (20, 64, "*05.03.1961"),
     (420, 16, "St. Kunigund Hospital")],
    [(20, 100, "11 IMA 28 / 36"), (420, 40, "MAGNETOM Aera"), (420, 64, "+LPH"), (20, 200, "MF 1.12"),
     (20, 224, "TR 4500.0"),
     (20, 248, "TA 02:33"), (20, 272, "M/NORM/DIS2D"), (20, 296, "A1/HE1-4"), (420, 200, "SP H12.3"),
     (420, 224, "FoV 230*230"),
     (420, 248, "Cor>Tra(-1.3)"), (420, 272, "W 899"), (420, 296, "C 409")],
)  # fmt: skip


@pytest.fixture(scope="module")
def deidentifier() -> Deidentifier:
    return Deidentifier(load_profile("basic"), Key.generate())


@pytest.mark.parametrize("page_of", [DOSE_PAGE, ULTRASOUND_WORKSHEET, MR_CORNERS])
def test_the_patient_goes_and_every_measurement_stays(
    deidentifier: Deidentifier, tmp_path: Path, page_of: tuple[list[Line], list[Line]]
) -> None:
    identifying, measured = page_of
    picture = page([*identifying, *measured])
    write_screen(tmp_path / "a.dcm", [picture])
    after = PixelImage.of(parse_instance(deidentifier.deidentify(tmp_path / "a.dcm", Timings()).data))
    assert after is not None
    released = after.decode(0)
    values = [
        line for line in identifying if not line[2].startswith(("Patient ", "Birth ", "Physician", "Ref", "Sonogr"))
    ]
    assert [line[2] for line in values if released[place(line)].any()] == []
    for line in set(identifying) - set(values):
        ink = (picture[place(line)] > 128).sum()
        assert (released[place(line)] > 128).sum() < ink * 2 / 3, line[2]
    assert [line[2] for line in measured if not np.array_equal(released[place(line)], picture[place(line)])] == []
