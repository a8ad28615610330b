"""What becomes of elements: they go the ordinary way, in a small instance made of them alone."""

from __future__ import annotations

import re
import struct
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Self

from pydicom.datadict import keyword_for_tag
from pydicom.dataelem import RawDataElement
from pydicom.tag import BaseTag

from deid.attributes.attribute import attribute_of, dictionary_vr, tags_of
from deid.attributes.elements import Unsure, read_meta, walk
from deid.attributes.vrs import DATE_VRS
from deid.audit.decisions import Ruled, Ruling, changed, kept
from deid.audit.records import value_digests
from deid.header import apply_header, new_file_meta
from deid.header.marks import MARKS, Dates, Shown, dates_of, mark, shifts
from deid.identity.pseudonym import new_uid
from deid.plan import Empty, Keep, Plan, Remove, Replace
from deid.reading import parse_instance
from deid.verify import Evidence, verify
from deid.verify.header import check_attribute
from deid.verify.leaks import check_text
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

_PLAIN_TEXT_VRS: Final = frozenset({"DA", "LO", "SH", "TM", "UI"})
"""VRs of texts that are often replaced, slice by slice."""
_VALUE: Final = "audit-value"
_NO_DATES: Final = Dates()
_PLAIN_UID: Final = re.compile(rb"[0-9.]{1,64}").fullmatch


@dataclass(frozen=True, slots=True)
class Answer:
    """What becomes of an element, verified."""

    new: bytes = field(repr=False)
    """The element as it is released; nothing where it is removed."""
    changed: dict[Ruling, Ruled]
    """What the audit says of it and what it holds, but for what is kept."""
    kept: dict[str, Ruled]
    """What is kept of it, by rule."""
    dates: Dates


@dataclass(frozen=True, slots=True)
class _Blind:
    """What becomes of an element whatever it holds: the same bytes, verified when they were made, or none."""

    ruling: Ruling
    pattern: str
    keyword: str
    new: bytes | None = field(repr=False)
    """None for UIDs, each of which has its own."""

    @classmethod
    def of(cls, decision: Decision, new: bytes | None) -> Self:
        """By what was decided on one of them."""
        path = decision.path
        return cls(Ruling.of(decision), path.pattern, keyword_for_tag(path.tag), new)

    def answer(self, new: bytes, digest: str) -> Answer:
        """The answer on one whose value has that digest."""
        return Answer(new, {self.ruling: Ruled({self.pattern: (self.keyword, digest)}, 1)}, {}, _NO_DATES)


@dataclass(frozen=True, slots=True)
class Teacher:
    """Runs the ordinary steps for one subject and one sort of data set."""

    key: Key = field(repr=False)
    engine: TextEngine = field(repr=False)
    withheld: tuple[KnownValue, ...] = field(repr=False)
    planner: HeaderPlanner = field(repr=False)
    _blind: dict[bytes, _Blind] = field(default_factory=dict)
    """By tag and VR, what becomes of elements whatever they hold."""

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

    def at_once(self, piece: bytes, *, implicit: bool) -> Answer | None:
        """What becomes of one element that is no sequence, without the way through a small instance.

        Args:
            piece: Its bytes: a head of 8, and the value.
            implicit: Whether it is in implicit VR.

        Returns:
            The answer; None for a change that is more than keeping or removing it, or replacing one UID.

        Raises:
            InstanceError: It may not be released.
        """
        head = piece[:4] if implicit else piece[:6]
        blind = self._blind.get(head)
        if blind is not None:
            known = blind.new if blind.new is not None else self._with_new_uid(piece, implicit=implicit)
            if known is not None:
                return blind.answer(known, self.key.digest(_VALUE, piece[8:]))
        element = raw_of(piece, implicit=implicit)
        (decision,) = self.planner.decide_on(element)
        new = _written(element, piece, decision)
        if new is None:
            return None
        if new:
            before = attribute_of(element, self.planner.encodings)
            after = before
            if new is not piece:
                after = attribute_of(raw_of(new, implicit=element.is_implicit_VR), self.planner.encodings)
            check_attribute(decision, before, after)
            check_text(decision.path, after, self.withheld, self.engine)
        if isinstance(decision.change, Keep):
            return Answer(new, {}, kept([decision]), Dates(kept=decision.vr in DATE_VRS))
        digest = self.key.digest(_VALUE, piece[8:])
        if self.planner.is_blind(decision):
            self._blind[head] = _Blind.of(decision, None if isinstance(decision.change, Replace) else new)
        ruled = changed([decision], {decision.path.pattern: digest})
        return Answer(new, ruled, {}, Dates(shifted=shifts(decision)))

    def _with_new_uid(self, piece: bytes, *, implicit: bool) -> bytes | None:
        """An element with the UID that replaces the one it holds; None where it is not plainly one, or stays."""
        uid = piece[8:].rstrip(b"\0")
        if not _PLAIN_UID(uid):
            return None
        new = new_uid(self.key, uid.decode("ascii")).encode("ascii")
        return None if new == uid else _with_padded_value(piece, new, b"\0", implicit=implicit)

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


def raw_of(piece: bytes, *, implicit: bool) -> RawDataElement:
    """An element with a length of 16 bits, or in implicit VR, as pydicom has it."""
    group, number = struct.unpack_from("<HH", piece)
    vr = None if implicit else piece[4:6].decode("ascii")
    value = piece[8:]
    # pydicom's signature
    return RawDataElement(BaseTag(group << 16 | number), vr, len(value), value, 0, implicit, True)  # noqa: FBT003


def _written(element: RawDataElement, piece: bytes, decision: Decision) -> bytes | None:
    """The new bytes of an element; None for a change that others have to write."""
    match decision.change:
        case Keep():
            return piece
        case Remove():
            return b""
        case Empty() if decision.vr == element.VR or element.is_implicit_VR:
            return _with_value(element, piece, b"")
        case Replace(value=str(text)) if text.isascii() and _is_written_as_it_is(element, decision):
            return _with_value(element, piece, text.encode("ascii"))
        case _:
            return None


def _is_written_as_it_is(element: RawDataElement, decision: Decision) -> bool:
    """Whether a text is padded to an even length, and nothing else. Padding that a reader took off isn't digested."""
    as_declared = element.is_implicit_VR or decision.vr == element.VR
    return as_declared and decision.vr in _PLAIN_TEXT_VRS and not (element.value or b"").endswith(b" ")


def _with_value(element: RawDataElement, piece: bytes, value: bytes) -> bytes:
    padding = b"\0" if element.VR == "UI" or dictionary_vr(element.tag) == "UI" else b" "
    return _with_padded_value(piece, value, padding, implicit=element.is_implicit_VR)


def _with_padded_value(piece: bytes, value: bytes, padding: bytes, *, implicit: bool) -> bytes:
    value += padding * (len(value) % 2)
    length = struct.pack("<I" if implicit else "<H", len(value))
    return piece[: 8 - len(length)] + length + value


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
    meta: bytes, pieces: Mapping[int, bytes], profile: Profile, *, shown: Shown, dates: Dates
) -> dict[int, bytes]:
    """By tag, the elements that mark a de-identified instance whose pixels nobody looked at.

    Args:
        meta: Preamble and file meta.
        pieces: Of the released elements the marks that it had already, and those that every small instance needs.
        profile: The profile.
        shown: What there is to look at.
        dates: What became of the dates.
    """
    instance = small_instance(meta, pieces)
    mark(instance, profile, shown=shown, pixels_checked=not shown.pixels, dates=dates)
    data = to_bytes(instance, new_file_meta(instance.file_meta, instance))
    new = pieces_of(data, implicit=bool(instance.original_encoding[0]))
    return {tag: piece for tag, piece in new.items() if tag in MARKS}


def pieces_of(data: bytes, *, implicit: bool) -> dict[int, bytes]:
    """The elements of a file without pixel data, by tag.

    Raises:
        Unsure: They do not stand plainly one after the other.
    """
    _, start = read_meta(data)
    return walk(data, start, len(data), implicit=implicit)


def _answer(new: bytes, released: Dataset, decisions: Sequence[Decision], digests: Mapping[str, str]) -> Answer:
    return Answer(new, changed(decisions, digests), kept(decisions), dates_of(released, decisions))
