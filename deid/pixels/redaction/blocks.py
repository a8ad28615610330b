"""What of a frame really goes black for a box: codings such as JPEG can blank whole blocks only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deid.plan import Box

if TYPE_CHECKING:
    from deid.pixels.codecs.codec import Frames


def blanked_for(frames: Frames, index: int, box: Box, ink: Box | None = None) -> Box:
    """The box widened to the blocks of a frame.

    Args:
        frames: The frames.
        index: Which of them, from 0.
        box: What is to go black, inside the frame.
        ink: The part of it that holds print, where that was measured: blocks at its sides that only the rest of the box
            reaches into, without filling them, stay.
    """
    return frames.snap(index, box if ink is None else _without_idle_blocks(frames, index, box, ink))


def _without_idle_blocks(frames: Frames, index: int, box: Box, ink: Box) -> Box:
    first = frames.snap(index, Box(box.x0, box.y0, box.x0 + 1, box.y0 + 1))
    last = frames.snap(index, Box(box.x1 - 1, box.y1 - 1, box.x1, box.y1))
    return Box(
        first.x1 if first.x0 < box.x0 and first.x1 <= ink.x0 else box.x0,
        first.y1 if first.y0 < box.y0 and first.y1 <= ink.y0 else box.y0,
        last.x0 if last.x1 > box.x1 and last.x0 >= ink.x1 else box.x1,
        last.y0 if last.y1 > box.y1 and last.y0 >= ink.y1 else box.y1,
    )
