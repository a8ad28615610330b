"""Curves below ultrasound images are no text; what stands beside them is."""

from __future__ import annotations

import itertools

import cv2
import numpy as np
import numpy.typing as npt
import pytest

from deid.pixels.finding.curves import without_curves
from deid.pixels.judging.findings import NOISE, UNREADABLE, Judged
from deid.plan import Box

Picture = npt.NDArray[np.uint8]
HIGH, WIDE = 48, 620
BEAT = {0: 0.6, 6: 0.5, 12: 0.6, 20: 0.65, 23: 0.0, 27: 0.95, 30: 0.6, 42: 0.45, 52: 0.6}


def blank() -> Picture:
    noise = np.random.default_rng(5).normal(20, 5, (80, 640, 1)).clip(0, 60)
    return np.repeat(noise, 3, axis=2).astype(np.uint8)


def with_ecg(picture: Picture, thickness: int = 1, top: int = 16) -> Picture:
    points = [(10 + start + x, round(top + y * (HIGH - 1))) for start in range(0, 600, 62) for x, y in BEAT.items()]
    for one, other in itertools.pairwise(points):
        cv2.line(picture, one, other, (60, 230, 90), thickness, cv2.LINE_AA)
    return picture


def with_text(picture: Picture, text: str, place: tuple[int, int], scale: float = 0.45, level: int = 230) -> Picture:
    cv2.putText(picture, text, place, cv2.FONT_HERSHEY_SIMPLEX, scale, (level,) * 3, 1, cv2.LINE_AA)
    return picture


def unread(reason: str = UNREADABLE) -> Judged:
    whole = Box(4, 10, 636, 70)
    return Judged(Box(10, 16, 630, 64), (whole,), 0.3, (reason,), "^V^V", whole)


@pytest.mark.parametrize("thickness", [1, 2])
def test_an_ecg_stays(thickness: int) -> None:
    line = without_curves([unread()], [with_ecg(blank(), thickness)])[0]
    assert not line.hidden
    assert line.reasons == (NOISE,)


def test_a_dark_curve_on_white_stays() -> None:
    assert not without_curves([unread()], [255 - with_ecg(blank())])[0].hidden


@pytest.mark.parametrize(
    ("text", "scale", "level"), [("OKAFOR", 0.45, 230), ("Wu", 0.4, 230), ("Ann Lee", 0.45, 70), ("JT", 0.35, 200)]
)
def test_print_beside_a_curve_goes(text: str, scale: float, level: int) -> None:
    place = (291, 34)
    line = without_curves([unread()], [with_text(with_ecg(blank()), text, place, scale, level)])[0]
    (wide, high), _ = cv2.getTextSize(text, cv2.FONT_HERSHEY_SIMPLEX, scale, 1)
    x0, x1 = place[0], place[0] + wide
    assert line.reasons == (UNREADABLE,)
    assert any(
        box.x0 <= x0 and box.x1 >= x1 and box.y0 <= place[1] - high and box.y1 >= place[1] for box in line.hidden
    )
    assert sum(box.x1 - box.x0 for box in line.hidden) < WIDE / 2


@pytest.mark.parametrize(
    "text", ["Illinois William Till", "~~--__ Smith __--~~", "mmmm nnnn uuuu wwww", "L  I  T  J  L  1"]
)
def test_a_line_that_is_print_goes_whole(text: str) -> None:
    line = unread()
    assert without_curves([line], [with_text(blank(), text, (12, 52), 1.5)])[0] == line


def test_a_blur_without_strokes_goes_whole() -> None:
    smear = cv2.GaussianBlur(with_text(blank(), "MARTINEZ ELENA", (12, 56), 2.2), (0, 0), 9)
    assert without_curves([unread()], [np.asarray(smear, np.uint8)])[0] == unread()


def ramp() -> Picture:
    picture = blank()
    picture[14:66, 8:632] = np.linspace(250, 30, 624)[np.newaxis, :, np.newaxis]
    return picture


@pytest.mark.parametrize("turn", [0, 1])
def test_a_bar_of_grey_levels_stays(turn: int) -> None:
    line = unread()
    if turn:
        line = Judged(
            line.box.across, tuple(box.across for box in line.hidden), 0.3, line.reasons, "", line.whole.across
        )
    picture = ramp().transpose(1, 0, 2) if turn else ramp()
    found = without_curves([line], [picture])[0]
    assert not found.hidden
    assert found.reasons == (NOISE,)


@pytest.mark.parametrize("text", ["OKAFOR", "IIII", "L"])
def test_print_on_a_bar_goes(text: str) -> None:
    assert without_curves([unread()], [with_text(ramp(), text, (200, 56), 1.2, level=60)])[0] == unread()


def test_what_another_view_shows_counts() -> None:
    views = [with_ecg(blank()), with_text(blank(), "OKAFOR ADAEZE", (120, 50), 1.4)]
    assert without_curves([unread()], views)[0] == unread()


def test_what_was_read_is_not_asked() -> None:
    line = unread("common name")
    assert without_curves([line], [with_ecg(blank())])[0] == line
