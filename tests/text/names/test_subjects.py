"""Numbers and initials of the subjects of studies go, in seven languages; visits and abbreviations with dots stay."""

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
        ("MR KNEE subj 12-0147 pre", "MR KNEE subj pre"),
        ("MR KNEE subj R17C204 K.V.", "MR KNEE subj"),
        ("IRM genou essai patient S4471 QL", "IRM genou essai patient"),
        ("CT thorax proband 0417 L.O.", "CT thorax proband"),
        ("eco tiroide sogg. 55-812 F. B.", "eco tiroide sogg."),
        ("RM joelho part. PT-3316 W-D", "RM joelho part."),
        ("MR LWK studienr PT-2209 VK", "MR LWK studienr"),
        ("CT CHEST subj init Q.V.", "CT CHEST subj init"),
        ("equine carpus Q.V.", "equine carpus"),
        ("Q.V. 12.03.1941 CT CHEST", "CT CHEST"),
        ("MPRAGE_417-027-0_V2", "MPRAGE_V2"),
    ],
)
def test_subjects_go(engine: TextEngine, text: str, left: str) -> None:
    assert engine.clean(text, ()).text == left


@pytest.mark.parametrize(
    "text",
    [
        "subject supine", "screening 2019", "lung screening", "CT CHEST PART 2", "PET LUNG INIT STG", "aspirin p.o.",
        "CT CHEST P.A.", "Z. n. TEP", "Gadovist I.V.", "knee subj 3T", "dwi_b1000_v2",
    ],
)  # fmt: skip
def test_what_is_no_subject_stays(engine: TextEngine, text: str) -> None:
    assert engine.clean(text, ()).text == text


@pytest.mark.parametrize("text", ["Subj 47-123 R. V.", "SUBJ S7261 QL", "essai patient 42-559 K. B."])
def test_subjects_go_from_lines(engine: TextEngine, text: str) -> None:
    left = [text[span.end :] for span in engine.judge_line(text, ()).spans][-1]
    assert not left


def test_a_day_in_six_digits_goes(engine: TextEngine) -> None:
    assert engine.clean("CT CHEST (470913)", ()).text == "CT CHEST"
    assert engine.clean("MRT Schädel nativ 130947", ()).text == "MRT Schädel nativ"
    for kept in ("platelets 120000", "CT CHEST 990000", "counts 101010 cps"):
        assert engine.clean(kept, ()).text == kept


def test_a_unit_in_small_letters_behind_a_number_is_no_name_that_the_model_sees(engine: TextEngine) -> None:
    for kept in ("rate 2000 cps", "counts 101010 cps"):
        assert engine.clean(kept, ()).text == kept


def test_a_birth_date_in_six_digits_goes_from_kept_texts_but_is_no_time(engine: TextEngine) -> None:
    known = (KnownValue("19470913", ValueKind.BIRTH_DATE, "PatientBirthDate"),)
    assert engine.scrub("PELVIS 130947", known).text == "PELVIS"
    assert engine.scrub("SAG MPRAGE 470913", known).text == "SAG MPRAGE"
    assert engine.scrub("130947", known).text == "130947"
