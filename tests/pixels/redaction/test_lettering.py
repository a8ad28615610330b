"""Pseudonyms on boxes: in every syntax whose samples can be set, exact around them, and verified."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from deid.errors import InstanceError
from deid.pixels.codecs.letters import LetteredBox, letters_of
from deid.pixels.codecs.samples import paint
from deid.pixels.frames.image import PixelImage
from deid.pixels.redaction.lettering import Substitutes, lettered
from deid.pixels.redaction.redact import redact
from deid.plan import Box, Finding, Region
from deid.verify.pixels import check_pixels

EXPLICIT, BIG_ENDIAN = "1.2.840.10008.1.2.1", "1.2.840.10008.1.2.2"
CODED = ["1.2.840.10008.1.2.5", "1.2.840.10008.1.2.4.70", "1.2.840.10008.1.2.4.80", "1.2.840.10008.1.2.4.90"]
CODED += ["1.2.840.10008.1.2.4.201", "1.2.840.10008.1.2.4.110", "1.2.840.10008.1.2.8.1"]
PLACE = Box(10, 10, 150, 30)
REGION = Region(PLACE, range(1), ("known patient name",), "DEID-7Q2K")


def instance(make: Any, syntax: str, **attributes: Any) -> tuple[Any, Any]:
    """The same instance twice: to change, and to compare with."""
    array = np.random.default_rng(2).integers(20, 90, (60, 200)).astype(np.uint8)
    value = [make.encoder(syntax, 8)(array)] if syntax in CODED else array.tobytes()
    build = make.coded if syntax in CODED else make.instance
    return build(value, (60, 200), syntax, **attributes), build(value, (60, 200), syntax, **attributes)


@pytest.mark.parametrize("photometric", ["MONOCHROME1", "MONOCHROME2"])
@pytest.mark.parametrize("syntax", [EXPLICIT, BIG_ENDIAN, *CODED])
def test_letters_are_exact(make: Any, syntax: str, photometric: str) -> None:
    dataset, before = instance(make, syntax, PhotometricInterpretation=photometric)
    image = PixelImage.of(before)
    assert image is not None
    redaction = redact(dataset, image, [REGION])
    redaction.apply_to(dataset)
    check_pixels(before, image, dataset, redaction)
    after = PixelImage.of(dataset)
    assert after is not None
    part = after.decode(0)[10:30, 10:150]
    letters = letters_of(LetteredBox(10, 10, 150, 30, "DEID-7Q2K"), 20, 140)
    assert letters is not None
    black, white = (255, 0) if photometric == "MONOCHROME1" else (0, 255)
    assert (part[letters] == white).all()
    assert (part[~letters] == black).all()


@pytest.mark.parametrize("where", ["on the letters", "between them"])
def test_a_leftover_among_the_letters_is_noticed(make: Any, where: str) -> None:
    dataset, before = instance(make, EXPLICIT)
    image = PixelImage.of(before)
    assert image is not None
    redaction = redact(dataset, image, [REGION])
    redaction.apply_to(dataset)
    pixels = np.frombuffer(dataset.PixelData, np.uint8).reshape(60, 200).copy()
    rows, columns = np.nonzero((pixels[10:30, 10:150] == 255) == (where == "on the letters"))
    pixels[10 + rows[5], 10 + columns[5]] = 99
    dataset.PixelData = pixels.tobytes()
    with pytest.raises(InstanceError, match="not blank"):
        check_pixels(before, image, dataset, redaction)


def test_what_has_a_pseudonym_gets_it() -> None:
    date = Region(Box(0, 50, 60, 60), range(1), ("known date",))
    regions = (Region(PLACE, range(1), ("known patient name",)), Region(Box(0, 80, 9, 90), range(1), ("name",)), date)
    line = Finding(date.box, range(1), 0.9, identifying=True, reasons=date.reasons, text="Study date 2013-07-21")
    assert [one.replacement for one in lettered(regions, [line], Substitutes("P", -10))] == ["P", "", "2013-07-11"]
    assert [one.replacement for one in lettered(regions, [line], Substitutes("P", None))] == ["P", "", ""]


def test_a_day_that_clocks_begin_with_is_not_written_as_another() -> None:
    date = Region(Box(0, 50, 60, 60), range(1), ("known date",))
    line = Finding(date.box, range(1), 0.9, identifying=True, reasons=date.reasons, text="Study date 1970-01-01")
    assert [one.replacement for one in lettered((date,), [line], Substitutes("P", -10))] == [""]


def test_lines_that_stand_close_together_are_all_written() -> None:
    """As in every name block: boxes reach beyond their lines, so those of neighbours overlap."""
    block = [Box(10, 10, 150, 32), Box(10, 26, 90, 48), Box(10, 42, 120, 64)]
    regions = tuple(
        Region(box, range(1), (f"known patient {what}",)) for box, what in zip(block, ("name", "id", "id"), strict=True)
    )
    parts = lettered(regions, [], Substitutes("P", None))
    written = [part for part in parts if part.replacement]
    assert len(written) == len(block)
    assert not any(one.box.overlap(other.box) for one in written for other in parts if other is not one)
    covered, wanted = np.zeros((80, 200), bool), np.zeros((80, 200), bool)
    for mask, boxes in ((covered, [part.box for part in parts]), (wanted, block)):
        for box in boxes:
            mask[box.y0 : box.y1, box.x0 : box.x1] = True
    assert np.array_equal(covered, wanted)


def test_boxes_that_overlap_by_most_stay_black() -> None:
    regions = (Region(PLACE, range(1), ("known patient name",)), Region(Box(40, 14, 190, 40), range(1), ("other",)))
    assert not any(one.replacement for one in lettered(regions, [], Substitutes("P", None)))
    apart = (regions[0], Region(regions[1].box, range(1, 2), ("other",)))
    assert lettered(apart, [], Substitutes("P", None))[0].replacement == "P"


def test_a_box_without_room_stays_black() -> None:
    frame = np.full((9, 9), 7, np.uint8)
    paint(frame, [LetteredBox(0, 0, 9, 9, "DEID-7Q2K9XM4TBNC")], (0,), (255,))
    assert not frame.any()


def test_a_standing_box_is_written_upwards() -> None:
    letters = letters_of(LetteredBox(0, 0, 20, 140, "DEID"), 140, 20)
    assert letters is not None
    assert letters.shape == (140, 20)
    assert letters[100:].any()
