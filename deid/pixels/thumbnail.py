"""A small picture of one frame of an instance, for people to look at."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PIL import Image, ImageDraw

from deid.errors import InstanceError
from deid.pixels.frames.image import PixelImage
from deid.pixels.frames.views import first_view_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray
    from pydicom.dataset import Dataset

_OUTLINE = (255, 60, 60)
Corners = tuple[int, int, int, int]


def thumbnail(
    view: Dataset, side: int, *, frame: int | None = None, boxes: Iterable[Corners] = ()
) -> Image.Image | None:
    """The picture of a frame as it is shown to people, at most `side` pixels wide and high.

    Args:
        view: The instance, with its file meta information.
        side: In pixels.
        frame: Which; the middle one if none is named.
        boxes: Places to outline: x0, y0, x1, y1 in pixels of the frame, half open.

    Returns:
        The picture; None where there are no pixels that can be decoded.
    """
    try:
        image = PixelImage.of(view)
        if image is None:
            return None
        decoded = image.decode(image.format.frames // 2 if frame is None else frame)
    except InstanceError:
        return None
    seen = first_view_of(image, decoded, view)
    rgb: NDArray[np.uint8] = np.ascontiguousarray(seen[:, :, ::-1])
    if image.format.photometric == "MONOCHROME1":
        rgb = 255 - rgb
    picture = Image.fromarray(rgb)
    picture.thumbnail((side, side))
    scale = picture.width / image.format.columns
    draw = ImageDraw.Draw(picture)
    for x0, y0, x1, y1 in boxes:
        draw.rectangle([round(edge * scale) for edge in (x0, y0, x1, y1)], outline=_OUTLINE)
    return picture
