"""What two profiles do differently, attribute by attribute."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

from pydicom.datadict import keyword_for_tag

from deid.attributes.attribute import dictionary_vr
from deid.plan import tag_text
from deid.profile.lookup.model import TextPolicy
from deid.profile.lookup.tags import TagPattern

if TYPE_CHECKING:
    from collections.abc import Iterator

    from deid.profile.lookup.matching import Matcher
    from deid.profile.lookup.model import PrivateElement, Profile, Rule


_TEXT = tuple(one.name for one in fields(TextPolicy))


@dataclass(frozen=True, slots=True)
class Difference:
    """One attribute, or one trait of the profiles, and what each of them says."""

    what: str
    name: str
    left: str
    right: str


def diff(left: Profile, right: Profile) -> tuple[Difference, ...]:
    """The differences in what two profiles do: traits, then attributes by tag, patterns, private, and the other rules.

    Reasons, names and the way a profile is written make no difference.
    """
    found = (*_traits(left, right), *_attributes(left, right), *_private(left, right), *_special(left, right))
    return tuple(difference for difference in found if difference.left != difference.right)


def _traits(left: Profile, right: Profile) -> Iterator[Difference]:
    yield Difference("unlisted", "", does(left.unlisted), does(right.unlisted))
    theirs = right.pixels.fields()
    for key, value in left.pixels.fields().items():
        yield Difference(f"pixels {key}", "", str(value), str(theirs[key]))
    yield Difference("devices", "", *("; ".join(sorted(d.name for d in one.pixels.devices)) for one in (left, right)))
    yield Difference("subject", "", left.subject_by, right.subject_by)
    yield from (Difference(f"text {name}", "", *(_shown(one.text, name) for one in (left, right))) for name in _TEXT)
    yield Difference("options", "", *(" ".join(info.name for info in one.options) for one in (left, right)))
    yield Difference("method", "", *(f"{one.method_code} {one.code_meaning}" for one in (left, right)))


def _shown(policy: TextPolicy, name: str) -> str:
    value = getattr(policy, name)
    return ", ".join(sorted(value)) if isinstance(value, tuple) else str(value)


def _attributes(left: Profile, right: Profile) -> Iterator[Difference]:
    for tag in sorted(left.exact.keys() | right.exact.keys()):
        vr = dictionary_vr(tag)
        rules = left.rule_for(tag, vr=vr), right.rule_for(tag, vr=vr)
        yield Difference(tag_text(tag), keyword_for_tag(tag), *map(does, rules))
    ours, theirs = dict(left.patterns), dict(right.patterns)
    for pattern in sorted(ours.keys() | theirs.keys()):
        yield _compared(str(pattern), ours.get(pattern), theirs.get(pattern))


def _private(left: Profile, right: Profile) -> Iterator[Difference]:
    yield Difference("private", "", does(left.private), does(right.private))
    for group in sorted(left.private_groups.keys() | right.private_groups.keys()):
        yield _compared(f"({group:04X},xxxx)", left.private_groups.get(group), right.private_groups.get(group))
    elements = sorted(left.private_elements.keys() | right.private_elements.keys(), key=_place)
    for element in elements:
        rules = (one.private_elements.get(element) or one.private for one in (left, right))
        yield Difference(str(_pattern(element)), element.creator, *map(does, rules))


def _special(left: Profile, right: Profile) -> Iterator[Difference]:
    ours, theirs = _by_matcher(left), _by_matcher(right)
    for matcher in sorted(ours.keys() | theirs.keys(), key=str):
        yield _compared(str(matcher), ours.get(matcher), theirs.get(matcher))


def _by_matcher(profile: Profile) -> dict[Matcher, Rule]:
    return {candidate.matcher: candidate.rule for candidate in profile.special.candidates}


def _compared(what: str, left: Rule | None, right: Rule | None) -> Difference:
    name = next((rule.name for rule in (left, right) if rule is not None and rule.name != what), "")
    return Difference(what, name, *(does(rule) if rule is not None else "" for rule in (left, right)))


def _place(element: PrivateElement) -> tuple[int, str, int]:
    return element.group, element.creator, element.low_byte


def _pattern(element: PrivateElement) -> TagPattern:
    return TagPattern(element.group << 16 | element.low_byte, 0xFFFF00FF, element.creator)


def does(rule: Rule) -> str:
    """What a rule does, in short: its action, and the value that it puts in."""
    if rule.value_map is not None:
        return f"{rule.code}, table {rule.value_map.digest[:8]} of {len(rule.value_map)}"
    return f"{rule.code} {rule.value}" if rule.value is not None else rule.code
