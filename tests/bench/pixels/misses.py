"""Pictures to look at: what was missed or lost, cut out; and a contact sheet of images before and after."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import numpy as np
import pydicom
from PIL import Image, ImageDraw, ImageFont

from deid.pixels.frames.image import PixelImage
from deid.pixels.frames.views import views_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from pydicom.dataset import Dataset

    from tests.bench.pixels.scoring import Hidden, Judged

_AROUND = 24
_ENLARGED = 2
_RED, _GREEN, _YELLOW = (255, 60, 60), (60, 255, 60), (255, 220, 0)


def save_misses(folder: Path, dataset: Dataset, judged: Iterable[Judged], hidden: Hidden) -> list[str]:
    """Cut out each piece of one instance that came out wrong: its box, and what was hidden; a line of text for each."""
    folder.mkdir(parents=True, exist_ok=True)
    lines = []
    for number, one in enumerate(judged):
        if one.good:
            continue
        truth, frame = one.truth, one.truth.frames.start
        picture = picture_of(dataset, frame)
        draw = ImageDraw.Draw(picture)
        for box in hidden.boxes[frame]:
            draw.rectangle((box.x0, box.y0, box.x1 - 1, box.y1 - 1), outline=_YELLOW)
        box, colour = truth.box, _RED if one.identifying else _GREEN
        draw.rectangle((box.x0 - 2, box.y0 - 2, box.x1 + 1, box.y1 + 1), outline=colour)
        cut = picture.crop((box.x0 - _AROUND, box.y0 - _AROUND, box.x1 + _AROUND, box.y1 + _AROUND))
        what = "missed" if one.identifying else "lost"
        name = f"{what}-{one.about.name}-{number:02}.png"
        cut.resize((cut.width * _ENLARGED, cut.height * _ENLARGED), Image.Resampling.NEAREST).save(folder / name)
        style = truth.style
        lines.append(
            f"{name}: {what} {one.share:.2f} {truth.piece.kind} {truth.piece.text!r} {style.face} {style.size} px, "
            f"{style.degrees}°, contrast {style.contrast:.2f}{', outlined' if style.outlined else ''}; "
            f"{one.about.coding.name}, header {one.about.header}"
        )
    return lines


def picture_of(dataset: Dataset, index: int) -> Image.Image:
    """A frame in its first view, as a screen shows it."""
    buffer = io.BytesIO()
    dataset.save_as(buffer, enforce_file_format=True)
    return picture_of_bytes(buffer.getvalue(), index)


def picture_of_bytes(data: bytes, index: int) -> Image.Image:
    """The same, of a file's bytes."""
    dataset = pydicom.dcmread(io.BytesIO(data))
    image = PixelImage.of(dataset)
    if image is None:
        raise ValueError("no pixels")
    seen = np.ascontiguousarray(views_of(image, image.decode(index), dataset)[0][:, :, ::-1])
    return Image.fromarray(255 - seen if image.format.photometric == "MONOCHROME1" else seen)


class Sheet:
    """Pairs of pictures, before and after, on one page."""

    _cell, _across, _caption = 380, 2, 18

    def __init__(self) -> None:
        self._pairs: list[tuple[str, Image.Image, Image.Image]] = []

    def add(self, caption: str, before: Image.Image, after: Image.Image) -> None:
        """One more pair."""
        for picture in (before, after):
            picture.thumbnail((self._cell, self._cell))
        self._pairs.append((caption, before, after))

    def save(self, path: Path) -> None:
        """Draw the page."""
        rows = -(-len(self._pairs) // self._across)
        wide, high = 2 * self._cell + 16, self._cell + self._caption + 8
        sheet = Image.new("RGB", (self._across * wide, max(rows, 1) * high), (250, 250, 250))
        draw = ImageDraw.Draw(sheet)
        for number, (caption, before, after) in enumerate(self._pairs):
            row, column = divmod(number, self._across)
            draw.text((column * wide + 4, row * high + 2), caption, fill=(20, 20, 20), font=ImageFont.load_default(13))
            for offset, picture in ((0, before), (self._cell + 4, after)):
                sheet.paste(picture, (column * wide + offset, row * high + self._caption))
        path.parent.mkdir(parents=True, exist_ok=True)
        sheet.save(path)
