"""How well the reader of small print does on lines that it has not seen."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import numpy as np

from deid.pixels.ocr.small_print import ALPHABET, SmallPrint

if TYPE_CHECKING:
    from collections.abc import Iterable

    from deid.pixels.ocr.training.lines import Sample

_ODDS = 10.0


def table(weights: bytes, samples: Iterable[Sample]) -> str:
    """Lines read right as a whole, and whether the right text is told from one with another letter, by length."""
    reader = SmallPrint(weights)
    rows: dict[str, list[tuple[bool, bool, bool]]] = defaultdict(list)
    random = np.random.default_rng(1)
    for one in samples:
        answers = reader.look_at(one.crop)
        other = _misread(one.text, random)
        right, wrong = answers.probabilities([one.text, other])
        row = (answers.text == one.text, right > _ODDS * wrong, wrong > _ODDS * right)
        short = len(one.text) <= 3  # noqa: PLR2004 - as initials
        rows["3 letters and fewer" if short else "more"].append(row)
    lines = ["| length | lines | read right % | told from another letter % | taken for it % |", "|---|---|---|---|---|"]
    for name, own in sorted(rows.items()):
        shares = [f"{100 * float(np.mean([row[at] for row in own])):.1f}" for at in range(3)]
        lines.append(f"| {name} | {len(own)} | {' | '.join(shares)} |")
    return "\n".join(lines) + "\n"


def _misread(text: str, random: np.random.Generator) -> str:
    """The text with another letter of the same kind in one place."""
    places = [at for at, letter in enumerate(text) if letter.isalnum()] or [0]
    at = int(random.choice(places))
    kind = [
        letter for letter in ALPHABET if letter.isalpha() == text[at].isalpha() and letter.lower() != text[at].lower()
    ]
    return text[:at] + str(random.choice(kind)) + text[at + 1 :]
