"""Scoring the model on held-out strings: what it finds of what identifies, and what it leaves of the rest."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from deid.text.ner.tagger import NOTHING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from spacy.language import Language

    from deid.text.training.strings import Labelled


@dataclass(frozen=True, slots=True)
class Scores:
    """Shares from 0 to 1, on strings made of other templates, locales, countries and collections than in training."""

    strings: int
    touched: dict[str, float]
    """By label: spans of which at least one word was found."""
    covered: dict[str, float]
    """By label: spans all of whose letters and digits were found, under any label."""
    kept: float
    """Words outside the spans that were left alone."""
    untouched: float
    """Strings without a span in which nothing was found."""

    def table(self) -> str:
        """A table and a sentence in Markdown."""
        rows = [
            f"| {label.lower()} | {100 * self.touched[label]:.1f} | {100 * share:.1f} |\n"
            for label, share in self.covered.items()
        ]
        kept, untouched = 100 * self.kept, 100 * self.untouched
        return (
            "| span | found in part % | found wholly % |\n|---|---|---|\n" + "".join(rows) + "\n"
            f"Of the words that identify nobody {kept:.1f} % are left alone; in {untouched:.1f} % of the strings that\n"
            f"name nobody nothing is found. Measured on {self.strings:,} held-out strings.\n"
        )


def score(pipeline: Language, strings: Sequence[Labelled]) -> Scores:
    """Run the model over strings and compare."""
    total, touched, whole = Counter[str](), Counter[str](), Counter[str]()
    words, kept = 0, 0
    for string, doc in zip(strings, pipeline.pipe(s.text for s in strings), strict=True):
        found = {i for entity in doc.ents for i in range(entity.start_char, entity.end_char)}
        inside: set[int] = set()
        for start, end, label in string.spans:
            letters = {i for i in range(start, end) if doc.text[i].isalnum()}
            inside |= letters
            total[label] += 1
            touched[label] += bool(letters & found)
            whole[label] += letters <= found
        outside = [token.idx for token in doc if token.text[0].isalnum() and token.idx not in inside]
        words += len(outside)
        kept += len(set(outside) - found)
        if not inside:
            total[NOTHING] += 1
            touched[NOTHING] += not doc.ents
    labels = sorted(total.keys() - {NOTHING})
    return Scores(
        len(strings),
        {label: touched[label] / total[label] for label in labels},
        {label: whole[label] / total[label] for label in labels},
        kept / words,
        touched[NOTHING] / total[NOTHING],
    )
