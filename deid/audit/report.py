"""What an audit log says of all its instances together: the sums that a person looks at."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from deid.audit.decisions import KEPT
from deid.errors import Reason

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_SHOWN = 20
"""Digests that are told of each reason; the log has all."""


class AttributeFate(NamedTuple):
    """One kind of decision on one attribute."""

    path: str
    keyword: str
    change: str
    rule: str
    reason: str


@dataclass(slots=True)
class NotReleased:
    """Why some sources are not in OUT."""

    reason: str
    meaning: str
    remedy: str
    count: int = 0
    sources: list[str] = field(default_factory=list)
    """Digests of the first of them."""
    details: Counter[str] = field(default_factory=Counter)


@dataclass(slots=True)
class Report:
    """The sums over one audit log."""

    runs: list[dict[str, Any]] = field(default_factory=list)
    """The run lines."""
    summaries: list[dict[str, Any]] = field(default_factory=list)
    outcomes: Counter[str] = field(default_factory=Counter)
    not_released: dict[str, NotReleased] = field(default_factory=dict)
    subjects: set[str] = field(default_factory=set)
    attributes: Counter[AttributeFate] = field(default_factory=Counter)
    """In how many instances each decision other than keeping was taken."""
    kept: Counter[str] = field(default_factory=Counter)
    """How many attributes were kept, by rule."""
    hidden: Counter[str] = field(default_factory=Counter)
    """Boxes by reason."""
    regions: int = 0
    redacted: int = 0
    """Instances with at least one box."""
    lines_hidden: int = 0
    lines_kept: int = 0
    pixels: Counter[str] = field(default_factory=Counter)
    """How the pixels were looked at."""
    seconds: Counter[str] = field(default_factory=Counter)
    boxes: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    """The boxes of the released files that have some, by name, to show the first of them."""

    @property
    def total(self) -> int:
        """How many sources the log tells of."""
        return self.outcomes.total()

    @property
    def started(self) -> str:
        """When the first run began."""
        return str(self.runs[0]["started"]) if self.runs else ""

    @property
    def complete(self) -> bool:
        """Whether the last run came to its end."""
        return len(self.summaries) == len(self.runs) and all(line["complete"] for line in self.summaries[-1:])

    def steps(self) -> Sequence[tuple[str, float]]:
        """Worker seconds by step, the slowest first."""
        return [(step, seconds) for step, seconds in self.seconds.most_common() if step != "total"]


def report_of(lines: Iterable[dict[str, Any]], *, most_boxes: int = 0) -> Report:
    """Sum up the lines of an audit log.

    Args:
        lines: Its lines, each source once.
        most_boxes: Of how many released files the boxes are told.
    """
    report = Report()
    for line in lines:
        match line["type"]:
            case "run":
                report.runs.append(line)
            case "summary":
                report.summaries.append(line)
            case _:
                _add(report, line, most_boxes)
    return report


def _add(report: Report, line: dict[str, Any], most_boxes: int) -> None:
    report.outcomes[line["outcome"]] += 1
    report.seconds.update(line.get("seconds", {}))
    if line["outcome"] != "released":
        _add_refusal(report, line)
        return
    report.subjects.add(line["subject"])
    report.pixels[line["pixels"]] += 1
    _add_decisions(report, line["decisions"])
    _add_regions(report, line)
    if line["regions"] and len(report.boxes) < most_boxes:
        report.boxes[line["name"]] = line["regions"]


def _add_refusal(report: Report, line: dict[str, Any]) -> None:
    reason = line["reason"]
    entry = report.not_released.get(reason)
    if entry is None:
        known = reason in set(Reason)
        remedy = Reason(reason).remedy if known else "this log is of another version of deid"
        entry = report.not_released[reason] = NotReleased(reason, line["meaning"], remedy)
    entry.count += 1
    entry.details[line["detail"]] += 1
    if len(entry.sources) < _SHOWN:
        entry.sources.append(line["source"])


def _add_decisions(report: Report, decisions: Iterable[dict[str, Any]]) -> None:
    for one in decisions:
        if one["change"] == KEPT:
            report.kept[one["rule"]] += one["count"]
            continue
        keywords = one.get("keywords", [""] * len(one["paths"]))
        for path, keyword in zip(one["paths"], keywords, strict=True):
            report.attributes[AttributeFate(path, keyword, one["change"], one["rule"], one["reason"])] += 1


def _add_regions(report: Report, line: dict[str, Any]) -> None:
    regions = line["regions"]
    report.regions += len(regions)
    report.redacted += bool(regions)
    report.hidden.update(reason for region in regions for reason in region["reasons"])
    report.lines_hidden += line["text_lines"]["hidden"]
    report.lines_kept += line["text_lines"]["kept"]
