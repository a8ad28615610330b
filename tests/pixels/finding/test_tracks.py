from __future__ import annotations

import numpy as np
import pytest

from deid.pixels.finding.tracks import fill_gaps, findings_of, follow
from deid.pixels.judging.findings import Judged
from deid.plan import Box

NAME = Box(10, 10, 60, 20)


def judged(box: Box = NAME, *, hidden: bool = True) -> Judged:
    return Judged(box, (box,) if hidden else (), 0.95, ("known patient name",), "DOE", box)


def picture(frames: list[int]) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    return np.stack([np.full((40, 80, 3), value, np.uint8) for value in frames])


def test_a_static_line_is_one_finding_over_all_its_frames() -> None:
    findings, regions = findings_of(follow([[judged()]] * 5), 80, 40)
    assert [(finding.frames, finding.box) for finding in findings] == [(range(5), NAME)]
    assert [(region.frames, region.box) for region in regions] == [(range(5), NAME)]


def test_a_line_in_one_frame_only_is_hidden_there_only() -> None:
    _, regions = findings_of(follow([[], [], [judged()], []]), 80, 40)
    assert [region.frames for region in regions] == [range(2, 3)]


def test_a_box_that_trembles_is_hidden_in_its_full_extent() -> None:
    lines = [[judged(Box(10 + step, 10, 60 + step, 20))] for step in (0, 1, 2)]
    _, regions = findings_of(follow(lines), 80, 40)
    assert [(region.frames, region.box) for region in regions] == [(range(3), Box(10, 10, 62, 20))]


def test_a_frame_in_which_the_reader_missed_the_line_is_filled_in() -> None:
    tracks = follow([[judged()], [], [judged()], []])
    frames = picture([100, 103, 100, 100])
    fill_gaps(tracks, [()] * 4, lambda index: frames[index])
    _, regions = findings_of(tracks, 80, 40)
    covered = {index for region in regions for index in region.frames}
    assert covered == {0, 1, 2, 3}


def test_a_frame_that_shows_something_else_there_is_left_alone() -> None:
    tracks = follow([[judged()], []])
    frames = picture([100, 200])
    fill_gaps(tracks, [()] * 2, lambda index: frames[index])
    assert tracks[0].frames == {0}


def test_a_frame_in_which_that_turned_out_to_be_no_line_is_left_alone() -> None:
    tracks = follow([[judged()], [], []])
    frames = picture([100, 100, 100])
    fill_gaps(tracks, [(), (NAME,), ()], lambda index: frames[index])
    assert tracks[0].frames == {0, 2}


@pytest.mark.parametrize("noise", [0, 6])
def test_thin_print_is_hidden_where_it_stands_only(noise: int) -> None:
    """A few thin strokes are little of their box: without them it is much the same."""
    random = np.random.default_rng(2)
    frames = [np.clip(random.normal(60, noise, (40, 80, 3)), 0, 255).astype(np.uint8) for _ in range(4)]
    for index in (0, 1):
        frames[index][12:18, 12:58:8] = 120
    tracks = follow([[judged()], [], [], []])
    fill_gaps(tracks, [()] * 4, lambda index: frames[index])
    assert tracks[0].frames == {0, 1}


@pytest.mark.parametrize("box", [Box(-5, -5, 20, 10), Box(70, 30, 200, 90)])
def test_regions_stay_inside_the_frame(box: Box) -> None:
    findings, regions = findings_of(follow([[judged(box)]]), 80, 40)
    for found in (*(finding.box for finding in findings), *(region.box for region in regions)):
        assert found == found.clipped(80, 40)
        assert not found.empty


def test_what_is_kept_makes_a_finding_but_no_region() -> None:
    findings, regions = findings_of(follow([[judged(hidden=False)]]), 80, 40)
    assert [finding.identifying for finding in findings] == [False]
    assert regions == ()
