"""One line of a frame is found in several views and tiles; it is kept once."""

from __future__ import annotations

import pytest

from deid.pixels.ocr.duplicates import without_duplicates
from deid.pixels.ocr.line import TextLine


def line(text: str, x0: int, y0: int, x1: int, y1: int, score: float = 0.99) -> TextLine:
    corners = ((x0, y0), (x1, y0), (x1, y1), (x0, y1))
    return TextLine(corners, 0.9, score, text, tuple(index / len(text) for index in range(len(text) + 1)))


def test_the_end_of_a_line_found_again_a_little_off_is_no_line_of_its_own() -> None:
    whole, end = line("LYMPHNODE", 19, 151, 95, 161), line("DE", 78, 148, 97, 163)
    assert without_duplicates([end, whole]) == (whole,)


def test_other_print_that_overlaps_as_much_stays() -> None:
    whole, other = line("LYMPHNODE", 19, 151, 95, 161), line("JT", 78, 148, 97, 163)
    assert without_duplicates([other, whole]) == (other, whole)


def test_what_was_read_surely_does_not_give_way_to_more_that_was_not() -> None:
    sure, doubtful = line("LV", 62, 291, 75, 310), line("ZLV", 62, 292, 76, 310, score=0.51)
    assert without_duplicates([sure, doubtful]) == (sure,)


@pytest.mark.parametrize("score", [0.55, 0.84])
def test_what_was_read_across_lines_that_were_read_surely_is_made_of_their_letters(score: float) -> None:
    standing = [
        line("W 400 L 40", 194, 412, 208, 477),
        line("mA 240", 209, 413, 221, 454),
        line("W:1500", 221, 411, 235, 494),
    ]
    across = line("子30", 190, 409, 237, 435, score=score)
    assert set(without_duplicates([*standing, across])) == set(standing)
    sure = line("MILLER 30", 190, 409, 237, 435, score=0.9)
    assert sure in without_duplicates([*standing, sure])
    assert across in without_duplicates([*standing[:1], across])
    lying = [line("MAYER, ANNA", 180, 405, 250, 421), line("12.03.1957", 180, 423, 250, 439)]
    assert across in without_duplicates([*lying, across])


def test_a_doubtful_line_that_others_hardly_cover_stays() -> None:
    lines = [line("Depth 15 cm", 487, 219, 620, 242), line("LYMPH NODE", 481, 244, 618, 266)]
    beside = line("MILLER", 463, 200, 500, 270, score=0.55)
    assert beside in without_duplicates([*lines, beside])


def test_a_part_that_was_read_surely_gives_way_to_the_whole_line() -> None:
    part, whole = line("ABBY", 60, 10, 90, 20), line("HELLEMA, ABBY", 10, 10, 90, 20, score=0.6)
    assert without_duplicates([part, whole]) == (whole,)


def test_what_is_one_letter_of_each_line_that_it_runs_across_is_no_line_however_sure() -> None:
    """Three labels that end at the same column; their last letters were read as a name, and went black."""
    lines = [
        line("EDV 12.3 cm/s", 541, 8, 652, 26),
        line("LEFT KIDNEY", 556, 27, 651, 43, score=1.0),
        line("FR 46Hz", 589, 46, 653, 64, score=0.93),
    ]
    across = line("SYZ", 644, 10, 653, 63, score=0.96)
    assert set(without_duplicates([*lines, across])) == set(lines)
    other = line("LEE", 644, 10, 653, 63, score=0.96)
    assert other in without_duplicates([*lines, other])
    assert across in without_duplicates([*lines[:2], across])
