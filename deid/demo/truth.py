"""What is identifying in an example file: the truth that tests and benchmarks measure against."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pydicom.dataset import FileDataset

    from deid.plan import Box

_ENCODINGS = ("utf-8", "latin-1", "iso2022_jp", "shift_jis", "utf-16-le", "cp1251", "iso8859_5")


@dataclass(frozen=True, slots=True)
class BurnedLine:
    """A line of text burned into the pixels of an example."""

    text: str = field(repr=False)
    box: Box
    """The pixels that the letters touch, in columns and rows of the frame."""
    frames: range
    """Frame indices, from 0, that show the line."""
    identifying: bool
    """Whether it has to be hidden; otherwise it has to stay."""


@dataclass(frozen=True, slots=True)
class Truth:
    """What a reader of one example file could learn about the people in it."""

    secrets: tuple[str, ...] = field(repr=False)
    """Identifying strings of the header: none may be found outside the pixels of a released file."""
    lines: tuple[BurnedLine, ...] = ()

    @property
    def hidden(self) -> tuple[BurnedLine, ...]:
        """The lines that have to be hidden."""
        return tuple(line for line in self.lines if line.identifying)

    @property
    def kept(self) -> tuple[BurnedLine, ...]:
        """The lines that have to stay."""
        return tuple(line for line in self.lines if not line.identifying)


@dataclass(frozen=True, slots=True)
class Example:
    """One example instance, its place in the folder of examples, and the truth about it."""

    name: str
    """POSIX path relative to the folder; it names the patient, as paths of real exports do."""
    dataset: FileDataset = field(repr=False)
    truth: Truth


def name_parts(person_name: str) -> tuple[str, ...]:
    """The parts of a PN value that identify by themselves: every component of four or more letters, or multi-byte.

    `person_name` is a DICOM PN string with `^` between components and `=` between component groups
    (PS3.5 6.2.1.1).
    """
    parts = person_name.replace("=", "^").replace(" ", "^").replace("-", "^").split("^")
    return tuple(part for part in parts if len(part) >= 4 or not part.isascii())  # noqa: PLR2004


def encoded_forms(secrets: Iterable[str]) -> frozenset[bytes]:
    """The byte strings under which `secrets` could stand in a file: lower-cased where case is ASCII's.

    Compare them with `bytes.lower()` of the file.
    """
    forms = set()
    for secret in secrets:
        for encoding in _ENCODINGS:
            try:
                forms.add(secret.encode(encoding).lower())
            except UnicodeEncodeError:
                continue
    return frozenset(forms)
