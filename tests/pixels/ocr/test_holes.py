"""In the holes of a block lines are looked for from nearer: on a bright edge one is not seen at once."""

from __future__ import annotations

import pytest

from deid.pixels.ocr.close_up import close_ups
from deid.pixels.ocr.holes import holes_in
from deid.pixels.ocr.line import TextLine

SHAPE = (800, 972)


def line(text: str, x: int, y: int, high: int = 21, score: float = 0.99) -> TextLine:
    wide = len(text) * 10
    corners = ((x, y), (x + wide, y), (x + wide, y + high), (x, y + high))
    return TextLine(corners, 0.8, score, text, tuple(at / len(text) for at in range(len(text) + 1)))


def block(*rows: int, x: int = 575) -> list[TextLine]:
    """The lines of a block that stand 20 pixels apart, but for those that were not found."""
    texts = ("StudyDate: 2013 Jul 13", "Patient ID: 292821506", "Name: DAVIDSON DOUGLAS", "Age: 37", "DOB: 06/16/1976")
    return [line(texts[row % len(texts)], x, 94 + 20 * row) for row in rows]


def test_a_line_that_was_not_found_in_a_block_is_looked_for_from_nearer() -> None:
    ((area, zoom),) = close_ups(block(0, 1, 2, 4), SHAPE)
    assert area.x0 <= 575
    assert area.x1 >= 575 + 22 * 10
    assert area.y0 <= 94 + 20 * 3
    assert area.y1 >= 94 + 20 * 3 + 21
    assert zoom >= 2


@pytest.mark.parametrize("rows", [(0, 1, 2, 3, 4), (0, 1, 2, 8), (0, 3), (0, 2, 4)])
def test_a_whole_block_and_lines_apart_have_no_hole(rows: tuple[int, ...]) -> None:
    assert not list(holes_in(block(*rows)))


def test_what_stands_elsewhere_or_is_of_another_size_makes_no_block() -> None:
    assert not list(holes_in([*block(0, 1), *block(2, 4, x=620)]))
    assert not list(holes_in([*block(0, 1, 2), line("Portable", 575, 176, high=40)]))
