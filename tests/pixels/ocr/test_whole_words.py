"""What the detector cuts is found whole: words, both ends of a line, print that stands on its side, blanks."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest

from deid.pixels.finding.trailing import with_rest
from deid.pixels.judging.findings import Judged
from deid.pixels.ocr.line import TextLine
from deid.pixels.ocr.spacing import spaced
from deid.pixels.ocr.turned import turned_boxes, with_turned
from deid.pixels.ocr.whole_words import boxes_of_cut_words, with_whole_words
from deid.pixels.picture.print_runs import grown
from deid.plan import Box

TOP, BOTTOM = 12, 36


def picture(text: str, at: int = 60) -> np.ndarray:
    canvas = np.zeros((60, 400, 3), np.uint8)
    cv2.putText(canvas, text, (at, 30), cv2.FONT_HERSHEY_SIMPLEX, 0.65, (220, 220, 220), 1, cv2.LINE_AA)
    return canvas


def ends(canvas: np.ndarray) -> tuple[int, int]:
    columns = np.flatnonzero(canvas.any(axis=(0, 2)))
    return int(columns[0]), int(columns[-1]) + 1


def width(text: str) -> int:
    return int(cv2.getTextSize(text, cv2.FONT_HERSHEY_SIMPLEX, 0.65, 1)[0][0])


def line(text: str, x0: int, x1: int, score: float = 0.99) -> TextLine:
    corners = ((x0, TOP), (x1, TOP), (x1, BOTTOM), (x0, BOTTOM))
    return TextLine(corners, 0.9, score, text, tuple(np.linspace(0, 1, len(text) + 1).tolist()))


def test_a_word_that_its_box_cuts_gets_a_longer_one_at_either_end() -> None:
    canvas = picture("STANDING")
    first, end = ends(canvas)
    cut = line("ANDIN", first + width("ST"), end - width("G"))
    (box,) = boxes_of_cut_words([cut], [canvas]).values()
    assert box.corners[0][0] <= first
    assert box.corners[1][0] >= end


def test_a_cut_word_is_found_whole_in_noise() -> None:
    """Specks behind a word joined it to one run with them, too long for a word: `WEIGHT BEA`."""
    canvas = picture("STANDING")
    first, end = ends(canvas)
    noise = np.random.default_rng(1)
    canvas[noise.random((60, 400)) < 0.03] = 140
    cut = line("STAN", first - 4, first + width("STAN"))
    (box,) = boxes_of_cut_words([cut], [canvas]).values()
    assert end <= box.corners[1][0] <= end + 24


def test_a_whole_word_keeps_its_box_beside_another() -> None:
    canvas = picture("MRN  12345")
    first, _ = ends(canvas)
    assert not boxes_of_cut_words([line("MRN", first - 3, first + width("MRN") + 3)], [canvas])


def test_a_part_of_a_line_that_was_found_whole_does_not_grow() -> None:
    canvas = picture("STANDING")
    first, end = ends(canvas)
    part, whole = line("STA", first - 6, first + width("STA")), line("STANDING", first - 3, end + 3)
    assert 0 not in boxes_of_cut_words([part, whole], [canvas])


def standing(text: str, top: int, bottom: int, left: int = 60, right: int = 84) -> TextLine:
    """Read from below."""
    corners = ((left, bottom), (left, top), (right, top), (right, bottom))
    return TextLine(corners, 0.9, 0.99, text, tuple(np.linspace(0, 1, len(text) + 1).tolist()))


def test_pieces_of_a_standing_line_are_read_as_one() -> None:
    # The detector cuts dates at their strokes: `DOB: 03/1`, `4`, `/1951`, of which none is a date.
    column = [standing("DOB: 03/1", 200, 320), standing("4", 186, 204, right=80), standing("/1951", 110, 188)]
    longer = boxes_of_cut_words(
        [*column, standing("SUPINE", 20, 100, left=95, right=119)], [np.zeros((400, 200, 3), np.uint8)]
    )
    assert all(box.corners[0][1] <= 110 and box.corners[2][1] >= 320 for box in longer.values())
    assert all(box.corners[2][0] == 84 for box in longer.values())
    assert set(longer) == {0, 2}


def test_what_stands_farther_above_is_another_line() -> None:
    column = [standing("DOB: 03/1", 200, 320), standing("SUPINE", 90, 180)]
    assert not boxes_of_cut_words(column, [np.zeros((400, 200, 3), np.uint8)])


def test_a_longer_reading_counts_if_it_is_nearly_as_sure() -> None:
    cut, whole = line("TANDING", 70, 160), line("STANDING", 60, 160, score=0.95)
    assert with_whole_words([cut], {0: whole}) == [whole]
    assert with_whole_words([cut], {0: line("#STANDING", 60, 160, score=0.5)}) == [cut]
    assert with_whole_words([cut], {0: line("~TANDING", 60, 160)}) == [cut]


@pytest.mark.parametrize("turns", [0, 1, 2, 3])
def test_what_goes_on_before_or_behind_a_name_goes_with_it_whatever_way_it_is_turned(turns: int) -> None:
    canvas = picture("F BEVERLY")
    first, end = ends(canvas)
    start = first + width("F ")
    mask = np.zeros(canvas.shape[:2], np.uint8)
    mask[TOP:BOTTOM, start:end] = 1
    rows, columns = np.nonzero(np.rot90(mask, turns))
    box = Box(int(columns.min()), int(rows.min()), int(columns.max()) + 1, int(rows.max()) + 1)
    (longer,) = with_rest([Judged(box, (box,), 0.9, ("name",), "BEVERLY", box)], [np.rot90(canvas, turns)])
    hidden = np.zeros_like(np.rot90(mask, turns))
    for one in longer.hidden:
        hidden[one.y0 : one.y1, one.x0 : one.x1] = 1
    assert not np.rot90(canvas, turns)[:, :, 0][hidden == 0].any()


def test_nothing_grows_in_an_empty_picture() -> None:
    box = Box(10, 10, 60, 30)
    assert grown(box, "left", (), [np.zeros((60, 100, 3), np.uint8)], apart=1.1) == box


def test_a_blank_that_was_read_is_moved_to_the_gap_in_the_picture() -> None:
    text = "TILL WAM"  # its letters are not evenly spread
    canvas = picture(text)
    first, end = ends(canvas)
    own = spaced(line(text, first, end), [canvas])
    from_, to = (first + (end - first) * own.edges[at] for at in (4, 5))
    assert canvas[:, int(from_) + 1 : int(to)].max() < 90
    assert canvas[:, int(to) : int(to) + 3].max() > 90


def test_a_gap_without_a_blank_makes_a_second_reading() -> None:
    canvas = picture("R XSRQ")
    own = spaced(line("RXSRQ", *ends(canvas)), [canvas])
    assert own.text == "RXSRQ"
    assert own.parted is not None
    assert own.parted.text == "R XSRQ"
    assert len(own.parted.edges) == len("R XSRQ") + 1


def test_a_side_read_as_one_with_the_mark_beside_it_has_a_second_reading() -> None:
    canvas = picture("L  UB")
    own = spaced(line("LUB", *ends(canvas)), [canvas])
    assert own.parted is not None
    assert own.parted.text == "L UB"
    assert spaced(line("LU", *ends(picture("L  U"))), [picture("L  U")]).parted is None


def test_letters_at_the_ends_of_two_axes_have_a_second_reading_if_they_stand_far_apart() -> None:
    own = spaced(line("HL", *ends(picture("H  L"))), [picture("H  L")])
    assert own.parted is not None
    assert own.parted.text == "H L"
    assert spaced(line("HL", *ends(picture("HL"))), [picture("HL")]).parted is None


def test_a_number_and_an_even_word_have_no_second_reading() -> None:
    for text in ("47114711", "GALLBLADDER"):
        canvas = picture(text)
        assert spaced(line(text, *ends(canvas)), [canvas]).parted is None


class Detector:
    """Finds one line in the middle of whatever it is shown."""

    def __init__(self) -> None:
        self.areas: list[tuple[Box, float]] = []

    def detect(self, picture: np.ndarray, *, inverted: bool, area: Box, zoom: float) -> list[object]:
        from deid.pixels.ocr.detector import DetectedBox

        assert picture.shape[:2] == (area.y1, area.x1)
        self.areas.append((area, zoom))
        return [DetectedBox(((4.0, 6.0), (14.0, 6.0), (14.0, 10.0), (4.0, 10.0)), 0.9, inverted)]


def square(text: str, score: float) -> TextLine:
    corners = ((100.0, 20.0), (130.0, 20.0), (130.0, 50.0), (100.0, 50.0))
    return TextLine(corners, 0.8, score, text, tuple(np.linspace(0, 1, len(text) + 1).tolist()))


def test_a_square_box_that_was_not_read_surely_is_looked_at_turned() -> None:
    detector = Detector()
    (as_it_is, box) = turned_boxes([square("M", 0.6)], picture("M"), detector)  # type: ignore[arg-type]
    # The crop is columns 91 to 139 and rows 11 to 59; its last column is the first row of the turned picture.
    assert as_it_is.corners[0] == (95.0, 17.0)
    assert box.corners == ((133.0, 15.0), (133.0, 25.0), (129.0, 25.0), (129.0, 15.0))


def test_lines_side_by_side_that_were_hardly_read_as_one_are_looked_at_turned() -> None:
    """Three labels on their side were one box, read as `醫RS`, and went black."""
    detector = Detector()
    assert len(turned_boxes([square("醫RS", 0.62)], picture("M"), detector)) == 2  # type: ignore[arg-type]
    assert len(turned_boxes([square("2DR", 0.75)], picture("M"), detector)) == 2  # type: ignore[arg-type]
    assert not turned_boxes([square("·R'", 0.75)], picture("M"), detector)  # type: ignore[arg-type]
    assert not turned_boxes([square("NRS", 0.85)], picture("M"), detector)  # type: ignore[arg-type]


def test_a_side_that_hardly_looks_like_text_may_stand_with_a_faint_mark() -> None:
    """`R` above `QQ`, both faint: one box, of which `R` was read."""
    detector = Detector()
    assert turned_boxes([replace(square("R", 0.83), detection_score=0.46)], picture("R"), detector)  # type: ignore[arg-type]
    assert not turned_boxes([replace(square("M", 0.83), detection_score=0.46)], picture("M"), detector)  # type: ignore[arg-type]


def test_letters_on_their_side_one_behind_the_other_are_looked_at_turned() -> None:
    """`L` and `H`, turned by 270°, were `厂工`: a name in another script."""
    detector = Detector()
    corners = ((100.0, 20.0), (181.0, 20.0), (181.0, 49.0), (100.0, 49.0))
    edges = (0.0, 0.5, 1.0)
    found = turned_boxes([TextLine(corners, 0.8, 0.94, "厂工", edges)], picture("M"), detector)  # type: ignore[arg-type]
    (box,) = found
    assert box.corners[0][0] == box.corners[1][0]
    assert not turned_boxes([TextLine(corners, 0.8, 0.94, "LH", edges)], picture("M"), detector)  # type: ignore[arg-type]


@pytest.mark.parametrize(("text", "score"), [("R", 1.0), ("AP", 0.97), ("\u4e00", 0.6), ("KNEE", 0.5)])
def test_sure_letters_ticks_and_longer_text_are_not_turned(text: str, score: float) -> None:
    detector = Detector()
    assert not turned_boxes([square(text, score)], picture("M"), detector)  # type: ignore[arg-type]
    assert not detector.areas


def at(text: str, box: Box, score: float) -> TextLine:
    x0, y0, x1, y1 = (float(side) for side in (box.x0, box.y0, box.x1, box.y1))
    edges = tuple(np.linspace(0, 1, len(text) + 1).tolist())
    return TextLine(((x0, y0), (x1, y0), (x1, y1), (x0, y1)), 0.8, score, text, edges)


def test_what_is_read_from_near_takes_the_place_of_what_was_doubtful() -> None:
    """A side with a mark below it is one box at first."""
    doubtful = square("R X", 0.84)
    side, mark = at("R", Box(101, 21, 115, 34), 0.99), at("XL", Box(101, 36, 129, 49), 0.98)
    assert with_turned([doubtful], [side, mark]) == [side, mark]
    assert with_turned([doubtful], [at("XL", Box(101, 36, 129, 49), 0.5)]) == [doubtful]
    assert with_turned([square("M", 0.6)], [at("FW", Box(101, 21, 129, 49), 0.99)])[0].text == "FW"
    assert with_turned([square("RR", 0.9)], [at("1", Box(101, 21, 129, 49), 0.99)])[0].text == "RR"
