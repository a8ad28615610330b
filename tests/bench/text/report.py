"""The tables of docs/text-measured.md."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from tests.bench.text.scoring import together

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from tests.bench.text.fill import Sample
    from tests.bench.text.scoring import Score

PAGE = Path(__file__).parents[3] / "docs" / "text-measured.md"
_MARK = "\n## Measured"


def page(on_header: Mapping[str, Mapping[str, Score]], on_lines: Mapping[str, Mapping[str, Score]]) -> str:
    """All tables."""
    parts = [
        "### Systems on header text",
        "| system | spans removed % | clinical words kept % | strings untouched % | strings/s |",
        "|---|---|---|---|---|",
        *(_header_row(name, together(scores.values())) for name, scores in on_header.items()),
        "",
        "### Systems on lines of pixels",
        "| system | lines touched % | spans hidden % | clinical words kept % | lines untouched % | strings/s |",
        "|---|---|---|---|---|---|",
        *(_line_row(name, together(scores.values())) for name, scores in on_lines.items()),
        "",
        "### deid by set, header text",
        "| set (strings) | spans removed % | … header known | … not known | … no name listed | words kept % |",
        "|---|---|---|---|---|---|",
        *(_header_set(name, score) for name, score in on_header["deid"].items()),
        "",
        "### deid by set, lines of pixels",
        "| set (strings) | lines touched % | spans hidden % | … touched, no name listed | words kept % |",
        "|---|---|---|---|---|",
        *(_line_set(name, score) for name, score in on_lines["deid"].items()),
        "",
        "### deid by locale of the names",
        "| locale | header spans removed % | lines touched % |",
        "|---|---|---|",
        *_locales(together(on_header["deid"].values()), together(on_lines["deid"].values())),
    ]
    return "\n".join(parts) + "\n"


def write_page(text: str) -> None:
    """Put the tables under the heading `Measured` of the page."""
    head = PAGE.read_text("utf-8").split(_MARK)[0].rstrip()
    PAGE.write_text(f"{head}\n{_MARK}\n\n{text}", "utf-8")


def _header_row(name: str, score: Score) -> str:
    return f"| {name} | {score.removed} | {score.kept} | {score.untouched} | {score.speed:,.0f} |"


def _line_row(name: str, score: Score) -> str:
    return f"| {name} | {score.touched} | {score.removed} | {score.kept} | {score.untouched} | {score.speed:,.0f} |"


def _header_set(name: str, score: Score) -> str:
    known, unknown = score.among(lambda sample: bool(sample.known)), score.among(lambda sample: not sample.known)
    unlisted = unknown.among(lambda sample: not sample.listed)
    shares = (score.removed, known.removed, unknown.removed, unlisted.removed, score.kept)
    return f"| {name} ({len(score.judged)}) | {' | '.join(shares)} |"


def _line_set(name: str, score: Score) -> str:
    unlisted = score.among(lambda sample: not sample.known and not sample.listed)
    return f"| {name} ({len(score.judged)}) | {score.touched} | {score.removed} | {unlisted.touched} | {score.kept} |"


def _locales(header: Score, lines: Score) -> Iterable[str]:
    """A row for each locale of names, of the strings without known values."""
    locales = sorted({one.sample.locale for one in (*header.judged, *lines.judged) if one.values})
    for locale in locales:
        cut, hidden = (score.among(partial(_is_of, locale)) for score in (header, lines))
        yield f"| {locale} | {cut.removed} | {hidden.touched} |"


def _is_of(locale: str, sample: Sample) -> bool:
    return sample.locale == locale and not sample.known
