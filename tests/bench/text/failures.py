"""The worst failures by kind, for those who work on the engine. They quote invented people only."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.bench.text.scoring import Piece, Score

_MOST_KINDS, _EXAMPLES = 24, 40


def describe(title: str, scores: Mapping[str, Score]) -> list[str]:
    """Lines of Markdown: kinds of failure by falling count, examples with the failed part in ⟦⟧."""
    missed: dict[str, list[Piece]] = defaultdict(list)
    spoiled: dict[str, list[Piece]] = defaultdict(list)
    for group, score in scores.items():
        for one in score.judged:
            for value in one.values:
                if not value.right:
                    missed[f"{group}: {value.slot}"].append(value)
            spoiled[group] += [word for word in one.words if not word.right]
    lines = [
        f"## {title}: not (wholly) found",
        *_kinds(missed),
        f"## {title}: clinical words taken away",
        *_kinds(spoiled),
    ]
    return [*lines, ""]


def _kinds(failures: Mapping[str, list[Piece]]) -> list[str]:
    lines = []
    for kind, group in sorted(failures.items(), key=lambda item: -len(item[1]))[:_MOST_KINDS]:
        lines.append(f"- **{kind}**: {len(group)}")
        lines += [f"  - {_marked(failure)}" for failure in group[:: max(1, len(group) // _EXAMPLES)][:_EXAMPLES]]
    return lines


def _marked(failure: Piece) -> str:
    text, note = failure.sample.text, "with header" if failure.sample.known else "no header"
    marked = f"{text[: failure.start]}⟦{text[failure.start : failure.end]}⟧{text[failure.end :]}"
    shown = marked.replace("\r\n", r"\n")
    return f"`{shown}` ({note})"
