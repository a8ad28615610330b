"""What a system hid of each piece of text, and how many pieces of a class were hidden, kept or lost."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from tests.bench.shares import share

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from deid.plan import Box
    from tests.bench.pixels.specimen import About, Specimen, Truth

HIDDEN = 0.9
"""An identifying piece counts as hidden when at least this share of its box is, in every frame that shows it."""
LOST = 0.1
"""A label counts as lost when more than this share of its box is hidden, in any frame."""


@dataclass(frozen=True, slots=True)
class Hidden:
    """What a system did with one instance."""

    boxes: tuple[tuple[Box, ...], ...] = ()
    """By frame: what it hides."""
    seconds: float = 0.0
    """Of processor time."""
    reason: str = ""
    """Why the instance was not released; empty where it was."""
    data: bytes = field(default=b"", repr=False)
    """The released file, of systems that write one."""


@dataclass(frozen=True, slots=True)
class Judged:
    """One piece of text, and the share of its box that is hidden where it is hidden least (a label: most)."""

    about: About
    truth: Truth
    share: float

    @property
    def good(self) -> bool:
        """Whether what identifies is hidden, and what does not is left."""
        return self.share >= HIDDEN if self.identifying else self.share <= LOST

    @property
    def identifying(self) -> bool:
        """Whether it has to go."""
        return self.truth.piece.role == "identifying"


def judge(specimen: Specimen, hidden: Hidden) -> list[Judged]:
    """Each piece that has to go or to stay; none where the instance was not released."""
    if hidden.reason:
        return []
    judged = []
    for truth in specimen.truths:
        if truth.piece.role == "field":
            continue
        shares = [share_of(truth.box, hidden.boxes[index]) for index in truth.frames]
        judged.append(Judged(specimen.about, truth, min(shares) if truth.piece.role == "identifying" else max(shares)))
    return judged


def boxes_on_nothing(specimen: Specimen, hidden: Hidden) -> tuple[int, int]:
    """How many boxes a system hides, once a frame, and how many of them touch no text that identifies or may."""
    count = wrong = 0
    for index, boxes in enumerate(hidden.boxes):
        text = [one.box for one in specimen.truths if index in one.frames and one.piece.role != "label"]
        count += len(boxes)
        wrong += sum(not any(box.overlap(one) for one in text) for box in boxes)
    return count, wrong


def share_of(box: Box, hidden: Iterable[Box]) -> float:
    """What part of a box others cover."""
    mask = np.zeros((max(box.y1 - box.y0, 1), max(box.x1 - box.x0, 1)), bool)
    for other in hidden:
        rows = slice(max(other.y0 - box.y0, 0), max(other.y1 - box.y0, 0))
        mask[rows, max(other.x0 - box.x0, 0) : max(other.x1 - box.x0, 0)] = True
    return float(mask.mean())


def among(judged: Sequence[Judged], wanted: Callable[[Judged], bool]) -> list[Judged]:
    """Those of a class."""
    return [one for one in judged if wanted(one)]


def shown(judged: Sequence[Judged]) -> str:
    """How many of them came out right, in per cent, and of how many."""
    return f"{share(one.good for one in judged)} of {len(judged)}" if judged else "–"
