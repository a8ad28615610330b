"""Blacking out regions in pixel data, exactly: nothing outside them changes, frames without one keep their bytes."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from itertools import groupby
from typing import TYPE_CHECKING, Any, Final

from pydicom.datadict import tag_for_keyword
from pydicom.dataelem import DataElement

from deid.pixels.codecs.fill import Fill
from deid.pixels.codecs.format import value_of
from deid.pixels.codecs.letters import LetteredBox
from deid.pixels.redaction.blocks import blanked_for

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pydicom.dataset import Dataset

    from deid.pixels.frames.image import PixelImage
    from deid.plan import Box, Region
    from deid.profile.lookup.pixel_policy import FillColour

_EXTREMES: Final = {"SmallestImagePixelValue": min, "LargestImagePixelValue": max}


@dataclass(frozen=True, slots=True)
class AttributeChange:
    """An attribute of the top-level data set that redaction sets."""

    keyword: str
    vr: str
    value: Any = field(repr=False)
    undefined_length: bool = False


@dataclass(frozen=True, slots=True)
class Redaction:
    """What became of the pixel data."""

    regions: tuple[Region, ...]
    """What was really blanked: the regions asked for, widened to what the coding can blank alone."""
    changes: tuple[AttributeChange, ...]
    transfer_syntax: str | None = None
    """The new one, where all frames were blanked in another than theirs."""

    def apply_to(self, dataset: Dataset) -> None:
        """Put the new pixel data, and attributes that depend on it, into a data set; elements are replaced, not edited.

        Smallest and Largest Image Pixel Value are only set where the data set (still) has them.
        """
        for change in self.changes:
            if change.keyword in _EXTREMES and change.keyword not in dataset:
                continue
            tag = tag_for_keyword(change.keyword)
            if tag is None:
                raise KeyError(change.keyword)
            element = DataElement(tag, change.vr, change.value)
            element.is_undefined_length = change.undefined_length
            dataset[tag] = element


def redact(dataset: Dataset, image: PixelImage, regions: Sequence[Region], colour: FillColour = "black") -> Redaction:
    """Black out regions; and clear overlays that lie in free bits of native pixel words, regions or not.

    Args:
        dataset: The original instance: its header says what is black. It is not changed.
        image: Its pixel data.
        regions: What to black out; parts outside the picture or beyond the last frame count for nothing.
        colour: What they are filled with.

    Raises:
        InstanceError: A frame can't be decoded, or can't be edited exactly.
    """
    snapped = snapped_regions(image, regions)
    boxes: dict[int, list[Box]] = {}
    for region in snapped:
        for index in region.frames:
            boxes.setdefault(index, []).append(to_paint(region))
    if not boxes and not image.format.clears_free_bits:
        return Redaction((), ())
    make_fill = Fill.lettered if any(region.replacement for region in snapped) else Fill.of
    fill = make_fill(dataset, image.format, colour)
    values = image.frames.redacted(dict(sorted(boxes.items())), fill)
    changes = [_pixel_change(dataset, keyword, value) for keyword, value in values.items()]
    photometric = image.frames.photometric_after()
    if photometric != image.format.photometric:
        changes.append(AttributeChange("PhotometricInterpretation", "CS", photometric))
    changes.extend(_extremes(dataset, image.with_values(values)))
    return Redaction(tuple(snapped), tuple(changes))


def to_paint(region: Region) -> Box:
    """The box of a region, with what is written on it."""
    box = region.box
    return LetteredBox(box.x0, box.y0, box.x1, box.y1, region.replacement) if region.replacement else box


def snapped_regions(image: PixelImage, regions: Sequence[Region]) -> list[Region]:
    """The regions as they can be blanked, widened to what the coding can blank alone."""
    return [part for region in regions for part in _snapped(image, region)]


def _snapped(image: PixelImage, region: Region) -> Iterator[Region]:
    """The region as it can be blanked: one part for each stretch of frames in which it snaps alike."""
    fmt = image.format
    box = region.box.clipped(fmt.columns, fmt.rows)
    if box.empty:
        return
    frames = range(max(0, region.frames.start), min(fmt.frames, region.frames.stop), region.frames.step)
    for blanked, indices in groupby(frames, key=lambda index: blanked_for(image.frames, index, box, region.ink)):
        members = list(indices)
        yield replace(region, box=blanked, frames=range(members[0], members[-1] + 1, region.frames.step), ink=None)


def _pixel_change(dataset: Dataset, keyword: str, value: bytes) -> AttributeChange:
    element = dataset[keyword]
    return AttributeChange(keyword, element.VR, value, undefined_length=bool(element.is_undefined_length))


def _extremes(dataset: Dataset, after: PixelImage) -> Iterator[AttributeChange]:
    """Smallest and Largest Image Pixel Value, where the header has them for integers of one sample."""
    present = [keyword for keyword in _EXTREMES if value_of(dataset, keyword) is not None]
    if not present or after.format.samples > 1 or after.format.is_float:
        return
    frames = [after.decode(index) for index in range(after.format.frames)]
    vr, low, high = ("SS", -0x8000, 0x7FFF) if after.format.signed else ("US", 0, 0xFFFF)
    for keyword in present:
        extreme = _EXTREMES[keyword]
        value = extreme(int(extreme(frame.min(), frame.max())) for frame in frames)
        yield AttributeChange(keyword, vr, min(max(value, low), high))
