"""Instances that agree in all that decisions on single attributes depend on: what they answered once holds for all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from deid.attributes.attribute import SPECIFIC_CHARACTER_SET
from deid.attributes.elements import Unsure
from deid.audit.records import decision_groups, encoded
from deid.header.marks import MARKS, Dates
from deid.header.plan import HeaderPlanner
from deid.header.situation import Setting
from deid.splicing.learning import Answer, Teacher, marks, raw_of, small_instance
from deid.splicing.memory import Memory
from deid.splicing.original import PIXEL_DATA, SOP_CLASS
from deid.splicing.subjects import BASE, base_of, planned_pieces

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from deid.identity.key import Key
    from deid.identity.subject import Subject
    from deid.profile import Profile
    from deid.splicing.learning import Kept
    from deid.splicing.original import Original
    from deid.text import TextEngine


_OF_OTHERS: Final = MARKS | {SPECIFIC_CHARACTER_SET, SOP_CLASS}
"""Elements that others are read or written by."""


class Series:
    """What is known of the elements of such instances."""

    def __init__(self, original: Original, subject: Subject, profile: Profile, key: Key, engine: TextEngine) -> None:
        """Look at the first of them.

        Raises:
            InstanceError: It may not be released.
            Unsure: The ordinary reader sees other elements in it.
        """
        self.subject = subject
        self._profile = profile
        instance = small_instance(original.meta, planned_pieces(original))
        planner = HeaderPlanner(instance, profile, Setting(subject, key, engine))
        self._teacher = Teacher(key, engine, subject.known_values, planner)
        self._answers: Memory[bytes, Answer] = Memory(4096, 1 << 22)
        self._marks: Memory[tuple[object, ...], dict[int, bytes]] = Memory(64)
        self._kept_json: Memory[tuple[Kept, ...], bytes] = Memory(64)
        self._kept_pixels = self._pixels(original)
        base = base_of(original)
        answers = self._teacher.answers(original.meta, base)
        self._knows_character_set = all(answers[tag].new == base[tag] for tag in base if tag == SPECIFIC_CHARACTER_SET)
        """Whether the new data set is in the character set of the original."""
        self.added = self._teacher.added(original.meta, base)

    def answers(self, original: Original) -> dict[int, Answer]:
        """What becomes of each element, by tag, in order.

        Raises:
            InstanceError: It may not be released.
            Unsure: The ordinary reader sees other elements in it.
        """
        known = self._answers.young
        found = {tag: known.get(piece) or self._answers.get(piece) for tag, piece in original.pieces.items()}
        missing = {tag: original.pieces[tag] for tag, answer in found.items() if answer is None}
        if missing.pop(PIXEL_DATA, None) is not None:
            found[PIXEL_DATA] = Answer(original.pieces[PIXEL_DATA], b"", self._kept_pixels, Dates())
        learnt = self._learnt(original, missing) if missing else {}
        return {tag: answer or learnt[tag] for tag, answer in found.items()}

    def marks(self, original: Original, answers: Mapping[int, Answer]) -> dict[int, bytes]:
        """The marks of the new instance, by tag."""
        what = [answer.dates for answer in answers.values()]
        dates = Dates(any(one.shifted for one in what), any(one.kept for one in what))
        wanted = [tag for tag in (*MARKS, *BASE) if tag in answers]
        pieces = {tag: answers[tag].new for tag in wanted if answers[tag].new}
        key = (dates, original.has_pixels, *(piece for tag, piece in pieces.items() if tag in MARKS))
        known = self._marks.get(key)
        if known is None:
            known = marks(original.meta, pieces, self._profile, has_pixels=original.has_pixels, dates=dates)
            self._marks.put(key, known)
        return known

    def decisions(self, answers: Collection[Answer]) -> bytes:
        """The audit's entries on all decisions, as a JSON array."""
        kept = tuple([answer.kept for answer in answers])
        entries = self._kept_json.get(kept)
        if entries is None:
            entries = _kept_entries(kept)
            self._kept_json.put(kept, entries)
        parts = [answer.changed for answer in answers if answer.changed]
        parts += [answer.changed for answer in self.added.values()]
        return b"[" + b",".join([*parts, entries] if entries else parts) + b"]"

    def _learnt(self, original: Original, missing: dict[int, bytes]) -> dict[int, Answer]:
        answers = self._at_once(original, missing) if self._knows_character_set else {}
        rest = {tag: piece for tag, piece in missing.items() if tag not in answers}
        if rest:
            answers |= self._teacher.answers(original.meta, rest | base_of(original))
        for tag, piece in missing.items():
            self._answers.put(piece, answers[tag])
        return answers

    def _at_once(self, original: Original, missing: dict[int, bytes]) -> dict[int, Answer]:
        """The answers on those that need no small instance of their own."""
        answers = {}
        for tag, piece in missing.items():
            if tag not in _OF_OTHERS and original.is_simple(tag, piece):
                answer = self._teacher.at_once(raw_of(piece, implicit=original.implicit), piece)
                if answer is not None:
                    answers[tag] = answer
        return answers

    def _pixels(self, original: Original) -> Kept:
        """What the audit says of Pixel Data, which stays as it is."""
        if not original.has_pixels:
            return ()
        pieces = base_of(original) | {PIXEL_DATA: planned_pieces(original)[PIXEL_DATA]}
        decided = self._teacher.planner.decide(small_instance(original.meta, pieces))
        (group,) = decision_groups([one for one in decided if one.path.tag == PIXEL_DATA], {})
        if group["change"] != "kept":
            raise Unsure
        return ((group["rule"], tuple(group["paths"]), group["count"]),)


def _kept_entries(kept: Sequence[Kept]) -> bytes:
    paths: dict[str, list[str]] = {}
    counts: dict[str, int] = {}
    for rule, names, count in (one for answer in kept for one in answer):
        paths.setdefault(rule, []).extend(names)
        counts[rule] = counts.get(rule, 0) + count
    return b",".join(
        encoded({"rule": rule, "change": "kept", "paths": sorted(names), "count": counts[rule]})
        for rule, names in paths.items()
    )
