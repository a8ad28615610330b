"""What the header room needs of the text room."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

    from deid.identity.known_values import KnownValue
    from deid.text import Scrubbed


class TextScrubber(Protocol):
    """Cuts what identifies someone out of a text; `deid.text.TextEngine` is one."""

    def scrub(self, text: str, known: Sequence[KnownValue]) -> Scrubbed:
        """Cut the known values, and nothing else; the text comes back unchanged when there are none."""
        ...

    def scrub_code(self, text: str, known: Sequence[KnownValue]) -> Scrubbed:
        """As `scrub`, and cut the initials of known institutions."""
        ...

    def scrub_evident(self, text: str, known: Sequence[KnownValue]) -> Scrubbed:
        """Cut the known values and what identifies by its form or by the words beside it; no guesses."""
        ...

    def scrub_typed(self, text: str, known: Sequence[KnownValue]) -> Scrubbed:
        """As `scrub_evident`, and cut names of two words or more."""
        ...

    def clean(self, text: str, known: Sequence[KnownValue]) -> Scrubbed:
        """Cut known values, identifying patterns and names; the rest stays byte for byte."""
        ...
