"""Bars of grey levels that were taken for lines of text, as they stand beside ultrasound images."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from deid.pixels.judging.findings import NOISE, UNREADABLE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from deid.pixels.judging.findings import Judged
    from deid.pixels.picture.print_runs import Picture

_EDGE, _UNEVEN = 0.2, 8
"""Of a line's height that may show the edge of a bar, and by how many levels a bar varies: print does more."""


def without_bars(judged: Sequence[Judged], views: Sequence[Picture]) -> list[Judged]:
    """The lines; of those that can't be read nothing goes black where they are a bar of grey levels.

    Args:
        judged: Lines of a frame.
        views: The frame, each uint8 rows × columns × 3.
    """
    return [_without_bar(line, views) for line in judged]


def _without_bar(line: Judged, views: Sequence[Picture]) -> Judged:
    rows, columns = views[0].shape[:2]
    box = line.box.clipped(columns, rows)
    if line.reasons != (UNREADABLE,) or box.empty:
        return line
    is_bar = all(_is_bar(view[box.y0 : box.y1, box.x0 : box.x1]) for view in views)
    return replace(line, hidden=(), reasons=(NOISE,)) if is_bar else line


def _is_bar(picture: Picture) -> bool:
    """Whether a line is a bar of grey levels: the same from edge to edge, and ever brighter, or darker, along it."""
    level = picture if picture.shape[1] >= picture.shape[0] else picture.transpose(1, 0, 2)
    edge = max(round(_EDGE * level.shape[0]), 1)
    inner = level[edge:-edge].astype(np.int16)
    if not inner.size or int(np.ptp(inner, axis=0).max()) > _UNEVEN:
        return False
    along = np.median(inner, axis=0)
    return any(bool((np.maximum.accumulate(one) - one <= _UNEVEN).all()) for one in (along, along[::-1]))
