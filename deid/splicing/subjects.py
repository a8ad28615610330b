"""Who the patient is, from the few elements that tell it: the same elements, the same subject."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from deid.attributes.attribute import SPECIFIC_CHARACTER_SET, dictionary_vr, is_private
from deid.attributes.elements import Unsure
from deid.header.plan import asked_tags
from deid.identity.attributes import kind_of
from deid.identity.known_values import ValueKind
from deid.identity.subject import Subject, subject_of, subject_scope, tells_of_subject
from deid.identity.withheld import withheld
from deid.splicing.learning import small_instance
from deid.splicing.memory import Memory
from deid.splicing.original import PIXEL_DATA, SOP_CLASS, SOP_INSTANCE

if TYPE_CHECKING:
    from deid.identity.key import Key
    from deid.profile import Profile
    from deid.splicing.original import Original

BASE: Final = (SPECIFIC_CHARACTER_SET, SOP_CLASS, SOP_INSTANCE)
"""What every small instance needs to be read and written like the whole one."""
_NESTED: Final = (b"SQ", b"UN")


@dataclass(frozen=True, slots=True)
class Layout:
    """What follows from tags and VRs alone."""

    asked: tuple[int, ...]
    """Those elements whose values the decisions on others may depend on."""
    telling: tuple[int, ...]
    """Those that tell of the subject."""
    nested: tuple[int, ...]
    """Those that may tell of it, by what they hold."""

    def is_told_alike(self, original: Original) -> bool:
        """Whether an instance tells the same of its subject, and has the same asked values, as the one it is `like`."""
        before, pieces = original.like or {}, original.pieces
        for tag in original.differing:
            if tag in self.asked or tag in self.nested:
                return False
            if tag in self.telling and _told(tag, before[tag]) != _told(tag, pieces[tag]):
                return False
        return True


class Subjects:
    """Knows the subjects that a worker has met lately, and the layouts of their instances."""

    def __init__(self, profile: Profile, key: Key) -> None:
        self._profile = profile
        self._key = key
        self._layouts: Memory[bytes, Layout] = Memory(64)
        self._telling: Memory[bytes, bool] = Memory(4096, 1 << 22)
        self._subjects: Memory[tuple[bytes, ...], Subject] = Memory(256)
        self._same: Memory[Subject, Subject] = Memory(64)

    def layout_of(self, original: Original) -> tuple[bytes, Layout]:
        """The layout, and the heads of all elements, which it follows from."""
        length = 4 if original.implicit else 6
        heads = original.syntax.encode() + b"".join([piece[:length] for piece in original.pieces.values()])
        layout = self._layouts.get(heads)
        if layout is None:
            layout = _layout(original)
            self._layouts.put(heads, layout)
        return heads, layout

    def subject_of(self, original: Original, layout: Layout) -> Subject:
        """The subject, with those known values that may not be left in the new header; equal ones are one object.

        Raises:
            InstanceError: As for `deid.identity.subject.subject_of`.
            Unsure: There is neither patient nor study.
        """
        nested = {tag: original.pieces[tag] for tag in layout.nested}
        telling = {tag: original.pieces[tag] for tag in layout.telling}
        telling |= {tag: nested[tag] for tag in self._telling_of(original, nested)}
        pieces = tuple(_told(tag, piece) for tag, piece in telling.items())
        subject = self._subjects.get(pieces)
        if subject is None:
            subject = self._met(original, telling)
            self._subjects.put(pieces, subject)
        return subject

    def _telling_of(self, original: Original, nested: dict[int, bytes]) -> list[int]:
        unknown = {tag: piece for tag, piece in nested.items() if self._telling.get(piece) is None}
        if unknown:
            tells = tells_of_subject(small_instance(original.meta, unknown | base_of(original)))
            for tag, piece in unknown.items():
                self._telling.put(piece, tag in tells)
        return [tag for tag, piece in nested.items() if self._telling.get(piece)]

    def _met(self, original: Original, telling: dict[int, bytes]) -> Subject:
        instance = small_instance(original.meta, telling | base_of(original))
        if subject_scope(instance)[0] == "instance":
            raise Unsure
        subject = subject_of(instance, self._key, self._profile.subject_by)
        subject = replace(subject, known_values=withheld(subject.known_values, self._profile, instance))
        same = self._same.get(subject)
        if same is None:
            self._same.put(subject, subject)
        return same or subject


def _told(tag: int, piece: bytes) -> bytes:
    """What of an element tells of the subject: of a date-time, which differs from slice to slice, the day alone."""
    if piece[4:6] == b"DT" and kind_of(tag, "DT", 0) is ValueKind.DATE and piece[8:16].isdigit() and b"\\" not in piece:
        return piece[:6] + piece[8:16]
    return piece


def base_of(original: Original) -> dict[int, bytes]:
    """The elements that every small instance needs, by tag."""
    return {tag: original.pieces[tag] for tag in BASE if tag in original.pieces}


def planned_pieces(original: Original) -> dict[int, bytes]:
    """All elements by tag, Pixel Data emptied."""
    pieces = dict(original.pieces)
    if PIXEL_DATA in pieces:
        pieces[PIXEL_DATA] = pieces[PIXEL_DATA][:-4] + bytes(4)
    return pieces


def _layout(original: Original) -> Layout:
    tells = tells_of_subject(small_instance(original.meta, planned_pieces(original)))
    nested = tuple(
        tag
        for tag, piece in original.pieces.items()
        if tag != PIXEL_DATA and _may_nest(tag, piece, implicit=original.implicit)
    )
    telling = tuple(tag for tag in original.pieces if tag in tells and tag not in nested)
    return Layout(tuple(sorted(asked_tags(original.pieces))), telling, nested)


def _may_nest(tag: int, piece: bytes, *, implicit: bool) -> bool:
    """Whether it may hold items."""
    expected = None if is_private(tag) else dictionary_vr(tag)
    if expected == "SQ":
        return True
    return expected in (None, "UN") if implicit else piece[4:6] in _NESTED
