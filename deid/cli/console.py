"""The two consoles: results on standard output, progress and errors on standard error."""

from __future__ import annotations

import sys

from rich.console import Console

_WIDTH_OF_A_FILE = 160
"""Tables that go to a pipe or a file are not squeezed into 80 columns."""

console = Console(highlight=False, width=None if sys.stdout.isatty() else _WIDTH_OF_A_FILE)
error_console = Console(stderr=True, highlight=False)
