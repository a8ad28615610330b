"""Are the pixels outside the regions those of the original, and those inside gone?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from deid.errors import InstanceError, Reason
from deid.pixels.frames.image import PixelImage
from deid.pixels.redaction.redact import to_paint
from deid.plan import Box
from deid.verify.unchanged import check_unchanged

if TYPE_CHECKING:
    from pydicom.dataset import Dataset

    from deid.pixels.redaction.redact import Redaction


def check_pixels(original: Dataset, image: PixelImage | None, released: Dataset, redaction: Redaction) -> None:
    """Compare the pixel data of the new data set with the original's, after redaction; without one see `unchanged`.

    Frames without a region keep their encoded bytes; the others differ nowhere outside their regions, and are of one
    colour inside.

    Raises:
        InstanceError: PIXELS_DAMAGED or PLAN_NOT_REALISED, naming the frame.
    """
    if redaction.transfer_syntax is not None:
        _check_blank(released)
        return
    if image is None:
        check_unchanged(original, released)
        return
    after = PixelImage.of(released)
    if after is None or after.format.frames != image.format.frames:
        raise InstanceError(Reason.PIXELS_DAMAGED, "frames are missing")
    boxes = boxes_by_frame(redaction)
    edited = bool(boxes) or image.format.clears_free_bits
    if after.format.photometric != (image.frames.photometric_after() if edited else image.format.photometric):
        raise InstanceError(Reason.PIXELS_DAMAGED, "another photometric interpretation")
    for index in range(image.format.frames):
        _check_frame(image, after, index, boxes.get(index, []))


def _check_blank(released: Dataset) -> None:
    """All frames are the same, and of one colour."""
    image = PixelImage.of(released)
    frames = {image.encoded_frame(index) for index in range(image.format.frames)} if image is not None else set()
    if image is None or len(frames) != 1:
        raise InstanceError(Reason.PLAN_NOT_REALISED, "the blanked frames are missing, or not the same")
    if not image.are_blank(0, [Box(0, 0, image.format.columns, image.format.rows)]):
        raise InstanceError(Reason.PLAN_NOT_REALISED, "a blanked frame is not blank")


def boxes_by_frame(redaction: Redaction) -> dict[int, list[Box]]:
    """The boxes that were blanked, by frame index."""
    boxes: dict[int, list[Box]] = {}
    for region in redaction.regions:
        for index in region.frames:
            boxes.setdefault(index, []).append(to_paint(region))
    return boxes


def _check_frame(before: PixelImage, after: PixelImage, index: int, boxes: list[Box]) -> None:
    if not boxes and not before.format.clears_free_bits:
        if before.encoded_frame(index) != after.encoded_frame(index):
            raise InstanceError(Reason.PIXELS_DAMAGED, f"frame {index + 1} has no region but other bytes")
        return
    if before.changed_outside(after, index, boxes):
        raise InstanceError(Reason.PIXELS_DAMAGED, f"frame {index + 1}")
    if not after.are_blank(index, boxes):
        raise InstanceError(Reason.PLAN_NOT_REALISED, f"a region of frame {index + 1} is not blank")
