"""Bars of grey levels are no text; print on them is."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt
import pytest

from deid.pixels.finding.bars import without_bars
from deid.pixels.judging.findings import NOISE, UNREADABLE, Judged
from deid.plan import Box

Picture = npt.NDArray[np.uint8]


def unread(reason: str = UNREADABLE) -> Judged:
    whole = Box(4, 10, 636, 70)
    return Judged(Box(10, 16, 630, 64), (whole,), 0.3, (reason,), "^V^V", whole)


def ramp() -> Picture:
    noise = np.random.default_rng(5).normal(20, 5, (80, 640, 1)).clip(0, 60)
    picture = np.repeat(noise, 3, axis=2).astype(np.uint8)
    picture[14:66, 8:632] = np.linspace(250, 30, 624)[np.newaxis, :, np.newaxis]
    return picture


def with_text(picture: Picture, text: str) -> Picture:
    cv2.putText(picture, text, (200, 56), cv2.FONT_HERSHEY_SIMPLEX, 1.2, (60,) * 3, 1, cv2.LINE_AA)
    return picture


@pytest.mark.parametrize("turn", [0, 1])
def test_a_bar_of_grey_levels_stays(turn: int) -> None:
    line = unread()
    if turn:
        line = Judged(
            line.box.across, tuple(box.across for box in line.hidden), 0.3, line.reasons, "", line.whole.across
        )
    picture = ramp().transpose(1, 0, 2) if turn else ramp()
    found = without_bars([line], [picture])[0]
    assert not found.hidden
    assert found.reasons == (NOISE,)


@pytest.mark.parametrize("text", ["OKAFOR", "IIII", "L"])
def test_print_on_a_bar_goes(text: str) -> None:
    assert without_bars([unread()], [with_text(ramp(), text)])[0] == unread()


def test_what_another_view_shows_counts() -> None:
    assert without_bars([unread()], [ramp(), with_text(ramp(), "OKAFOR")])[0] == unread()


def test_what_was_read_is_not_asked() -> None:
    line = unread("common name")
    assert without_bars([line], [ramp()])[0] == line
