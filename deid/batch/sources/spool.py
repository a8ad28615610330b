"""Members of compressed tar archives, unpacked once: by the run, which has to read the archive to know what is in it.

They lie in files without a name, in memory, until their workers are done with them. The kernel takes these back when
the run ends, however it ends.
"""

from __future__ import annotations

import os
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final, Self

from deid.batch.sources.archives import DAMAGED
from deid.batch.sources.extracting import copy_out

if TYPE_CHECKING:
    from deid.batch.sources.source import Source

_MOST_BYTES: Final = 256 << 20
_MOST_FILES: Final = 256


class Spool:
    """Holds what was unpacked and is not worked on yet, within bounds; a context manager."""

    def __init__(self) -> None:
        self._bytes = 0
        self._held: dict[Path, tuple[int, int]] = {}
        """Descriptors and sizes."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for path in list(self._held):
            self._close(path)

    def unpacked(self, source: Source) -> Source:
        """The source, unpacked if it is such a member; to be asked before the next one is looked for.

        What there is no room for, and what can't be read, is left to the worker, which reads the archive itself.
        """
        stream, member = source.stream, source.member
        if stream is None or member is None:
            return source
        source = replace(source, stream=None)
        full = self._bytes + source.size > _MOST_BYTES or len(self._held) == _MOST_FILES
        if sys.platform != "linux" or source.refusal is not None or full:
            return source
        descriptor = os.memfd_create("deid")
        path = Path(f"/proc/{os.getpid()}/fd/{descriptor}")
        self._held[path] = descriptor, source.size
        self._bytes += source.size
        try:
            stream.seek(member.place)
            copy_out(stream, source.size, descriptor)
        except (*DAMAGED, OSError):
            self._close(path)
            return source
        return replace(source, unpacked=path)

    def release(self, source: Source) -> None:
        """Let go of a source that is done."""
        if source.unpacked is not None:
            self._close(source.unpacked)

    def _close(self, path: Path) -> None:
        descriptor, size = self._held.pop(path)
        self._bytes -= size
        os.close(descriptor)
