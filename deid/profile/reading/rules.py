"""From a rule as written to a rule that is known to make sense: attributes found, action fit for them, value valid."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pydicom.datadict import keyword_for_tag

from deid.attributes.vrs import STRING_VRS
from deid.errors import ProfileError
from deid.profile.lookup.structure import READING_TAGS, SOP_INSTANCE_UID
from deid.profile.lookup.tags import TagPattern
from deid.profile.lookup.value_map import ValueMap, read_value_map
from deid.profile.lookup.values import FIELDS, fits_vr, sample_of
from deid.profile.reading.action_names import CLEANABLE_VRS, code_of, fits_anything, misfit
from deid.profile.reading.dictionary import dictionary_vr, nearest
from deid.profile.reading.matcher_entries import matcher_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from deid.profile.lookup.matching import Matcher
    from deid.profile.reading.schema import RuleEntry
    from deid.profile.reading.source import Location, Source

__all__ = ["CLEANABLE_VRS", "CheckedRule", "check_rules", "checked_rules", "dictionary_vr", "nearest"]

_SOP_INSTANCE_UID = TagPattern(SOP_INSTANCE_UID)


@dataclass(frozen=True, slots=True)
class CheckedRule:
    """A rule whose attributes are known."""

    matcher: Matcher
    code: str
    value: str | None
    label: str
    """The attribute's name for the reader."""
    reason: str | None
    value_map: ValueMap | None = None
    origin: str = ""
    """The file it is written in."""
    line: int = 0


def check_rules(entries: tuple[RuleEntry, ...], source: Source) -> tuple[CheckedRule, ...]:
    """The rules of one file.

    Raises:
        ProfileError: An unknown tag or keyword, an action or value that does not fit the VR, or two rules for the same
            attributes; with file, line and remedy.
    """
    rules = []
    for rule in checked_rules(entries, source):
        if isinstance(rule, ProfileError):
            raise rule
        rules.append(rule)
    return tuple(rules)


def checked_rules(entries: tuple[RuleEntry, ...], source: Source) -> Iterator[CheckedRule | ProfileError]:
    """Each rule of one file, or what is wrong with it."""
    seen: dict[Matcher, int] = {}
    for index, entry in enumerate(entries):
        try:
            rule = _check(entry, source, ("rules", index))
            _refuse_second(rule, seen.get(rule.matcher), source)
        except ProfileError as error:
            yield error
        else:
            seen[rule.matcher] = rule.line
            yield rule


def _refuse_second(rule: CheckedRule, first: int | None, source: Source) -> None:
    if first is not None:
        message = f"a second rule for {rule.matcher.short}; the first is on line {first}"
        raise ProfileError(f"{source.origin}:{rule.line}: {message}", remedy="keep one of the two")


def _check(entry: RuleEntry, source: Source, location: Location) -> CheckedRule:
    matcher = matcher_of(entry, source, location)
    code = code_of(entry.action)
    vrs = _known_vrs(matcher)
    _check_action(entry, code, matcher, vrs, source, (*location, "action"))
    _check_value(entry, code, vrs, source, location)
    value_map = _value_map(entry, code, vrs, source, location)
    line = source.line_of(location)
    return CheckedRule(matcher, code, entry.value, _label(entry, matcher), entry.reason, value_map, source.origin, line)


def _label(entry: RuleEntry, matcher: Matcher) -> str:
    keyword = keyword_for_tag(matcher.pattern.value) if matcher.pattern is not None and matcher.pattern.exact else ""
    return entry.name or keyword or entry.creator or matcher.short


def _known_vrs(matcher: Matcher) -> tuple[str, ...]:
    """The VRs that its attributes have, as far as one can tell without a file."""
    vr = dictionary_vr(matcher.pattern)
    return (vr,) if vr is not None else tuple(sorted(matcher.vrs))


def _check_action(
    entry: RuleEntry, code: str, matcher: Matcher, vrs: tuple[str, ...], source: Source, place: Location
) -> None:
    pattern = matcher.pattern
    if pattern is not None and (pattern.all_private or pattern.odd_group is not None) and not fits_anything(code):
        message = f"{entry.action} can't be done to all private attributes"
        raise source.error(place, message, "use X or K, or name an element with `creator:`")
    if pattern is not None and pattern.exact and pattern.value in READING_TAGS and code != "K":
        message = f"{matcher.short} says how the rest of the file is to be read: it can only be kept"
        raise source.error(place, message, "remove the rule")
    if pattern == _SOP_INSTANCE_UID and matcher.path is None and code not in {"K", "U", "map"}:
        raise source.error(place, "each instance needs a UID of its own, or none is released", "use uid, map or keep")
    for vr in vrs:
        problem = misfit(code, vr)
        if problem is not None:
            purpose, remedy = problem
            what = matcher.short if not matcher.vrs else "the rule"
            raise source.error(place, f"{purpose}, but {what} has VR {vr}", remedy)


def _check_value(entry: RuleEntry, code: str, vrs: tuple[str, ...], source: Source, location: Location) -> None:
    place = (*location, "value")
    if entry.value is None:
        if code == "replace":
            raise source.error(location, "replace says not with what", "add `value:`, or use empty or dummy")
        return
    if code != "replace" and not {"D", "Z"} & set(code.split("/")):
        remedy = "remove it, or use D or Z" if code != "map" else "remove it: the new values stand in the table"
        raise source.error(place, f"`value:` has no effect with {entry.action}", remedy)
    sample = sample_of(entry.value)
    if sample is None:
        raise source.error(place, f"the only fields in a value are {' and '.join(FIELDS)}", "correct the braces")
    for vr in vrs:
        if vr not in STRING_VRS:
            raise source.error(place, f"a value can't be given for VR {vr}", "remove it: deid makes a dummy of that VR")
        if not fits_vr(sample, vr):
            filled = f", as it has {len(sample)} characters with its fields filled in" if sample != entry.value else ""
            raise source.error(place, f"the value does not fit VR {vr}{filled}", "shorten or correct it (PS3.5 6.2)")


def _value_map(
    entry: RuleEntry, code: str, vrs: tuple[str, ...], source: Source, location: Location
) -> ValueMap | None:
    if entry.map is None:
        if code == "map":
            raise source.error(location, "map names no table", "add `map:` with a CSV file of the columns original,new")
        return None
    if code != "map":
        raise source.error((*location, "map"), f"`map:` has no effect with {entry.action}", "use `action: map`")
    named_at = f"{source.origin}:{source.line_of((*location, 'map'))}"
    return read_value_map(Path(source.origin).parent / entry.map, vrs, named_at=named_at)
