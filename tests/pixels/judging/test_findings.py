from __future__ import annotations

from dataclasses import replace

import pytest

from deid.identity.known_values import KnownValue, ValueKind
from deid.pixels.judging.findings import IN_BLOCK, LABEL, NOISE, UNREADABLE, Judged, Judging, judge_lines
from deid.pixels.judging.rows import rows_of
from deid.pixels.ocr.line import TextLine
from deid.text import TextEngine

ENGINE = TextEngine()
KNOWN = (
    KnownValue("KAUFMAN^SCOTT", ValueKind.PATIENT_NAME, "PatientName"),
    KnownValue("6774825273", ValueKind.PATIENT_ID, "PatientID"),
    KnownValue("Scott Community Hospital", ValueKind.INSTITUTION, "InstitutionName"),
    KnownValue("Vargas, Harris and Henderson Medical Center", ValueKind.INSTITUTION, "InstitutionalDepartmentName"),
)


def line(text: str, x: float, y: float, *, score: float = 0.99, found: float = 0.9, height: float = 10.0) -> TextLine:
    """A level line with letters 0.6 times as wide as high."""
    width = max(len(text), 1) * height * 0.6
    corners = ((x, y), (x + width, y), (x + width, y + height), (x, y + height))
    edges = tuple(index / max(len(text), 1) for index in range(len(text) + 1))
    return TextLine(corners, found, score, text, edges)


def judged(*lines: TextLine) -> dict[str, Judged]:
    return {found.text: found for found in judge_lines(lines, KNOWN, ENGINE)}


@pytest.mark.parametrize(
    "text", ["LEFT VENTRICLE", "L", "MI 0.8", "TIS 0.3", "FR 46Hz", "15 cm", "PORTABLE", "120 kVp"]
)
def test_clinical_labels_stay(text: str) -> None:
    assert judged(line(text, 10, 10))[text].hidden == ()


@pytest.mark.parametrize(
    "text", ["KAUFMAN SCOTT", "6774825273", "2013 Sep 11", "DOB:07/22/1943", "JT", "Dr. Okonkwo-Lindqvist"]
)
def test_identifying_lines_go(text: str) -> None:
    assert judged(line(text, 10, 10))[text].hidden


def test_the_value_goes_and_the_label_stays() -> None:
    found = judged(line("Patient ID: 6774825273", 100, 50))["Patient ID: 6774825273"]
    (hidden,) = found.hidden
    assert hidden.x0 > 100 + 9 * 6
    assert hidden.x1 >= 100 + 22 * 6
    assert (hidden.y0, hidden.y1) == (46, 64)


def test_a_value_in_a_box_of_its_own_is_judged_with_its_label() -> None:
    found = judged(line("Age:", 10, 10), line("70", 40, 10))
    assert found["70"].hidden
    assert not found["Age:"].hidden


def test_a_value_that_is_wrapped_goes_in_both_lines() -> None:
    found = judged(line("Institution: Scott Community", 10, 10), line("Hospital", 100, 22))
    assert found["Hospital"].hidden


def test_a_value_wrapped_over_three_lines_goes_in_all() -> None:
    found = judged(
        line("Institution: Vargas, Harris and", 10, 10), line("Henderson Medical", 90, 22), line("Center", 90, 34)
    )
    assert found["Henderson Medical"].hidden
    assert found["Center"].hidden


def test_a_lone_letter_below_a_whole_name_is_no_part_of_it() -> None:
    known = (KnownValue("RAMSEY^LUCIANO^H", ValueKind.PATIENT_NAME, "PatientName"),)

    def hidden(name: str, letter: str) -> bool:
        found = judge_lines([line(name, 10, 10), line(letter, 40, 22)], known, ENGINE)
        return bool(next(one for one in found if one.text == letter).hidden)

    assert not hidden("RAMSEY^LUCIANO^H", "L")
    assert not hidden("RAMSEY^LUCIANO^H", "R")
    assert hidden("RAMSEY,LUCIANO", "H")
    assert hidden("RAMSEY", "L")


def test_the_margin_of_what_goes_leaves_the_next_line() -> None:
    found = judged(line("KAUFMAN SCOTT", 10, 10), line("LEFT VENTRICLE", 10, 21))
    assert [hidden.y1 for hidden in found["KAUFMAN SCOTT"].hidden] == [21]


def test_the_margin_of_what_goes_leaves_the_tails_of_letters_above() -> None:
    for apart, top in ((0, 40), (3, 38), (8, 34), (12, 33)):
        other = line("HR 72 bpm", 10, 40 - apart - 20, height=20)
        found = judged(other, line("KAUFMAN SCOTT", 10, 40, height=20))
        (hidden,) = found["KAUFMAN SCOTT"].hidden
        assert hidden.y0 == top, apart


def test_a_side_in_the_corner_is_no_initial_of_a_name() -> None:
    assert not judged(line("L", 10, 10), line("Breeckkland^Zeelbouck", 46, 10))["L"].hidden
    assert judged(line("J", 10, 10), line("Breeckkland^Zeelbouck", 46, 10))["J"].hidden
    assert judged(line("L", 10, 10), line("Breeckkland^Zeelbouck", 28, 10))["L"].hidden
    assert not judged(line("PID H6115441", 10, 10), line("H", 110, 10))["H"].hidden


@pytest.mark.parametrize("text", ["H04737", "MRN H04737", "473751", "4737-51", "H0473"])
def test_a_part_of_a_known_number_goes(text: str) -> None:
    """Where print runs into what is as bright as itself, the rest can't be read; by itself it is no identifier."""
    known = (KnownValue("H0473751", ValueKind.PATIENT_ID, "PatientID"),)
    (found,) = judge_lines([line(text, 10, 10)], known, ENGINE)
    assert found.hidden
    (found,) = judge_lines([line("H0413", 10, 10)], known, ENGINE)
    assert not found.hidden


def test_a_misread_number_before_a_value_goes_as_well() -> None:
    text = "1537 zpr16KAUFMAN SCOTT"
    found = judged(line(text, 10, 10, score=0.88))[text]
    assert min(hidden.x0 for hidden in found.hidden) <= 10


def test_lines_far_apart_are_judged_alone() -> None:
    assert len(rows_of([line("Name:", 10, 10), line("LIVER", 400, 10)])) == 2
    assert not judged(line("Name:", 10, 10), line("LIVER", 400, 10))["LIVER"].hidden


def standing(text: str, x: float, y: float, *, up: bool) -> TextLine:
    """A line that stands: from its upper left corner, or, if it reads upwards, its lower left one."""
    length, way = len(text) * 6.0, -1 if up else 1
    first, last = (x if up else x + 10, y), (x if up else x + 10, y + way * length)
    below, end = (x + 10 if up else x, y), (x + 10 if up else x, y + way * length)
    edges = tuple(index / len(text) for index in range(len(text) + 1))
    return TextLine((first, last, end, below), 0.9, 0.99, text, edges)


@pytest.mark.parametrize("up", [False, True])
def test_lines_that_stand_are_judged_with_what_they_go_on_in(up: bool) -> None:
    def beside(first: str, second: str) -> dict[str, Judged]:
        way = -1 if up else 1
        return judged(standing(first, 10, 200, up=up), standing(second, 10, 200 + way * (6 * len(first) + 12), up=up))

    assert beside("Age:", "70")["70"].hidden
    assert not beside("GT", "-12.0")["GT"].hidden
    far = judged(standing("Age:", 10, 200, up=up), standing("70", 10, 20 if up else 400, up=up))
    assert not far["70"].hidden


def test_lines_that_stand_side_by_side_are_no_row() -> None:
    assert len(rows_of([standing("Age:", 10, 200, up=True), standing("70", 22, 200, up=True)])) == 2
    assert len(rows_of([standing("Age:", 10, 200, up=True), standing("70", 10, 230, up=False)])) == 2


@pytest.mark.parametrize("window", ["W 400 L 40", "W:1500 L:-600", "C 40 W 400"])
def test_the_w_of_a_window_is_no_initial_of_a_name_apart_from_it(window: str) -> None:
    name = line("Dr TEECHOS WEERTKAINDGREES", 10, 10)
    assert len(rows_of([name, line(window, name.box.x1 + 24, 10)])) == 2
    assert len(rows_of([name, line("W", name.box.x1 + 24, 10)])) == 1


def test_print_of_another_size_is_judged_alone_unless_it_stands_close() -> None:
    """`5 cm` of a scale took the 5 for an initial of the name in large letters beside it."""
    name, scale = line("SCOTT KAUFMAN", 10, 10, height=20), line("5 cm", 200, 15)
    assert len(rows_of([name, scale])) == 2
    assert len(rows_of([name, line("5 cm", 200, 15, height=18)])) == 1
    assert len(rows_of([line("Name:", 10, 10), line("SCOTT", 42, 5, height=20)])) == 1


def test_specks_are_left_and_what_looks_like_a_line_goes() -> None:
    speck = judge_lines([line("1", 5, 5, score=0.4)], KNOWN, ENGINE)
    assert [(found.hidden, found.reasons) for found in speck] == [((), (NOISE,))]
    unread = judge_lines([line("q?x$k&z#w@j!", 5, 5, score=0.2)], KNOWN, ENGINE)
    assert unread[0].hidden
    assert unread[0].reasons == (UNREADABLE,)
    anatomy = judge_lines([line("q?x$k&z#w@j!", 5, 5, score=0.2, height=200)], KNOWN, ENGINE)
    assert anatomy[0].hidden == ()


def test_a_badly_read_line_of_an_identifying_block_goes() -> None:
    found = judged(line("KAUFMAN SCOTT", 10, 10), line("55 :55", 10, 22, score=0.7))
    assert found["55 :55"].reasons == (IN_BLOCK,)


def test_the_label_of_a_wrapped_value_stays() -> None:
    text = "Institution: Vargas, Harris and"
    found = judged(line(text, 10, 10), line("Henderson Medical", 90, 22), line("Center", 90, 34))
    assert min(hidden.x0 for hidden in found[text].hidden) > 10 + 11 * 6


@pytest.mark.parametrize("text", ["008:02/27/1531", "4gc: 66", "Paticnt 1D: 5554340654"])
def test_a_misread_label_stays_and_its_value_goes(text: str) -> None:
    """Print of five pixels; all digits of `008` were hidden with the date."""
    found = judged(line(text, 100, 50, score=0.85))
    (hidden,) = found[text].hidden
    colon = text.index(":")
    assert 100 + colon * 6 <= hidden.x0 <= 100 + (colon + 2) * 6
    assert found[text[: colon + 1]].reasons == (LABEL,)


def test_a_badly_read_line_that_is_but_a_label_stays_in_a_block() -> None:
    text = "008:"
    assert not judged(line("KAUFMAN SCOTT", 10, 10), line(text, 10, 22, score=0.88))[text].hidden


@pytest.mark.parametrize("score", [0.95, 0.85])
@pytest.mark.parametrize("text", ["Study Date2037", "Study Date: 1557", "Study Date 1557", "Exam Date.2037"])
def test_the_name_of_a_field_of_dates_stays_though_half_of_its_value_was_read(text: str, score: float) -> None:
    (hidden,) = judged(line(text, 100, 50, score=score))[text].hidden
    value = next(at for at, letter in enumerate(text) if letter.isdigit())
    assert 100 + 6 * value - 4 <= hidden.x0 <= 100 + 6 * value
    assert hidden.x1 >= 100 + 6 * len(text)


@pytest.mark.parametrize("text", ["Okonkwo Date2037", "DATES 2037 Okonkwo"])
def test_a_name_in_front_of_such_a_field_goes(text: str) -> None:
    at = text.index("Okonkwo")
    assert any(hidden.x0 <= 100 + 6 * at + 6 < hidden.x1 for hidden in judged(line(text, 100, 50))[text].hidden)


@pytest.mark.parametrize("text", ["(304)917-3133", "(150) 926-7955", "(1 75) 247-0348"])
def test_an_area_code_in_brackets_goes_with_its_number(text: str) -> None:
    (hidden,) = judged(line(text, 100, 10))[text].hidden
    assert hidden.x0 <= 100


def test_margins_leave_lines_beside_one_another() -> None:
    found = judged(line("LIVER", 100, 10), line("KAUFMAN SCOTT", 132, 10))
    assert [hidden.x0 for hidden in found["KAUFMAN SCOTT"].hidden] == [130]


def test_the_margin_of_a_standing_line_leaves_the_one_beside_it() -> None:
    """Both boxes were found with room to spare, so that they overlap."""

    def standing(text: str, left: float) -> TextLine:
        corners = ((left, 100.0), (left, 10.0), (left + 20, 10.0), (left + 20, 100.0))
        return TextLine(corners, 0.9, 0.99, text, tuple(index / len(text) for index in range(len(text) + 1)))

    found = judged(standing("KAUFMAN SCOTT", 10), standing("LEFT VENTRICLE", 26))
    assert [hidden.x1 for hidden in found["KAUFMAN SCOTT"].hidden] == [28]


@pytest.mark.parametrize(
    "text",
    [
        "一",
        "八",
        "小小小",
        "VKKILIIIKV",
        "AIIAIIIA",
        "----",
        "|||",
        "IIII1I",
        "88888888",
        "566668",
        "十…十",
        "+····+",
        "FIIIVIIRIINIFIIVERIPVKVPIKERIVIVPVIIIVVEV",
    ],
)
def test_strokes_that_repeat_are_no_text(text: str) -> None:
    assert judged(line(text, 10, 10, score=0.7))[text].reasons == (NOISE,)


def test_what_is_larger_than_print_and_unsure_is_no_text() -> None:
    assert judged(line("Mky", 10, 10, score=0.55, found=0.55, height=116))["Mky"].reasons == (NOISE,)


@pytest.mark.parametrize(("height", "score", "stays"), [(3.4, 0.56, True), (3.4, 0.95, False), (7.0, 0.56, False)])
def test_a_stroke_of_few_pixels_that_was_read_as_a_number_is_none(height: float, score: float, *, stays: bool) -> None:
    found = judged(line("*068887", 10, 10, score=score, found=0.5, height=height))["*068887"]
    assert (found.reasons == (NOISE,)) == stays


@pytest.mark.parametrize("text", ["PO RTABLE", "SUPI NE", "RI GHT"])
def test_a_blank_read_into_a_clinical_word_does_not_hide_it(text: str) -> None:
    assert not judged(line(text, 10, 10))[text].hidden


@pytest.mark.parametrize(("value", "label"), [("Name: KAUFMAN^SCOTT", "NEX 2"), ("MR#6774825273", "Thk 2.5")])
def test_what_stands_apart_behind_a_value_is_no_part_of_it(value: str, label: str) -> None:
    found = judged(line(value, 10, 10), line(label, 10 + 6 * len(value) + 28, 10))
    assert found[value].hidden
    assert not found[label].hidden


def test_a_label_beside_a_block_that_is_read_fairly_well_stays() -> None:
    found = judged(line("KAUFMAN SCOTT", 10, 10), line("ETL 10", 10, 22, score=0.88))
    assert not found["ETL 10"].hidden


def test_a_number_in_a_badly_read_line_of_a_block_goes() -> None:
    found = judged(line("KAUFMAN SCOTT", 10, 10), line("Study Date2037", 10, 22, score=0.88))
    assert found["Study Date2037"].hidden


def test_a_label_whose_colon_was_misread_stays() -> None:
    text = "Institutior Name,Scott Community Hospital"
    (hidden,) = judged(line(text, 10, 10))[text].hidden
    assert hidden.x0 > 10 + 15 * 6


def test_a_misread_label_stays_before_a_known_name() -> None:
    """The model took label and name for one name."""
    text = "NamC: KAUFMANSCOTT"
    assert min(hidden.x0 for hidden in judged(line(text, 10, 10, score=0.92))[text].hidden) > 10 + 4 * 6


@pytest.mark.parametrize("text", ["Study: 2014-05~22", "2014-05- 22", "03-Oct- 2013", "12.03.1950~4"])
def test_a_value_goes_to_the_end_of_its_run(text: str) -> None:
    """The pattern took less of it, as a letter between was misread."""
    found = judged(line(text, 10, 10))[text]
    assert max(hidden.x1 for hidden in found.hidden) >= 10 + len(text) * 6


def test_a_date_that_was_read_goes_though_there_may_be_a_blank_in_its_month() -> None:
    """With the gap beside its narrow t, `0c t 23 2005` is no date."""
    whole = line("* 0ct 23 2005", 10, 10)
    edges = tuple(at / 14 for at in range(15))
    (one,) = judge_lines([replace(whole, parted=replace(whole, text="* 0c t 23 2005", edges=edges))], (), ENGINE)
    assert one.hidden


@pytest.mark.parametrize("text", ["Study: 03/06/200", "03.06.199", "* 00/11/69"])
def test_a_date_goes_of_whose_year_three_digits_were_read(text: str) -> None:
    assert judged(line(text, 10, 10))[text].hidden


@pytest.mark.parametrize("text", ["Im: 12/48/2", "1.2.840", "SL 03/06/300"])
def test_other_numbers_in_three_parts_are_no_such_dates(text: str) -> None:
    assert not judged(line(text, 10, 10))[text].hidden


def test_a_misread_clinical_word_stays_before_a_number_that_goes() -> None:
    """Print of five pixels: `Paticnt` was a name to the model."""
    text = "Paticnt 1055543400"
    (hidden,) = judged(line(text, 10, 10, score=0.86))[text].hidden
    assert hidden.x0 > 10 + 7 * 6
    assert min(one.x0 for one in judged(line("Meyer 1055543400", 10, 10))["Meyer 1055543400"].hidden) <= 10


def test_the_last_group_of_a_number_goes_though_its_hyphen_was_not_read() -> None:
    text = "PID 81-09 57"
    assert max(hidden.x1 for hidden in judged(line(text, 10, 10))[text].hidden) >= 10 + len(text) * 6


def test_a_value_goes_from_the_start_of_its_run() -> None:
    """A blank was read into it."""
    (hidden,) = judged(line("31- 0050869", 30, 10))["31- 0050869"].hidden
    assert hidden.x0 <= 30


def test_a_value_goes_with_its_letters_behind_a_misread_field() -> None:
    text = "Accsion CT365326"
    (hidden,) = judged(line(text, 30, 10))[text].hidden
    assert 30 + 6 * 7 <= hidden.x0 <= 30 + 6 * 8


def test_half_a_birth_date_goes_behind_its_misread_field() -> None:
    (found,) = judge_lines([line("D0B 2011/1", 10, 10)], KNOWN, ENGINE)
    assert max(hidden.x1 for hidden in found.hidden) >= 10 + len("DOB 2011/12/17") * 6


@pytest.mark.parametrize(
    ("read", "whole"),
    [
        ("(066) 018-3", "(066) 018-3554"),
        ("Date20", "Date2014-02-06"),
        ("03-Oct-", "03-Oct-2013"),
        ("(254)", "(254) 555-1234"),
        ("Born: Sep", "Born: Sep 09 1984"),
        ("DOB: Mar 0", "DOB: Mar 09 1984"),
    ],
)
def test_of_a_value_that_was_read_in_part_the_rest_goes_too(read: str, whole: str) -> None:
    found = judged(line(read, 10, 10))[read]
    assert max(hidden.x1 for hidden in found.hidden) >= 10 + (len(whole) - 1) * 6


@pytest.mark.parametrize("text", ["12/31/1999", "2014-02-06", "31-Oct-2013", "(066) 018-3554", "01/02/20"])
def test_nothing_is_taken_behind_a_whole_value(text: str) -> None:
    (hidden,) = judged(line(text, 10, 10))[text].hidden
    assert hidden.x1 <= 10 + len(text) * 6 + 4


def radiograph(*lines: TextLine) -> dict[str, Judged]:
    return {found.text: found for found in judge_lines(lines, KNOWN, ENGINE, Judging(marks=True))}


@pytest.mark.parametrize("mark", ["MR", "DR", "OA", "JT", "KMB"])
def test_technologists_marks_go_from_radiographs(mark: str) -> None:
    assert radiograph(line(mark, 10, 10))[mark].hidden
    beside = radiograph(line("LT", 10, 10), line(mark, 40, 10))
    assert beside[mark].hidden
    assert not beside["LT"].hidden


@pytest.mark.parametrize(
    "text", ["AP", "PA", "L", "R", "LT", "R CC", "L MLO", "LAT", "OBL", "ERECT", "kVp 85", "72 IN"]
)
def test_sides_and_projections_stay_on_radiographs(text: str) -> None:
    assert not radiograph(line(text, 10, 10))[text].hidden


def test_nothing_quotes_what_was_read() -> None:
    found = judge_lines([line("KAUFMAN SCOTT", 10, 10)], KNOWN, ENGINE)
    assert "KAUFMAN" not in repr(found)
    assert all("KAUFMAN" not in reason for one in found for reason in one.reasons)
