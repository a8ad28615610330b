"""Scores: what of the identifying values was found, and what of the clinical text was left alone."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.bench.shares import share

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from tests.bench.text.fill import Sample

    Finder = Callable[[Sample], Sequence[tuple[int, int]]]

_TOKEN = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Piece:
    """A range of a sample: an identifying value, or a clinical word; and whether it was treated as it should be."""

    sample: Sample
    start: int
    end: int
    slot: str
    right: bool


@dataclass(frozen=True, slots=True)
class Judged:
    """A sample with what a system made of it. A value is found when each letter and digit of it is."""

    sample: Sample
    values: tuple[Piece, ...]
    words: tuple[Piece, ...]
    touched: bool


@dataclass(frozen=True, slots=True)
class Score:
    """What a system made of a set of samples, and how many CPU seconds that took."""

    judged: tuple[Judged, ...]
    seconds: float

    @property
    def speed(self) -> float:
        """Strings a CPU second."""
        return len(self.judged) / self.seconds

    @property
    def removed(self) -> str:
        """Identifying values that were found."""
        return share(piece.right for one in self.judged for piece in one.values)

    def removed_of(self, slot: str) -> str:
        """Identifying values of one kind that were found."""
        return share(piece.right for one in self.judged for piece in one.values if piece.slot == slot)

    @property
    def touched(self) -> str:
        """Identifying strings of which anything was found."""
        return share(one.touched for one in self.judged if one.values)

    @property
    def kept(self) -> str:
        """Clinical words that were left alone."""
        return share(piece.right for one in self.judged for piece in one.words)

    @property
    def untouched(self) -> str:
        """Strings whose clinical words were all left alone."""
        return share(all(piece.right for piece in one.words) for one in self.judged if one.words)

    def among(self, accept: Callable[[Sample], bool]) -> Score:
        """The score of a part of the samples; its time is meaningless."""
        return Score(tuple(one for one in self.judged if accept(one.sample)), self.seconds)


def together(scores: Iterable[Score]) -> Score:
    """The score of several sets as one."""
    scores = list(scores)
    return Score(tuple(one for score in scores for one in score.judged), sum(score.seconds for score in scores))


def measure(samples: Sequence[Sample], find: Finder) -> Score:
    """The score of a system on samples; what it loads for the first does not count as its time."""
    for sample in samples[:1]:
        find(sample)
    start = time.process_time()
    found = [find(sample) for sample in samples]
    seconds = time.process_time() - start
    return Score(tuple(judge(sample, ranges) for sample, ranges in zip(samples, found, strict=True)), seconds)


def judge(sample: Sample, found: Sequence[tuple[int, int]]) -> Judged:
    """What the ranges that a system found mean for a sample."""
    covered = {index for start, end in found for index in range(start, end)}
    values = tuple(
        Piece(sample, start, end, slot, right={i for i in range(start, end) if sample.text[i].isalnum()} <= covered)
        for start, end, slot in sample.ranges(identifying=True)
    )
    words = tuple(
        Piece(sample, *token.span(), slot, right=covered.isdisjoint(range(*token.span())))
        for start, end, slot in sample.ranges(identifying=False)
        if slot.startswith("clinical")
        for token in _TOKEN.finditer(sample.text, start, end)
    )
    return Judged(sample, values, words, touched=bool(found))
