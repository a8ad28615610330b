"""Margins of what goes black end where other print begins that was not found; all of the line itself goes."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import cv2
import numpy as np
import pytest

from deid.pixels.finding.neighbours import without_neighbours
from deid.pixels.judging.findings import Judged
from deid.plan import Box

Picture = np.ndarray[Any, np.dtype[np.uint8]]
OWN, HIDDEN = Box(36, 47, 76, 73), Box(26, 37, 86, 83)
"""As they were found for `OT`, below an `L` that was not."""


def picture(*texts: tuple[str, int], level: int = 40) -> Picture:
    """Dark print of 14 pixels on grey in noise, each text with the row of its feet."""
    noise = np.random.default_rng(2).normal(180, 4, (120, 140))
    for text, row in texts:
        mask = np.zeros((120, 140), np.uint8)
        cv2.putText(mask, text, (40, row), cv2.FONT_HERSHEY_SIMPLEX, 0.65, (255,), 1, cv2.LINE_AA)
        noise = noise * (1 - mask / 255) + level * (mask / 255)
    return np.repeat(np.clip(noise, 0, 255).astype(np.uint8)[:, :, None], 3, axis=2)


def hidden(view: Picture, own: Box = OWN, box: Box = HIDDEN) -> Box:
    line = Judged(own, (box,), 0.99, ("technologist's mark",), "OT", box)
    (one,) = without_neighbours([line], [view])
    return one.hidden[0]


@pytest.mark.parametrize("level", [40, 250])
def test_a_letter_above_or_below_that_was_not_found_stays(level: int) -> None:
    above = hidden(picture(("L", 43), ("OT", 68), level=level))
    assert 43 < above.y0 <= 50
    assert above == replace(HIDDEN, y0=above.y0)
    below = hidden(picture(("OT", 68), ("L", 93), level=level))
    assert 70 <= below.y1 < 79
    assert below == replace(HIDDEN, y1=below.y1)


def test_a_line_that_stands_is_as_one_that_lies() -> None:
    view = np.ascontiguousarray(picture(("L", 43), ("OT", 68)).transpose(1, 0, 2))
    standing = hidden(view, replace(OWN, y1=66).across, HIDDEN.across)
    assert 43 < standing.x0 <= 50


def test_margins_stay_without_other_print() -> None:
    assert hidden(picture(("OT", 68))) == HIDDEN
    assert hidden(picture()) == HIDDEN


def test_an_accent_goes_with_its_letter() -> None:
    view = picture(("OT", 68))
    view[49:52, 46:50] = 40
    assert hidden(view) == HIDDEN


def test_print_that_touches_the_line_goes_as_far_as_the_margin() -> None:
    assert hidden(picture(("L", 53), ("OT", 68))) == HIDDEN


def test_a_box_at_the_edge_of_the_frame_is_left() -> None:
    view = picture(("OT", 12))
    box = Box(26, 0, 86, 27)
    assert hidden(view, Box(36, 0, 76, 17), box) == box


def test_what_stays_has_nothing_to_cut() -> None:
    line = Judged(OWN, (), 0.99, (), "OT", HIDDEN)
    assert without_neighbours([line], [picture(("L", 43), ("OT", 68))]) == [line]
