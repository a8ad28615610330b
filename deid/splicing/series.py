"""Instances that agree in all that decisions on single attributes depend on: what they answered once holds for all."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from itertools import compress
from operator import ne
from typing import TYPE_CHECKING, Final

from deid.attributes.attribute import SPECIFIC_CHARACTER_SET
from deid.attributes.elements import Unsure
from deid.audit.decisions import Ruled, joined, kept, kept_fields
from deid.audit.records import encoded
from deid.header.marks import MARKS, Dates, Shown
from deid.header.plan import HeaderPlanner
from deid.header.situation import Setting
from deid.splicing.learning import Answer, Teacher, marks, small_instance
from deid.splicing.memory import Memory
from deid.splicing.original import PIXEL_DATA, SOP_CLASS
from deid.splicing.subjects import BASE, base_of, planned_pieces

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from deid.audit.decisions import Ruling
    from deid.identity.key import Key
    from deid.identity.subject import Subject
    from deid.profile import Profile
    from deid.splicing.original import Original
    from deid.text import TextEngine


_MARK: Final = "\0"
"""Stands for a digest: nothing else in the log does."""
_OF_OTHERS: Final = MARKS | {SPECIFIC_CHARACTER_SET, SOP_CLASS}
"""Elements that others are read or written by."""


@dataclass(frozen=True, slots=True)
class Composed:
    """What becomes of all elements of an instance together."""

    pieces: dict[int, bytes] = field(repr=False)
    """Those of the original, by tag, in order."""
    answers: dict[int, Answer] = field(repr=False)
    new: dict[int, bytes] = field(repr=False)
    """The new elements by tag, in order, each verified when it was made, but for the value of Pixel Data."""
    members: dict[Ruling, list[int]] = field(repr=False)
    """The tags of what is changed or added, by ruling."""
    entries: dict[Ruling | None, bytes] = field(repr=False)
    """The audit's entries on them as JSON; under None those on what is kept, joined by commas."""

    @property
    def decisions(self) -> bytes:
        """The audit's entries on all decisions, as a JSON array."""
        return b"[" + b",".join(filter(None, self.entries.values())) + b"]"

    def changed_in(self, original: Original) -> Sequence[int] | None:
        """The tags of the elements that are others than here; None where there are other tags."""
        pieces = original.pieces
        if original.like is self.pieces:
            return original.differing
        if list(pieces) != list(self.pieces):
            return None
        return list(compress(pieces, map(ne, pieces.values(), self.pieces.values())))

    def with_changes(self, pieces: dict[int, bytes], answers: dict[int, Answer]) -> Composed | None:
        """The same for an instance of which some elements differ; None where that changes more than these."""
        if not all(_alike(answer, self.answers[tag]) for tag, answer in answers.items()):
            return None
        new = {tag: answer.new for tag, answer in answers.items() if answer.new}
        everything = self.answers | answers
        rulings = {ruling for answer in answers.values() for ruling in answer.changed}
        entries: dict[Ruling | None, bytes] = {
            ruling: _entry(ruling, everything, self.members[ruling]) for ruling in rulings
        }
        return Composed(pieces, everything, self.new | new, self.members, self.entries | entries)


def _alike(answer: Answer, other: Answer) -> bool:
    """Whether two answers agree in all that concerns other elements or what the audit sums up."""
    if answer.dates != other.dates or bool(answer.new) != bool(other.new) or answer.kept != other.kept:
        return False
    return answer.changed.keys() == other.changed.keys()


def _entry(ruling: Ruling, answers: Mapping[int, Answer], tags: Iterable[int]) -> bytes:
    """The audit's entry on the elements with that ruling."""
    ruled = joined(answers[tag].changed[ruling] for tag in tags)
    keywords, digests = zip(*ruled.attributes.values(), strict=True)
    if not all(digests):
        return encoded(ruled.fields(ruling))
    # From slice to slice the digests alone differ: 16 hex digits each, which stand in JSON as they are.
    before, after = _around_digests(ruling, tuple(ruled.attributes), keywords, ruled.count)
    return b'%b"%b"%b' % (before, '","'.join(digests).encode("ascii"), after)


@lru_cache(maxsize=1024)
def _around_digests(
    ruling: Ruling, paths: tuple[str, ...], keywords: tuple[str, ...], count: int
) -> tuple[bytes, bytes]:
    """What stands before and behind the digests in an entry."""
    ruled = Ruled(dict(zip(paths, ((keyword, _MARK) for keyword in keywords), strict=True)), count)
    whole = encoded(ruled.fields(ruling))
    digests = encoded([_MARK] * len(paths))[1:-1]
    before, _, after = whole.partition(digests)
    return before, after


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
        self._last: Composed | None = None
        self._kept_pixels = self._pixels(original)
        base = base_of(original)
        answers = self._teacher.answers(original.meta, base)
        self._knows_character_set = all(answers[tag].new == base[tag] for tag in base if tag == SPECIFIC_CHARACTER_SET)
        """Whether the new data set is in the character set of the original."""
        self.added = self._teacher.added(original.meta, base)

    def composed(self, original: Original) -> Composed:
        """What becomes of the elements: most of them as of those of the instance before.

        Raises:
            InstanceError: It may not be released.
            Unsure: The ordinary reader sees other elements in it.
        """
        last, composed = self._last, None
        changed = last.changed_in(original) if last is not None else None
        if last is not None and changed is not None and MARKS.isdisjoint(changed):
            composed = last.with_changes(original.pieces, self._answers_on(original, changed))
        self._last = composed or self._composed(original, self._answers_on(original, original.pieces))
        return self._last

    def _answers_on(self, original: Original, tags: Iterable[int]) -> dict[int, Answer]:
        """What becomes of some elements, by tag, in order."""
        known = self._answers.young
        pieces = {tag: original.pieces[tag] for tag in tags}
        found = {tag: known.get(piece) or self._answers.get(piece) for tag, piece in pieces.items()}
        missing = {tag: pieces[tag] for tag, answer in found.items() if answer is None}
        if missing.pop(PIXEL_DATA, None) is not None:
            found[PIXEL_DATA] = Answer(original.pieces[PIXEL_DATA], {}, self._kept_pixels, Dates())
        learnt = self._learnt(original, missing) if missing else {}
        return {tag: answer or learnt[tag] for tag, answer in found.items()}

    def _composed(self, original: Original, answers: dict[int, Answer]) -> Composed:
        new = [(tag, answer.new) for tag, answer in answers.items() if answer.new and tag not in MARKS]
        new += self._marks_of(original, answers).items()
        new += [(tag, answer.new) for tag, answer in self.added.items() if tag not in MARKS]
        everything = answers | self.added
        members: dict[Ruling, list[int]] = {}
        for tag, answer in everything.items():
            for ruling in answer.changed:
                members.setdefault(ruling, []).append(tag)
        entries: dict[Ruling | None, bytes] = {
            ruling: _entry(ruling, everything, tags) for ruling, tags in members.items()
        }
        entries[None] = _kept_entries([answer.kept for answer in answers.values()])
        return Composed(original.pieces, everything, dict(sorted(new)), members, entries)

    def _marks_of(self, original: Original, answers: Mapping[int, Answer]) -> dict[int, bytes]:
        """The marks of the new instance, by tag."""
        what = [answer.dates for answer in answers.values()]
        dates = Dates(any(one.shifted for one in what), any(one.kept for one in what))
        wanted = [tag for tag in (*MARKS, *BASE) if tag in answers]
        pieces = {tag: answers[tag].new for tag in wanted if answers[tag].new}
        shown = Shown.by([tag for tag, answer in answers.items() if answer.new])
        key = (dates, shown, *(piece for tag, piece in pieces.items() if tag in MARKS))
        known = self._marks.get(key)
        if known is None:
            known = marks(original.meta, pieces, self._profile, shown=shown, dates=dates)
            self._marks.put(key, known)
        return known

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
                answer = self._teacher.at_once(piece, implicit=original.implicit)
                if answer is not None:
                    answers[tag] = answer
        return answers

    def _pixels(self, original: Original) -> dict[str, Ruled]:
        """What the audit says of Pixel Data, which stays as it is."""
        if not original.has_pixels:
            return {}
        pieces = base_of(original) | {PIXEL_DATA: planned_pieces(original)[PIXEL_DATA]}
        decided = self._teacher.planner.decide(small_instance(original.meta, pieces))
        pixels = kept([one for one in decided if one.path.tag == PIXEL_DATA])
        if not pixels:
            raise Unsure
        return pixels


def _kept_entries(answers: Iterable[dict[str, Ruled]]) -> bytes:
    rules: dict[str, list[Ruled]] = {}
    for answer in answers:
        for rule, ruled in answer.items():
            rules.setdefault(rule, []).append(ruled)
    return b",".join(encoded(kept_fields(rule, joined(ruled))) for rule, ruled in rules.items())
