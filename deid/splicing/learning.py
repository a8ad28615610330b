"""What becomes of elements: they go the ordinary way, in a small instance made of them alone."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from deid.attributes.attribute import tags_of
from deid.attributes.elements import Unsure, read_meta, walk
from deid.audit.records import decision_groups, encoded, value_digests
from deid.header import apply_header, new_file_meta
from deid.header.marks import MARKS, Dates, dates_of, mark
from deid.plan import Plan
from deid.reading import parse_instance
from deid.verify import Evidence, verify
from deid.writing import to_bytes

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from pydicom.dataset import Dataset, FileDataset

    from deid.header.plan import HeaderPlanner
    from deid.identity.key import Key
    from deid.identity.known_values import KnownValue
    from deid.plan import Decision
    from deid.profile import Profile
    from deid.text import TextEngine

Kept = tuple[tuple[str, tuple[str, ...], int], ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """What becomes of an element, verified."""

    new: bytes = field(repr=False)
    """The element as it is released; nothing where it is removed."""
    changed: bytes
    """The audit's entries on it and what it holds, as JSON joined by commas, but for what is kept."""
    kept: Kept
    """What is kept of it: rule, paths and how many, for each rule."""
    dates: Dates


@dataclass(frozen=True, slots=True)
class Teacher:
    """Runs the ordinary steps for one subject and one sort of data set."""

    key: Key = field(repr=False)
    engine: TextEngine = field(repr=False)
    withheld: tuple[KnownValue, ...] = field(repr=False)
    planner: HeaderPlanner = field(repr=False)

    def answers(self, meta: bytes, pieces: Mapping[int, bytes]) -> dict[int, Answer]:
        """What becomes of each of these elements, by tag.

        Args:
            meta: Preamble and file meta of the file they come from.
            pieces: Elements by tag; SOP Class and Instance UID must be among them, and Specific Character Set if the
                data set has one.

        Raises:
            InstanceError: They may not be released.
            Unsure: The ordinary reader sees other elements in them.
        """
        mini = small_instance(meta, pieces)
        return self._taught(mini, self.planner.decide(mini), pieces)

    def added(self, meta: bytes, pieces: Mapping[int, bytes]) -> dict[int, Answer]:
        """The elements that the profile adds to the data set; arguments and errors are those of `answers`."""
        if not self.planner.added:
            return {}
        mini = small_instance(meta, pieces)
        decisions = (*self.planner.decide(mini), *self.planner.added)
        return self._taught(mini, decisions, [decision.path.tag for decision in self.planner.added])

    def _taught(self, mini: FileDataset, decisions: Sequence[Decision], tags: Iterable[int]) -> dict[int, Answer]:
        released = apply_header(mini, decisions)
        data = to_bytes(released, new_file_meta(mini.file_meta, released))
        verify(Evidence(mini, None, data, Plan(tuple(decisions)), None), self.withheld, self.engine)
        new = pieces_of(data, implicit=bool(mini.original_encoding[0]))
        digests = value_digests(mini, decisions, self.key)
        own: dict[int, list[Decision]] = {}
        for decision in decisions:
            own.setdefault(decision.path.parents[0][0] if decision.path.parents else decision.path.tag, []).append(
                decision
            )
        return {tag: _answer(new.get(tag, b""), released, own[tag], digests) for tag in tags}


def small_instance(meta: bytes, pieces: Mapping[int, bytes]) -> FileDataset:
    """An instance of these elements alone, read as any file is.

    Raises:
        InstanceError: It can't be read.
        Unsure: The reader sees other elements than these.
    """
    instance = parse_instance(meta + b"".join(pieces[tag] for tag in sorted(pieces)))
    if tags_of(instance) != sorted(pieces):
        raise Unsure
    return instance


def marks(
    meta: bytes, pieces: Mapping[int, bytes], profile: Profile, *, has_pixels: bool, dates: Dates
) -> dict[int, bytes]:
    """By tag, the elements that mark a de-identified instance whose pixels nobody looked at.

    Args:
        meta: Preamble and file meta.
        pieces: Of the released elements the marks that it had already, and those that every small instance needs.
        profile: The profile.
        has_pixels: Whether there is pixel data.
        dates: What became of the dates.
    """
    instance = small_instance(meta, pieces)
    mark(instance, profile, has_pixels=has_pixels, pixels_checked=not has_pixels, dates=dates)
    data = to_bytes(instance, new_file_meta(instance.file_meta, instance))
    new = pieces_of(data, implicit=bool(instance.original_encoding[0]))
    return {tag: piece for tag, piece in new.items() if tag in MARKS}


def pieces_of(data: bytes, *, implicit: bool) -> dict[int, bytes]:
    """The elements of a file without pixel data, by tag.

    Raises:
        Unsure: They do not stand plainly one after the other.
    """
    _, start = read_meta(data)
    return {one.tag: data[one.start : one.end] for one in walk(data, start, len(data), implicit=implicit)}


def _answer(new: bytes, released: Dataset, decisions: Sequence[Decision], digests: Mapping[str, str]) -> Answer:
    groups: list[dict[str, Any]] = decision_groups(decisions, digests)
    changed = b",".join(encoded(group) for group in groups if group["change"] != "kept")
    kept = tuple(
        (group["rule"], tuple(group["paths"]), group["count"]) for group in groups if group["change"] == "kept"
    )
    return Answer(new, changed, kept, dates_of(released, decisions))
