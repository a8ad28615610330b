"""Birth dates as countries count their years, and months in other languages."""

from __future__ import annotations

import pytest

from deid.identity.known_values import KnownValue, ValueKind
from deid.text import TextEngine

BORN = (KnownValue("19530417", ValueKind.BIRTH_DATE, "PatientBirthDate"),)


@pytest.mark.parametrize(
    "date",
    [
        "17/04/2496",
        "17-04-2496",
        "17 เม.ย. 2496",
        "11 มิถุนายน 2566",
        "昭和28年4月17日",
        "令和5年6月",
        "平成元年6月11日",
        "民國112年6月11日",
        "112/06/11",
        "042/04/17",
        "1332/01/28",
        "1402-03-21",
        "02/08/1372",
        "1953년 4월 17일",
        "17 апреля 1953",
        "17. huhtikuuta 1953",
    ],
)
def test_a_date_of_another_calendar_or_language_goes_whole(date: str) -> None:
    engine = TextEngine()
    assert engine.clean(f"CHEST {date} AP", ()).text == "CHEST AP"
    assert engine.judge_line(date, ()).identifying


@pytest.mark.parametrize("date", ["53.04.17", "53-04-17", "53/04/17"])
def test_a_known_date_with_its_year_in_front(date: str) -> None:
    assert TextEngine().clean(f"CHEST {date} AP", BORN).text == "CHEST AP"


@pytest.mark.parametrize(
    "text",
    [
        "TR/TE/FA 1400/10/20",
        "TSE 2500/80/12",
        "syngo 3.10.1400",
        "100/80/60",
        "RR 110/70",
        "FOV 240/180/1400",
        "AX T2 3 mm 2000",
        "2. Thorax 2019",
        "5 µm 2000",
        "b 50/400/1000",
    ],
)
def test_parameters_are_no_dates_of_other_calendars(text: str) -> None:
    assert TextEngine().clean(text, ()).text == text
