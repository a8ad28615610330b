"""The two consoles: results on standard output, progress and errors on standard error."""

from __future__ import annotations

from rich.console import Console

console = Console(highlight=False)
error_console = Console(stderr=True, highlight=False)
