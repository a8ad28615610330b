"""What goes black of faint print goes black to its end, though the detector lost it half-way."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from deid.pixels.finding.fading import Fading
from deid.pixels.ocr import Ocr, TextLine
from deid.text import TextEngine

if TYPE_CHECKING:
    from collections.abc import Sequence

    from deid.pixels.picture.print_runs import Picture

ENGINE = TextEngine()
PITCH, HIGH = 10.0, 20.0


def line(text: str, x: float, score: float = 0.98) -> TextLine:
    x1, top, bottom = x + PITCH * len(text), 20.0, 20.0 + HIGH
    edges = tuple(at / len(text) for at in range(len(text) + 1))
    return TextLine(((x, top), (x1, top), (x1, bottom), (x, bottom)), 0.8, score, text, edges)


def frame(light: int) -> list[Picture]:
    """Stripes, so that print varies as it does."""
    canvas = np.full((60, 600, 3), 60, np.uint8)
    canvas[:, ::2] = light
    return [canvas]


class Printed:
    """A reader of a picture where a text begins at 100, of which it reads as much as it is shown."""

    def __init__(self, text: str) -> None:
        self._text = text
        self.asked = 0

    def read_with_room(
        self, own: TextLine, views: Sequence[Picture], first: float, last: float, across: float
    ) -> TextLine:
        assert views
        self.asked += 1
        corners = own.with_room(first, last, across)
        start, end = (round((corners[at][0] - 100) / PITCH) for at in (0, 1))
        text = self._text[max(start, 0) : max(end, 0)].strip()
        edges = tuple(at / len(text) for at in range(len(text) + 1))
        return TextLine(corners, 1.0, 0.95, text, edges)


def whole(printed: Printed, lines: Sequence[TextLine], light: int = 110) -> tuple[TextLine, ...]:
    return Fading(cast("Ocr", printed), ENGINE, ()).whole(lines, frame(light))


@pytest.mark.parametrize(("read", "at"), [("ESMÉE T. HO", 100), ("HOOPMAN", 190), ("E T. HOOP", 140)])
def test_a_faint_name_is_read_to_its_ends(read: str, at: int) -> None:
    (one,) = whole(Printed("ESMÉE T. HOOPMAN"), [line(read, at)])
    assert one.text == "ESMÉE T. HOOPMAN"
    assert one.box.x0 <= 100
    assert one.box.x1 >= 260
    assert one.detection_score == 0.8


def test_it_ends_where_another_line_begins() -> None:
    own, label = line("ESMÉE T. HO", 100), line("15 cm", 230)
    assert whole(Printed("ESMÉE T. HO  15 cm"), [own, label]) == (own, label)


@pytest.mark.parametrize(("read", "light"), [("ESMÉE T. HO", 255), ("LIVER", 110)])
def test_what_stays_and_what_is_strong_is_not_read_again(read: str, light: int) -> None:
    printed = Printed("ESMÉE T. HOOPMAN")
    own = line(read, 100)
    assert whole(printed, [own], light) == (own,)
    assert printed.asked == 0


def test_a_line_that_ends_stays_as_it_was_found() -> None:
    own = line("ESMÉE T. HOOPMAN", 100)
    assert whole(Printed("ESMÉE T. HOOPMAN"), [own]) == (own,)


def test_another_text_beside_counts_for_nothing() -> None:
    own = line("ESMÉE T. HOOPMAN", 100)
    assert whole(Printed("KVKVIIVKVVVIKVIKVKVIKVIK"), [own]) == (own,)


def test_the_rest_of_a_word_is_read_in_a_picture() -> None:
    font = ImageFont.load_default(18)
    picture = Image.new("RGB", (300, 50), (60, 60, 60))
    ImageDraw.Draw(picture).text((20, 10), "ESMEE HOOPMAN", font=font, fill=(120, 120, 120))
    end = 20 + font.getlength("ESMEE HO")
    edges = tuple(at / 8 for at in range(9))
    cut = TextLine(((18.0, 8.0), (end, 8.0), (end, 32.0), (18.0, 32.0)), 0.8, 0.98, "ESMEE HO", edges)
    (one,) = Fading(Ocr(), ENGINE, ()).whole([cut], [np.asarray(picture)])
    assert one.text.replace(" ", "") == "ESMEEHOOPMAN"
    assert one.box.x1 >= 20 + font.getlength("ESMEE HOOPMAN")
