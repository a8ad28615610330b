"""The two consoles: results on standard output, progress and errors on standard error.

Neither reads markup or emoji codes: paths, profiles and values may hold square brackets and colons of their own.
"""

from __future__ import annotations

import io
import sys

from rich.console import Console

_WIDTH_OF_A_FILE = 160
"""Tables that go to a pipe or a file are not squeezed into 80 columns."""

console = Console(markup=False, emoji=False, highlight=False, width=None if sys.stdout.isatty() else _WIDTH_OF_A_FILE)
error_console = Console(stderr=True, markup=False, emoji=False, highlight=False)


def shown(text: str) -> str:
    """A text of unknown origin for a terminal: nothing is left that could steer it."""
    return "".join(sign if sign.isprintable() else f"\\x{ord(sign):02x}" for sign in text)


def tolerate_narrow_encodings() -> None:
    """Print `?` where a terminal of another encoding than UTF-8 has no such character, instead of failing."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper) and stream.encoding.lower().replace("-", "") != "utf8":
            stream.reconfigure(errors="replace")
