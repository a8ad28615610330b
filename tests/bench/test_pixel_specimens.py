"""The generated images of `make bench-pixels` are the same every time, and their truth is what was drawn."""

from __future__ import annotations

import pytest

from deid.plan import Box
from tests.bench.pixels.coding import CODINGS
from tests.bench.pixels.misses import picture_of
from tests.bench.pixels.scoring import Hidden, judge, share_of
from tests.bench.pixels.specimen import specimen


def test_the_same_number_gives_the_same_instance() -> None:
    once, again = specimen("tune", 3), specimen("tune", 3)
    assert once.dataset.PixelData == again.dataset.PixelData
    assert once.truths == again.truths
    assert specimen("report", 3).dataset.PixelData != once.dataset.PixelData


@pytest.mark.parametrize("index", range(len(CODINGS)))
def test_every_coding_can_be_read_and_text_stands_inside(index: int) -> None:
    made = specimen("tune", index)
    picture = picture_of(made.dataset, made.about.frames - 1)
    frame = Box(0, 0, picture.width, picture.height)
    assert made.truths
    assert all(truth.box == truth.box.clipped(frame.x1, frame.y1) and not truth.box.empty for truth in made.truths)


def test_a_line_is_hidden_only_if_it_is_in_every_frame() -> None:
    made = specimen("tune", 8)
    assert made.about.frames > 1
    boxes = tuple(truth.box for truth in made.truths)
    everywhere = judge(made, Hidden((boxes,) * made.about.frames))
    but_once = judge(made, Hidden((*((boxes,) * (made.about.frames - 1)), ())))
    identifying = [(one.good, other.good) for one, other in zip(everywhere, but_once, strict=True) if one.identifying]
    assert all(good for good, _ in identifying)
    assert not all(good for _, good in identifying)
    assert not any(one.good for one in everywhere if not one.identifying)


def test_overlapping_boxes_count_once() -> None:
    assert share_of(Box(10, 10, 20, 20), [Box(0, 0, 15, 30), Box(5, 5, 15, 20)]) == 0.5
    assert share_of(Box(10, 10, 20, 20), [Box(0, 0, 10, 10)]) == 0.0
