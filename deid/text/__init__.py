"""Deciding what in a text identifies someone: known values, patterns, vocabulary, names and an NER model."""

from __future__ import annotations

from deid.text.engine import TextEngine
from deid.text.spans import Scrubbed, Span, Verdict

__all__ = ["Scrubbed", "Span", "TextEngine", "Verdict"]
