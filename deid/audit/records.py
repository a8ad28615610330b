"""What the audit log says of one instance. Values of the input appear as keyed digests only."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, assert_never

from deid.attributes.attribute import read_attribute
from deid.attributes.charset import DEFAULT
from deid.audit.decisions import decision_groups
from deid.outcome import Failed, Outcome, Quarantined, Released, Skipped, outcome_name
from deid.plain import Plain
from deid.plan import PIXELS_MISSING, AttributePath, Box, Keep, Region

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from pydicom.dataset import Dataset

    from deid.identity.key import Key
    from deid.plan import Decision, Finding, Plan

_encode: Final = json.JSONEncoder(separators=(",", ":")).encode
"""Made once: `json.dumps` would make an encoder for each value."""


@dataclass(frozen=True, slots=True)
class InstanceRecord(Plain):
    """The part of an audit line that the worker knows: everything but the final outcome.

    What was decided is JSON already, made once in the worker: a plan of a thousand decisions would cost more to hand
    over and to encode than to make.
    """

    source: str
    """Keyed digest of the path below IN: `deid locate` finds the file again."""
    decided: bytes = field(default=b"", repr=False)
    """Members of the line that tell of subject and plan, without the braces; empty where there is no plan."""
    regions: int = 0
    frames_redacted: int = 0
    """Frames with at least one region."""
    lacks_pixels: bool = False
    """Whether it is an image by its header, and has no pixel data."""
    seconds: Mapping[str, float] = field(default_factory=dict)

    @classmethod
    def of_source(cls, relative: bytes, key: Key, seconds: Mapping[str, float] | None = None) -> InstanceRecord:
        """The record of a source of which nothing is known yet; `seconds` may grow as long as it is worked on."""
        return cls(source_digest(relative, key), seconds=seconds if seconds is not None else {})

    def with_plan(self, plan: Plan, subject: str, digests: Mapping[str, str]) -> InstanceRecord:
        """This record with the plan that was made.

        Args:
            plan: The decisions.
            subject: The subject's pseudonym.
            digests: Keyed digests of the original values, by path pattern.
        """
        frames = {frame for region in plan.regions for frame in region.frames}
        decided = plan_members(
            subject, plan.pixels, encoded(decision_groups(plan.decisions, digests)), plan.regions, plan.findings
        )
        return replace(
            self,
            decided=decided,
            regions=len(plan.regions),
            frames_redacted=len(frames),
            lacks_pixels=plan.pixels == PIXELS_MISSING,
        )

    def line(self, number: int, outcome: Outcome) -> bytes:
        """The audit line: one JSON object, without the line feed.

        Args:
            number: The position of the source in the run, from 1.
            outcome: How the instance ended.
        """
        first = {"type": "instance", "number": number, "source": self.source, **outcome_fields(outcome)}
        last = {"seconds": {step: round(seconds, 4) for step, seconds in self.seconds.items()}}
        return b"{%b}" % b",".join(filter(None, (json_members(first), self.decided, json_members(last))))


def json_members(fields: Mapping[str, Any]) -> bytes:
    """The members of a JSON object, without the braces, to be joined by commas."""
    return encoded(fields)[1:-1]


def encoded(value: Any) -> bytes:  # noqa: ANN401 - whatever JSON takes
    """`value` as JSON in ASCII, without blanks."""
    return _encode(value).encode("ascii")


def plan_members(
    subject: str, pixels: str, decisions: bytes, regions: Sequence[Region] = (), findings: Sequence[Finding] = ()
) -> bytes:
    """The members of an audit line that tell of subject and plan.

    Args:
        subject: The subject's pseudonym.
        pixels: What was done to know the pixels.
        decisions: The `decision_groups` as a JSON array.
        regions: What was blacked out.
        findings: The lines of text found.
    """
    first = _of_whom(subject, pixels)
    last = _findings(tuple(regions), sum(finding.identifying for finding in findings), len(findings))
    return b'%b,"decisions":%b,%b' % (first, decisions, last)


@lru_cache(maxsize=256)
def _of_whom(subject: str, pixels: str) -> bytes:
    return json_members({"subject": subject, "pixels": pixels})


@lru_cache(maxsize=1)
def _findings(regions: tuple[Region, ...], hidden: int, lines: int) -> bytes:
    """Of headers alone, or of slices without text, it is the same for each."""
    fields = {
        "regions": [region_fields(region) for region in regions],
        "text_lines": {"hidden": hidden, "kept": lines - hidden},
    }
    return json_members(fields)


def source_digest(relative: bytes, key: Key) -> str:
    """The keyed digest that stands for a source's path in the audit log."""
    return key.digest("source-path", relative)


def outcome_fields(outcome: Outcome) -> dict[str, Any]:
    """The outcome as JSON fields: what became of the instance, the reason and its remedy."""
    fields: dict[str, Any] = {"outcome": outcome_name(outcome)}
    match outcome:
        case Released(name=name):
            fields["name"] = name
        case Quarantined() | Skipped() | Failed():
            fields["reason"] = outcome.reason.value
            fields["meaning"] = outcome.reason.meaning
            fields["detail"] = outcome.detail
        case _:
            assert_never(outcome)
    return fields


def region_fields(region: Region) -> dict[str, Any]:
    """A region as JSON: box (x0, y0, x1, y1; half open), first and last frame from 0, reasons."""
    box = region.box
    return {
        "box": [box.x0, box.y0, box.x1, box.y1],
        "frames": [region.frames.start, region.frames.stop - 1],
        "reasons": list(region.reasons),
        **({"replaced": region.replacement} if region.replacement else {}),
    }


def region_of(fields: Mapping[str, Any]) -> Region:
    """The region that `region_fields` tells of."""
    first, last = fields["frames"]
    return Region(
        Box(*fields["box"]), range(first, last + 1), tuple(fields["reasons"]), str(fields.get("replaced", ""))
    )


def value_digests(dataset: Dataset, decisions: Iterable[Decision], key: Key) -> dict[str, str]:
    """Keyed digests of the original values of all changed attributes, by path pattern, in the order of the items."""
    values: dict[str, list[bytes]] = {}
    items: dict[AttributePath, tuple[Dataset, ...]] = {}
    for decision in decisions:
        if not isinstance(decision.change, Keep) and decision.vr != "SQ":
            value = _value(dataset, decision.path, items)
            if value:
                values.setdefault(decision.path.pattern, []).append(value)
    return {pattern: key.digest("audit-value", *parts) for pattern, parts in values.items()}


def _value(dataset: Dataset, path: AttributePath, items: dict[AttributePath, tuple[Dataset, ...]]) -> bytes | None:
    """The encoded value at `path`; `items` remembers those of the sequences on the way."""
    for depth, (tag, index) in enumerate(path.parents):
        sequence = AttributePath(tag, path.parents[:depth])
        if sequence not in items:
            items[sequence] = read_attribute(dataset, tag, DEFAULT).items or ()
        dataset = items[sequence][index]
    return read_attribute(dataset, path.tag, DEFAULT).data if path.tag in dataset else None
