"""From a file to its de-identified copy without parsing what is known already."""

from __future__ import annotations

import errno
import os
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from deid.attributes.elements import Unsure
from deid.audit.records import plan_members
from deid.errors import InstanceError, Reason
from deid.header.meta import file_meta_bytes
from deid.plan import NOT_CHECKED, PIXELS_MISSING, without_pixels
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
    from deid.profile import Profile
    from deid.splicing.subjects import Layout
    from deid.timings import Timings

_STUDY: Final = 0x0020000D
_SERIES: Final = 0x0020000E
_buffer: Final = bytearray(1 << 18)
"""Used again and again: new memory costs as much as the reading."""


@dataclass(frozen=True, slots=True)
class Spliced:
    """A de-identified instance: its new header, and where in the original the pixel data is."""

    original: Original = field(repr=False)
    subject: Subject = field(repr=False)
    meta: bytes = field(repr=False)
    before: bytes = field(repr=False)
    """The new elements before the value of Pixel Data."""
    after: bytes = field(repr=False)
    """Those behind it."""
    uids: tuple[str, str, str]
    """The new Study, Series and SOP Instance UID."""
    decided: bytes = field(repr=False)
    """Members of the audit line."""
    lacks_pixels: bool
    """Whether it is an image by its header, and has no pixel data."""

    def chunks(self) -> Iterator[bytes | memoryview]:
        """The bytes of the new file, each piece to be used before the next one is asked for.

        The pixel data is read as it is asked for.

        Raises:
            InstanceError: UNREADABLE, the original can't be read any more.
        """
        yield self.meta + self.before
        try:
            yield from _chunks(self.original)
        except OSError as error:
            raise InstanceError(Reason.UNREADABLE, f"errno {error.errno}") from None
        yield self.after

    def check(self) -> None:
        """Look for identifying values in the new header as a whole; each element was verified when it was made.

        Raises:
            InstanceError: KNOWN_VALUE_LEFT.
        """
        check_raw(b"".join((self.meta, self.before, self.after)), self.subject.known_values)


class Splicer:
    """Splices the instances of a run, one at a time, and remembers what it has learnt from those before."""

    def __init__(self, profile: Profile, key: Key) -> None:
        """Prepare; the profile must be one that `suits`."""
        self._profile = profile
        self._key = key
        self._engine = TextEngine(profile.text)
        self._subjects = Subjects(profile, key)
        self._series: Memory[tuple[object, ...], Series] = Memory(4)
        self._last: tuple[Original, Layout, Series] | None = None

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
        """The series, mostly that of the instance before, from which it differs in little."""
        if self._last is not None and original.like is not None:
            before, layout, series = self._last
            same = original.like is before.pieces and original.syntax == before.syntax
            if same and layout.is_told_alike(original):
                self._last = original, layout, series
                return series
        layout, series = self._met(original)
        self._last = original, layout, series
        return series

    def _met(self, original: Original) -> tuple[Layout, Series]:
        heads, layout = self._subjects.layout_of(original)
        subject = self._subjects.subject_of(original, layout)
        key = (heads, subject.pseudonym, subject, *(original.pieces[tag] for tag in layout.asked))
        series = self._series.get(key)
        if series is None:
            series = Series(original, subject, self._profile, self._key, self._engine)
            self._series.put(key, series)
        return layout, series

    def _joined(self, original: Original, series: Series) -> Spliced:
        composed = series.composed(original)
        new = composed.new
        uids = {tag: original.uid(new.get(tag, b"")) for tag in (_STUDY, _SERIES, SOP_INSTANCE, SOP_CLASS)}
        meta = file_meta_bytes(
            uids[SOP_CLASS].encode("ascii"), uids[SOP_INSTANCE].encode("ascii"), original.syntax.encode("ascii")
        )
        pieces = list(new.values())
        split = list(new).index(PIXEL_DATA) + 1 if original.has_pixels else len(pieces)
        checked = NOT_CHECKED if original.has_pixels else without_pixels(original.pieces)
        return Spliced(
            original,
            series.subject,
            PREAMBLE + b"DICM" + meta,
            b"".join(pieces[:split]),
            b"".join(pieces[split:]),
            (uids[_STUDY], uids[_SERIES], uids[SOP_INSTANCE]),
            plan_members(series.subject.pseudonym, checked, composed.decisions),
            checked == PIXELS_MISSING,
        )


def _chunks(original: Original) -> Iterator[memoryview]:
    """The value of Pixel Data, piece by piece, all in the same memory."""
    for start in range(original.pixels.start, original.pixels.stop, len(_buffer)):
        piece = memoryview(_buffer)[: original.pixels.stop - start]
        if os.preadv(original.file, [piece], start) != len(piece):
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        yield piece
