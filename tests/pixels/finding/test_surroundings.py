"""Lines that nothing vouches for are read again with more around them; what names somebody still goes."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from deid.identity.known_values import KnownValue, ValueKind
from deid.pixels.finding.surroundings import Rereader
from deid.pixels.ocr import Ocr
from deid.text import TextEngine
from tests.pixels.ocr.test_small_print import line, seen

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from deid.pixels.ocr import TextLine
    from deid.pixels.ocr.small_print import Answers

ENGINE = TextEngine()
VIEWS = [np.zeros((40, 200, 3), np.uint8)]


class Wider:
    """Reads what it is told, as the recogniser and the reader of small print would."""

    def __init__(self, text: str, score: float, stands: str | Answers, apart: str = "") -> None:
        self._text, self._score, self._apart = text, score, apart
        self._stands = seen(stands) if isinstance(stands, str) else stands
        self.asked = 0

    def read_around(self, _: TextLine, views: Sequence[npt.NDArray[np.uint8]]) -> TextLine:
        assert views
        self.asked += 1
        return scored(line(self._text, self._stands), self._score)

    def read_letters(self, own: TextLine, views: Sequence[npt.NDArray[np.uint8]], start: int, end: int) -> TextLine:
        assert views
        text = self._apart if own.text[start:end].strip() else ""
        return scored(line(text or "?", None), 0.99)


def scored(own: TextLine, score: float) -> TextLine:
    return type(own)(own.corners, own.detection_score, score, own.text, own.edges, own.parted, own.opinion)


def settled(own: TextLine, wider: Wider, known: tuple[KnownValue, ...] = ()) -> str:
    (one,) = Rereader(cast("Ocr", wider), ENGINE, known).settled([own], VIEWS)
    return one.text


@pytest.mark.parametrize(("read", "stands"), [("epth 15 cm", "Depth 15 cm"), ("LUNC", "LUNG"), ("ATERAL", "LATERAL")])
def test_a_label_that_was_cut_is_read_whole(read: str, stands: str) -> None:
    assert settled(line(read, None), Wider(stands, 0.99, stands)) == stands


@pytest.mark.parametrize(("read", "stands", "share"), [("EMI-ERECT", "SEMI-ERECT", 0.005), ("ATERAL", "LATERAL", 0.05)])
def test_of_a_long_line_less_of_the_cut_letter_has_to_show(read: str, stands: str, share: float) -> None:
    answers = seen(stands)
    answers.steps[:2] *= share
    answers.steps[:2, 0] += 1 - share
    assert settled(line(read, None), Wider(stands, 0.99, answers)) == stands
    answers.steps[:2, 1:] *= 0.01
    assert settled(line(read, None), Wider(stands, 0.99, answers)) == read


@pytest.mark.parametrize(
    ("read", "stands", "apart"),
    [("ROSS TABLE", "CROSS TABLE", "CRO"), ("UNG", "LUNG", "LUN"), ("LEF", "LEFT", "EFT"), ("EPTH", "DEPTH", "DEP")],
)
def test_a_cut_letter_on_a_bright_edge_counts_if_it_is_read_apart_from_the_word(
    read: str, stands: str, apart: str
) -> None:
    """The reader of small print sees nothing there, as it is faint beside the rest."""
    assert settled(line(read, None), Wider(stands, 0.99, read, apart)) == stands
    assert settled(line(read, None), Wider(stands, 0.99, read, apart.lower())) == read


@pytest.mark.parametrize(("read", "stands", "apart"), [("ROSS", "CROSS", "CRO"), ("UNG", "LUNG", "LUN")])
def test_a_name_that_the_header_knows_is_no_cut_word(read: str, stands: str, apart: str) -> None:
    known = (KnownValue(f"{read}^ANNA", ValueKind.PATIENT_NAME, "PatientName"),)
    assert settled(line(read, None), Wider(stands, 0.99, read, apart), known) == read


def test_three_letters_are_not_longer_for_what_the_whole_may_say() -> None:
    assert settled(line("UNG", None), Wider("LUNG", 0.99, "LUNG")) == "UNG"


def test_a_doubtful_reading_may_be_of_another_word() -> None:
    assert settled(scored(line("DEHUE", None), 0.8), Wider("DECUB", 0.99, "DECUB")) == "DECUB"
    assert settled(line("DEHUE", None), Wider("DECUB", 0.99, "DECUB")) == "DEHUE"


@pytest.mark.parametrize(
    ("read", "wider", "score", "stands"),
    [
        ("LUNC", "LUNG", 0.9, "LUNG"),  # unsure
        ("LUNC", "LUNG", 0.99, "LUNC"),  # another letter to the reader of small print
        ("MEIER", "METER", 0.99, "METER"),  # a common name
        ("LUNGU", "LUNG", 0.99, "LUNG"),  # less than was read
        ("KEMELI", "KEMELIA", 0.99, "KEMELIA"),  # nothing clinical
        ("LY", "LV", 0.99, "LV"),  # initials
    ],
)
def test_what_may_name_somebody_stays_as_it_was_read(read: str, wider: str, score: float, stands: str) -> None:
    assert settled(line(read, None), Wider(wider, score, stands)) == read


def test_what_the_header_knows_stays_as_it_was_read() -> None:
    known = (KnownValue("LUNC^ANNA", ValueKind.PATIENT_NAME, "PatientName"),)
    assert settled(line("LUNC", None), Wider("LUNG", 0.99, "LUNG"), known) == "LUNC"


def test_only_what_nothing_vouches_for_is_read_again_and_that_once() -> None:
    wider = Wider("LUNG", 0.99, "LUNG")
    rereader = Rereader(cast("Ocr", wider), ENGINE, ())
    for _ in range(3):
        rereader.settled([line("LIVER", None), line("DOB: 01/02/1957", None), line("QUILLFEATHER", None)], VIEWS)
    assert wider.asked == 0
    for _ in range(3):
        rereader.settled([line("LUNC", None)], VIEWS)
    assert wider.asked == 1


def test_a_letter_that_the_box_cuts_is_read_with_more_around_it() -> None:
    picture = Image.new("RGB", (200, 40))
    font = ImageFont.load_default(18)
    ImageDraw.Draw(picture).text((20, 8), "Depth", font=font, fill=(230, 230, 230))
    left, top, right, bottom = map(float, picture.getbbox() or (0, 0, 0, 0))
    cut = scored(line("epth", None), 0.99)
    corners = ((left + 8, top - 2), (right + 2, top - 2), (right + 2, bottom + 2), (left + 8, bottom + 2))
    own = type(cut)(corners, 0.9, 0.99, cut.text, cut.edges)
    wider = Ocr().read_around(own, [np.asarray(picture)])
    assert wider.text == "Depth"
    assert wider.opinion is not None
