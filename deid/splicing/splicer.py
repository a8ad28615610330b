"""From a file to its de-identified copy without parsing what is known already."""

from __future__ import annotations

import os
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from deid.attributes.elements import Unsure
from deid.audit.records import plan_members
from deid.errors import InstanceError, Reason
from deid.header.marks import MARKS
from deid.header.meta import file_meta_bytes
from deid.quiet import quiet_pydicom
from deid.splicing.memory import Memory
from deid.splicing.original import PIXEL_DATA, SOP_CLASS, SOP_INSTANCE, Original, opened
from deid.splicing.series import Series
from deid.splicing.subjects import Subjects
from deid.text import TextEngine
from deid.verify.leaks import check_raw
from deid.writing import PREAMBLE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from deid.identity.key import Key
    from deid.identity.subject import Subject
    from deid.instance import Timings
    from deid.profile import Profile

_STUDY: Final = 0x0020000D
_SERIES: Final = 0x0020000E
_CHUNK: Final = 1 << 18


@dataclass(frozen=True, slots=True)
class Spliced:
    """A de-identified instance: its new header, and where in the original the pixel data is."""

    original: Original = field(repr=False)
    subject: Subject = field(repr=False)
    meta: bytes = field(repr=False)
    pieces: dict[int, bytes] = field(repr=False)
    """The new elements by tag, in order, each verified when it was made, but for the value of Pixel Data."""
    before_pixels: int
    """How many of them stand before that value."""
    uids: tuple[str, str, str]
    """The new Study, Series and SOP Instance UID."""
    decided: bytes = field(repr=False)
    """Members of the audit line."""

    def chunks(self) -> Iterator[bytes]:
        """The bytes of the new file. The pixel data is read as it is asked for.

        Raises:
            InstanceError: UNREADABLE, the original can't be read any more.
        """
        pieces = list(self.pieces.values())
        yield b"".join((self.meta, *pieces[: self.before_pixels]))
        try:
            yield from _chunks(self.original)
        except OSError as error:
            raise InstanceError(Reason.UNREADABLE, f"errno {error.errno}") from None
        yield b"".join(pieces[self.before_pixels :])

    def check(self, staged: Path) -> None:
        """Read the new file again and compare it with what it should be.

        Raises:
            InstanceError: It may not be released.
        """
        try:
            with opened(staged) as new:
                self._check(new)
        except Unsure:
            raise InstanceError(Reason.PLAN_NOT_REALISED, "the new file can't be read") from None

    def _check(self, new: Original) -> None:
        if new.meta != self.meta or new.syntax != self.original.syntax or new.pieces != self.pieces:
            raise InstanceError(Reason.PLAN_NOT_REALISED, "the new file holds other elements")
        if len(new.pixels) != len(self.original.pixels):
            raise InstanceError(Reason.PIXELS_DAMAGED, "PixelData has another length")
        if any(before != after for before, after in zip(_chunks(self.original), _chunks(new), strict=True)):
            raise InstanceError(Reason.PIXELS_DAMAGED, "PixelData differs")
        check_raw(new.header(), self.subject.known_values)


class Splicer:
    """Splices the instances of a run, one at a time, and remembers what it has learnt from those before."""

    def __init__(self, profile: Profile, key: Key) -> None:
        """Prepare; the profile must be one that `suits`."""
        self._profile = profile
        self._key = key
        self._engine = TextEngine(profile.text)
        self._subjects = Subjects(profile, key)
        self._series: Memory[tuple[object, ...], Series] = Memory(4)

    @staticmethod
    def suits(profile: Profile) -> bool:
        """Whether an attribute's decision depends on few others: not where rules have paths or conditions."""
        return not profile.special.candidates

    @contextmanager
    def spliced(self, path: Path, timings: Timings) -> Iterator[Spliced | None]:
        """The instance in `path`, for as long as the block lasts; None if the ordinary path has to take it.

        That is for whatever is not plain, or may not be released: the reason is then found there.
        """
        with ExitStack() as stack:
            yield self._spliced(path, timings, stack)

    def _spliced(self, path: Path, timings: Timings, stack: ExitStack) -> Spliced | None:
        try:
            with timings.step("read"):
                original = stack.enter_context(opened(path))
            with timings.step("header"), quiet_pydicom():
                series = self._series_of(original)
                return self._joined(original, series)
        except (Unsure, InstanceError, OSError):
            return None

    def _series_of(self, original: Original) -> Series:
        heads, layout = self._subjects.layout_of(original)
        subject = self._subjects.subject_of(original, layout)
        key = (heads, subject.pseudonym, subject, *(original.pieces[tag] for tag in layout.asked))
        series = self._series.get(key)
        if series is None:
            series = Series(original, subject, self._profile, self._key, self._engine)
            self._series.put(key, series)
        return series

    def _joined(self, original: Original, series: Series) -> Spliced:
        answers = series.answers(original)
        new = [(tag, answer.new) for tag, answer in answers.items() if answer.new and tag not in MARKS]
        new += series.marks(original, answers).items()
        new += [(tag, answer.new) for tag, answer in series.added.items() if tag not in MARKS]
        new.sort()
        by_tag = dict(new)
        uids = {tag: original.uid(by_tag.get(tag, b"")) for tag in (_STUDY, _SERIES, SOP_INSTANCE, SOP_CLASS)}
        meta = file_meta_bytes(
            uids[SOP_CLASS].encode("ascii"), uids[SOP_INSTANCE].encode("ascii"), original.syntax.encode("ascii")
        )
        checked = "not checked: switched off" if original.has_pixels else "no pixel data"
        tags = list(by_tag)
        return Spliced(
            original,
            series.subject,
            PREAMBLE + b"DICM" + meta,
            by_tag,
            tags.index(PIXEL_DATA) + 1 if original.has_pixels else len(tags),
            (uids[_STUDY], uids[_SERIES], uids[SOP_INSTANCE]),
            plan_members(series.subject.pseudonym, checked, series.decisions(answers.values())),
        )


def _chunks(original: Original) -> Iterator[bytes]:
    """The value of Pixel Data, piece by piece."""
    for start in range(original.pixels.start, original.pixels.stop, _CHUNK):
        yield os.pread(original.file, min(_CHUNK, original.pixels.stop - start), start)
