"""The parameters of `deid run` alone."""

from __future__ import annotations

import re
import sys
import time
from datetime import datetime
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from deid.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

_CHUNK = 1 << 16
_LONGEST_PATH = 1 << 16
_UNITS = {"m": 60.0, "h": 3600.0, "d": 86400.0, "w": 604800.0}
_AGO = re.compile(r"([0-9]{1,6})([mhdw])")


class OnError(Enum):
    """What a run does when an instance is quarantined or fails."""

    CONTINUE = "continue"
    STOP = "stop"


def _path(text: str) -> Path:
    """A path; an empty one would be the current folder.

    Raises:
        UsageError: It is empty.
    """
    if not text:
        raise UsageError("IN or OUT is an empty path", remedy="is the variable set? The current folder is called .")
    return Path(text)


Source = Annotated[
    Path, typer.Argument(metavar="IN", parser=_path, help="A folder (walked to any depth), a file, a zip or tar.")
]
Target = Annotated[
    Path,
    typer.Argument(
        metavar="OUT", parser=_path, help="The folder for the clean files: new, empty, or of an earlier run."
    ),
]
Audit = Annotated[
    Path | None, typer.Option("--audit", metavar="FILE", help="The audit log. Without: OUT/deid-audit.jsonl.")
]
VaultFile = Annotated[
    Path | None,
    typer.Option("--vault", metavar="FILE", help="Append original and new IDs to an encrypted map, `deid vault`."),
]
VaultPassphrase = Annotated[
    Path | None,
    typer.Option(
        "--vault-passphrase-file", metavar="FILE", help="Lock the vault with this passphrase, not with the key."
    ),
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Do everything, but write nothing.")]
Retry = Annotated[bool, typer.Option("--retry", help="Do again what an earlier run into OUT quarantined or failed at.")]
Rehash = Annotated[
    bool, typer.Option("--rehash", help="Know what an earlier run did by content, not by size and time.")
]
FromStdin = Annotated[
    bool, typer.Option("--stdin0", help="Take the files of IN that standard input names: `find IN … -print0`.")
]
Since = Annotated[
    str | None,
    typer.Option(
        "--since", metavar="TIME", help="Only files written since then: 2026-11-20, 2026-11-20T18:00, 36h, 7d."
    ),
]
Limit = Annotated[
    int | None, typer.Option("--limit", metavar="N", min=1, help="Do at most N files that are not done yet.")
]
OnErrorChoice = Annotated[
    OnError, typer.Option("--on-error", help="When an instance is quarantined or fails: go on, or end the run.")
]
QuarantineFolder = Annotated[
    Path | None, typer.Option("--quarantine", metavar="DIR", help="A folder of links to what is not released.")
]
QuarantineCopy = Annotated[
    bool, typer.Option("--quarantine-copy", help="Put copies of the originals there, not links.")
]
Workers = Annotated[int, typer.Option("--workers", "-w", metavar="N", min=0, help="Worker processes; 0: one a core.")]
Scheduler = Annotated[
    str | None,
    typer.Option(
        "--scheduler", metavar="ADDRESS", help="Work on a Dask cluster: tcp://host:8786; see docs/cluster.md."
    ),
]
MemoryLimit = Annotated[
    float, typer.Option("--memory-limit", metavar="GIB", min=0.0, help="Memory one worker may have; 0: no limit.")
]
QuietFlag = Annotated[bool, typer.Option("--quiet", "-q", help="Print errors only.")]


def seconds_since_1970(text: str | None) -> float | None:
    """A day, a time or how long ago, in seconds since 1970; local time where no zone is given.

    Raises:
        UsageError: It is none of them.
    """
    if text is None:
        return None
    ago = _AGO.fullmatch(text)
    if ago:
        return time.time() - int(ago[1]) * _UNITS[ago[2]]
    try:
        return datetime.fromisoformat(text).astimezone().timestamp()
    except (ValueError, OverflowError, OSError):
        raise UsageError(
            "--since is no time that is understood", remedy="write 2026-11-20, 2026-11-20T18:00, 90m, 36h, 7d or 2w"
        ) from None


def paths_of_stdin() -> Iterator[bytes]:
    """The paths on standard input, each ended by a NUL.

    Raises:
        UsageError: It is no such list.
    """
    rest = b""
    while chunk := sys.stdin.buffer.read(_CHUNK):
        *paths, rest = (rest + chunk).split(b"\0")
        if len(rest) > _LONGEST_PATH:
            raise UsageError("standard input holds no paths ended by NUL", remedy="use `find … -print0`")
        yield from filter(None, paths)
    if rest:
        yield rest
