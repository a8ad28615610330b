"""Print that stands in one frame of a cine: how much of it the reader of cines looks at, of what the detector finds.

`python -m tests.bench.pixels.cines 28`: ultrasound, a stack of CT slices and noise, 16 frames each, with about eight
texts of 9 to 48 pixels and 30 to 140 grey levels of contrast. Counted are those that are found in their frame alone.
"""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from deid.demo.phantom import ct_chest, ultrasound_sector
from deid.pixels.finding.cine import CineReader
from deid.pixels.ocr import Ocr
from deid.pixels.ocr.line import enclosing_box
from deid.plan import Box

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from deid.pixels.ocr import DetectedBox, TextLine

    Picture = np.ndarray[Any, np.dtype[np.uint8]]

_FRAMES: Final = 16
_TEXTS: Final = ("FENWICK, ORLA", "12.03.1957", "MRN 4471902", "JB", "Dr. Wolf", "14:22:07", "K", "ID 88", "#7719-02")
_SIZES: Final = (9, 10, 11, 12, 14, 16, 20, 28, 36, 48)
_COVERED: Final = 0.5
_TOO_LARGE: Final = 8
"""A box of so many times the size of a text is not about the text."""
_ROOM: Final = 400
_BRIGHT: Final = 0.75


@dataclass(frozen=True, slots=True)
class _Print:
    frame: int
    box: Box
    text: str
    size: int
    contrast: int


class _Finder:
    """Finds as the reader of text does, and notes what it is asked to read instead of reading it."""

    def __init__(self, ocr: Ocr) -> None:
        self._ocr = ocr
        self.asked: list[Box] = []

    def read(self, _: Sequence[Picture]) -> tuple[TextLine, ...]:
        return ()

    def find_in(self, requests: Sequence[tuple[Sequence[Picture], Sequence[Box]]]) -> list[list[DetectedBox]]:
        return self._ocr.find_in(requests)

    def read_at(self, _: Sequence[Picture], boxes: Sequence[DetectedBox]) -> tuple[TextLine, ...]:
        self.asked = [enclosing_box(box.corners) for box in boxes]
        return ()


def main() -> None:
    """Measure and print."""
    ocr = Ocr()
    ocr.load()
    seen, missed, seconds = 0, [], 0.0
    for number in range(int(sys.argv[1])):
        frames, printed = _cine(number)
        findable = [own for own in printed if _is_among(own.box, _found(ocr, frames[own.frame]))]
        start = time.process_time()
        asked = _asked(ocr, frames)
        seconds += time.process_time() - start
        missed += [own for own in findable if not _is_among(own.box, asked[own.frame])]
        seen += len(findable)
    for own in missed:
        sys.stdout.write(f"missed: {own.size} px, {own.contrast} grey levels: {own.text}\n")
    sys.stdout.write(f"{seen - len(missed)} of {seen} looked at, {seconds:.1f} s CPU\n")


def _found(ocr: Ocr, frame: Picture) -> list[Box]:
    return [enclosing_box(box.corners) for box in ocr.find([frame])]


def _asked(ocr: Ocr, frames: Sequence[Picture]) -> list[list[Box]]:
    """What is to be read in each frame."""
    finder, asked = _Finder(ocr), []
    for _ in CineReader(finder).read(range(len(frames)), lambda index: [frames[index]]):  # type: ignore[arg-type]
        asked.append(finder.asked)
        finder.asked = []
    return asked


def _is_among(box: Box, found: Sequence[Box]) -> bool:
    return any(own.overlap(box) >= _COVERED * box.size and own.size <= _TOO_LARGE * box.size + _ROOM for own in found)


def _cine(number: int) -> tuple[list[Picture], list[_Print]]:
    random = np.random.default_rng(1000 + number)
    frames = [np.clip(255 * frame, 0, 255).astype(np.uint8) for frame in _anatomy(number, random)]
    printed: list[_Print] = []
    for _ in range(_FRAMES // 2):
        own = _burnt(frames, printed, random)
        if own is not None:
            printed.append(own)
    return [np.repeat(frame[:, :, np.newaxis], 3, axis=2) for frame in frames], printed


def _anatomy(number: int, random: np.random.Generator) -> Iterator[np.ndarray[Any, Any]]:
    kind, step = ("us", "ct", "us", "noise")[number % 4], random.uniform(0.5, 1.5)
    down, along = np.mgrid[:360, :480]
    for index in range(_FRAMES):
        if kind == "us":
            yield ultrasound_sector(480, 640, 0.04 * step * index % 1, 7 + number) + 0.01 * random.normal(
                size=(480, 640)
            )
        elif kind == "ct":
            yield (ct_chest(384, 384, 0.3 + 0.012 * step * index, 3 + number) + 1000) / 1600
        else:
            waves = np.sin((along + 3 * index) / 30) * np.cos((down - 2 * index) / 25)
            yield 0.4 + 0.2 * waves + 0.03 * step * random.normal(size=down.shape)


def _burnt(frames: list[Picture], printed: Sequence[_Print], random: np.random.Generator) -> _Print | None:
    """Print a text into one of the frames; none where another stands."""
    text, size = str(random.choice(_TEXTS)), int(random.choice(_SIZES))
    index, font = int(random.integers(1, _FRAMES)), ImageFont.load_default(size)
    left, top, right, bottom = (int(side) for side in font.getbbox(text))
    rows, columns = frames[index].shape
    x, y = int(random.integers(4, max(columns - right - 4, 5))), int(random.integers(4, max(rows - bottom - 4, 5)))
    box = Box(x + left, y + top, x + right, y + bottom)
    if any(own.frame == index and own.box.overlap(box) for own in printed):
        return None
    around = int(frames[index][box.y0 : box.y1, box.x0 : box.x1].mean())
    contrast = int(random.integers(30, 140))
    if random.random() > _BRIGHT and around >= contrast:
        contrast = -contrast
    picture = Image.fromarray(frames[index])
    ImageDraw.Draw(picture).text((x, y), text, fill=min(around + contrast, 255), font=font)
    frames[index] = np.asarray(picture)
    return _Print(index, box, text, size, contrast)


if __name__ == "__main__":
    main()
