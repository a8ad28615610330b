"""From what a rule says about its attributes to a `Matcher`: tags found, paths and conditions read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydicom.datadict import tag_for_keyword

from deid.profile.lookup.conditions import OPEN_BRACKET_REMEDY, Condition, Test, has_open_bracket
from deid.profile.lookup.matching import Matcher
from deid.profile.lookup.paths import PathSyntaxError, SequencePath, split_path
from deid.profile.lookup.scope import READABLE_VRS
from deid.profile.lookup.tags import TagPattern, TagSyntaxError, parse_group, parse_tag
from deid.profile.reading.dictionary import dictionary_vrs, is_known, keywords, nearest
from deid.profile.reading.schema import ConditionEntry

if TYPE_CHECKING:
    from deid.profile.reading.schema import RuleEntry, When
    from deid.profile.reading.source import Location, Source

_NAMING_KEYS = ("tag", "keyword", "group", "path")


def matcher_of(entry: RuleEntry, source: Source, location: Location) -> Matcher:
    """The attributes that a rule is for.

    Raises:
        ProfileError: It names none or contradicts itself, or a tag, keyword, VR, path or condition is unknown or can't
            be met; with file, line and remedy.
    """
    _refuse_two_names(entry, source, location)
    path, pattern = _place(entry, source, location)
    if pattern is None and path is None and entry.vr is None:
        raise source.error(
            location, "a rule names no attribute", "add `tag:` or `keyword:`, `group:`, `vr:` or `path:`"
        )
    vrs = _vrs(entry, pattern, source, location)
    conditions = conditions_of(entry.when, source, location)
    return Matcher(pattern, vrs, path, conditions, entry.override == "yes")


def _refuse_two_names(entry: RuleEntry, source: Source, location: Location) -> None:
    given = [key for key in _NAMING_KEYS if getattr(entry, key) is not None]
    if given not in ([], ["tag", "keyword"]) and len(given) > 1:
        message = f"`{given[0]}:` and `{given[1]}:` both name the attribute"
        raise source.error((*location, given[1]), message, "keep one; a path ends in its attribute")
    if entry.creator is not None and not {"tag", "path"} & set(given):
        place = (*location, given[0] if given else "creator")
        raise source.error(place, "`creator:` goes with the tag of a private element", "write `tag:` and `creator:`")


def _place(entry: RuleEntry, source: Source, location: Location) -> tuple[SequencePath | None, TagPattern | None]:
    if entry.path is not None:
        return _path(entry, entry.path, source, location)
    if entry.group is not None:
        try:
            return None, parse_group(entry.group)
        except TagSyntaxError as error:
            raise source.error((*location, "group"), f"`{entry.group}`: {error}", "correct the group") from error
    return None, _pattern(entry, source, location)


def _path(entry: RuleEntry, text: str, source: Source, location: Location) -> tuple[SequencePath, TagPattern | None]:
    place = (*location, "path")
    try:
        path, last = split_path(text)
    except PathSyntaxError as error:
        remedy = nearest(error.unknown, keywords()) if error.unknown else "correct the path"
        raise source.error(place, f"`{text}`: {error}", remedy) from error
    if last == "*":
        return path, None
    tag = tag_for_keyword(last)
    if tag is not None and entry.creator is None:
        return path, TagPattern(tag)
    try:
        pattern = parse_tag(last, entry.creator)
    except TagSyntaxError as error:
        if last.isidentifier():
            raise source.error(place, f"unknown keyword `{last}`", nearest(last, keywords())) from error
        raise source.error(place, f"{last}: {error}", "correct the tag") from error
    _refuse_unknown(pattern, entry, source, place)
    return path, pattern


def _pattern(entry: RuleEntry, source: Source, location: Location) -> TagPattern | None:
    by_keyword = _keyword_pattern(entry.keyword, source, (*location, "keyword"))
    if entry.tag is None:
        return by_keyword
    place = (*location, "tag")
    try:
        pattern = parse_tag(entry.tag, entry.creator)
    except TagSyntaxError as error:
        raise source.error(place, f"{entry.tag}: {error}", "correct the tag") from error
    if by_keyword is not None and by_keyword != pattern:
        remedy = f"{entry.keyword} is {by_keyword}: correct one of the two, or leave one out"
        raise source.error(place, f"tag {pattern} and keyword {entry.keyword} differ", remedy)
    _refuse_unknown(pattern, entry, source, place)
    return pattern


def _keyword_pattern(keyword: str | None, source: Source, place: Location) -> TagPattern | None:
    if keyword is None:
        return None
    tag = tag_for_keyword(keyword)
    if tag is None:
        raise source.error(place, f"unknown keyword `{keyword}`", nearest(keyword, keywords()))
    return TagPattern(tag)


def _refuse_unknown(pattern: TagPattern, entry: RuleEntry, source: Source, place: Location) -> None:
    if pattern.exact and entry.name is None and not is_known(pattern):
        remedy = "correct it, or add `name:` to say that you mean an attribute newer than deid's dictionary"
        raise source.error(place, f"{pattern} is not in the DICOM dictionary", remedy)


def _vrs(entry: RuleEntry, pattern: TagPattern | None, source: Source, location: Location) -> frozenset[str]:
    if entry.vr is None:
        return frozenset()
    vrs = frozenset((entry.vr,) if isinstance(entry.vr, str) else entry.vr)
    known = dictionary_vrs(pattern)
    if known and known.isdisjoint(vrs):
        message = f"the rule can never match: {pattern} has VR {' or '.join(sorted(known))}"
        raise source.error((*location, "vr"), message, "leave `vr:` out")
    return vrs


def conditions_of(when: When | None, source: Source, location: Location) -> tuple[Condition, ...]:
    """The conditions of a rule, or of a known device.

    Raises:
        ProfileError: An unknown keyword, or a condition that can't be asked; with file, line and remedy.
    """
    conditions: dict[int, Condition] = {}
    for name, wanted in (when or {}).items():
        place = (*location, "when", name)
        condition = _condition(name, wanted, source, place)
        if condition.tag in conditions:
            raise source.error(place, f"two conditions on {name}", "keep one of the two")
        conditions[condition.tag] = condition
    return tuple(sorted(conditions.values()))


def _condition(name: str, wanted: str | tuple[str, ...] | ConditionEntry, source: Source, place: Location) -> Condition:
    tag = _asked_tag(name, source, place)
    test, texts = _test(wanted, source, place)
    vrs = dictionary_vrs(TagPattern(tag))
    if texts and not vrs <= READABLE_VRS:
        message = f"a condition can't compare values of VR {' or '.join(sorted(vrs))}"
        raise source.error(place, message, "use {is: present} or {is: absent}")
    return Condition(tag, test, texts, name)


def _asked_tag(name: str, source: Source, place: Location) -> int:
    tag = tag_for_keyword(name)
    if tag is not None:
        return tag
    try:
        pattern = parse_tag(name)
    except TagSyntaxError:
        raise source.error(place, f"unknown keyword `{name}`", nearest(name, keywords())) from None
    if not pattern.exact:
        raise source.error(place, f"{name} is not one attribute", "a condition asks one public attribute")
    return pattern.value


def _test(
    wanted: str | tuple[str, ...] | ConditionEntry, source: Source, place: Location
) -> tuple[Test, tuple[str, ...]]:
    if isinstance(wanted, str):
        return "equals", (wanted,)
    if not isinstance(wanted, ConditionEntry):
        return "equals", wanted
    if (wanted.matches is None) is (wanted.has is None):
        raise source.error(place, "a condition says either `matches:` or `is:`", "write one of the two")
    if wanted.has is not None:
        return wanted.has, ()
    patterns = (wanted.matches,) if isinstance(wanted.matches, str) else wanted.matches or ()
    for pattern in patterns:
        if has_open_bracket(pattern):
            raise source.error((*place, "matches"), f"`{pattern}` has an unclosed `[`", OPEN_BRACKET_REMEDY)
    return "matches", patterns
