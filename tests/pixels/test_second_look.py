"""What the reader sees at a second look, once boxes are black: it goes too, or else the instance stays out."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from deid.errors import InstanceError, Reason
from deid.identity.known_values import KnownValue, ValueKind
from deid.pixels.frames.image import PixelImage
from deid.pixels.judging.findings import Judging
from deid.pixels.ocr.line import TextLine
from deid.pixels.second_look import SEEN_AGAIN, Looked, SecondLook
from deid.plan import Box, Finding, Region
from deid.text import TextEngine

KNOWN = (KnownValue("QUILLFEATHER^AMARA", ValueKind.PATIENT_NAME, "PatientName"),)
INK = 200


class Reader:
    """Reads `text` wherever there is ink, as one line around it."""

    def __init__(self, text: str, score: float = 0.97) -> None:
        self.text = text
        self.score = score
        self.looks = 0

    def read(self, views: Any, zoom: float = 1.0) -> tuple[TextLine, ...]:  # noqa: ARG002
        self.looks += 1
        rows, columns = np.nonzero(views[0][:, :, 0] == INK)
        if not rows.size:
            return ()
        box = Box(int(columns.min()), int(rows.min()), int(columns.max()) + 1, int(rows.max()) + 1)
        corners = ((box.x0, box.y0), (box.x1, box.y0), (box.x1, box.y1), (box.x0, box.y1))
        edges = tuple(np.linspace(0, 1, len(self.text) + 1).tolist())
        return (TextLine(corners, 0.9, self.score, self.text, edges),)


@pytest.fixture(scope="module")
def engine() -> TextEngine:
    return TextEngine()


def looked(
    make: Any,
    ink: list[Box],
    findings: tuple[Finding, ...] = (),
    frames: int = 1,
    strokes: dict[int, Box] | None = None,
) -> Looked:
    """Frames that all have the same ink; and some with strokes like those of letters."""
    picture = np.zeros((frames, 120, 300), np.uint8)
    for box in ink:
        picture[:, box.y0 : box.y1, box.x0 : box.x1] = INK
    for index, box in (strokes or {}).items():
        picture[index, box.y0 : box.y1, box.x0 : box.x1 : 4] = INK
    dataset = make.instance(picture.tobytes(), (120, 300), NumberOfFrames=frames)
    image = PixelImage.of(dataset)
    assert image is not None
    return Looked(image, dataset, KNOWN, findings)


def again(engine: TextEngine, reader: Any, looked: Looked, *regions: Region) -> tuple[Region, ...]:
    return SecondLook(reader, engine, Judging()).complete(looked, regions)


NAME = Box(20, 50, 120, 62)
REGION = Region(NAME, range(1), ("known patient name",))


def test_nothing_left_costs_one_look(make: Any, engine: TextEngine) -> None:
    reader = Reader("AMARA")
    assert again(engine, reader, looked(make, [NAME]), REGION) == (REGION,)
    assert reader.looks == 1


@pytest.mark.parametrize("text", ["AMARA", "Brzezinska"])
def test_what_goes_on_where_a_box_ends_goes_too(make: Any, engine: TextEngine, text: str) -> None:
    rest = Box(124, 50, 160, 62)
    first, *more = again(engine, Reader(text), looked(make, [NAME, rest]), REGION)
    assert first == REGION
    assert all(region.reasons[0] == SEEN_AGAIN and region.frames == range(1) for region in more)
    assert any(box.x0 <= rest.x0 and box.x1 >= rest.x1 for box in (region.box for region in more))


@pytest.mark.parametrize(("text", "goes"), [("Nam", False), ("NamG", False), ("Kim", True), ("Amara", True)])
def test_the_name_of_a_field_that_the_first_look_read_and_left_stays(
    make: Any, engine: TextEngine, text: str, *, goes: bool
) -> None:
    field = Box(4, 50, 18, 62)
    line = Finding(
        Box(4, 50, 120, 62), range(1), 0.8, identifying=True, reasons=("known patient name",), text="NamG:QUILLFEATHER"
    )
    regions = again(engine, Reader(text), looked(make, [field], (line,)), REGION)
    assert (len(regions) > 1) == goes


def test_a_known_value_goes_wherever_it_stands(make: Any, engine: TextEngine) -> None:
    below = Box(20, 66, 80, 76)
    assert len(again(engine, Reader("QUILLFEATHER"), looked(make, [NAME, below]), REGION)) == 2


def test_what_the_first_look_read_well_is_not_judged_again(make: Any, engine: TextEngine) -> None:
    rest = Box(124, 50, 160, 62)
    kept = Finding(Box(122, 49, 162, 63), range(1), 0.98, identifying=False, reasons=("vouched",), text="")
    assert again(engine, Reader("Brzezinska"), looked(make, [NAME, rest], (kept,)), REGION) == (REGION,)
    assert len(again(engine, Reader("QUILLFEATHER"), looked(make, [NAME, rest], (kept,)), REGION)) == 2


def test_what_was_read_with_the_box_beside_it_is_a_part_of_the_line_if_its_letters_are(
    make: Any, engine: TextEngine
) -> None:
    """`EFT` of `LEFT UI`, in a box as high as what went black: the side stays, as it did at the first look."""
    rest = Box(124, 44, 170, 68)
    kept = Finding(Box(130, 50, 160, 62), range(1), 0.98, identifying=False, reasons=("mark",), text="LEFT UI")
    assert again(engine, Reader("EFT■"), looked(make, [NAME, rest], (kept,)), REGION) == (REGION,)
    assert len(again(engine, Reader("Brzezinska"), looked(make, [NAME, rest], (kept,)), REGION)) == 2


def test_what_stands_elsewhere_is_not_looked_at(make: Any, engine: TextEngine) -> None:
    far = Box(20, 100, 80, 112)
    assert again(engine, Reader("Brzezinska"), looked(make, [NAME, far]), REGION) == (REGION,)


def test_a_name_that_stays_readable_keeps_the_instance_in(make: Any, engine: TextEngine) -> None:
    class Stubborn(Reader):
        def read(self, views: Any, zoom: float = 1.0) -> tuple[TextLine, ...]:  # noqa: ARG002
            self.looks += 1
            corners = (
                (4.0 * self.looks, 2.0),
                (60.0 + 4 * self.looks, 2.0),
                (60.0 + 4 * self.looks, 12.0),
                (4.0, 12.0),
            )
            edges = tuple(np.linspace(0, 1, len(self.text) + 1).tolist())
            return (TextLine(corners, 0.9, 0.97, self.text, edges),)

    with pytest.raises(InstanceError) as refused:
        again(engine, Stubborn("QUILLFEATHER"), looked(make, [NAME]), REGION)
    assert refused.value.reason is Reason.TEXT_LEFT


class Endless(Reader):
    """Reads a name right beside the last black box, so often."""

    def __init__(self, times: int) -> None:
        super().__init__("Brzezinska")
        self._times = times

    def read(self, views: Any, zoom: float = 1.0) -> tuple[TextLine, ...]:  # noqa: ARG002
        self.looks += 1
        if self.looks > self._times:
            return ()
        left, middle = 92.0 + 30 * self.looks, views[0].shape[0] / 2
        right, top, bottom = left + 24, middle - 6, middle + 6
        corners = ((left, top), (right, top), (right, bottom), (left, bottom))
        return (TextLine(corners, 0.9, 0.97, self.text, tuple(np.linspace(0, 1, len(self.text) + 1).tolist())),)


def test_what_goes_on_is_followed_to_its_end(make: Any, engine: TextEngine) -> None:
    assert len(again(engine, Endless(2), looked(make, [NAME]), REGION)) == 3


def test_what_goes_on_without_end_keeps_the_instance_in(make: Any, engine: TextEngine) -> None:
    with pytest.raises(InstanceError) as refused:
        again(engine, Endless(99), looked(make, [NAME]), REGION)
    assert refused.value.reason is Reason.TEXT_LEFT


def test_frames_that_lose_the_same_are_not_all_looked_at(make: Any, engine: TextEngine) -> None:
    reader = Reader("AMARA")
    cine = looked(make, [NAME], frames=50)
    again(engine, reader, cine, Region(NAME, range(40), ("known",)), Region(Box(0, 0, 9, 9), range(40, 50), ("known",)))
    assert reader.looks == 2


def test_what_only_another_frame_shows_beside_a_box_goes_too(make: Any, engine: TextEngine) -> None:
    reader, rest = Reader("AMARA"), Box(NAME.x1 + 2, NAME.y0, NAME.x1 + 40, NAME.y1)
    cine = looked(make, [NAME], frames=50, strokes={25: rest})
    regions = again(engine, reader, cine, Region(NAME, range(50), ("known",)))
    assert any(region.box.overlap(rest) > 0.9 * rest.size for region in regions[1:])
