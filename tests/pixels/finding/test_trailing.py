from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest

from deid.pixels.finding.trailing import with_rest
from deid.pixels.judging.findings import Judged
from deid.plan import Box


def picture(text: str, *, dark: bool = False) -> np.ndarray:
    """Letters of 14 pixels from (10, 30) on, each about 12 wide."""
    canvas = np.zeros((60, 320, 3), np.uint8)
    cv2.putText(canvas, text, (10, 30), cv2.FONT_HERSHEY_SIMPLEX, 0.65, (220, 220, 220), 1, cv2.LINE_AA)
    return 255 - canvas if dark else canvas


def end_of(text: str) -> int:
    return int(np.flatnonzero(picture(text).any(axis=(0, 2)))[-1]) + 1


def found(end: int, *, hidden: bool = True) -> Judged:
    box, whole = Box(8, 13, end + 2, 34), Box(3, 8, end + 5, 38)
    return Judged(box, (whole,) if hidden else (), 0.9, ("name",), "MILLER BEVERLY", whole)


@pytest.mark.parametrize("dark", [False, True])
def test_a_letter_behind_a_name_goes_with_it(dark: bool) -> None:
    (longer,) = with_rest([found(end_of("BEVERLY"))], [picture("BEVERLY F", dark=dark)])
    assert longer.hidden[0].x1 >= end_of("BEVERLY F")


def test_what_stands_farther_away_is_another_thing() -> None:
    line = found(end_of("BEVERLY"))
    assert with_rest([line], [picture("BEVERLY      F")]) == [line]


def test_what_was_read_as_a_line_of_its_own_is_left() -> None:
    line = found(end_of("BEVERLY"))
    other = Judged(Box(line.box.x1 + 6, 13, line.box.x1 + 20, 34), (), 0.99, ("kept",), "L", Box(0, 0, 1, 1))
    assert with_rest([line, other], [picture("BEVERLY L")]) == [line, other]


def test_an_edge_that_goes_on_above_and_below_is_no_print() -> None:
    line, canvas = found(end_of("BEVERLY")), picture("BEVERLY")
    canvas[:, line.box.x1 + 6 : line.box.x1 + 9] = 220
    assert with_rest([line], [canvas]) == [line]


def test_a_line_that_stays_is_left_as_it_is() -> None:
    line = found(end_of("LIVER"), hidden=False)
    assert with_rest([line], [picture("LIVER F")]) == [line]


def test_the_label_in_front_stays_when_the_value_goes_on() -> None:
    line = found(end_of("BEVERLY"))
    value = replace(line, hidden=(replace(line.hidden[0], x0=60),))
    (longer,) = with_rest([value], [picture("BEVERLY F")])
    assert longer.hidden[0].x0 == 60
    assert longer.hidden[0].x1 >= end_of("BEVERLY F")


@pytest.mark.parametrize("rows", [29, 31, 33])
def test_a_line_that_reaches_beyond_the_frame_is_followed_inside_it(rows: int) -> None:
    (longer,) = with_rest([found(end_of("BEVERLY"))], [picture("BEVERLY F")[:rows]])
    assert longer.hidden[0].x1 >= end_of("BEVERLY F")


def test_a_line_beyond_the_frame_is_left_as_it_is() -> None:
    line = found(end_of("BEVERLY"))
    assert with_rest([line], [picture("BEVERLY F")[:10]]) == [line]


def test_where_print_fades_into_brightness_some_more_goes() -> None:
    """`PID 74-53-30` of which the end stands on bone: nothing finds it, a person may read it."""
    canvas = picture("BEVERLY3")
    line = found(end_of("BEVERLY"))
    canvas[:, line.box.x1 :] = np.maximum(canvas[:, line.box.x1 :], 200)
    (longer,) = with_rest([line], [canvas])
    assert longer.hidden[0].x1 >= end_of("BEVERLY3")
    dark = picture("BEVERLY")
    dark[:, line.box.x1 :] += 20
    assert with_rest([line], [dark]) == [line]
