"""The tables of docs/text-measured.md."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from tests.bench.text.scoring import together

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from tests.bench.text.fill import Sample
    from tests.bench.text.night import Speed
    from tests.bench.text.scoring import Score

PAGE = Path(__file__).parents[3] / "docs" / "text-measured.md"
_VALUES = {
    "FIRST": "patient's given name", "LAST": "patient's surname", "MRN": "patient ID", "ACCESSION": "accession number",
    "BIRTH": "date of birth", "DATE": "date of study", "DATE_WORDS": "date of study in words",
    "PHYSICIAN": "physician's surname", "PHYSICIAN_FULL": "physician's name", "HOSPITAL": "institution",
    "TECH": "technologist's initials", "TOWN": "town", "STREET": "street and number", "POSTCODE": "postcode",
    "PHONE": "telephone number", "EMAIL": "e-mail address", "SSN": "social security number", "AGE90": "age over 89",
    "AGE": "age", "SEX_AGE": "sex and age",
}  # fmt: skip
"""What the slots of the templates stand for."""
_MARK = "\n## Measured"


def page(
    on_header: Mapping[str, Mapping[str, Score]], on_lines: Mapping[str, Mapping[str, Score]], nights: Sequence[Speed]
) -> str:
    """All tables. `nights`: the speed on a night's stream, of header texts and of lines."""
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
        "### deid on a night's stream",
        "| texts | of them new to their patient | header texts/s | lines of pixels/s |",
        "|---|---|---|---|",
        f"| {nights[0].texts:,} | {nights[0].distinct:,} | {nights[0]} | {nights[1]} |",
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
        "### deid by kind of value",
        "| value | in header text, header known % | … not known % | hidden on lines, header known % | … not known % |",
        "|---|---|---|---|---|",
        *_kinds(together(on_header["deid"].values()), together(on_lines["deid"].values())),
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


def _kinds(header: Score, lines: Score) -> Iterable[str]:
    """A row for each kind of identifying value: the share of them found."""
    scores = [score.among(partial(_has_header, known)) for score in (header, lines) for known in (True, False)]
    for slot, name in _VALUES.items():
        yield f"| {name} | {' | '.join(score.removed_of(slot) for score in scores)} |"


def _has_header(known: bool, sample: Sample) -> bool:
    return bool(sample.known) == known


def _locales(header: Score, lines: Score) -> Iterable[str]:
    """A row for each locale of names, of the strings without known values."""
    locales = sorted({one.sample.locale for one in (*header.judged, *lines.judged) if one.values})
    for locale in locales:
        cut, hidden = (score.among(partial(_is_of, locale)) for score in (header, lines))
        yield f"| {locale} | {cut.removed} | {hidden.touched} |"


def _is_of(locale: str, sample: Sample) -> bool:
    return sample.locale == locale and not sample.known
