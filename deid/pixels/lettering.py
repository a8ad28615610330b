"""Pseudonyms written where a value stood, under the policy `replace`: the same for the whole patient.

Only what has a pseudonym is replaced: the patient's name and ID, and full dates where the profile shifts dates. All
else stays black, and so does what lies under another box: letters could not be told from leftovers there.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from deid.text.dates import find_dates

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from deid.plan import Finding, Region

_PSEUDONYMOUS = ("known patient name", "known patient id", "known other patient id")
_DATED = ("known date", "known birth date", "date")


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
        replace(region, replacement=_substitute(region, found, substitutes))
        if not any(other is not region and _meet(region, other) for other in regions)
        else region
        for region in regions
    )


def _substitute(region: Region, findings: Sequence[Finding], substitutes: Substitutes) -> str:
    reason = region.reasons[0].lower() if len(region.reasons) == 1 else ""
    if reason.startswith(_PSEUDONYMOUS):
        return substitutes.pseudonym
    if substitutes.days is None or not reason.startswith(_DATED):
        return ""
    texts = {one.text for one in findings if one.reasons == region.reasons and one.box.overlap(region.box)}
    days = {day for text in texts for hit in find_dates(text.lower()) for day in hit.days}
    return (days.pop() + timedelta(days=substitutes.days)).isoformat() if len(days) == 1 else ""


def _meet(a: Region, b: Region) -> bool:
    together = max(a.frames.start, b.frames.start) < min(a.frames.stop, b.frames.stop)
    return together and a.box.overlap(b.box) > 0
