"""Pseudonyms written where a value stood, under the policy `replace`: the same for the whole patient.

Only what has a pseudonym is replaced: the patient's name and ID, and full dates where the profile shifts dates. All
else stays black, and so does what lies under another box: letters could not be told from leftovers there. The boxes
of lines that stand close together overlap by their margins, so what is written on is the part of a box that is its own.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from deid.identity.dates import CLOCK_ORIGINS
from deid.plan import Box
from deid.text.patterns.dates import find_dates

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from deid.plan import Finding, Region

_PSEUDONYMOUS = ("known patient name", "known patient id", "known other patient id")
_DATED = ("known date", "known birth date", "date")
_LEAST = 0.4
"""Of a box's height and width: less is not written on."""


@dataclass(frozen=True, slots=True)
class Substitutes:
    """What a patient's values become."""

    pseudonym: str
    days: int | None
    """By how many days dates move; None where the profile does not keep dates."""


def lettered(regions: Sequence[Region], findings: Iterable[Finding], substitutes: Substitutes) -> tuple[Region, ...]:
    """The regions, with what is written on them."""
    found = tuple(findings)
    return tuple(
        part for region in regions for part in _parts(region, regions, _substitute(region, found, substitutes))
    )


def _parts(region: Region, regions: Sequence[Region], text: str) -> Iterator[Region]:
    """The region, or what of it is written on and the rest around; together they cover the same pixels."""
    others = [other.box for other in regions if other is not region and _meet(region, other)] if text else []
    own = _own_part(region.box, others)
    if not text or own is None:
        yield region
        return
    yield replace(region, box=own, replacement=text)
    whole = region.box
    around = (
        Box(whole.x0, whole.y0, whole.x1, own.y0),
        Box(whole.x0, own.y1, whole.x1, whole.y1),
        Box(whole.x0, own.y0, own.x0, own.y1),
        Box(own.x1, own.y0, whole.x1, own.y1),
    )
    yield from (replace(region, box=box) for box in around if not box.empty)


def _own_part(box: Box, others: Iterable[Box]) -> Box | None:
    """What is left of a box once the sides that lie under other boxes are cut off; None when that is too little."""
    own = box
    for other in others:
        if own.overlap(other):
            cuts = (
                Box(own.x0, own.y0, own.x1, other.y0),
                Box(own.x0, other.y1, own.x1, own.y1),
                Box(own.x0, own.y0, other.x0, own.y1),
                Box(other.x1, own.y0, own.x1, own.y1),
            )
            own = max(cuts, key=lambda cut: cut.size)
    enough = own.x1 - own.x0 >= _LEAST * (box.x1 - box.x0) and own.y1 - own.y0 >= _LEAST * (box.y1 - box.y0)
    return own if enough else None


def _substitute(region: Region, findings: Sequence[Finding], substitutes: Substitutes) -> str:
    reason = region.reasons[0].lower() if len(region.reasons) == 1 else ""
    if reason.startswith(_PSEUDONYMOUS):
        return substitutes.pseudonym
    if substitutes.days is None or not reason.startswith(_DATED):
        return ""
    texts = {one.text for one in findings if one.reasons == region.reasons and one.box.overlap(region.box)}
    days = {day for text in texts for hit in find_dates(text.lower()) for day in hit.days}
    if len(days) != 1 or not days.isdisjoint(CLOCK_ORIGINS):
        return ""
    return (days.pop() + timedelta(days=substitutes.days)).isoformat()


def _meet(a: Region, b: Region) -> bool:
    together = max(a.frames.start, b.frames.start) < min(a.frames.stop, b.frames.stop)
    return together and a.box.overlap(b.box) > 0
