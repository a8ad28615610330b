"""One generated instance: anatomy, the text burned into it, its coding, its header, and the truth about each line."""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random
from typing import TYPE_CHECKING

from tests.bench.pixels.anatomy import MODALITIES, add_trace, cine
from tests.bench.pixels.burning import Canvas, Style
from tests.bench.pixels.coding import CODINGS, Coding, name_patient, new_dataset
from tests.bench.pixels.content import groups_for, transient_line
from tests.bench.pixels.lettering import choose_lettering
from tests.bench.pixels.people import make_patient

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pydicom.dataset import FileDataset

    from deid.plan import Box
    from tests.bench.pixels.content import Group, Piece

_CINE_EVERY = 9
"""One in so many instances is a cine; of every other one, most frames show nothing that identifies."""
_CINE_FRAMES = 6


@dataclass(frozen=True, slots=True)
class Truth:
    """A piece of text in the pixels."""

    piece: Piece
    box: Box
    """The smallest box that holds its letters."""
    frames: range
    style: Style


@dataclass(frozen=True, slots=True)
class About:
    """What an instance is, without its pixels."""

    name: str
    coding: Coding
    header: str
    """`same`: it knows the patient; `other` or `empty`."""
    frames: int


@dataclass(frozen=True, slots=True)
class Specimen:
    """An instance with the truth about its text."""

    about: About
    dataset: FileDataset = field(repr=False)
    truths: tuple[Truth, ...] = field(repr=False)


def specimens(edition: str, count: int) -> Iterator[Specimen]:
    """The first `count` of an edition; the same ones every time."""
    for index in range(count):
        yield specimen(edition, index)


def specimen(edition: str, index: int) -> Specimen:
    """One of an edition."""
    random = Random(f"{edition} {index}")  # noqa: S311 - nothing secret
    coding = CODINGS[index % len(CODINGS)]
    modality = _modality(coding, random)
    frames = _CINE_FRAMES if index % _CINE_EVERY == _CINE_EVERY - 1 else 1
    pictures = cine(modality, frames, random, colour=coding.colour)
    canvas = Canvas(pictures, coding.brightest)
    if random.random() < 0.3:
        canvas.reserve_rows(*add_trace(pictures, random))
    patient, other = make_patient(random), make_patient(random)
    truths = []
    unmarked = index % (2 * _CINE_EVERY) == 2 * _CINE_EVERY - 1
    for group in groups_for(patient, modality, random):
        if unmarked and _identifies(group):
            continue
        everywhere = range(frames)
        burned = canvas.burn(group, choose_lettering(random, pictures[0].shape[0]), everywhere, random)
        truths += [Truth(piece, box, everywhere, style) for piece, box, style in burned]
    if frames > 1:
        first = random.randrange(frames)
        some = range(first, min(first + random.choice((1, 2)), frames))
        burned = canvas.burn(
            transient_line(patient, random), choose_lettering(random, pictures[0].shape[0]), some, random
        )
        truths += [Truth(piece, box, some, style) for piece, box, style in burned]
    name = f"{edition}-{index:04}"
    dataset = new_dataset(modality, coding, pictures, name)
    header = ("same", "other", "same", "empty")[(index // len(CODINGS) + index) % 4]
    if header != "empty":
        name_patient(dataset, patient if header == "same" else other)
    return Specimen(About(name, coding, header, frames), dataset, tuple(truths))


def _identifies(group: Group) -> bool:
    return any(piece.role == "identifying" for line in group.lines for piece in line)


def _modality(coding: Coding, random: Random) -> str:
    if coding.colour or coding.photometric == "PALETTE COLOR":
        return "US"
    if coding.photometric == "MONOCHROME1":
        return "DX"
    if coding.signed:
        return random.choice(("CT", "CT", "MR"))
    return random.choice(MODALITIES)
