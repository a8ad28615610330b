"""Where small print was found, more of it stands, around it and too small or too faint to be seen at once.

So it does in the holes of a block.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from deid.pixels.ocr.holes import holes_in
from deid.pixels.ocr.tiles import scale_of
from deid.plan import Box

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from deid.pixels.ocr.line import TextLine

_SMALL = 12.0
"""Pixels, of a line with what is around it: letters of 8 pixels and less."""
_LOOKS_LIKE_TEXT = 0.6
_WANTED = 42.0
"""Pixels of such a line when seen from near."""
_NEARER = 1.25
"""So much nearer yet a hole is looked at: what stands there was not seen the first time."""
_MOST = 6.0
_ABOVE, _BESIDE = 3.0, 9.0
"""How far around the print is looked, in its heights."""


def close_ups(lines: Sequence[TextLine], shape: tuple[int, ...]) -> Iterator[tuple[Box, float]]:
    """Areas to look at from nearer, and by how much more than the frame (rows, columns) was enlarged."""
    areas = [(area.clipped(shape[1], shape[0]), height / _NEARER) for area, height in holes_in(lines)]
    small = [line for line in lines if line.score >= _LOOKS_LIKE_TEXT and len(line.text) > 1 and line.height <= _SMALL]
    for line in small:
        area, height = _surroundings(line, shape), line.height
        while met := [other for other in areas if area.overlap(other[0])]:
            areas = [other for other in areas if other not in met]
            for other, least in met:
                area, height = area.around(other), min(height, least)
        areas.append((area, height))
    scale = scale_of(*shape[:2])
    for area, height in areas:
        yield area, min(_WANTED / (height * scale), _MOST / scale)


def _surroundings(line: TextLine, shape: tuple[int, ...]) -> Box:
    box = line.box
    across, down = round(_BESIDE * line.height), round(_ABOVE * line.height)
    if box.y1 - box.y0 > box.x1 - box.x0:
        across, down = down, across
    return Box(box.x0 - across, box.y0 - down, box.x1 + across, box.y1 + down).clipped(shape[1], shape[0])
