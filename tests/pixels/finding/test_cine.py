"""A cine is read once where nothing changes, and everywhere where print comes, goes or changes."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from deid.pixels.finding.cine import CineReader
from deid.pixels.ocr import DetectedBox, TextLine
from deid.pixels.ocr.line import enclosing_box
from deid.plan import Box

if TYPE_CHECKING:
    from collections.abc import Sequence

ROWS, COLUMNS, FRAMES = 160, 240, 40
STATIC = Box(8, 8, 100, 20)
COMES = Box(90, 90, 200, 104)
Picture = np.ndarray[Any, np.dtype[np.uint8]]


class Looker:
    """Finds lines wherever it is made to look, and says what was read in which frame."""

    def __init__(self) -> None:
        self.whole = 0
        self.looked_at: list[Box] = []

    def read(self, _: Sequence[Picture]) -> tuple[TextLine, ...]:
        self.whole += 1
        return (line_at(STATIC),)

    def find_in(self, requests: Sequence[tuple[Sequence[Picture], Sequence[Box]]]) -> list[list[DetectedBox]]:
        self.looked_at.extend(area for _, areas in requests for area in areas)
        return [
            [DetectedBox(corners_of(line), 0.9) for area in areas for line in lines_in(area)] for _, areas in requests
        ]

    def read_at(self, _: Sequence[Picture], boxes: Sequence[DetectedBox]) -> tuple[TextLine, ...]:
        return tuple(of_size(box) for box in boxes)


class Labelled(Looker):
    """Reads a label in the first frame, and remembers which boxes it was made to read again."""

    def __init__(self, label: Box) -> None:
        super().__init__()
        self._label = label
        self.read_again: list[Box] = []

    def read(self, _: Sequence[Picture]) -> tuple[TextLine, ...]:
        return (line_at(self._label),)

    def read_at(self, views: Sequence[Picture], boxes: Sequence[DetectedBox]) -> tuple[TextLine, ...]:
        self.read_again.extend(enclosing_box(box.corners) for box in boxes)
        return super().read_at(views, boxes)


def of_size(box: DetectedBox) -> TextLine:
    """The larger the box, the longer its text: so that nothing smaller takes its place."""
    text = "x" * max(1, enclosing_box(box.corners).size // 50)
    return TextLine(box.corners, 0.9, 0.9, text, (0.0, 1.0))


def lines_in(area: Box) -> list[Box]:
    """Boxes of lines, one below the other, that fill an area."""
    wide, high = area.x1 - area.x0, area.y1 - area.y0
    edges = np.linspace(area.y0, area.y1, max(1, -(-2 * high // wide)) + 1).round().astype(int).tolist()
    return [Box(area.x0, top, area.x1, bottom) for top, bottom in pairwise(edges)]


def corners_of(box: Box) -> Any:
    return ((box.x0, box.y0), (box.x1, box.y0), (box.x1, box.y1), (box.x0, box.y1))


def line_at(box: Box) -> TextLine:
    return TextLine(corners_of(box), 0.9, 0.99, "Abdomen", tuple(index / 7 for index in range(8)))


def frames_of(kind: str, printed: dict[int, tuple[str, Any]]) -> list[Picture]:
    """Frames with a static label, and more print in some of them."""
    random = np.random.default_rng(3)
    down, along = np.mgrid[:ROWS, :COLUMNS]
    frames = []
    for index in range(FRAMES):
        shift = index if kind == "moving" else 0
        grey = 90 + 50 * np.sin((along + 2 * shift) / 30) * np.cos((down - shift) / 25)
        if kind == "noise":
            grey = grey + random.normal(0, 8, grey.shape)
        picture = Image.fromarray(np.repeat(np.clip(grey, 0, 255).astype(np.uint8)[:, :, None], 3, axis=2))
        draw, font = ImageDraw.Draw(picture), ImageFont.load_default(12)
        draw.text((STATIC.x0, STATIC.y0), "Abdomen 12 cm", fill=(255, 255, 255), font=font)
        if index in printed:
            text, colour = printed[index]
            draw.text((COMES.x0, COMES.y0), text, fill=colour, font=font)
        frames.append(np.asarray(picture))
    return frames


def read(frames: Sequence[Picture]) -> tuple[dict[int, tuple[TextLine, ...]], Looker]:
    ocr = Looker()
    lines = dict(CineReader(ocr).read(range(len(frames)), lambda index: [frames[index]]))  # type: ignore[arg-type]
    return lines, ocr


def is_seen(lines: Sequence[TextLine]) -> bool:
    return any(line.box.overlap(COMES) >= 0.4 * COMES.size for line in lines)


def test_what_does_not_change_is_read_once() -> None:
    lines, ocr = read(frames_of("still", {}))
    assert ocr.whole == 1
    assert ocr.looked_at == []
    assert all([line.text for line in own] == ["Abdomen"] for own in lines.values())
    assert list(lines) == list(range(FRAMES))


@pytest.mark.parametrize("kind", ["still", "noise", "moving"])
@pytest.mark.parametrize("colour", [(255, 255, 255), (0, 0, 0), (255, 255, 0), (0, 200, 0)])
@pytest.mark.parametrize("frame", [1, 17, 24, FRAMES - 1])
def test_print_in_a_single_frame_is_seen(kind: str, colour: tuple[int, int, int], frame: int) -> None:
    lines, _ = read(frames_of(kind, {frame: ("FENWICK, ORLA", colour)}))
    assert is_seen(lines[frame])


def test_print_that_comes_and_stays_is_seen_in_every_frame() -> None:
    lines, _ = read(frames_of("noise", dict.fromkeys(range(7, FRAMES), ("FENWICK, ORLA", (255, 255, 255)))))
    assert all(is_seen(lines[index]) for index in range(7, FRAMES))


def test_print_that_changes_in_every_frame_is_seen_in_every_frame() -> None:
    printed = {index: (f"09:14:{index:02d} P. {index * 977}", (255, 255, 255)) for index in range(1, FRAMES)}
    lines, _ = read(frames_of("still", printed))
    assert all(is_seen(lines[index]) for index in printed)


def test_print_that_fades_in_slowly_is_seen() -> None:
    faint = {index: ("FENWICK, ORLA", (min(90 + 5 * index, 255),) * 3) for index in range(1, FRAMES)}
    lines, _ = read(frames_of("still", faint))
    assert is_seen(lines[FRAMES - 1])


def test_a_label_that_is_written_over_is_read_again() -> None:
    frames = frames_of("still", {})
    other = Image.fromarray(frames[9])
    ImageDraw.Draw(other).rectangle((STATIC.x0, STATIC.y0, STATIC.x1, STATIC.y1 + 4), fill=(0, 0, 0))
    ImageDraw.Draw(other).text((STATIC.x0, STATIC.y0), "ORLA FENWICK", fill=(255, 255, 255))
    frames[9] = np.asarray(other)
    lines, _ = read(frames)
    assert [line.text for line in lines[8]] == ["Abdomen"]
    assert "Abdomen" not in [line.text for line in lines[9]]


def test_a_single_figure_that_changes_is_read_again() -> None:
    frames = frames_of("noise", dict.fromkeys(range(FRAMES), ("14:07:11 TP 101", (255, 255, 255))))
    before = dict.fromkeys(range(FRAMES), ("14:07:11 TP 101", (255, 255, 255)))
    changed = frames_of("noise", before | {9: ("14:07:17 TP 101", (255, 255, 255))})
    looker = Labelled(COMES)
    reader: Any = CineReader(looker)  # type: ignore[arg-type]
    list(reader.read(range(FRAMES), lambda index: [(changed if index == 9 else frames)[index]]))
    assert any(box.overlap(COMES) == COMES.size for box in looker.read_again)


def test_noise_on_a_label_is_not_read_again() -> None:
    random = np.random.default_rng(4)
    dark = np.zeros((ROWS, COLUMNS, 3), np.uint8)
    picture = Image.fromarray(dark)
    ImageDraw.Draw(picture).text((STATIC.x0, STATIC.y0), "Abdomen 12 cm", fill=(255, 255, 255))
    printed = np.asarray(picture).astype(np.float64)
    frames = [
        np.clip(printed + np.abs(random.normal(0, 16, (ROWS, COLUMNS, 1))), 0, 255).astype(np.uint8)
        for _ in range(FRAMES)
    ]
    ocr = Labelled(STATIC)
    assert len(list(CineReader(ocr).read(range(FRAMES), lambda index: [frames[index]]))) == FRAMES  # type: ignore[arg-type]
    assert not any(box.overlap(STATIC) for box in ocr.read_again)


class Generous(Labelled):
    """Finds the label, too, wherever it is made to look."""

    def find_in(self, requests: Sequence[tuple[Sequence[Picture], Sequence[Box]]]) -> list[list[DetectedBox]]:
        label = DetectedBox(corners_of(STATIC), 0.9)
        return [[*boxes, label] for boxes in super().find_in(requests)]


def test_a_label_beside_new_print_is_not_read_again() -> None:
    frames, looker = frames_of("still", {9: ("FENWICK, ORLA", (255, 255, 255))}), Generous(STATIC)
    lines = dict(CineReader(looker).read(range(FRAMES), lambda index: [frames[index]]))  # type: ignore[arg-type]
    assert is_seen(lines[9])
    assert STATIC not in looker.read_again


def test_a_large_shape_is_not_read_again_for_a_little_print_in_it() -> None:
    frames, looker = frames_of("still", {9: ("K", (255, 255, 255))}), Labelled(Box(20, 30, 230, 150))
    reader: Any = CineReader(looker)  # type: ignore[arg-type]
    list(reader.read(range(FRAMES), lambda index: [frames[index]]))
    assert looker.read_again
    assert Box(20, 30, 230, 150) not in looker.read_again


class OfShapes(Labelled):
    """Finds a body, a speck and a line wherever it is made to look."""

    BODY, SPECK = Box(20, 4, 220, 156), Box(120, 92, 126, 95)

    def find_in(self, requests: Sequence[tuple[Sequence[Picture], Sequence[Box]]]) -> list[list[DetectedBox]]:
        return [
            [DetectedBox(corners_of(box), 0.9) for box in (self.BODY, self.SPECK, COMES)]
            for _, areas in requests
            if areas
        ]


def test_what_fills_the_frame_or_is_lower_than_letters_is_not_read() -> None:
    frames = frames_of("noise", {9: ("FENWICK, ORLA", (255, 255, 255))})
    frames[9] = np.ascontiguousarray(255 - frames[9])
    looker = OfShapes(STATIC)
    reader: Any = CineReader(looker)  # type: ignore[arg-type]
    lines = dict(reader.read(range(FRAMES), lambda index: [frames[index]]))
    assert is_seen(lines[9])
    assert not {looker.BODY, looker.SPECK} & set(looker.read_again)


def test_every_frame_is_read_as_a_whole_where_the_profile_wants_it() -> None:
    frames, looker = frames_of("still", {}), Looker()
    reader: Any = CineReader(looker, every_frame=True)  # type: ignore[arg-type]
    read = dict(reader.read(range(FRAMES), lambda index: [frames[index]]))
    assert list(read) == list(range(FRAMES))
    assert looker.whole == FRAMES


class OfTrails(Looker):
    """Finds lines in composites, and in those frames that it is told; it reads one with a given score."""

    def __init__(self, frames: Sequence[Picture], also: Sequence[int], score: float) -> None:
        super().__init__()
        self._without = [frame[:, :, 0] for index, frame in enumerate(frames) if index not in also]
        self._score = score

    def find_in(self, requests: Sequence[tuple[Sequence[Picture], Sequence[Box]]]) -> list[list[DetectedBox]]:
        found = super().find_in(requests)
        return [
            [] if any(np.array_equal(pictures[0][:, :, 0], own) for own in self._without) else boxes
            for (pictures, _), boxes in zip(requests, found, strict=True)
        ]

    def read_at(self, _: Sequence[Picture], boxes: Sequence[DetectedBox]) -> tuple[TextLine, ...]:
        return tuple(TextLine(corners_of(COMES), box.score, self._score, "FE", (0.0, 0.5, 1.0)) for box in boxes)


@pytest.mark.parametrize(("score", "also", "seen"), [(0.3, (), ()), (0.3, (9,), (9,)), (0.9, (), (7, 8, 9))])
def test_what_is_found_in_composites_only_and_not_read_is_no_print(
    score: float, also: tuple[int, ...], seen: tuple[int, ...]
) -> None:
    frames = frames_of("noise", dict.fromkeys((7, 8, 9), ("FENWICK, ORLA", (255, 255, 255))))
    ocr: Any = OfTrails(frames, also, score)
    lines = dict(CineReader(ocr).read(range(FRAMES), lambda index: [frames[index]]))
    assert tuple(index for index in (7, 8, 9) if is_seen(lines[index])) == seen
