"""A picture of the plan for an instance's pixels: frames with the boxes that go black, and those that stay.

It shows the original pixels, so it holds whatever they hold.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, NamedTuple

from PIL import Image, ImageDraw, ImageFont

from deid.pixels.frames.views import first_view_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pydicom.dataset import Dataset

    from deid.pixels.frames.image import PixelImage
    from deid.plan import Box, Plan

_MOST_FRAMES = 6
_SMALLEST, _LARGEST = 640, 1600
"""Pixels of a side of a frame in the picture."""
_LINE = 16
_HIDDEN, _KEPT, _INK, _PAPER = (255, 60, 60), (70, 200, 90), (20, 20, 20), (245, 245, 245)


class _Mark(NamedTuple):
    box: Box
    colour: tuple[int, int, int]
    label: str


def sketch(image: PixelImage, dataset: Dataset, plan: Plan) -> bytes:
    """A PNG of the frames that differ in what goes black, at most six, each with a numbered list of reasons below.

    Raises:
        InstanceError: A frame can't be decoded.
    """
    chosen = _chosen(plan, image.format.frames)
    sheets = [_sheet(image, dataset, index, tuple(_marks(plan, index))) for index in chosen]
    picture = Image.new("RGB", (max(sheet.width for sheet in sheets), sum(sheet.height for sheet in sheets)), _PAPER)
    top = 0
    for sheet in sheets:
        picture.paste(sheet, (0, top))
        top += sheet.height
    stream = io.BytesIO()
    picture.save(stream, "PNG")
    return stream.getvalue()


def _chosen(plan: Plan, count: int) -> list[int]:
    starts = {0, *(region.frames.start for region in plan.regions), *(one.frames.start for one in plan.findings)}
    first: dict[tuple[_Mark, ...], int] = {}
    for index in sorted(start for start in starts if start < count):
        first.setdefault(tuple(_marks(plan, index)), index)
    return list(first.values())[:_MOST_FRAMES]


def _marks(plan: Plan, index: int) -> Iterator[_Mark]:
    """What goes black in a frame, then what stays."""
    for region in plan.regions:
        if index in region.frames:
            yield _Mark(region.box, _HIDDEN, "hidden: " + "; ".join(region.reasons))
    for finding in plan.findings:
        if index in finding.frames and not finding.identifying:
            yield _Mark(finding.box, _KEPT, f"kept ({finding.score:.2f}): " + "; ".join(finding.reasons))


def _sheet(image: PixelImage, dataset: Dataset, index: int, marks: Sequence[_Mark]) -> Image.Image:
    view = first_view_of(image, image.decode(index), dataset)
    frame = Image.fromarray(view[:, :, ::-1])
    scale = min(max(1.0, _SMALLEST / frame.width), _LARGEST / frame.width, _LARGEST / frame.height)
    frame = frame.resize((max(1, round(frame.width * scale)), max(1, round(frame.height * scale))))
    sheet = Image.new("RGB", (max(frame.width, _SMALLEST), frame.height + _LINE * (len(marks) + 2)), _PAPER)
    sheet.paste(frame, (0, 0))
    draw, font = ImageDraw.Draw(sheet), ImageFont.load_default(12)
    for number, mark in enumerate(marks, 1):
        box = mark.box
        corners = [round(side * scale) for side in (box.x0, box.y0, box.x1, box.y1)]
        draw.rectangle(corners, outline=mark.colour, width=2)
        draw.text((corners[0] + 3, max(0, corners[1] - 14)), str(number), fill=mark.colour, font=font)
    draw.text((4, frame.height + 2), f"frame {index + 1} of {image.format.frames}", fill=_INK, font=font)
    for number, mark in enumerate(marks, 1):
        draw.text((4, frame.height + 2 + _LINE * number), f"{number} {mark.label}", fill=_INK, font=font)
    return sheet
