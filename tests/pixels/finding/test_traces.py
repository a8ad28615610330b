"""Traces drawn over a picture are no text; what stands on them is found, though they cross it."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import cv2
import numpy as np
import numpy.typing as npt
import pytest

from deid.pixels.finding.traces import TraceReader
from deid.pixels.ocr.line import TextLine
from deid.pixels.picture.traces import trace_in, without
from deid.plan import Box

if TYPE_CHECKING:
    from collections.abc import Sequence

    from deid.pixels.ocr import DetectedBox

Picture = npt.NDArray[np.uint8]
HIGH, WIDE, TOP = 48, 640, 16
BEAT = {0: 0.6, 6: 0.5, 12: 0.6, 20: 0.65, 23: 0.0, 27: 0.95, 30: 0.6, 42: 0.45, 52: 0.6}
GREEN, WHITE = (60, 230, 90), (235, 235, 235)


def dark() -> Picture:
    noise = np.random.default_rng(5).normal(20, 5, (80, WIDE, 1)).clip(0, 60)
    return np.repeat(noise, 3, axis=2).astype(np.uint8)


def bright() -> Picture:
    """Anatomy: soft shapes and speckle up to 200 grey levels bright."""
    random = np.random.default_rng(5)
    soft = cv2.GaussianBlur(random.uniform(0, 1, (80, WIDE)), (0, 0), 6)
    soft = (soft - soft.min()) / np.ptp(soft)
    return np.repeat((soft * 170 + random.normal(20, 4, (80, WIDE)))[:, :, np.newaxis], 3, axis=2).astype(np.uint8)


def ecg(tint: tuple[int, int, int], thickness: int = 1) -> Picture:
    """The trace alone, on black."""
    picture = np.zeros((80, WIDE, 3), np.uint8)
    points = [(10 + start + x, round(TOP + y * (HIGH - 1))) for start in range(0, 600, 62) for x, y in BEAT.items()]
    for one, other in itertools.pairwise(points):
        cv2.line(picture, one, other, tint, thickness, cv2.LINE_AA)
    return picture


def over(below: Picture, drawn: Picture) -> Picture:
    return np.where(drawn.max(axis=2, keepdims=True) > 60, drawn, below)


def text(words: str, place: tuple[int, int], scale: float, tint: tuple[int, int, int] = WHITE) -> Picture:
    picture = np.zeros((80, WIDE, 3), np.uint8)
    cv2.putText(picture, words, place, cv2.FONT_HERSHEY_SIMPLEX, scale, tint, 1, cv2.LINE_AA)
    return picture


@pytest.mark.parametrize("ground", ["dark", "bright"])
@pytest.mark.parametrize("thickness", [1, 2])
def test_a_trace_in_colour_is_found_and_painted_over(ground: str, thickness: int) -> None:
    below = dark() if ground == "dark" else bright()
    drawn = ecg(GREEN, thickness)
    view = over(below, drawn)
    trace = trace_in(view)
    assert trace is not None
    ink = drawn.max(axis=2) > 150
    assert np.count_nonzero(trace & ink) > 0.7 * np.count_nonzero(ink)
    clean = without(view, trace).astype(np.int16)
    colour = clean.max(axis=2) - clean.min(axis=2)
    assert np.count_nonzero(colour > 60) < 0.1 * np.count_nonzero(ink)


@pytest.mark.parametrize("polarity", [0, 255])
def test_a_grey_trace_is_found_on_even_ground_in_both_polarities(polarity: int) -> None:
    trace = trace_in(over(dark(), ecg(WHITE)) ^ np.uint8(polarity))
    assert trace is not None
    assert trace.any(axis=0).mean() > 0.9


def test_a_trace_stored_as_jpeg_is_found() -> None:
    _, coded = cv2.imencode(".jpg", over(bright(), ecg(GREEN, 2)), [cv2.IMWRITE_JPEG_QUALITY, 75])
    trace = trace_in(np.asarray(cv2.imdecode(coded, cv2.IMREAD_COLOR), np.uint8))
    assert trace is not None
    assert trace.any(axis=0).mean() > 0.7


@pytest.mark.parametrize("words", ["Illinois William Till", "~~--__ Smith __--~~", "mmmm nnnn uuuu wwww", "0012-77-31"])
@pytest.mark.parametrize("scale", [0.35, 0.6, 1.5])
def test_print_is_no_trace(words: str, scale: float) -> None:
    assert trace_in(over(dark(), text(words, (12, 52), scale))) is None


@pytest.mark.parametrize("words", ["OKAFOR ADAEZE", "12.03.1957"])
@pytest.mark.parametrize("scale", [0.35, 0.6])
@pytest.mark.parametrize("tint", [GREEN, WHITE])
def test_print_that_a_trace_crosses_is_left(words: str, scale: float, tint: tuple[int, int, int]) -> None:
    letters = text(words, (220, 52), scale)
    view = over(over(dark(), ecg(tint)), letters)
    trace = trace_in(view)
    assert trace is not None
    ink = letters.max(axis=2) > 150
    left = without(view, trace).max(axis=2) > 120
    assert np.count_nonzero(left & ink) > 0.7 * np.count_nonzero(ink)


class _Reader:
    """Reads what it is told to, of a picture without its trace."""

    def __init__(self, lines: Sequence[TextLine] = ()) -> None:
        self.lines, self.looks = tuple(lines), 0

    def find_in(self, requests: Sequence[object]) -> list[list[DetectedBox]]:
        self.looks += len(requests)
        return [[] for _ in requests]

    def read_at(self, *_: object) -> tuple[TextLine, ...]:
        return self.lines


def line(words: str, score: float, box: Box) -> TextLine:
    corners = ((box.x0, box.y0), (box.x1, box.y0), (box.x1, box.y1), (box.x0, box.y1))
    return TextLine(corners, 0.8, score, words, tuple(np.linspace(0, 1, len(words) + 1).tolist()))


BAND = line("N", 0.4, Box(0, 12, 600, 68))


@pytest.mark.parametrize("words", ["N", "mmmn"])
@pytest.mark.parametrize("tint", [GREEN, WHITE])
def test_a_band_that_is_but_a_trace_is_no_line(words: str, tint: tuple[int, int, int]) -> None:
    view = over(dark(), ecg(tint))
    found = TraceReader(_Reader()).apart((line(words, 0.6 if len(words) > 1 else 0.4, BAND.box),), [view])  # type: ignore[arg-type]
    assert found.lines == ()
    assert found.gone == (BAND.box,)


def test_print_found_without_the_trace_takes_the_place_of_the_band() -> None:
    letters = text("OKAFOR ADAEZE", (220, 52), 0.6)
    name = line("OKAFOR ADAEZE", 0.99, Box(218, 34, 370, 56))
    view = over(over(dark(), ecg(GREEN)), letters)
    found = TraceReader(_Reader([name])).apart((BAND,), [view])  # type: ignore[arg-type]
    assert found.lines == (name,)


def test_what_was_read_with_the_trace_stays_unless_as_much_is_read_without() -> None:
    view = over(over(dark(), ecg(GREEN)), text("OKAFOR ADAEZE", (220, 52), 0.6))
    long = line("OKAFOR ADAEZE", 0.95, Box(10, 34, 370, 56))
    piece = line("ADAEZE", 0.99, Box(290, 34, 370, 56))
    assert TraceReader(_Reader()).apart((long,), [view]).lines == (long,)  # type: ignore[arg-type]
    assert long in TraceReader(_Reader([piece])).apart((long,), [view]).lines  # type: ignore[arg-type]
    name = line("OKAFOR ADAEZE", 0.99, Box(218, 34, 370, 56))
    assert TraceReader(_Reader([name])).apart((long,), [view]).lines == (name,)  # type: ignore[arg-type]


def test_a_surer_reading_stays_though_nearly_as_much_is_read_without_the_edge_that_was_taken_for_a_trace() -> None:
    view = over(over(dark(), ecg(GREEN)), text("FLAIR", (220, 52), 0.6))
    whole = line("FLAIR", 1.0, Box(218, 34, 286, 56))
    piece = line("FLAI", 0.999, Box(218, 34, 268, 56))
    assert TraceReader(_Reader([piece])).apart((whole,), [view]).lines == (whole,)  # type: ignore[arg-type]
    less_sure = line("FLAIL", 0.95, Box(218, 34, 286, 56))
    assert TraceReader(_Reader([piece])).apart((less_sure,), [view]).lines == (piece,)  # type: ignore[arg-type]


def test_a_doubtful_reading_with_other_ink_than_the_trace_in_it_stays() -> None:
    view = over(over(dark(), ecg(GREEN)), text("OKAFOR ADAEZE", (220, 52), 0.6))
    doubtful = line("OKALOP ABAE", 0.7, Box(218, 34, 370, 56))
    assert TraceReader(_Reader()).apart((doubtful,), [view]).lines == (doubtful,)  # type: ignore[arg-type]


def test_what_is_read_well_without_the_trace_counts_beside_a_longer_doubtful_reading() -> None:
    view = over(over(dark(), ecg(GREEN)), text("OKAFOR ADAEZE", (220, 52), 0.6))
    doubtful = line("OKALOP ABAEZE", 0.7, Box(0, 12, 600, 70))
    well = line("OKAF", 0.97, Box(218, 34, 270, 56))
    found = TraceReader(_Reader([well])).apart((doubtful,), [view])  # type: ignore[arg-type]
    assert well in found.lines


def test_lines_away_from_any_trace_are_as_they_were() -> None:
    reader = _Reader()
    lines = (line("OKAFOR", 0.6, Box(218, 34, 370, 56)),)
    views = [over(dark(), text("OKAFOR", (220, 52), 0.6))]
    found = TraceReader(reader).apart(lines, views)  # type: ignore[arg-type]
    assert found.lines is lines
    assert found.views is views
    assert reader.looks == 0


def test_where_nothing_is_new_without_the_trace_it_is_not_looked_at_again() -> None:
    reader = _Reader()
    traces = TraceReader(reader)  # type: ignore[arg-type]
    traces.apart((BAND,), [over(dark(), ecg(GREEN))])
    traces.apart((BAND,), [over(dark(), ecg(GREEN))])
    assert reader.looks == 1


def test_a_frame_seen_in_another_number_of_views_than_the_one_before_is_looked_at_again() -> None:
    reader = _Reader()
    traces = TraceReader(reader)  # type: ignore[arg-type]
    view = over(dark(), ecg(GREEN))
    traces.apart((BAND,), [view, view // 2])
    assert traces.apart((BAND,), [view]).gone == (BAND.box,)
    assert reader.looks == 2
