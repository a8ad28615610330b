"""From a rule as written to a rule that is known to make sense: tag found, action fit for its VR, value valid."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from pydicom._dicom_dict import DicomDictionary
from pydicom.config import RAISE
from pydicom.datadict import dictionary_VR, keyword_for_tag, tag_for_keyword
from pydicom.valuerep import validate_value

from deid.plan import tag_text
from deid.profile.tags import TagPattern, TagSyntaxError, parse_tag

if TYPE_CHECKING:
    from deid.profile.schema import RuleEntry
    from deid.profile.source import Location, Source

PSEUDONYM_FIELD = "{pseudonym}"
_SAMPLE_PSEUDONYM = "DEID-XXXXXXXXXXXX"
CLEANABLE_VRS = frozenset({"AE", "CS", "DA", "DT", "IS", "LO", "LT", "PN", "SH", "SQ", "ST", "TM", "UC", "UT"})
"""VRs that C can clean: texts; dates, which move, while times of day stay; integers, which move when they are a date;
and sequences, whose content is cleaned in turn."""
_MAX_LISTED = 20
_TEXT_VALUE_VRS = CLEANABLE_VRS - {"SQ", "IS"}


@dataclass(frozen=True, slots=True)
class CheckedRule:
    """A rule whose attributes are known."""

    pattern: TagPattern
    code: str
    value: str | None
    label: str
    """The attribute's name for the reader."""
    reason: str | None


def check_rules(entries: tuple[RuleEntry, ...], source: Source) -> tuple[CheckedRule, ...]:
    """The rules of one file.

    Raises:
        ProfileError: An unknown tag or keyword, an action or value that does not fit the VR, or two rules for the same
            attributes; with file, line and remedy.
    """
    seen: dict[TagPattern, int] = {}
    checked = []
    for index, entry in enumerate(entries):
        location: Location = ("rules", index)
        rule = _check(entry, source, location)
        if rule.pattern in seen:
            first = source.line_of(("rules", seen[rule.pattern]))
            raise source.error(
                location, f"a second rule for {rule.pattern}; the first is on line {first}", "keep one of the two"
            )
        seen[rule.pattern] = index
        checked.append(rule)
    return tuple(checked)


def _check(entry: RuleEntry, source: Source, location: Location) -> CheckedRule:
    pattern = _pattern(entry, source, location)
    vr = dictionary_vr(pattern)
    _check_action(entry, pattern, vr, source, location)
    _check_value(entry, vr, source, location)
    label = entry.name or (pattern.exact and keyword_for_tag(pattern.value)) or entry.creator or str(pattern)
    return CheckedRule(pattern, entry.action, entry.value, label, entry.reason)


def _pattern(entry: RuleEntry, source: Source, location: Location) -> TagPattern:
    by_keyword = _keyword_pattern(entry, source, location)
    if entry.tag is None:
        if by_keyword is None:
            raise source.error(location, "a rule names no attribute", "add `tag:` or `keyword:`")
        return by_keyword
    try:
        pattern = parse_tag(entry.tag, entry.creator)
    except TagSyntaxError as error:
        raise source.error((*location, "tag"), f"{entry.tag}: {error}", "correct the tag") from error
    if by_keyword is not None and by_keyword != pattern:
        remedy = f"{entry.keyword} is {by_keyword}: correct one of the two, or leave one out"
        raise source.error((*location, "tag"), f"tag {pattern} and keyword {entry.keyword} differ", remedy)
    if pattern.exact and entry.name is None and not _known(pattern):
        remedy = "correct it, or add `name:` to say that you mean an attribute newer than deid's dictionary"
        raise source.error((*location, "tag"), f"{pattern} is not in the DICOM dictionary", remedy)
    return pattern


def _keyword_pattern(entry: RuleEntry, source: Source, location: Location) -> TagPattern | None:
    if entry.keyword is None:
        return None
    if entry.creator is not None:
        raise source.error((*location, "keyword"), "private elements have no keyword", "write `tag:` and `creator:`")
    tag = tag_for_keyword(entry.keyword)
    if tag is None:
        raise source.error(
            (*location, "keyword"), f"unknown keyword `{entry.keyword}`", nearest(entry.keyword, _keywords())
        )
    return TagPattern(tag)


def _check_action(entry: RuleEntry, pattern: TagPattern, vr: str | None, source: Source, location: Location) -> None:
    place = (*location, "action")
    if pattern.all_private and entry.action not in {"X", "K"}:
        raise source.error(place, f"{entry.action} can't be done to all private attributes", "use X or K")
    if vr is None:
        return
    if entry.action == "U" and vr != "UI":
        raise source.error(place, f"U replaces UIDs, but {pattern} has VR {vr}", "use X, Z, D or K")
    if entry.action == "X/Z/U*" and vr != "SQ":
        raise source.error(place, f"X/Z/U* is for sequences, but {pattern} has VR {vr}", "use U, X/Z/D or K")
    if entry.action == "C" and vr not in CLEANABLE_VRS:
        raise source.error(place, f"C cleans text, but {pattern} has VR {vr}", "use X, Z, D or K")


def _check_value(entry: RuleEntry, vr: str | None, source: Source, location: Location) -> None:
    if entry.value is None:
        return
    place = (*location, "value")
    if not {"D", "Z"} & set(entry.action.split("/")):
        raise source.error(place, f"`value:` has no effect with {entry.action}", "remove it, or use D or Z")
    sample = entry.value.replace(PSEUDONYM_FIELD, _SAMPLE_PSEUDONYM)
    if "{" in sample or "}" in sample:
        raise source.error(place, "the only field in a value is {pseudonym}", "correct the braces")
    if vr is None:
        return
    if vr not in _TEXT_VALUE_VRS | {"AS"}:
        raise source.error(place, f"a value can't be given for VR {vr}", "remove it: deid makes a dummy of that VR")
    try:
        validate_value(vr, sample, RAISE)
    except ValueError as error:
        raise source.error(place, f"the value does not fit VR {vr}", "shorten or correct it (PS3.5 6.2)") from error


def nearest(name: str, names: list[str]) -> str:
    """The remedy for an unknown name: the nearest known ones."""
    lowered = {known.lower(): known for known in names}
    close = [lowered[match] for match in difflib.get_close_matches(name.lower(), lowered, n=3, cutoff=0.6)]
    hints = [f"did you mean {' or '.join(close)}?"] if close else []
    if len(names) <= _MAX_LISTED:
        hints.append(f"there are: {', '.join(names)}")
    return "; ".join(hints) or "look it up in PS3.6, or give the tag"


def dictionary_vr(pattern: TagPattern) -> str | None:
    """The one VR of a public tag, None where it is unknown or one of several."""
    if not pattern.exact or not _known(pattern):
        return None
    vr = dictionary_VR(pattern.value)
    return None if " or " in vr else vr


def _known(pattern: TagPattern) -> bool:
    return bool(keyword_for_tag(pattern.value))


@cache
def _keywords() -> list[str]:
    return [entry[4] for entry in DicomDictionary.values() if entry[4]]


def rule_place(pattern: TagPattern) -> str:
    """How a rule's id names its attributes."""
    if pattern.all_private:
        return "private"
    return tag_text(pattern.value) if pattern.exact else " ".join(filter(None, (str(pattern), pattern.creator)))
