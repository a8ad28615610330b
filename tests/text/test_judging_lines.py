from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from deid.identity.known_values import KnownValue, ValueKind

if TYPE_CHECKING:
    from deid.text import TextEngine

Known = tuple[KnownValue, ...]

CLINICAL = """
LEFT VENTRICLE|L|R|MI 0.8|TIS 0.3|MI<1.0|120 kVp|SE: 4|IM: 12/30|SE:4 IM:12|W: 400 L: 40|W400 L40|WW 350 WL 40
AP SUPINE|PORTABLE|FR 46Hz|Depth 15 cm|HR 72 bpm|RPI|HFS|A|P|F|LT|RT|R MLO|RCC|ERECT|SEMI-ERECT|AP PORTABLE|LAT
PA|TE 85 TR 4000|FOV 24 x 24|T2W FSE|AXIAL T1 POST GAD|STIR|DWI b1000|ADC|3D TOF|AIDR 3D|Thk 5.0 mm|Zoom: 150%
Lung window|120kV 250mA 5.0mm|C5-1|S5-1|L12-5|2D 62% C 50 P Low HGen|PW 50% WF 60Hz|SV2.0mm 3.5MHz 5.0cm
Vmax 125 cm/s|GAIN 52|EF 55 %|BPD 4.5cm 19w4d|Dist 3.45 cm|4CH|A4C|LONG AXIS|SHORT AXIS|HILL SACHS|Baker cyst
PHANTOM|PAGE 1 OF 2|CINE 12/60|LIVER RT LOBE|R KIDNEY SAG|RT OVARY LONG|GALLBLADDER|IVC|MR CHEST|DR CHEST PA
CT ABDOMEN PELVIS W CONTRAST|ARTERIAL PHASE|PRE|POST|DELAYED|Philips EPIQ 7C|SIEMENS|1.5T|3T MR|10:42
TR4000|WW4000|Deoth 15 cm|Uppcr lobc LUNG NODE|Densty LUNG|Kermel B30f|LYHPH NODE|SEMI-EREHT|RTLOBE
Insctution Name|Kemel B30f|FOV 240m
Patient ID:|Patient ID|Study Date:|Institution Name|Name|Name:|Age|DOB|Sex|Acquisition Time|.|-|1|:|+|0|10^3
6C1 HD|3C5s|18L6 HD|Adv Breast|Asc Ao Diam 3.3 cm|Asc|Cist Mag|Cist|LLLOBE|ASC 3|DTCE M
512 x 512|LEFTVENTRICLE|CHE5T|P0RTABLE|VENTRICIE LEFT|RECHTS|LINKE NIERE|GENOU DROIT|CABEZA|TORACE
"""
IDENTIFYING = """
Patient ID: 5583920174|ID 5583920174|Name: BRANDVOLD SIGRUN|BRANDVOLD SIGRUN|BRANDVOLD^SIGRUN
Sigrun T. Brandvold|SIGRUNBRANDVOLD|2019 Aug 24|03/07/1952|DOB: 03/07/1952|07.03.1952|24-AUG-2019 10:42:11
Aug 24, 2019|5583920174|Quillfeather, Okoro and Lind Medical Center|Quillfeather|Dr. Kehinde Oyelaran
Kemel 4471223|COMER|Dearing B30f|02/04/ 12|12/ 24/58|07.03. 52|02/04/ 12 15:45:17
Ref: Dr Oyelaran|OYELARAN|Age: 61|Age 61|061Y|F/61|Sex: F|415-555-0163|14 Larkspur Terrace|Eastmere, CA 94110
MORGAN PRICE|Ref: SANDERES|JAMES MICHAEL|Smith-Carpenter Community Hospital|Klinikum Stuttgart
Hopital Saint Antoine Beauvilliers|CHEST Kowalczyk|Tech: JB|JDS|KMB|RTV|a.someone@example.org|www.example.org/x
123-45-6789|MRN 482910|482910|ACC 123456A|A1234567|20190824E730155|1.2.826.0.1.3680043.8.498.1
Performed by: J Halloran|XR KNEE for Douglas Davidson|Name: SHORT|Patient: CHEST|王小东|Иванов Петр|Müller, Hans
née Dupont
"""
BROKEN = """
JAN 01, 207|DATEJAN 01, 2007|19 JAN 218|23FFBRUARY 2021|20 EB 2020|MA 06, 2005|1944-03-0|08/18/6|MAY 11, 153|01.O9.15O
T 090 992 0O9|0012-77=31|49-2Z-32|032B 143 B954|EIA9618|PatientID 4711|PatientID AVR3051|StudyID 4711
AccessionNumber 4711|1SOec 2004
"""
NOT_BROKEN = """
L4 L5 S1 512 512|5 L5 S1 T12|C5-1 50 60|T2 40 S1 40|IM 12 SE 30|FOV2000|3/4/5|1.2.5|12 CT 40|CUBE2014|MA 200
"""
MISREAD = """
BRANDV0LD SIGRUN|BRANDVOLO SIGRUM|BRANDVOLDSIGRUN|8RANDVOLD|5S83920174|558392O174|55B3920174|558392 0174
O3/07/1952|2019 Au9 24|24 Aug 2O19|OYELARAM|QUILLFEATHER OK0RO|I4 LARKSPUR
"""


def lines(table: str) -> list[str]:
    return [line for row in table.strip().splitlines() for line in row.split("|") if line]


@pytest.mark.slow
@pytest.mark.parametrize("line", lines(BROKEN))
def test_dates_and_numbers_go_though_small_print_lost_a_letter_of_them(engine: TextEngine, line: str) -> None:
    shown = "".join(
        letter
        for index, letter in enumerate(line)
        if not any(span.start <= index < span.end for span in engine.judge_line(line, ()).spans)
    )
    assert not any(map(str.isdigit, shown))


@pytest.mark.parametrize("line", ["OZ3440", "OB3440", "OK3440"])
def test_a_number_goes_with_letters_that_look_like_digits(engine: TextEngine, line: str) -> None:
    assert engine.judge_line(line, ()).identifying


@pytest.mark.parametrize("line", lines(CLINICAL) + lines(NOT_BROKEN))
def test_clinical_lines_stay(engine: TextEngine, known: Known, line: str) -> None:
    assert engine.judge_line(line, known).spans == ()


@pytest.mark.slow
@pytest.mark.parametrize("line", lines(IDENTIFYING))
def test_identifying_lines_go_even_if_the_header_knows_nothing(engine: TextEngine, line: str) -> None:
    verdict = engine.judge_line(line, ())
    assert verdict.identifying
    assert verdict.reasons


@pytest.mark.slow
@pytest.mark.parametrize("line", lines(IDENTIFYING))
def test_identifying_lines_go(engine: TextEngine, known: Known, line: str) -> None:
    assert engine.judge_line(line, known).identifying


@pytest.mark.parametrize("line", lines(MISREAD))
def test_misread_known_values_are_recognised(engine: TextEngine, known: Known, line: str) -> None:
    found = engine.find_known(line, known)
    if line == "2019 Au9 24":
        return  # a month is no known word; the line goes as nothing vouches for it
    assert found


@pytest.mark.parametrize(
    ("line", "hidden"),
    [
        ("Patient ID: 5583920174", ["5583920174"]),
        ("Name: BRANDVOLD SIGRUN", ["BRANDVOLD SIGRUN"]),
        ("Study Date: 2019 Aug 24", ["2019 Aug 24"]),
        ("DOB: 03/07/1952 Sex: F", ["03/07/1952", "F"]),
        ("Age: 61", ["61"]),
        ("2019 Aug 24 10:42:11 AM", ["2019 Aug 24 10:42:11 AM"]),
        ("CHEST AP BRANDVOLD PORTABLE", ["BRANDVOLD"]),
        ("SE: 4 IM: 12 BRANDVOLD", ["BRANDVOLD"]),
    ],
)
def test_only_the_identifying_part_is_hidden(engine: TextEngine, known: Known, line: str, hidden: list[str]) -> None:
    assert [line[span.start : span.end] for span in engine.judge_line(line, known).spans] == hidden


@pytest.mark.slow
@pytest.mark.parametrize(
    ("line", "hidden"),
    [
        ("D0B 22-0ct-1936", "22-0ct-1936"),
        ("02-N0V-2011 10:42", "02-N0V-2011 10:42"),
        ("22-Dct-1936", "22-Dct-1936"),
        ("0ct 03 2001", "0ct 03 2001"),
        ("LV5922", "LV5922"),
        ("KO\u00c7 HOSPITAL", "KO\u00c7 HOSPITAL"),
        ("IN 'T CLOOSTER^SUZE", "IN 'T CLOOSTER^SUZE"),
        ("0.6/20/19 04:24:24", "0.6/20/19"),
        ("DE ALMEYDA, ANTERO", "DE ALMEYDA, ANTERO"),
        ("Hals 0. Ahl", "Hals 0. Ahl"),
        ("RING ABBRAM", "RING ABBRAM"),
        ("ABBRAM RING", "ABBRAM RING"),
        ("CHEST ABBRAM", "ABBRAM"),
        ("in 't Clooster Suze", "in 't Clooster Suze"),
    ],
)
def test_values_go_to_their_ends_though_misread_or_beside_what_looks_clinical(
    engine: TextEngine, line: str, hidden: str
) -> None:
    spans = engine.judge_line(line, ()).spans
    assert line[min(s.start for s in spans) : max(s.end for s in spans)] == hidden


@pytest.mark.slow
@pytest.mark.parametrize("name", ["WHITE MARY", "MARY WHITE", "SHARP KAUFMAN", "LONG AMANDA J", "R. KOWALCZYK"])
def test_names_that_are_words_go_with_the_names_beside_them(engine: TextEngine, name: str) -> None:
    spans = engine.judge_line(name, ()).spans
    hidden = "".join(name[s.start : s.end] for s in spans)
    assert "".join(filter(str.isalpha, hidden)) == "".join(filter(str.isalpha, name))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("line", "label"),
    [
        ("InstitutiorName,Smith-Carpenter Community Hospita", "InstitutiorName,"),
        ("PaticntName,DOE JANE", "PaticntName,"),
    ],
)
def test_a_misread_label_stays_though_its_colon_was_read_as_a_comma(engine: TextEngine, line: str, label: str) -> None:
    verdict = engine.judge_line(line, ())
    assert [line[span.start : span.end] for span in verdict.spans] == [line.removeprefix(label)]
    assert line[: verdict.label] == label


def test_reasons_quote_nothing(engine: TextEngine, known: Known) -> None:
    for line in ("Name: BRANDVOLD SIGRUN", "DOB: 03/07/1952", "ID 5583920174"):
        text = " ".join(engine.judge_line(line, known).reasons).lower()
        assert not any(word in text for word in ("brandvold", "sigrun", "1952", "558"))


@pytest.mark.slow
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.text(max_size=60))
def test_any_line_is_judged(engine: TextEngine, known: Known, line: str) -> None:
    verdict = engine.judge_line(line, known)
    assert verdict.identifying == bool(verdict.spans)
    end = 0
    for span in verdict.spans:
        assert end <= span.start < span.end <= len(line)
        end = span.end
    assert engine.judge_line(line, known) == verdict


@pytest.mark.slow
def test_long_lines_are_judged_in_bounded_time(engine: TextEngine, known: Known) -> None:
    for line in ("1-" * 100_000, "Quibble Wuzzle, " * 10_000, "x " * 100_000):
        engine.judge_line(line, known)


def test_models_are_loaded_only_when_needed() -> None:
    code = (
        "import sys; from deid.text import TextEngine; e = TextEngine();"
        "e.scrub('XR CHEST', ()); e.judge_line('LEFT VENTRICLE', ()); e.find_known('CHEST', ());"
        "sys.exit('spacy' in sys.modules or 'presidio_analyzer' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_values_of_the_header_that_are_words_stay(engine: TextEngine) -> None:
    known = (
        KnownValue("CHEST^AP", ValueKind.PATIENT_NAME, "PatientName"),
        KnownValue("CT1", ValueKind.PATIENT_ID, "PatientID"),
    )
    for line in ("CHEST AP", "CT1 HEAD", "AP CHEST PORTABLE"):
        assert not engine.judge_line(line, known).identifying


@pytest.mark.parametrize("line", ["ZHENG,TINGTING 50Y M", "Li, Ming 12/03/2020"])
def test_the_word_across_a_comma_from_a_name_goes_with_it(engine: TextEngine, line: str) -> None:
    name = line.rsplit(" ", 2)[0] if line.endswith("M") else line.rsplit(" ", 1)[0]
    hidden = {index for span in engine.judge_line(line, ()).spans for index in range(span.start, span.end)}
    assert all(index in hidden for index, letter in enumerate(name) if letter.isalpha())


def test_radiologys_own_word_across_a_comma_from_a_name_stays(engine: TextEngine) -> None:
    assert engine.judge_line("SMITH, LATERAL 50Y", ()).spans[0].end <= len("SMITH, ")
