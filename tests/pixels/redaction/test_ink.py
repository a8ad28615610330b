"""Where ink ends in what goes black: with its smooth edges and rims, in noise, and where that can't be told."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import cv2
import numpy as np
import pytest

from deid.pixels.judging.findings import Judged
from deid.pixels.redaction.ink import ink_in, with_ink
from deid.plan import Box

Picture = np.ndarray[Any, np.dtype[np.uint8]]
LINE, HIDDEN = Box(7, 13, 170, 36), Box(0, 6, 178, 43)
"""What is found for the print, with room around; and what goes black."""


def picture(level: int = 220, noise: float = 0.0, rim: int | None = None) -> Picture:
    """Print of 14 pixels, which has smooth edges, on grey; with a rim one pixel wide."""
    canvas = np.full((60, 320), 60.0) + noise * np.random.default_rng(1).standard_normal((60, 320))
    mask = np.zeros((60, 320), np.uint8)
    cv2.putText(mask, "QUILLFEATHER", (10, 30), cv2.FONT_HERSHEY_SIMPLEX, 0.65, (255,), 1, cv2.LINE_AA)
    if rim is not None:
        canvas[cv2.dilate(mask, np.ones((3, 3), np.uint8)) > 0] = rim
    weight = mask / 255
    grey = np.clip(canvas * (1 - weight) + level * weight, 0, 255).astype(np.uint8)
    return np.repeat(grey[:, :, None], 3, axis=2)


def inked(canvas: Picture, least: int = 3) -> Box:
    """Where it differs from the grey by more than `least`, which is more than anybody sees."""
    rows, columns = np.nonzero(np.abs(canvas[:, :, 0].astype(int) - canvas[0, 0, 0]) > least)
    return Box(int(columns.min()), int(rows.min()), int(columns.max()) + 1, int(rows.max()) + 1)


def holds(outer: Box, inner: Box) -> bool:
    return outer.around(inner) == outer


@pytest.mark.parametrize("level", [255, 110, 0])
def test_ink_ends_with_its_smooth_edge(level: int) -> None:
    canvas = picture(level)
    found = ink_in(HIDDEN, LINE, [canvas])
    assert holds(found, replace(inked(canvas), x0=found.x0, x1=found.x1))
    assert found.y0 >= inked(canvas).y0 - 2
    assert found.y1 <= inked(canvas).y1 + 2


def test_a_rim_is_ink() -> None:
    canvas = picture(rim=0)
    assert holds(ink_in(HIDDEN, LINE, [canvas]), inked(canvas))


def test_margin_is_told_from_ink_in_noise() -> None:
    found, plain = ink_in(HIDDEN, LINE, [picture(noise=4)]), inked(picture(), least=16)
    assert holds(found, replace(plain, x0=found.x0, x1=found.x1))
    assert found.y0 > HIDDEN.y0 + 3
    assert found.y1 < HIDDEN.y1 - 3


def test_margin_is_told_from_strong_print_on_texture() -> None:
    """Its rows vary more than a smooth edge, so that all of the box was ink, and the row of blocks below went black."""
    canvas, plain = picture(level=255, noise=14, rim=0), inked(picture(level=255, rim=0))
    found = ink_in(HIDDEN, LINE, [canvas])
    assert holds(found, replace(plain, x0=found.x0, x1=found.x1))
    assert found.y0 >= HIDDEN.y0 + 3
    assert found.y1 < HIDDEN.y1 - 3


def test_margin_is_told_from_print_on_a_slope_and_with_a_speck_in_it() -> None:
    """Where anatomy grows darker along the line, and where one row has a speck, all of the box was ink."""
    slope = 45 * (1 - np.tanh((np.arange(320) - 90) / 12))[None, :, None]
    for speck in (0, 40):
        canvas = np.clip(picture(level=255, noise=4) + slope, 0, 255).astype(np.uint8)
        canvas[HIDDEN.y0 + 1, 40:43] = np.minimum(canvas[HIDDEN.y0 + 1, 40:43].astype(int) + speck, 255)
        found, plain = ink_in(HIDDEN, LINE, [canvas]), inked(picture(level=255), least=60)
        assert holds(found, replace(plain, x0=found.x0, x1=found.x1))
        assert found.y0 >= HIDDEN.y0 + 3
        assert found.y1 < HIDDEN.y1 - 3


@pytest.mark.parametrize("apart", [1, 2])
def test_an_accent_is_ink(apart: int) -> None:
    canvas = picture(level=255, noise=4)
    top = inked(picture(level=255)).y0
    canvas[top - apart - 2 : top - apart, 60:64] = 200
    assert ink_in(HIDDEN, LINE, [canvas]).y0 <= top - apart - 2


def test_the_gap_beside_what_stays_is_told_from_ink_in_noise() -> None:
    """`L TOPA`: noise in the gap counted as ink, so that the blocks beside it went black, with the side."""
    mask = np.zeros((60, 320), np.uint8)
    cv2.putText(mask, "L", (10, 30), cv2.FONT_HERSHEY_SIMPLEX, 0.65, (255,), 2)
    cv2.putText(mask, "TOPA", (40, 30), cv2.FONT_HERSHEY_SIMPLEX, 0.65, (255,), 2)
    noise = np.random.default_rng(3).standard_normal(mask.shape)
    grey = np.where(mask > 0, 255, np.clip(60 + 6 * noise, 0, 255)).astype(np.uint8)
    found = ink_in(Box(27, 6, 110, 43), Box(7, 13, 103, 36), [np.repeat(grey[:, :, None], 3, axis=2)])
    first = 27 + int(np.flatnonzero(mask[:, 27:].any(axis=0))[0])
    assert first - 4 <= found.x0 <= first


def test_half_a_smooth_edge_is_ink_in_strong_noise() -> None:
    random = np.random.default_rng(7)
    for _ in range(150):
        text = "".join(random.choice(list("AGRQZKLY0459gjp,"), 10))
        mask = np.zeros((90, 330), np.uint8)
        scale = float(random.uniform(0.35, 1.1))
        cv2.putText(mask, text, (30, 50), cv2.FONT_HERSHEY_SIMPLEX, scale, (255,), 1, cv2.LINE_AA)
        noise, weight = 60 + random.choice([25, 40]) * random.standard_normal(mask.shape), mask / 255
        grey = np.clip(noise * (1 - weight) + 255 * weight, 0, 255).astype(np.uint8)
        rows, columns = np.nonzero(mask > 100)
        ink = Box(int(columns.min()), int(rows.min()), int(columns.max()) + 1, int(rows.max()) + 1)
        own, hidden = (Box(ink.x0 - by, ink.y0 - by, ink.x1 + by, ink.y1 + by) for by in (2, 6))
        found = ink_in(hidden, own, [np.repeat(grey[:, :, None], 3, axis=2)])
        assert holds(found, replace(ink, x0=found.x0, x1=found.x1))


@pytest.mark.parametrize("inside", [0, 4, 7])
def test_ink_of_another_line_at_one_end_hides_no_ink_of_this(inside: int) -> None:
    canvas = picture(level=255, noise=14)
    canvas[HIDDEN.y0 : HIDDEN.y0 + inside, 20:60:3] = 255
    found = ink_in(HIDDEN, LINE, [canvas])
    plain = inked(picture(level=255), least=60)
    assert found.y1 >= plain.y1
    assert found.y0 <= plain.y0


def test_what_is_found_in_any_view_is_ink() -> None:
    assert ink_in(HIDDEN, LINE, [picture(), picture(level=110, noise=20)]) == HIDDEN


def test_print_that_stands_is_as_print_that_lies() -> None:
    canvas = picture()
    standing = np.ascontiguousarray(canvas.transpose(1, 0, 2))
    assert ink_in(HIDDEN.across, LINE.across, [standing]) == ink_in(HIDDEN, LINE, [canvas]).across


def test_all_of_the_box_is_ink_in_texture_as_strong_as_print() -> None:
    assert ink_in(HIDDEN, LINE, [picture(level=110, noise=20)]) == HIDDEN


def test_a_line_is_taken_for_ink_nearly_as_it_was_found() -> None:
    # What is seen here is an edge of anatomy above faint print: were that all, the blocks of the print would stay.
    canvas = picture(level=66)
    canvas[13:17] = np.where(np.arange(320) % 9 < 4, 255, 60)[None, :, None]
    found = ink_in(HIDDEN, LINE, [canvas])
    assert found.y1 >= LINE.y1 - 8


def test_what_goes_beyond_the_end_on_purpose_is_ink() -> None:
    longer = replace(HIDDEN, x1=220)
    assert ink_in(longer, LINE, [picture()]).x1 == longer.x1


def test_a_line_beyond_the_frame_has_no_ink_to_be_told() -> None:
    assert ink_in(replace(HIDDEN, y0=70, y1=90), replace(LINE, y0=75, y1=85), [picture()]).empty


def test_lines_that_stay_have_none() -> None:
    goes = Judged(LINE, (HIDDEN,), 0.9, ("name",), "QUILLFEATHER", HIDDEN)
    stays = replace(goes, hidden=())
    with_it, without = with_ink([goes, stays], [picture()])
    assert with_it.ink == (ink_in(HIDDEN, LINE, [picture()]),)
    assert without == stays
