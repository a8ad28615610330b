"""Why an attribute gets the action it gets: the rules that could decide, in their order, and what became of each.

No value of a file is shown: of conditions only whether they are met.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pydicom.datadict import keyword_for_tag, tag_for_keyword

from deid.attributes.attribute import dictionary_vr, is_private
from deid.errors import UsageError
from deid.profile.builtin import profiles_directory
from deid.profile.lookup.candidates import matching
from deid.profile.lookup.places import Place, places
from deid.profile.lookup.reserved import decided_by_deid
from deid.profile.lookup.tags import TagPattern, TagSyntaxError, normalised_creator, parse_tag
from deid.profile.reading.dictionary import keywords, nearest

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pydicom.dataset import Dataset

    from deid.profile.lookup.candidates import Candidate
    from deid.profile.lookup.matching import Matcher
    from deid.profile.lookup.model import Profile, Rule
    from deid.profile.lookup.scope import Scope

_FIRST_BLOCK = 0x1000


@dataclass(frozen=True, slots=True)
class Verdict:
    """One candidate and what became of it."""

    rule: Rule
    decides: bool
    why: str

    @property
    def place(self) -> str:
        """File and line of the rule; empty for the defaults of a profile."""
        if not self.rule.line:
            return ""
        builtin, origin = profiles_directory(), Path(self.rule.origin)
        shown = origin.relative_to(builtin.parent) if origin.is_relative_to(builtin) else origin
        return f"{shown}:{self.rule.line}"


@dataclass(frozen=True, slots=True)
class Explanation:
    """The candidates for an attribute at one place, or at several that don't differ."""

    path: str
    name: str
    vr: str
    count: int
    """How many places there are like this one; 0 without a file."""
    verdicts: tuple[Verdict, ...]
    instead: str | None
    """What deid does by itself, whatever the rules say."""


def attribute_pattern(text: str, creator: str | None = None) -> TagPattern:
    """The one attribute that a user names, by keyword or tag; a private one by tag and creator.

    Raises:
        UsageError: It is none, or more than one.
    """
    tag = tag_for_keyword(text)
    if tag is not None and creator is None:
        return TagPattern(tag)
    try:
        pattern = parse_tag(text, creator)
    except TagSyntaxError as error:
        if text.isidentifier():
            raise UsageError(f"unknown keyword `{text}`", remedy=nearest(text, keywords())) from None
        remedy = "name one attribute; a private one as '(0019,xx0C)' with --creator"
        raise UsageError(f"{text}: {error}", remedy=remedy) from None
    if not pattern.exact and not pattern.creator:
        raise UsageError(f"{text} is more than one attribute", remedy="name one of them")
    return pattern


def explain(profile: Profile, pattern: TagPattern) -> Explanation:
    """The candidates for an attribute in whatever file: which rules could decide, and under what condition."""
    tag = pattern.value | _FIRST_BLOCK if pattern.creator else pattern.value
    creator = pattern.creator or None
    vr = dictionary_vr(tag, creator)
    verdicts = _verdicts(profile.candidates(tag, private_creator=creator), tag, vr, None)
    return Explanation(str(pattern), _name(tag, creator), vr or "", 0, verdicts, decided_by_deid(tag))


def explain_in(profile: Profile, pattern: TagPattern, dataset: Dataset) -> tuple[Explanation, ...]:
    """The candidates for an attribute wherever it stands in a data set, places that don't differ taken together.

    Raises:
        InstanceError: MALFORMED or TOO_LARGE, for a data set that can't be walked or a condition that can't be asked.
    """
    found: dict[tuple[str, str, tuple[Verdict, ...]], int] = {}
    for place in places(dataset):
        if _is_meant(pattern, place):
            vr = place.attribute.vr
            candidates = profile.candidates(place.path.tag, private_creator=place.creator)
            key = place.path.pattern, vr, _verdicts(candidates, place.path.tag, vr, place.scope)
            found[key] = found.get(key, 0) + 1
    name, instead = _name(pattern.value, pattern.creator), decided_by_deid(pattern.value)
    return tuple(Explanation(path, name, vr, count, verdicts, instead) for (path, vr, verdicts), count in found.items())


def _is_meant(pattern: TagPattern, place: Place) -> bool:
    if not pattern.creator:
        return place.path.tag == pattern.value
    return is_private(place.path.tag) and pattern.matches_private(
        place.path.tag, normalised_creator(place.creator or "")
    )


def _name(tag: int, creator: str | None) -> str:
    return f"private, {creator}" if creator else keyword_for_tag(tag) or "not in the dictionary"


def _verdicts(candidates: Sequence[Candidate], tag: int, vr: str | None, scope: Scope | None) -> tuple[Verdict, ...]:
    deciding = matching(candidates, tag, vr, scope)
    winner = deciding[0]
    return tuple(Verdict(one.rule, one is winner, _why(one, winner, deciding, vr, scope)) for one in candidates)


def _why(one: Candidate, winner: Candidate, deciding: Sequence[Candidate], vr: str | None, scope: Scope | None) -> str:
    if one is winner:
        return "decides"
    missing = "; ".join(_missing(one.matcher, vr, scope))
    if missing:
        return missing
    if one in deciding:
        return _less(one, winner)
    if one.broad and winner.rule.code == "X":
        return "speaks of private attributes only where the profile keeps them"
    return "shut out by a later rule that says `override: yes`"


def _missing(matcher: Matcher, vr: str | None, scope: Scope | None) -> Iterator[str]:
    """What the matcher asks for and does not get."""
    if matcher.vrs and (vr is None or matcher.vrs.isdisjoint(vr.split(" or "))):
        yield f"asks for VR {' or '.join(sorted(matcher.vrs))}, this is {vr or 'unknown'}"
    if matcher.path is not None and (scope is None or not scope.inside(matcher.path)):
        yield "not at this place" if scope is not None else "if it stands at this place"
    for condition in matcher.conditions:
        if scope is None:
            yield f"if {condition}"
        elif not scope.meets(condition):
            yield f"not met: {condition}"


def _less(one: Candidate, winner: Candidate) -> str:
    """Why the other one, which holds too, comes first."""
    ours, theirs = one.matcher.specificity, winner.matcher.specificity
    reasons = (
        "names the attribute less exactly",
        "says less of its place",
        "does not say the VR",
        "has fewer conditions",
    )
    for reason, our, their in zip(reasons, ours, theirs, strict=True):
        if our != their:
            return reason
    return "stands in an earlier layer" if one.rule.layer != winner.rule.layer else "stands further up in the file"
