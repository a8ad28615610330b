"""Reading an audit log back: line by line, each source as it ended last, each file as it was released last."""

from __future__ import annotations

import json
import os
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

from deid.audit.log import FORMAT
from deid.errors import InputOutputError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from pathlib import Path

_SOURCE = re.compile(rb'"type":"instance","number":\d+,"source":"([0-9a-f]+)"')
_HEAD = 120
"""Bytes of a line in which its source stands."""
_RELEASED = re.compile(_SOURCE.pattern + rb',"outcome":"released","name":("(?:[^"\\]|\\.)*")')


@dataclass(frozen=True, slots=True)
class AuditLines:
    """The lines of a log, read as often as they are asked for; a line is in memory only while it is looked at."""

    path: Path
    last: dict[bytes, int]
    """The offset of the last line on each source: what is done again stands with its last line."""
    earlier: tuple[int, ...] = ()
    """The offsets of the other lines on sources."""

    @classmethod
    def of(cls, path: Path) -> Self:
        """Find the lines.

        Raises:
            InputOutputError: It can't be read, or is no audit log of this format.
        """
        last: dict[bytes, int] = {}
        earlier = []
        try:
            with path.open("rb") as stream:
                if f'"format":"{FORMAT}"'.encode("ascii") not in stream.readline(1 << 16):
                    raise _no_log(path)
                stream.seek(offset := 0)
                for line in stream:
                    found = _SOURCE.search(line, 0, _HEAD)
                    if found:
                        source = bytes.fromhex(found[1].decode("ascii"))
                        if source in last:
                            earlier.append(last[source])
                        last[source] = offset
                    offset += len(line)
        except OSError as error:
            raise InputOutputError(
                f"the audit log can't be read: {path} ({os.strerror(error.errno or 0)})",
                remedy="name the OUT folder of a run, or the file that its --audit named",
            ) from None
        return cls(path, last, tuple(earlier))

    def __iter__(self) -> Iterator[dict[str, Any]]:
        """Run and summary lines, and the last line on each source and on each released file, in the order of the log.

        Where a name in IN holds another instance each night, so each of those that were released is told of.

        Raises:
            InputOutputError: A line is damaged.
        """
        for number, line in self._numbered(self._replaced()):
            yield self._parsed(line, f"in line {number}")

    def released(self) -> Iterator[str]:
        """The names of the files that were released in the end: only the heads of whole lines are looked at.

        Raises:
            InputOutputError: A line is torn.
        """
        for number, line in self._numbered():
            if not line.endswith(b"}\n"):
                self._parsed(line, f"in line {number}")
            yield from _released_in(line)

    def released_before(self) -> Iterator[str]:
        """The names of the files that were released from sources that were done again since, whatever came of that."""
        with self.path.open("rb") as stream:
            for offset in self.earlier:
                stream.seek(offset)
                yield from _released_in(stream.readline())

    def runs(self) -> Iterator[dict[str, Any]]:
        """The first lines of the runs.

        Raises:
            InputOutputError: A line that is none on a source is damaged.
        """
        for number, line in self._numbered():
            if not _SOURCE.search(line, 0, _HEAD):
                fields = self._parsed(line, f"in line {number}")
                if fields["type"] == "run":
                    yield fields

    def _replaced(self) -> set[int]:
        """The offsets of the last lines on files whose sources hold another instance now, or an unreleased one."""
        if not self.earlier:
            return set()
        told, found = set(self.released()), set()
        with self.path.open("rb") as stream:
            for offset in sorted(self.earlier, reverse=True):
                stream.seek(offset)
                names = set(_released_in(stream.readline()))
                if names - told:
                    found.add(offset)
                    told |= names
        return found

    def _numbered(self, also: Collection[int] = ()) -> Iterator[tuple[int, bytes]]:
        """The lines that count, with their numbers from 1: the last on each source, and those at `also`."""
        wanted = {*self.last.values(), *also}
        offset = 0
        with self.path.open("rb") as stream:
            for number, line in enumerate(stream, 1):
                if offset in wanted or not _SOURCE.search(line, 0, _HEAD):
                    yield number, line
                offset += len(line)

    def on(self, source: str) -> dict[str, Any] | None:
        """The last line on the source of that digest; None where there is none.

        Raises:
            InputOutputError: It is damaged.
        """
        offset = self.last.get(bytes.fromhex(source))
        if offset is None:
            return None
        with self.path.open("rb") as stream:
            stream.seek(offset)
            return self._parsed(stream.readline(), f"at byte {offset}")

    def _parsed(self, line: bytes, place: str) -> dict[str, Any]:
        try:
            fields: dict[str, Any] = json.loads(line)
        except ValueError:
            raise InputOutputError(
                f"the audit log is damaged {place}: {self.path}",
                remedy="is a run still writing it? If not, restore it from a copy",
            ) from None
        return fields


def _released_in(line: bytes) -> Iterator[str]:
    """The name of the file that a line says was released, if it does."""
    found = _RELEASED.search(line)
    if found:
        yield json.loads(found[2])


def _no_log(path: Path) -> InputOutputError:
    return InputOutputError(
        f"this is no audit log of deid: {path}",
        remedy="name the OUT folder of a run, or the file that its --audit named",
    )
