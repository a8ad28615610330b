"""Holes in a block of print: lines one below the other, and between two of them room for one more.

What stands there was not seen on what lies below it, `Age: 37` on the edge of a bone. From nearer it is found.
"""

from __future__ import annotations

from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING

from deid.plan import Box

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from deid.pixels.ocr.line import TextLine

_READ = 0.8
_LEVEL = 2.0
_FLUSH, _ALIKE = 0.6, 1.6
"""In line heights: how far the first letters of a block's lines are apart; and by how much heights differ."""
_CLOSE = 1.8
"""In line heights: so close stand the lines of a block."""
_FEWEST = 3
"""Lines, of which it can be told how far apart the lines of a block are."""
_ONE, _MOST = 1.6, 3.4
"""In those distances: from one line to the next but one, and but two."""


def holes_in(lines: Sequence[TextLine]) -> Iterator[tuple[Box, float]]:
    """Areas in which lines of a block may be missing, each with the height of the block's lines.

    Args:
        lines: What was read in a frame.
    """
    for block in _blocks([line for line in lines if _is_level(line)]):
        middles = [_middle(line) for line in block]
        steps = [below - above for above, below in pairwise(middles)]
        height = median(line.height for line in block)
        usual = [step for step in steps if step <= _CLOSE * height]
        if len(usual) < _FEWEST - 1:
            continue
        step = median(usual)
        beside = round(height / 2)
        left, right = min(line.box.x0 for line in block) - beside, max(line.box.x1 for line in block) + beside
        for above, below in pairwise(middles):
            if _ONE * step <= below - above <= _MOST * step:
                yield Box(left, round(above - step / 4), right, round(below + step / 4)), height


def _blocks(lines: Sequence[TextLine]) -> list[list[TextLine]]:
    """Lines that begin at about the same column and are of about the same height, from top to bottom."""
    blocks: list[list[TextLine]] = []
    for line in sorted(lines, key=_middle):
        block = next((one for one in blocks if _is_flush(one[-1], line)), None)
        if block is None:
            blocks.append([line])
        else:
            block.append(line)
    return [block for block in blocks if len(block) >= _FEWEST]


def _is_flush(above: TextLine, below: TextLine) -> bool:
    low, high = sorted((above.height, below.height))
    return (
        high <= _ALIKE * low
        and abs(above.box.x0 - below.box.x0) <= _FLUSH * high
        and _middle(below) - _middle(above) <= _MOST * _CLOSE * low
    )


def _is_level(line: TextLine) -> bool:
    box = line.box
    return line.score >= _READ and len(line.text) > 1 and box.x1 - box.x0 >= _LEVEL * (box.y1 - box.y0)


def _middle(line: TextLine) -> float:
    return (line.box.y0 + line.box.y1) / 2
