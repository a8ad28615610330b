"""The tables of the editions: sections with titles in brackets, and their lines."""

from __future__ import annotations

import gzip
from functools import lru_cache
from pathlib import Path


@lru_cache(maxsize=4)
def read_sections(name: str) -> dict[str, tuple[str, ...]]:
    r"""The lines of a table of this folder by section; blank lines and comments left out, names in `.gz` unpacked.

    What stands in several lines of a header is written in one, with `\n` where a line ends.
    """
    sections: dict[str, list[str]] = {}
    current: list[str] = []
    data = (Path(__file__).parent / name).read_bytes()
    for line in (gzip.decompress(data) if name.endswith(".gz") else data).decode("utf-8").splitlines():
        if line.startswith("[") and "{" not in line:
            current = sections.setdefault(line.strip("[]"), [])
        elif line and not line.startswith("#"):
            current.append(line.replace(r"\n", "\r\n"))
    return {title: tuple(lines) for title, lines in sections.items()}
