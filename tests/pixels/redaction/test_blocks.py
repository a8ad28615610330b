"""Blocks of a JPEG that only a margin reaches into stay; whatever ink touches goes."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from deid.pixels.frames.image import PixelImage
from deid.pixels.redaction.blocks import blanked_for
from deid.pixels.redaction.redact import redact, snapped_regions
from deid.plan import Box, Region

BASELINE = "1.2.840.10008.1.2.4.50"


def jpeg_of(make: Any, rows: int = 60, columns: int = 100) -> Any:
    picture = np.random.default_rng(1).integers(0, 255, (rows, columns), np.uint8)
    return make.coded([make.encoder(BASELINE, 8)(picture)] * 3, (rows, columns), BASELINE)


@pytest.mark.parametrize(
    ("ink", "blanked"),
    [
        (None, Box(8, 8, 48, 40)),
        (Box(17, 17, 40, 32), Box(16, 16, 40, 32)),
        (Box(15, 17, 40, 32), Box(8, 16, 40, 32)),
        (Box(17, 15, 40, 32), Box(16, 8, 40, 32)),
        (Box(17, 17, 41, 32), Box(16, 16, 48, 32)),
        (Box(17, 17, 40, 33), Box(16, 16, 40, 40)),
        (Box(10, 10, 42, 34), Box(8, 8, 48, 40)),
    ],
)
def test_a_block_stays_unless_ink_touches_it(make: Any, ink: Box | None, blanked: Box) -> None:
    image = PixelImage.of(jpeg_of(make))
    assert image is not None
    assert blanked_for(image.frames, 0, Box(10, 10, 42, 34), ink) == blanked


def test_whole_blocks_of_a_margin_go(make: Any) -> None:
    image = PixelImage.of(jpeg_of(make))
    assert image is not None
    assert blanked_for(image.frames, 0, Box(8, 6, 40, 32), Box(20, 20, 24, 24)) == Box(8, 8, 40, 32)


def test_at_the_border_of_the_frame_a_cut_block_is_whole(make: Any) -> None:
    image = PixelImage.of(jpeg_of(make))
    assert image is not None
    assert blanked_for(image.frames, 0, Box(90, 50, 100, 60), Box(97, 57, 98, 58)) == Box(96, 56, 100, 60)


def test_other_codings_blank_the_box_as_it_is(make: Any) -> None:
    image = PixelImage.of(make.instance(bytes(6000), (60, 100)))
    assert image is not None
    assert blanked_for(image.frames, 0, Box(10, 10, 42, 34), Box(20, 20, 24, 24)) == Box(10, 10, 42, 34)


def test_what_is_planned_is_what_goes_black(make: Any) -> None:
    dataset = jpeg_of(make)
    image = PixelImage.of(dataset)
    assert image is not None
    wanted = Region(Box(10, 10, 42, 34), range(3), ("name",), ink=Box(17, 17, 40, 32))
    (planned,) = snapped_regions(image, [wanted])
    assert planned == Region(Box(16, 16, 40, 32), range(3), ("name",))
    done = redact(dataset, image, [planned])
    assert done.regions == (planned,)
    after = image.with_values({change.keyword: change.value for change in done.changes})
    assert image.changed_outside(after, 1, [planned.box]) == 0
    assert after.are_blank(1, [planned.box])
