"""Marks of technologists go wherever a side stands beside them; the side and what says how the image was made stay."""

from __future__ import annotations

from dataclasses import replace

import pytest

from deid.identity.known_values import KnownValue, ValueKind
from deid.pixels.judging.findings import Judged, Judging, judge_lines
from deid.pixels.ocr.line import TextLine
from deid.text import TextEngine

ENGINE = TextEngine()


def unread(text: str, x: float, y: float, found: float = 0.89, score: float = 0.36) -> TextLine:
    return replace(line(text, x, y), detection_score=found, score=score)


def line(text: str, x: float, y: float, parted: str = "") -> TextLine:
    """A level line of 10 pixels with letters 6 wide; `parted`: the same with blanks."""
    width = len(text) * 6.0
    corners = ((x, y), (x + width, y), (x + width, y + 10), (x, y + 10))

    def read(as_text: str) -> TextLine:
        edges = tuple(index / len(as_text) for index in range(len(as_text) + 1))
        return TextLine(corners, 0.9, 0.99, as_text, edges)

    own = read(text)
    return TextLine(corners, 0.9, 0.99, text, own.edges, read(parted)) if parted else own


def judged(*lines: TextLine, radiograph: bool = False) -> dict[str, Judged]:
    return {one.text: one for one in judge_lines(lines, (), ENGINE, Judging(marks=radiograph))}


@pytest.mark.parametrize("mark", ["BE", "ET", "LE", "XG", "WL", "UI"])
@pytest.mark.parametrize("radiograph", [False, True])
def test_a_mark_that_looks_clinical_goes_below_a_side(mark: str, radiograph: bool) -> None:
    found = judged(line("LT", 40, 10), line(mark, 40, 22), radiograph=radiograph)
    assert found[mark].hidden
    assert not found["LT"].hidden


def test_a_mark_below_a_side_goes_though_something_else_stands_on_its_row() -> None:
    found = judged(line("R", 90, 10), line("WF 120Hz", 10, 22), line("DB", 88, 22))
    assert found["DB"].hidden
    assert not found["WF 120Hz"].hidden


def test_a_mark_with_its_side_goes_though_something_else_stands_on_its_row() -> None:
    found = judged(line("Kernel B30f", 10, 10), line("R BS", 100, 10))
    (hidden,) = found["R BS"].hidden
    assert hidden.x0 > 106
    assert not found["Kernel B30f"].hidden


@pytest.mark.parametrize("text", ["R XG", "R RA", "RT BE", "R UI", "L NNRM", "R rOP"])
def test_the_side_stays_beside_its_mark(text: str) -> None:
    (hidden,) = judged(line(text, 40, 10))[text].hidden
    assert hidden.x0 >= 40 + text.index(" ") * 6
    assert hidden.x1 >= 40 + len(text) * 6


@pytest.mark.parametrize("text", ["RT OVARY", "LT CCA", "R LAT", "LEFT KIDNEY", "RT LOBE", "L R", "Dyn R"])
def test_organs_and_planes_stay_beside_a_side(text: str) -> None:
    assert not judged(line(text, 40, 10))[text].hidden


@pytest.mark.parametrize("text", ["HFS", "SAG", "FS", "LUNG"])
def test_planes_stay_below_a_side(text: str) -> None:
    assert not judged(line("R", 40, 10), line(text, 40, 22))[text].hidden


@pytest.mark.parametrize("text", ["RCC", "LCC", "RML", "LLM", "RMLO", "LXCCL"])
def test_a_mammogram_keeps_side_and_view_in_one_word_and_not_the_mark_below(text: str) -> None:
    found = judged(line(text, 40, 10), line("JK", 40, 22), radiograph=True)
    assert not found[text].hidden
    assert found["JK"].hidden
    assert judged(line("RKC", 40, 10), radiograph=True)["RKC"].hidden


@pytest.mark.parametrize(
    "text", ["INT ROT", "R INT OBL", "CSP", "LSP", "LAO", "PRE", "LCA", "DSA", "HSG", "R MAG", "SUNRISE", "BENDING L"]
)
def test_how_and_what_was_taken_stays_on_radiographs(text: str) -> None:
    assert not judged(line(text, 40, 10), radiograph=True)[text].hidden


@pytest.mark.parametrize("text", ["RT OV", "LT KID", "RT ADN"])
def test_what_an_image_shows_stays_beside_a_side(text: str) -> None:
    assert not judged(line(text, 40, 10))[text].hidden


@pytest.mark.parametrize("text", ["INT JKO", "HD", "R FTX", "KSP", "R DSA"])
def test_what_can_be_initials_goes_from_radiographs(text: str) -> None:
    assert judged(line(text, 40, 10), radiograph=True)[text].hidden


def test_a_known_name_goes_though_it_reads_as_a_view() -> None:
    known = (KnownValue("Rot^Inta", ValueKind.PATIENT_NAME, "PatientName"),)
    (found,) = judge_lines([line("INT ROT", 40, 10)], known, ENGINE, Judging(marks=True))
    assert found.hidden


def test_a_mark_that_no_side_stands_beside_may_be_clinical() -> None:
    assert not judged(line("R", 40, 10), line("LV", 200, 90))["LV"].hidden


def test_a_dropped_blank_between_side_and_mark_is_put_back() -> None:
    (hidden,) = judged(line("LXSRQ", 40, 10, "L XSRQ"))["L XSRQ"].hidden
    assert hidden.x0 > 40 + 4


def test_dropped_blanks_are_put_back_where_all_is_clinical_then() -> None:
    assert not judged(line("W400L40", 40, 10, "W400 L40"))["W400 L40"].hidden


def test_no_blank_is_put_into_a_name() -> None:
    (hidden,) = judged(line("PETERSSONN", 40, 10, "PET ERSSONN"))["PETERSSONN"].hidden
    assert hidden.x0 <= 40


@pytest.mark.parametrize(("text", "parted"), [("LIVER", "L IVER"), ("RIBS LAT", "R IBS LAT"), ("RENAL", "R ENAL")])
def test_a_word_with_a_gap_behind_its_first_letter_is_no_side_with_a_mark(text: str, parted: str) -> None:
    assert not judged(line(text, 40, 10, parted))[text].hidden


def test_a_side_and_a_mark_read_as_one_are_told_apart() -> None:
    (hidden,) = judged(line("LXSRQ", 40, 10, "L XSRQ"))["L XSRQ"].hidden
    assert hidden.x0 > 43


def test_a_name_goes_though_a_side_with_its_mark_stands_on_its_row() -> None:
    """Name and mark made one span, which was dropped with the side that stays."""
    found = judged(line("Soudraind MD", 10, 10), line("L OLZ", 100, 10))
    (name,), (mark,) = found["Soudraind MD"].hidden, found["L OLZ"].hidden
    assert name.x0 <= 10
    assert name.x1 >= 10 + 12 * 6
    assert 106 <= mark.x0 <= 112


@pytest.mark.parametrize("text", ["HB", "H8", "", "1"])
def test_what_stands_as_a_mark_beside_a_side_goes_though_it_can_not_be_read(text: str) -> None:
    """Faint print below `LEFT`: it was surely print, but was taken for texture as it was read with a score of 0.36."""
    mark = replace(unread("HB", 40, 22), text=text, edges=tuple(at / max(len(text), 1) for at in range(len(text) + 1)))
    assert judged(line("LEFT", 40, 10), mark)[text].hidden
    assert not judged(line("LEFT", 40, 10), mark)["LEFT"].hidden
    assert not judged(mark)[text].hidden


def test_specks_beside_a_side_stay() -> None:
    side = line("LEFT", 40, 10)
    assert not judged(side, unread("HB", 40, 22, found=0.6))["HB"].hidden
    assert not judged(side, unread("HB", 40, 80))["HB"].hidden
    large = TextLine(((40, 21), (100, 21), (100, 81), (40, 81)), 0.9, 0.4, "8", (0.0, 1.0))
    assert not judged(side, large)["8"].hidden


def test_a_mark_goes_of_which_one_letter_was_read_and_badly() -> None:
    (hidden,) = judged(replace(line("RT V", 40, 10), score=0.85))["RT V"].hidden
    assert 40 + 2 * 6 <= hidden.x0 <= 40 + 3 * 6
    assert not judged(line("RT V", 40, 10))["RT V"].hidden
    assert not judged(replace(line("R L", 40, 10), score=0.85))["R L"].hidden
