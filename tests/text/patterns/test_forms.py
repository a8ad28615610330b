"""What identifies by its form, in the styles of many countries; what only looks like it stays."""

from __future__ import annotations

import pytest

from deid.identity.known_values import KnownValue, ValueKind
from deid.profile import TextPolicy
from deid.text import TextEngine

_ENGINE = TextEngine(TextPolicy(nlp="off"))


@pytest.mark.parametrize(
    "text",
    [
        "030/1234567",
        "0171-2345678",
        "01 23 45 67 89",
        "06.12.34.56.78",
        "+351 912 345 678",
        "020 7946 0958",
        "577 963 877",
        "+32-601-04-74-2",
        "902.591.815",
        "(11) 94214-4678",
        "ext. 4431",
        "pager 4432",
        "1 85 05 78 006 084 36",
        "65 070649 C 103",
        "12.345.678-Z",
        "X-1234567-L",
        "RSSMRA85T10A562S",
        "756.1234.5678.97",
        "1234 010185",
        "19850101-1234",
        "010185/1234",
        "123.456.789-09",
        "8003 6012 3456 7890",
        "SIN 046 454 286",
        "a.b (at) example.org",
        "pacs.somewhere.org/worklist",
        "C:\\Users\\zwiebel",
        "SW1A 2AA",
        "K1A 0B1",
        "P.O. Box 123",
        "Postfach 1234",
        "92-jährige",
        "92 anni",
        "ninety-two year old",
        "aged 92",
        "age 92",
        "92 female",
        "pt is 94",
        "2018-03-05T14:30:00Z",
        "Monday, March 5th at 3 pm",
        "05.03.2018 um 14:30 Uhr",
        "2018-W10",
    ],
)
def test_forms_of_many_countries_are_cut(text: str) -> None:
    assert _ENGINE.clean(f"knee {text}", ()).text == "knee"


@pytest.mark.parametrize(
    "text",
    [
        "syngo MR E11",
        "history of mother age 52",
        "54 yr old lady, lump in neck",
        "HeadNeck_20_TCS:HE1-4",
        "LX\\MR Software release:14.0_M5A_0828.b",
        "V2.63_20140523",
        "software 4.5.0_build_20190312",
        "N4_VE11C_LATEST_20160120",
        "Release 2.6.1 (Dec 2014)",
        "2.1.5.5(20160114)",
        "HR 60-80-100",
        "512 512 256",
        "0.0012345678",
        "T1 2MM",
        "L1 5TH",
        "c5-1 10-20 min",
        "b0_500_1000",
        "R7.1.19.20150330",
        "w.o.contrast",
        "3.2.1\\3.2.1.1",
        "45 yo man",
        "2.5 y",
        "12 in 16,range -2048 to +2047,signed",
        "HU range -1024 to +3071",
        "ID 17 slices 35",
        r"TE 90\\TR 400",
    ],
)
def test_what_only_looks_like_a_number_of_someone_stays(text: str) -> None:
    assert _ENGINE.clean(text, ()).text == text


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("THORROUTINE 5.0 B70S JUL 01, 2014", "THORROUTINE 5.0 B70S"),
        ("osem w/atten 2.79 03/02/14", "osem w/atten 2.79"),
        ("CT HEAD MRN 12 34 567", "CT HEAD MRN"),
        ("CT HEAD MRN: A 447 1902", "CT HEAD MRN:"),
        ("ID W2234 55671 CT chest 512 512", "ID CT chest 512 512"),
        (r"scanned \\pacs01\images\x today", "scanned today"),
        ("CT HEAD, call tel x4471", "CT HEAD, call"),
        ("CT HEAD tel. ext. 4471", "CT HEAD"),
        ("CT HEAD +354 555 0144", "CT HEAD"),
        ("CHEST_5.0_B70F_20140312", "CHEST_5.0_B70F"),
        ("knee 3.0 20140312", "knee 3.0"),
        ("version of 2014-03-12", "version of"),
    ],
)
def test_a_date_after_a_measure_or_kernel_is_no_build(text: str, left: str) -> None:
    assert _ENGINE.clean(text, ()).text == left


@pytest.mark.parametrize(
    ("line", "hidden"),
    [
        ("DR. STONE", "DR. STONE"),
        ("Exam date Z010-07-08", "Z010-07-08"),
        ("KNEE 02/16/1Z", "02/16/1Z"),
        ("99-27-06 KNEE", "99-27-06"),
        ("KNEE 02.052012", "02.052012"),
        ("KNEE 752 416 035", "752 416 035"),
        ("1O yrs KNEE", "1O yrs"),
        ("REF.PHYS LUNG", "LUNG"),
    ],
)
def test_more_is_hidden_in_pixels(line: str, hidden: str) -> None:
    assert [line[span.start : span.end] for span in _ENGINE.judge_line(line, ()).spans] == [hidden]


@pytest.mark.parametrize(
    "line",
    [
        "NoPost TomoHD",
        "20cmFOV 28sub 8it",
        "t1of3 MRI",
        "1x450ms",
        "NOFILTER",
        "PETWholeBody",
        "F-18 FDG",
        "60-80-100",
        "752 416 35",
        "S1-S2",
        "L12-5 50mm",
        "12.345678",
    ],
)
def test_scanner_words_glued_together_stay(line: str) -> None:
    assert _ENGINE.judge_line(line, ()).spans == ()


@pytest.mark.parametrize(
    "line", ["DeLong", "AnnJoy", "MR482910", "ID4829", "KneeKowalczyk", "McCoy", "VanDyke", "AB12CD34", "F71"]
)
def test_names_and_numbers_glued_together_go(line: str) -> None:
    assert _ENGINE.judge_line(line, ()).identifying


def test_the_date_of_a_build_goes_if_it_is_the_patients() -> None:
    known = (KnownValue("20140523", ValueKind.DATE, "StudyDate"),)
    assert "2014" not in _ENGINE.clean("V2.63_20140523", known).text
    assert _ENGINE.judge_line("V2.63_20140523", ()).identifying
