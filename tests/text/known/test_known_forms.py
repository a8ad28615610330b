"""The forms in which known dates, ages and initials turn up in texts."""

from __future__ import annotations

import pytest

from deid.identity.known_values import KnownValue, ValueKind
from deid.text import TextEngine

_ENGINE = TextEngine()
KNOWN = (
    KnownValue("QUIXWORTHY^JOHN^ALAN", ValueKind.PATIENT_NAME, "PatientName"),
    KnownValue("ODUYA^FEMI", ValueKind.PERSON_NAME, "ReferringPhysicianName"),
    KnownValue("19470913", ValueKind.BIRTH_DATE, "PatientBirthDate"),
    KnownValue("20180305", ValueKind.DATE, "StudyDate"),
    KnownValue("St. Gallica University Hospital", ValueKind.INSTITUTION, "InstitutionName"),
)


def found(text: str, *, strict: bool = False) -> list[str]:
    return [text[span.start : span.end] for span in _ENGINE.find_known(text, KNOWN, strict=strict)]


@pytest.mark.parametrize(
    "text",
    [
        "13 September",
        "Sept. 13th",
        "fifth of March",
        "March fifth, 2018",
        "thirteenth of September nineteen forty-seven",
        "fünfter März 2018",
        "cinq mars",
        "cinco de marzo de 2018",
        "cinque marzo",
        "vijf maart",
        "cinco de março",
        "5-III-2018",
        "2018年3月5日",
        "2018년 3월 5일",
        "٢٠١٨-٠٣-٠٥",
        "5 Mar",
    ],
)
def test_known_days_in_words_are_certain(text: str) -> None:
    assert found(f"knee {text} left", strict=True) == [text]


@pytest.mark.parametrize("text", ["130947", "470913", "050318", "03/05", "05.03.", "13 09 47"])
def test_known_days_in_short_are_found(text: str) -> None:
    assert found(f"knee {text} left") == [text]


@pytest.mark.parametrize("text", ["14 September", "130948", "03/06", "3/5", "0.130947", "04 Mar", "March", "2018"])
def test_other_days_are_not(text: str) -> None:
    assert found(f"knee {text} left") == []


@pytest.mark.parametrize(
    "text",
    [
        "70 y/o",
        "70-year-old",
        "70 Jahre",
        "70-jährige",
        "70 ans",
        "70 años",
        "70 anni",
        "70 jaar",
        "70 anos",
        "F/70",
        "70M",
    ],
)
def test_the_age_that_follows_from_the_dates_is_found(text: str) -> None:
    assert found(text) == [text]


def test_an_age_after_its_label_is_found() -> None:
    assert found("Alter: 70 knee") == found("aged 70, knee") == ["70"]


@pytest.mark.parametrize("text", ["70 mm", "70 kVp", "0.70", "71 y/o", "370 y", "page 70", "70 %"])
def test_other_numbers_are_no_ages(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize("text", ["JAQ", "J.A.Q.", "QJ", "JQ", "F. O.", "SGUH", "SGH"])
def test_initials_are_found(text: str) -> None:
    assert found(f"knee {text} 3") == [text]


@pytest.mark.parametrize("text", ["jaq", "JAX", "knee SG", "Sguh"])
def test_other_capitals_and_small_letters_are_no_initials(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize("name", ["POTTS^AP", "IRVING^MELODY", "TESTER^CAT"])
def test_initials_that_are_clinical_stay(name: str) -> None:
    known = (KnownValue(name, ValueKind.PATIENT_NAME, "PatientName"),)
    assert _ENGINE.find_known("AP, PA, MI, IM, CT and TC", known) == ()


def test_the_patients_surname_ends_a_text_though_it_is_a_word() -> None:
    known = (KnownValue("WARD^OMAR", ValueKind.PATIENT_NAME, "PatientName"),)
    assert _ENGINE.clean("R CC Ward", known).text == "R CC"
    assert _ENGINE.clean("Omar Ward CHEST", known).text == "CHEST"
    for text in ("Ward", "Isolation WARD", "Ward round"):
        assert _ENGINE.clean(text, known).text == text


@pytest.mark.parametrize("text", ["VAN DER VEN SCANOGRAM", "Knie v. VAN DER VEN", "vanderven scanogram"])
def test_a_surname_of_several_words_goes_though_each_is_a_word(text: str) -> None:
    known = (KnownValue("van der Ven^Piet", ValueKind.PATIENT_NAME, "PatientName"),)
    assert "ven" not in TextEngine().clean(text, known).text.lower()


@pytest.mark.parametrize(
    ("known", "text", "left"),
    [
        ("0007731942", "MRN 7731942 chest", "MRN chest"),
        ("7731942", "MRN 0007731942 chest", "MRN chest"),
        ("00771942", "see 0771942", "see"),
        ("0012345", "ID 12345 chest", "ID chest"),
        ("0012345", "12345", "12345"),
        ("7731942", "10007731942", "10007731942"),
        ("7731942", "00077319420", "00077319420"),
        ("0000001", "series number 1", "series number 1"),
    ],
)
@pytest.mark.parametrize("kind", [ValueKind.PATIENT_ID, ValueKind.IDENTIFIER])
def test_zeros_before_a_number_make_no_difference(known: str, text: str, left: str, kind: ValueKind) -> None:
    assert _ENGINE.scrub(text, (KnownValue(known, kind, "PatientID"),)).text == left


@pytest.mark.parametrize("text", ["QUIXWORTHYBARTHO", "BARTHOLOMEWQUIXW", "quixworthybartho"])
def test_joined_names_that_a_short_field_cuts_off(text: str) -> None:
    known = (KnownValue("QUIXWORTHY^BARTHOLOMEW", ValueKind.PATIENT_NAME, "PatientName"),)
    assert _ENGINE.scrub(text, known).text == ""
    assert _ENGINE.scrub(f"{text}X", known).text == f"{text}X", "no field of 16 characters"


def test_zeros_do_not_cost_the_square_of_their_number() -> None:
    known = (KnownValue("7731942", ValueKind.PATIENT_ID, "PatientID"),)
    text = "0" * 200_000 + "7731942 " + "07731942 " * 20_000
    assert "7731942" not in _ENGINE.scrub(text, known).text


def test_a_station_called_by_a_word_with_a_number_is_found_as_it_is_only() -> None:
    station = (KnownValue("STROKE7", ValueKind.IDENTIFIER, "StationName"),)
    assert _ENGINE.scrub("CT STROKE7 HEAD", station).text == "CT HEAD"
    for other in ("CODE STROKE 7 DAYS", "STROKE70", "STROKE8"):
        assert not _ENGINE.find_known(other, station)
