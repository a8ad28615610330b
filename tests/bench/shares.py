"""Shares with their uncertainty, as the tables of the benchmarks show them."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


def share(outcomes: Iterable[bool]) -> str:
    """A share in percent with its 95 % interval (Wilson)."""
    right = list(outcomes)
    if not right:
        return "–"
    z, whole, part = 1.96, len(right), sum(right) / len(right)
    centre = (part + z * z / (2 * whole)) / (1 + z * z / whole)
    half = z * math.sqrt(part * (1 - part) / whole + z * z / (4 * whole * whole)) / (1 + z * z / whole)
    return f"{100 * part:.1f} ({100 * max(0, centre - half):.1f}–{100 * min(1, centre + half):.1f})"
