"""A night's stream of texts: as instances of a study repeat them, and how many of them a CPU second judges."""

from __future__ import annotations

import time
from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING

from deid.text import TextEngine

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from deid.identity.known_values import KnownValue
    from tests.bench.text.fill import Sample

    Text = tuple[str, tuple[KnownValue, ...]]
    Judge = Callable[[str, tuple[KnownValue, ...]], object]

_STUDIES, _SERIES, _INSTANCES = 60, 5, 25


@dataclass(frozen=True, slots=True)
class Speed:
    """Texts a CPU second, of how many texts and how many that were new to their patient."""

    texts: int
    distinct: int
    seconds: float

    def __str__(self) -> str:
        return f"{self.texts / self.seconds:,.0f}"


def night(sets: Mapping[str, Sequence[Sample]], seed: int) -> list[Text]:
    """Texts in the order in which instances bring them, each with the known values of its patient.

    A study has a text that names someone and the description of the study on each instance, a series its description
    and protocol, and each instance a text of its own: `image 3 of 25`, the time on the screen.
    """
    random = Random(seed)  # noqa: S311 - test strings
    people = [sample for samples in sets.values() for sample in samples if sample.known]
    clinical = [sample.text for sample in (*sets["unseen descriptions"], *sets["scanner text"])]
    return [text for _ in range(_STUDIES) for text in _study(random, random.choice(people), clinical)]


def _study(random: Random, sample: Sample, clinical: Sequence[str]) -> Iterator[Text]:
    study = random.choice(clinical)
    for _ in range(_SERIES):
        series, protocol = random.choice(clinical), random.choice(clinical)
        for index in range(_INSTANCES):
            own = f"image {index + 1} of {_INSTANCES} {random.randint(7, 19):02d}:{random.randint(0, 59):02d}"
            for text in (sample.text, study, series, protocol, own):
                yield text, sample.known


def speed_of_night(texts: Sequence[Text], *, lines: bool) -> Speed:
    """How fast an engine that is warm, but has seen none of the texts, judges them."""
    engine = TextEngine()
    judge: Judge = engine.judge_line if lines else engine.clean
    judge("Chest, seen by Dr. Wolterbeek", ())
    start = time.process_time()
    for text, known in texts:
        judge(text, known)
    seconds = time.process_time() - start
    return Speed(len(texts), len({(text, id(known)) for text, known in texts}), seconds)
