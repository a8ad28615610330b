"""The form of a derived table: comments with its source, then sections of one entry a line, compressed."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def write_table(path: Path, source: str, sections: dict[str, list[str]]) -> None:
    """Write a compressed word list, its source, licence and generator on top; same input, same bytes."""
    lines = [f"# {line}" for line in source.splitlines()]
    for title, entries in sections.items():
        lines += [f"[{title}]", *entries]
    path.write_bytes(gzip.compress(("\n".join(lines) + "\n").encode(), compresslevel=9, mtime=0))
